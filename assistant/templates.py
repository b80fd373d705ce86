"""Replies without a language model: what was understood, what changed, why the first pick.

Owns: `lead`, `sentence`. Does not own: the facts (`assistant.evidence`) or small wording
(`assistant.wording`). Every word comes from the catalogue, the schema or the person's own message,
so a template can claim no more than the evidence does. Variety follows the turn number.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from assistant.state import (
    Card,
    Evidence,
    Opinion,
    Preference,
    Question,
    Understanding,
    UserProfile,
)
from assistant.wording import condition, count, listing, phrase, quotable, short
from catalog import Catalog, Constraint, Relaxation, Schema

_OPENINGS = ("Start with {pick}: {facts}.", "First, {pick}: {facts}.", "On top, {pick}: {facts}.")
_CHATTER = frozenset({"greeting", "thanks", "goodbye", "help", "off_topic"})


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
    """

    turn: int
    understood: Understanding
    before: UserProfile
    after: UserProfile
    cards: tuple[Card, ...] = ()
    relaxations: tuple[Relaxation, ...] = ()
    question: Question | None = None


def lead(outcome: Outcome, catalog: Catalog) -> str:
    """Return the opening of a reply: one to three sentences, plain text.

    It says what the message was taken to mean and what it changed, names what the catalogue
    lacks, and either announces the slate or says why there is none and what would help.
    """
    schema = catalog.schema
    acts = set(outcome.understood.acts)
    if acts <= _CHATTER:
        return _chatter(outcome, schema)
    parts = [
        *_missing(outcome),
        *_dropped(outcome, schema),
        *_opinions(outcome, schema),
        _headline(outcome, schema) if outcome.cards else _nothing(outcome, schema),
    ]
    return " ".join(part for part in parts if part)


def sentence(evidence: Evidence, catalog: Catalog, most: int = 2, turn: int = 0) -> str:
    """Return one sentence on a pick from its strongest facts; `turn` varies the opening.

    A `turn` of 0 gives the plain form, without an opening: ``"Heat (1995): tense, as you asked."``
    """
    name = short(catalog.name(catalog.row(evidence.item_id)))
    facts = [fact.text for fact in evidence.facts if fact.kind != "facet"][:most]
    facts = facts or [fact.text for fact in evidence.facts][:most]
    if not facts:
        return f"{name}."
    pattern = _OPENINGS[turn % len(_OPENINGS)] if turn else "{pick}: {facts}."
    return pattern.replace("{pick}", name).replace("{facts}", "; ".join(facts))


def _chatter(outcome: Outcome, schema: Schema) -> str:
    acts = outcome.understood.acts
    offer = "" if outcome.question else f" Name a {schema.noun} you liked, or say what you want."
    if outcome.cards:
        offer = f" Meanwhile, {count(len(outcome.cards), schema).lower()} to look at."
    if "help" in acts:
        return (
            f"Tell me {schema.plural} you liked or didn't, and what a good one must have or must "
            f"not have. I keep it all in view, where you can remove any of it, and I give a reason "
            f"for every {schema.noun} that I show."
        )
    if "off_topic" in acts:
        return f"That is outside what I know: I can only help you choose {schema.plural}.{offer}"
    if "goodbye" in acts:
        return "Goodbye, and enjoy your choice." if outcome.before.likes else "Goodbye."
    if "thanks" in acts:
        return "You're welcome. Say what to change whenever you like."
    return f"Hello!{offer}"


def _missing(outcome: Outcome) -> list[str]:
    titles = [quotable(title) for title in outcome.understood.missing_titles]
    named = [f"“{title}”" for title in titles if title]
    if not named:
        return ["I don't have everything that you named."] if titles else []
    rest = outcome.after != UserProfile() and outcome.cards
    closest = "; the closest to the rest of what you said are below" if rest else ""
    return [f"I don't have {listing(named, 'or')}{closest}."]


def _dropped(outcome: Outcome, schema: Schema) -> list[str]:
    """Say what the turn took out of the profile, unless it was put back in other words."""
    understood, before, after = outcome.understood, outcome.before, outcome.after
    if understood.reset:
        kept = before.dislikes or before.seen
        out = f" What you refused or had {schema.consumed} stays away." if kept else ""
        return [f"We start afresh: everything you told me is cleared.{out}"]
    gone = [condition(c, schema) for c in before.constraints if c not in after.constraints]
    kept = {(wish.facet, wish.value) for wish in after.preferences}
    gone += [_wish(p, schema) for p in before.preferences if (p.facet, p.value) not in kept]
    held = {opinion.item_id for opinion in (*after.likes, *after.dislikes, *after.seen)}
    gone += [
        short(opinion.title)
        for opinion in (*before.likes, *before.dislikes, *before.seen)
        if opinion.item_id not in held
    ]
    listed = listing([f"“{words}”" for words in dict.fromkeys(gone)])
    if understood.undo:
        return [f"Taken back: {listed} no longer counts." if listed else "Taken back."]
    return [f"Dropped {listed}."] if listed else []


