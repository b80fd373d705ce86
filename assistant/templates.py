"""Replies without a language model: what was understood, what changed, why the first pick.

Owns: `lead`, `sentence`: what is said when. Does not own: the sentences (`assistant.phrasebook`),
the facts (`assistant.evidence`) or what the turn replaced (`assistant.revisions`). Every word comes
from the phrasebook, the catalogue, the schema or the person's own message, so a template can claim
no more than the evidence does. Variety follows the turn number.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from assistant.handover import AT_ONCE
from assistant.phrasebook import Phrasebook
from assistant.revisions import revisions
from assistant.state import (
    SMALL_TALK,
    Card,
    Evidence,
    HandoverReason,
    Opinion,
    Preference,
    Question,
    Understanding,
    UserProfile,
)
from assistant.summary import summary
from assistant.wording import capitalised, quotable, short
from catalog import Catalog, Constraint, Relaxation


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a turn led to, as far as its reply needs to know.

    Attributes
    ----------
    turn : int
        From 1; chooses among equal wordings.
    understood : Understanding
        What the message, or the button, said.
    before, after : UserProfile
        The profile on either side of the turn.
    cards : tuple of Card
        The slate; empty where nothing fits.
    relaxations : tuple of Relaxation
        Offered when nothing fits.
    question : Question or None
        Asked after the reply, by the page.
    handover : HandoverReason or None
        Why a human is called or offered; None too where none can be reached.
    unmet : tuple of Preference
        Wishes that no card grants.
    fitting : tuple of str
        Item ids that the person likes and that meet every condition, where nothing else does.
    offers : tuple of str
        Critiques that the page offers beside the cards, as its buttons say them.
    """

    turn: int
    understood: Understanding
    before: UserProfile
    after: UserProfile
    cards: tuple[Card, ...] = ()
    relaxations: tuple[Relaxation, ...] = ()
    question: Question | None = None
    handover: HandoverReason | None = None
    unmet: tuple[Preference, ...] = ()
    fitting: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()


def lead(outcome: Outcome, book: Phrasebook) -> str:
    """Return the opening of a reply: one to three sentences, plain text.

    It says what the message was taken to mean and what it changed, names what the catalogue
    lacks, and either announces the slate or says why there is none and what would help.
    """
    if outcome.handover in AT_ONCE:
        return book.say(f"handover.{outcome.handover}")
    offer = book.say("handover.offer") if outcome.handover else ""
    return book.joined([_lead(outcome, book), offer])


def _lead(outcome: Outcome, book: Phrasebook) -> str:
    if SMALL_TALK.issuperset(outcome.understood.acts):
        return _chatter(outcome, book)
    if outcome.understood.only_asks:
        return book.joined(_missing(replace(outcome, cards=()), book))
    alone = "human" in outcome.understood.acts
    parts = [
        *([book.say("chatter.human")] * alone),
        *([_told(outcome, book)] if "profile" in outcome.understood.acts else []),
        *_missing(outcome, book),
        *_unheld(outcome, book),
        *_changed(outcome, book),
        *_opinions(outcome, book),
        _headline(outcome, book) if outcome.cards else _nothing(outcome, book),
        *_unmet(outcome, book),
    ]
    return book.joined([capitalised(part) for part in parts])


def sentence(
    evidence: Evidence, catalog: Catalog, book: Phrasebook, most: int = 2, turn: int = 0
) -> str:
    """Return one sentence on a pick from its strongest facts; `turn` varies the opening.

    A `turn` of 0 gives the plain form, without an opening: ``"Heat (1995): tense, as you asked."``
    """
    name = short(catalog.name(catalog.row(evidence.item_id)))
    facts = [fact.text for fact in evidence.facts if fact.kind != "facet"][:most]
    facts = facts or [fact.text for fact in evidence.facts][:most]
    if not facts:
        return book.say("pick.bare", pick=name)
    key = "pick.opening" if turn else "pick.plain"
    told = book.say("pick.join").join(facts)
    return book.say(key, variant=turn, pick=name, facts=told)


