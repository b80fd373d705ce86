"""One message in, its `Understanding` out, without a language model.

Owns: `Understander`: the order of the steps, which of two overlapping readings wins, and what a
stance on a mention adds to the profile. Does not own: any single step (the modules it calls).

What a stance does (design: hard constraints and soft preferences):

=================  =====================  ===========================================
stance             on an item             on a facet value
=================  =====================  ===========================================
none, want, like   like                   preference +1; ``=`` where the schema requires
require, only      like                   ``=``
no, never, hate    dislike                ``!=``
not a fan, too     dislike                preference -1
is fine after all  dislike taken back     exclusion taken back
seen               seen                   nothing
have you got       to be shown again      preference +1
=================  =====================  ===========================================
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.state import Context, Retraction, Understanding
from assistant.understanding.acts import idioms, insults, off_topic, read_acts
from assistant.understanding.asks import AskReader
from assistant.understanding.comparatives import ComparativeReader
from assistant.understanding.corrections import contrasted, misspoken, replaced
from assistant.understanding.descriptions import DescriptionLinker
from assistant.understanding.draft import Draft
from assistant.understanding.guesses import TitleGuesser
from assistant.understanding.hints import Hints
from assistant.understanding.languages import Languages
from assistant.understanding.leanings import LeaningReader, with_leaning
from assistant.understanding.mentions import Marker, Mention
from assistant.understanding.namesakes import Namesakes
from assistant.understanding.naming import TitleSigns
from assistant.understanding.no_titles import (
    bare_verdicts,
    dates_title,
    is_friend,
    is_idiom,
    outside_quotations,
)
from assistant.understanding.numbers import NumberReader, ages
from assistant.understanding.polarity import PolarityReader
from assistant.understanding.ratings_said import rated, ratings
from assistant.understanding.references import ReferenceLinker
from assistant.understanding.retractions import RetractionReader
from assistant.understanding.same_value import SameReader, with_same
from assistant.understanding.side_by_side import SideBySide
from assistant.understanding.tagger import Tagger
from assistant.understanding.text import Text
from assistant.understanding.title_index import TitleIndex
from assistant.understanding.titles import TitleLinker
from assistant.understanding.value_index import ValueIndex
from assistant.understanding.values import ValueLinker
from assistant.understanding.vocabulary import Vocabulary
from catalog import Catalog


class Understander:
    """Understands messages about one catalogue.

    Building it reads the catalogue once (linear in its text); afterwards a message takes a few
    milliseconds, bounded by `text.MAX_WORDS`. Immutable, so one serves every session.

    Parameters
    ----------
    catalog : Catalog
        What messages are about.
    tagger : Tagger, optional
        Reads English messages beside the rules; without it the rules stand alone.
    """

    def __init__(self, catalog: Catalog, tagger: Tagger | None = None) -> None:
        schema = catalog.schema
        self._catalog = catalog
        self._tagger = tagger
        self._index = titles = TitleIndex(catalog)
        vocabulary = Vocabulary.build(catalog, titles.forms)
        self._title_words = titles.words
        signs = TitleSigns(schema)
        self._namesakes = Namesakes(catalog, titles, signs)
        self._titles = TitleLinker(catalog, titles, vocabulary, signs, self._namesakes)
        self._compared = SideBySide(catalog, titles, signs, self._namesakes)
        values = ValueIndex(catalog)
        self._guesses = TitleGuesser(catalog, titles, values, vocabulary, signs)
        self._first_names = values.first_names
        self._open_facets = frozenset(values.open_facets)
        self._values = ValueLinker(schema, values, vocabulary)
        self._numbers = NumberReader(catalog)
        self._comparatives = ComparativeReader(catalog)
        self._descriptions = DescriptionLinker(catalog)
        self._references = ReferenceLinker(schema.noun, schema.plural)
        self._retractions = RetractionReader(schema)
        self._polarity = PolarityReader(schema)
        self._leanings = LeaningReader(catalog)
        self._same = SameReader(catalog)
        self._asks = AskReader(catalog)
        self._rates = any(f.kind == "number" and f.label == "rating" for f in schema.facets)
        self._languages = Languages(catalog, titles, values, vocabulary)

    def understand(self, message: str, context: Context) -> Understanding:
        """Return what `message` says in `context`.

        Never raises, whatever the message; words past `text.MAX_WORDS` are not read.
        """
        language, text = self._languages.read(message, context.language)
        hints = self._hints(text)
        phrases = self._polarity.find(text)
        linked = self._namesakes.singled_out(text, self._link(text, context, hints, phrases))
        leaning = self._leanings.read(text, linked, context.turn)
        if leaning:
            linked = _outside(linked, leaning[0])
        same = self._same.read(text, linked, context)
        if same:
            linked = _outside(linked, [same.mention])
        asks = self._asks.read(text, linked, context, language)
        mentions = _unasked(linked, [mention for mention, _ in asks])
        asked = [mention for mention in linked if mention.items and mention not in mentions]
        retractions = list(self._retractions.read(text, mentions))
        mentions = _outside(mentions, [mention for mention, _ in retractions])
        dated = self._comparatives.dated(text, [*mentions, *asked])
        mentions = _outside(mentions, dated)
        mentions = _outside(
            mentions, self._comparatives.read(text, context.slate, [*mentions, *asked])
        )
        markers = self._polarity.outside(text, phrases, mentions)
        known = sorted([*mentions, *asked], key=lambda mention: mention.start)
        judged = hints.judged() if hints else frozenset[int]()
        pronouns = self._references.pronouns(text, context.slate, known, markers, judged)
        mentions += _apart(pronouns, insults(text))
        mentions.sort(key=lambda mention: mention.start)
        markers = self._polarity.outside(text, phrases, mentions)
        slips = misspoken(text, mentions)
        mentions = [mention for mention in mentions if mention not in slips]
        mentions, given = rated(text, mentions, told=self._rates)
        draft = Draft(self._catalog, text, context, mentions, self._open_facets)
        for mention in mentions:
            stances = self._polarity.stances(text, mention, markers, mentions)
            slip = contrasted(text, mention)
            instead = slip and _wished_instead(mention, mentions)
            if mention.kind == "value" and (instead or replaced(text, mention, mentions)):
                for value in mention.values:  # "I meant a coffee maker, not a toaster"
                    draft.retract(mention, Retraction(facet=mention.facet, value=value))
                continue
            if mention in given:
                stances = (given[mention],)
            elif hints and not slip and (read := hints.stances(mention, stances)) != stances:
                stances = read
                draft.told(mention)
            draft.add(mention, stances)
        for mention, retraction in retractions:
            draft.retract(mention, retraction)
        for mention, ask in asks:
            draft.ask(mention, ask)
        draft.steer(read_acts(text, mentions), markers)
        understanding = draft.finish(mentions, markers, off_topic(text))
        understanding = with_leaning(understanding, leaning[1]) if leaning else understanding
        understanding = with_same(understanding, same) if same else understanding
        return replace(understanding, language=language)

    def _hints(self, text: Text) -> Hints | None:
        """Begin to read `text` with the network, beside the rules until they ask for it."""
        if self._tagger is None:
            return None
        pending = self._tagger.begin(text)
        return Hints(self._catalog, self._index, self._open_facets, text, pending)

    def _link(
        self, text: Text, context: Context, hints: Hints | None, phrases: Sequence[Marker]
    ) -> list[Mention]:
        """Return items, values, numbers, positions and unknown names, without overlaps."""
        profile = context.profile
        held = (*profile.likes, *profile.dislikes, *profile.seen, *profile.later)
        known = (*context.slate, *(opinion.item_id for opinion in held))
        positions = self._references.positions(text, context.slate)
        labels = self._polarity.labels(text)
        said = [*idioms(text), *labels, *ratings(text), *ages(text)]
        positions += self._descriptions.link(text, context.slate, positions)
        titles = [
            title
            for title in _outside(self._titles.link(text, known), self._compared.link(text))
            if not any(title.overlaps(at) and len(title) <= len(at) for at in (*positions, *said))
        ]
        titles = outside_quotations(text, titles)
        sure = [mention for mention in titles if mention.strength == 3]
        positions = [at for at in positions if not any(at.overlaps(t) for t in titles)]
        schema = self._catalog.schema
        bounds = [row for row in profile.constraints if schema.facet(row.facet).kind == "number"]
        numbers = self._numbers.read(text, [*titles, *positions], bounds)
        numbers += self._comparatives.excess(
            text, context.slate, [*sure, *positions, *numbers, *said]
        )
        addressed = insults(text)  # what is said to the assistant names no title
        values = self._values.link(text, [*sure, *numbers, *positions, *addressed, *said])
        values = outside_quotations(text, values)
        mentions = self._resolve(titles, values) + numbers + positions
        mentions = self._namesakes.qualified(text, mentions)
        mentions = _outside(mentions, self._guesses.misspelt(text, [*mentions, *said]))
        guessed = self._values.guess(text, mentions, self._title_words)
        mentions += outside_quotations(text, guessed)
        mentions += self._values.strangers(text, mentions)
        verdicts = bare_verdicts(text, phrases)
        unnamed = [*addressed, *labels, *verdicts]
        missing = _apart(self._guesses.missing(text, [*mentions, *ratings(text)]), unnamed)
        missing = [
            title
            for title in missing
            if not (is_idiom(title, said) or is_friend(text, title, self._first_names))
        ]
        mentions = [m for m in mentions if not dates_title(text, m, missing)]
        mentions = [
            m for m in mentions if not (m.kind == "item" and is_friend(text, m, self._first_names))
        ]
        if hints is None:
            return _outside(mentions, missing)
        # Who doubts a name keeps what it would have taken the place of: "not James Bond".
        missing = [hints.bounded(title) for title in missing if not hints.doubted(title)]
        shown = set(context.slate)
        mentions = [m for m in mentions if shown & set(m.items) or not hints.doubted(m)]
        mentions = _outside(mentions, missing)
        heard = [
            title
            for title in hints.titles(mentions, said)
            if not (is_idiom(title, said) or is_friend(text, title, self._first_names))
        ]
        return _outside(mentions, _apart(heard, unnamed))

    def _resolve(self, titles: Sequence[Mention], values: Sequence[Mention]) -> list[Mention]:
        """Return the mentions that remain when overlapping titles and values compete.

        Sure titles (quoted, dated) first, then the longer. Of two equally long, a title wins over
        a person when it is a whole title after a cue ("I loved Frida"), and over a word of an open
        vocabulary when it is also written as a name ("I loved Heist"); else the value wins.
        """

        def rank(mention: Mention) -> tuple[bool, int, int]:
            sure = mention.kind != "value" and mention.strength == 3
            return sure, len(mention), self._claim(mention)

        kept: list[Mention] = []
        for mention in sorted([*titles, *values], key=rank, reverse=True):
            if not any(mention.overlaps(other) for other in kept):
                kept.append(mention)
        return kept

    def _claim(self, mention: Mention) -> int:
        if mention.kind == "value":
            closed = mention.facet not in self._open_facets
            people = self._catalog.schema.facet(mention.facet).kind == "people"
            return 2 if people and mention.strength < 1 else 4 if closed else 1
        named = mention.whole and mention.strength == 2
        return 3 if named and (mention.cued or len(mention) > 1) else 0


def _outside(mentions: Sequence[Mention], winners: Sequence[Mention]) -> list[Mention]:
    """Return `winners` and those of `mentions` that they leave alone."""
    return [*_apart(mentions, winners), *winners]


def _apart(mentions: Sequence[Mention], others: Sequence[Mention]) -> list[Mention]:
    """Return those of `mentions` that touch none of `others`."""
    return [m for m in mentions if not any(m.overlaps(other) for other in others)]


def _wished_instead(value: Mention, mentions: Sequence[Mention]) -> bool:
    """Tell whether another value of the same facet stands before `value`."""
    return any(m.facet == value.facet and m.end <= value.start for m in mentions if m.facet)


def _unasked(mentions: Sequence[Mention], questions: Sequence[Mention]) -> list[Mention]:
    """Return `questions` and the mentions outside them: what is asked about is not wished for.

    A title that the catalogue lacks stays missing.
    """
    missing = [mention for mention in mentions if mention.kind == "missing"]
    return [*_outside([m for m in mentions if m not in missing], questions), *missing]