def _opinions(outcome: Outcome, schema: Schema) -> list[str]:
    before, after = outcome.before, outcome.after
    seen = _titles(_new(before.seen, after.seen) - _ids(after.likes) - _ids(after.dislikes), after)
    refused = _titles(_new(before.dislikes, after.dislikes), after)
    said: list[str] = []
    if seen:
        back = "it won't come back" if len(seen) == 1 else "they won't come back"
        said.append(f"Noted: you have {schema.consumed} {listing(seen)}; {back}.")
    if refused:
        said.append(f"Noted: {listing(refused)} {'is' if len(refused) == 1 else 'are'} out.")
    return said


def _headline(outcome: Outcome, schema: Schema) -> str:
    """Announce the slate by what is new this turn, else by all that is known."""
    before, after = outcome.before, outcome.after
    likes = _titles(_new(before.likes, after.likes), after)
    wanted, unwanted = _wishes(outcome, schema, new=True)
    opening = count(len(outcome.cards), schema)
    if not (likes or wanted or unwanted):
        more = before.likes or before.constraints or before.preferences or before.topics
        topic = quotable(outcome.understood.topic)
        if topic and not outcome.understood.reset:
            return f"{opening} for “{topic}”."
        return (
            f"{opening} that fit what you have told me."
            if more and after == before
            else (f"{opening} to choose from.")
        )
    changed = bool(before.likes or before.constraints or before.preferences)
    parts = [f"like {listing(likes)}"] if likes else []
    parts += wanted
    if unwanted:
        parts.append(f"keeping away from {listing(unwanted, 'and')}")
    joined = f" {parts[0]}" if likes else f": {parts[0]}"
    tail = "".join(f", {part}" for part in parts[1:])
    return f"{'Now ' + opening[0].lower() + opening[1:] if changed else opening}{joined}{tail}."


def _wishes(outcome: Outcome, schema: Schema, *, new: bool) -> tuple[list[str], list[str]]:
    before, after = outcome.before, outcome.after
    old = set(before.constraints) if new else set[Constraint]()
    held = {(p.facet, p.value, p.weight) for p in before.preferences} if new else set[object]()
    wishes = [p for p in after.preferences if (p.facet, p.value, p.weight) not in held]
    wanted = [_wish(p, schema) for p in wishes if p.weight > 0]
    wanted += [condition(c, schema) for c in after.constraints if c not in old]
    unwanted = [f"what is {p.value}" for p in wishes if p.weight < 0]
    return list(dict.fromkeys(wanted)), unwanted


def _nothing(outcome: Outcome, schema: Schema) -> str:
    if not outcome.after.constraints:
        return f"I have no more {schema.plural} to show for this; change or drop something."
    if not outcome.relaxations:
        return "Nothing fits all of that, and dropping one condition would not help."
    offers = [
        f"without {listing([f'“{condition(c, schema)}”' for c in relaxation.drop])} there "
        f"{'is' if relaxation.items == 1 else 'are'} "
        f"{relaxation.items:,} {schema.noun if relaxation.items == 1 else schema.plural}"
        for relaxation in outcome.relaxations
    ]
    first, *others = offers
    return (
        f"Nothing fits all of that. {first[0].upper()}{first[1:]}"
        + "".join(f"; {offer}" for offer in others)
        + "."
    )


def _wish(preference: Preference, schema: Schema) -> str:
    return phrase(schema.facet(preference.facet), (preference.value,))


def _new(before: Sequence[Opinion], after: Sequence[Opinion]) -> set[str]:
    return _ids(after) - _ids(before)


def _ids(opinions: Sequence[Opinion]) -> set[str]:
    return {opinion.item_id for opinion in opinions}


def _titles(item_ids: Collection[str], profile: UserProfile) -> list[str]:
    opinions = (*profile.likes, *profile.dislikes, *profile.seen)
    return list(dict.fromkeys(short(o.title) for o in opinions if o.item_id in item_ids))