def _chatter(outcome: Outcome, book: Phrasebook) -> str:
    acts = outcome.understood.acts
    if "profile" in acts:
        return _told(outcome, book)
    offer = "" if outcome.question else book.say("chatter.offer")
    if outcome.cards:
        offer = book.say("chatter.meanwhile", items=book.count(len(outcome.cards)))
    goodbye = "chatter.goodbye_enjoy" if outcome.before.likes else "chatter.goodbye"
    replies = (
        ("help", book.say("chatter.help")),
        ("human", book.say("chatter.human")),
        ("abuse", book.say("chatter.abuse")),
        ("off_topic", book.joined([book.say("chatter.off_topic"), offer])),
        ("goodbye", book.say(goodbye)),
        ("thanks", book.say("chatter.thanks")),
        ("declined", _declined(outcome, book)),
        ("agreed", book.joined([book.say("chatter.agreed"), "" if outcome.cards else offer])),
    )
    hello = book.joined([book.say("chatter.hello"), offer])
    return next((reply for act, reply in replies if act in acts), hello)


def _declined(outcome: Outcome, book: Phrasebook) -> str:
    """Ask what should be different about the cards that somebody says no to."""
    if not outcome.cards:
        return book.say("chatter.offer")
    offers = book.listing(outcome.offers, "or")
    example = book.say("chatter.different", offers=offers) if offers else ""
    return book.joined([book.say("chatter.declined"), example])


def _told(outcome: Outcome, book: Phrasebook) -> str:
    return summary(outcome.after, book.schema, book.language)


def _missing(outcome: Outcome, book: Phrasebook) -> list[str]:
    titles = [quotable(title) for title in outcome.understood.missing_titles]
    named = [book.quoted(title) for title in titles if title]
    if not named:
        return [book.say("missing.some")] if titles else []
    rest = outcome.after != UserProfile() and outcome.cards
    key = "missing.titles_closest" if rest else "missing.titles"
    return [book.say(key, titles=book.listing(named, "nor"))]


def _unheld(outcome: Outcome, book: Phrasebook) -> list[str]:
    words = filter(None, map(quotable, outcome.understood.unheld))
    refused = [book.quoted(word) for word in words]
    return [book.say("missing.unheld", words=book.listing(refused, "nor"))] if refused else []


def _changed(outcome: Outcome, book: Phrasebook) -> list[str]:
    """Say what the turn took out of the profile, or put in the place of something else."""
    understood, before = outcome.understood, outcome.before
    if understood.reset:
        kept = before.dislikes or before.seen
        return [book.say("change.reset"), *([book.say("change.reset_kept")] if kept else [])]
    revised = revisions(before, outcome.after, book)
    if understood.undo:
        gone = _quoted(revised.gone, book)
        return [book.say("change.undone_what", what=gone) if gone else book.say("change.undone")]
    said: list[str] = []
    for key, pairs in (("change.clash", revised.clashes), ("change.replaced", revised.replaced)):
        if pairs:
            old = _quoted([pair[0] for pair in pairs], book)
            new = _quoted([pair[1] for pair in pairs], book)
            said.append(book.say(key, count=len(pairs), old=old, new=new))
    # A press on a chip takes a thing away; words lift the condition that they are about.
    lifted = () if "button" in understood.acts else revised.lifted
    dropped = [words for words in revised.left if words not in lifted]
    if lifted:
        said.append(book.say("change.lifted", count=len(lifted), what=_quoted(lifted, book)))
    if dropped:
        said.append(book.say("change.dropped", what=_quoted(dropped, book)))
    return said


def _opinions(outcome: Outcome, book: Phrasebook) -> list[str]:
    before, after = outcome.before, outcome.after
    refused = _new(before.dislikes, after.dislikes)
    liked = _new(before.likes, after.likes)
    turned = refused & _ids(before.likes)
    groups = (
        ("noted.seen", _new(before.seen, after.seen) - _ids(after.likes) - _ids(after.dislikes)),
        ("noted.turned_from", turned),
        ("noted.turned_to", liked & _ids(before.dislikes)),
        ("noted.refused", refused - turned),
        ("memory.later", _new(before.later, after.later)),
    )
    said: list[str] = []
    for key, item_ids in groups:
        if titles := _titles(item_ids, after, book):
            said.append(book.say(key, count=len(titles), titles=book.listing(titles)))
    return said


def _headline(outcome: Outcome, book: Phrasebook) -> str:
    """Announce the slate by what is new this turn, else by all that is known."""
    before, after = outcome.before, outcome.after
    likes = _titles(_new(before.likes, after.likes), after, book)
    wishes = _new_wishes(before, after, outcome.unmet, book)
    items = book.count(len(outcome.cards))
    if not (likes or wishes):
        more = before.likes or before.constraints or before.preferences or before.topics
        topic = quotable(outcome.understood.topic)
        if topic and not outcome.understood.reset:
            return book.say("headline.topic", items=items, topic=book.quoted(topic))
        key = "headline.more" if more and after == before else "headline.plain"
        return book.say(key, items=items)
    told = book.commas(wishes)
    if likes:
        like = book.say("headline.like", items=items, titles=book.listing(likes))
        told = book.commas([like, told]) if told else like
    else:
        told = book.say("headline.wishes", items=items, wishes=told)
    changed = bool(before.likes or before.constraints or before.preferences)
    return book.say("headline.now" if changed else "headline.first", headline=told)


def _unmet(outcome: Outcome, book: Phrasebook) -> list[str]:
    """Say which wishes of this turn no card grants: a slate must not be told as what it is not."""
    held = {(wish.facet, wish.value) for wish in outcome.before.preferences}
    words = [book.wish(w) for w in outcome.unmet if (w.facet, w.value) not in held]
    if not words or not outcome.cards:
        return []
    return [book.say("headline.unmet", wishes=book.listing(words, "or"))]


def _new_wishes(
    before: UserProfile, after: UserProfile, unmet: Collection[Preference], book: Phrasebook
) -> list[str]:
    """Return the wishes and conditions of this turn, then what is to be kept away from."""
    old: set[Constraint] = set(before.constraints)
    held = {(p.facet, p.value, p.weight) for p in before.preferences}
    wishes = [p for p in after.preferences if (p.facet, p.value, p.weight) not in held]
    wanted = [book.wish(p) for p in wishes if p.weight > 0 and p not in unmet]
    wanted += [book.condition(c) for c in after.constraints if c not in old]
    if after.leaning and after.leaning != before.leaning:
        wanted.append(book.quoted(quotable(after.leaning.text)))
    unwanted = [book.say("headline.what_is", value=book.aim(p)) for p in wishes if p.weight < 0]
    avoiding = [book.say("headline.avoiding", what=book.listing(unwanted))] if unwanted else []
    return [*dict.fromkeys(wanted), *avoiding]


def _nothing(outcome: Outcome, book: Phrasebook) -> str:
    if not outcome.after.constraints:
        return book.say("nothing.more")
    liked = _titles(outcome.fitting, outcome.after, book)
    if not (liked or outcome.relaxations):
        return book.say("nothing.stuck")
    said = book.say("nothing.fits")
    if liked:
        said = book.say("nothing.only", count=len(liked), titles=book.listing(liked))
    offers = [_offer(relaxation, book) for relaxation in outcome.relaxations]
    ways = capitalised(book.say("nothing.join").join(offers))
    return book.joined([said, book.say("nothing.ways", offers=ways) if offers else ""])


def _offer(relaxation: Relaxation, book: Phrasebook) -> str:
    """Say what giving conditions up brings back, and where the data rather than they are short."""
    # Ten years said in three words are ten rows.
    words = dict.fromkeys(book.condition(row) for row in relaxation.drop)
    count = relaxation.items
    offer = book.say("nothing.offer", count=count, conditions=_quoted(list(words), book))
    if relaxation.unknown * 2 <= count:
        return offer
    facets = dict.fromkeys(row.facet for row in relaxation.drop)
    label = book.listing([book.label(book.schema.facet(name)) for name in facets], "or")
    return offer + book.say("relaxation.unknown", count=relaxation.unknown, label=label)


def _quoted(words: Sequence[str], book: Phrasebook) -> str:
    return book.listing([book.quoted(text) for text in words])


def _new(before: Sequence[Opinion], after: Sequence[Opinion]) -> set[str]:
    return _ids(after) - _ids(before)


def _ids(opinions: Sequence[Opinion]) -> set[str]:
    return {opinion.item_id for opinion in opinions}


def _titles(item_ids: Collection[str], profile: UserProfile, book: Phrasebook) -> list[str]:
    opinions = (*profile.likes, *profile.dislikes, *profile.seen, *profile.later)
    return list(dict.fromkeys(book.title(o.title) for o in opinions if o.item_id in item_ids))
