"""The reply's prose: templates at once, a language model's sentences where they hold up.

Owns: `Explainer`, `Writing`. Does not own: the facts (`assistant.evidence`), the check
(`assistant.grounding`), the templates (`assistant.templates`) or the model (`assistant.llm`).

A model sees numbered slots with facts and placeholders, never a choice to make. A slot is told in
its words only when every sentence of them passes the check; the template tells the others. Titles
are put in afterwards, from the catalogue. The check knows the words of English, so replies in
other languages come from the templates, whatever the tier.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from time import monotonic

from assistant.evidence import liked
from assistant.facts import describe
from assistant.grounding import Grounding
from assistant.llm import ChatModel, Teller
from assistant.phrasebook import Phrasebook, phrasebook
from assistant.prompts import inert, load_prompt
from assistant.sentences import SentenceSplitter, lines
from assistant.state import Evidence, LlmStatus, Session, Turn, Understanding
from assistant.templates import Outcome, lead, sentence
from assistant.unmet import fitting, unmet
from assistant.wording import short
from assistant.writer.brief import Brief, lines_of, plan, render, way_of
from assistant.writer.grammar import grammar_of
from catalog import Catalog
from catalog.errors import ChatModelError, ChatModelTimeoutError

_SLOT = re.compile(r"\s*(\d{1,2})\s*[:.)]\s*(.+)")
_MOST_SENTENCES = 4
# The language whose words the check knows.
_CHECKED = "en"
_TEMPLATES = "the reasons are Vouch's own templates"
MODEL_FAILED = "The language model"
"""How a warning begins that a model was asked and its words are missing."""


@dataclass(frozen=True, slots=True)
class ExplanationConfig:
    """How prose is written.

    Attributes
    ----------
    deadline_s : float
        All of it must be there by then; templates finish what is not.
    facts : int
        Facts told to the model per slot, strongest first.
    tries : int
        How often a model that was taught may tell of a slot, until the check finds no fault.
    """

    deadline_s: float = 20.0
    facts: int = 6
    tries: int = 3


class Writing:
    """One reply while it is written.

    Attributes
    ----------
    draft : str
        The whole reply from templates, ready before any model is asked.
    status : LlmStatus
        Who wrote the prose so far: templates until a model's sentence is accepted.
    accepted : int
        Picks told in the model's words so far.
    warnings : tuple of str
        What went wrong with the model, in plain language.
    language : str
        Of the reply, an ISO 639-1 code.
    """

    def __init__(
        self,
        opening: str,
        evidence: Sequence[Evidence],
        turn: int,
        catalog: Catalog,
        book: Phrasebook,
        grounding: Grounding,
        chat_model: ChatModel | None,
        config: ExplanationConfig,
    ) -> None:
        top = sentence(evidence[0], catalog, book, turn=turn) if evidence else ""
        self.draft = book.joined((opening, top))
        self.status = LlmStatus()
        self.accepted = 0
        self.warnings: tuple[str, ...] = ()
        self.language = book.language
        self._opening = opening
        self._evidence = tuple(evidence)
        self._turn = turn
        self._catalog = catalog
        self._book = book
        self._grounding = grounding
        self._model = chat_model
        self._config = config

    def pieces(self) -> Iterator[str]:
        """Yield the reply in pieces that concatenate to it; to be read once.

        Without a model, or without picks to explain, that is the draft.
        """
        if self._model is None or not self._evidence:
            yield self.draft
            return
        yield self._opening
        told = 0
        try:
            for slot, text in self.answers(self._model):
                for evidence in self._evidence[told : slot - 1]:
                    yield self._template(evidence)
                yield self._checked(self._evidence[slot - 1], text, self._model.status)
                told = slot
        except ChatModelTimeoutError:
            self.warnings = (f"{MODEL_FAILED} did not answer in time; {_TEMPLATES}.",)
        except ChatModelError as error:
            self.warnings = (f"{MODEL_FAILED} could not be used ({error}); {_TEMPLATES}.",)
        for evidence in self._evidence[told:]:
            yield self._template(evidence)
        if not self.accepted and not self.warnings:
            self.warnings = (f"{MODEL_FAILED} strayed from the facts; {_TEMPLATES}.",)

    def answers(self, model: ChatModel) -> Iterator[tuple[int, str]]:
        """Yield slot numbers, ascending, each with what `model` wrote for it, not yet checked."""
        if isinstance(model, Teller) and model.tells:
            yield from self._told(model)
            return
        schema = self._catalog.schema
        slots = "\n\n".join(self._brief(evidence) for evidence in self._evidence)
        system, user = load_prompt("explain").fill(
            noun=schema.noun, plural=schema.plural, slots=slots
        )
        last = 0
        for line in lines(model.complete(system, user, deadline_s=self._config.deadline_s)):
            found = _SLOT.fullmatch(line)
            if found and last < int(found[1]) <= len(self._evidence):
                last = int(found[1])
                yield last, found[2].strip()
            if last == len(self._evidence):
                return

    def _told(self, model: Teller) -> Iterator[tuple[int, str]]:
        """Ask the model that was taught to tell: a brief per slot, each in another way.

        What the check would refuse is told again, in other ways, as often as the time allows.
        """
        end = monotonic() + self._config.deadline_s
        briefs = [self._taught(evidence) for evidence in self._evidence]
        told = model.tell(briefs, deadline_s=self._config.deadline_s)
        for evidence, text in zip(self._evidence, told, strict=True):
            for again in range(1, self._config.tries):
                if self._holds(text, evidence) or monotonic() > end:
                    break
                other = [self._taught(evidence, again)]
                (text,) = model.tell(other, deadline_s=end - monotonic())  # noqa: PLW2901
            yield evidence.slot, text

    def _taught(self, evidence: Evidence, again: int = 0) -> Brief:
        """Return the brief of one slot, without a description that the check would refuse."""
        way = way_of(self._turn, evidence.slot, again)
        lines = [
            line
            for line in lines_of(evidence, self._catalog, self._book)
            if line.kind != "about" or self._grounding.check(f"{line.text}.", evidence).ok
        ]
        planned = plan(lines, way)
        return Brief(render(planned, self._catalog.schema.noun, way), grammar_of(planned))

    def _brief(self, evidence: Evidence) -> str:
        """Return one numbered slot: facts with placeholders, then the description as data."""
        item = self._catalog.item(evidence.item_id)
        facts = "\n".join(f"- {fact}" for fact in self._facts(evidence)[: self._config.facts])
        text = inert(" ".join(item.texts.values()))
        described = f"\n<<<\n{text}\n>>>" if text else ""
        return f"{evidence.slot}:\n{facts}{described}"

    def _facts(self, evidence: Evidence) -> list[str]:
        names = {item_id: f"{{like{n}}}" for n, item_id in enumerate(liked(evidence), start=1)}
        # Values and the person's words are data: only our own placeholders keep their braces.
        facts = (replace(fact, values=tuple(map(inert, fact.values))) for fact in evidence.facts)
        return [describe(fact, self._book, names) for fact in facts]

    def _checked(self, evidence: Evidence, text: str, status: LlmStatus) -> str:
        if not self._holds(text, evidence):
            return self._template(evidence)
        self.status = status
        self.accepted += 1
        told = " ".join(_sentences(text))
        if "{pick}" not in told:
            told = f"{{pick}}: {told}"
        return f"\n{evidence.slot}. {self._named(told, evidence)}"

    def _holds(self, text: str, evidence: Evidence) -> bool:
        """Tell whether `text` is short and repeats nothing, and all of it passes the check."""
        sentences = _sentences(text)
        short = 0 < len(sentences) <= _MOST_SENTENCES and len(set(sentences)) == len(sentences)
        return short and all(self._grounding.check(one, evidence).ok for one in sentences)

    def _named(self, text: str, evidence: Evidence) -> str:
        """Return `text` with the catalogue's names for the placeholders, in one pass."""
        catalog = self._catalog
        names = {"{pick}": short(catalog.name(catalog.row(evidence.item_id)))}
        for number, item_id in enumerate(liked(evidence), start=1):
            names[f"{{like{number}}}"] = short(catalog.item(item_id).title)
        return re.sub(r"\{\w+\}", lambda found: names[found[0]], text)

    def _template(self, evidence: Evidence) -> str:
        return f"\n{evidence.slot}. {sentence(evidence, self._catalog, self._book)}"


def _sentences(text: str) -> list[str]:
    splitter = SentenceSplitter()
    return [*splitter.feed(text), *splitter.close()]


class Explainer:
    """Writes replies for one catalogue. Safe to share between threads.

    Parameters
    ----------
    catalog : Catalog
        Gives names and phrases.
    chat_model : ChatModel or None
        None writes from templates only.
    config : ExplanationConfig
        Deadline and size.
    """

    def __init__(
        self,
        catalog: Catalog,
        chat_model: ChatModel | None = None,
        config: ExplanationConfig = ExplanationConfig(),
    ) -> None:
        self._catalog = catalog
        self._model = chat_model
        self._config = config
        self._grounding = Grounding(catalog)

    @property
    def status(self) -> LlmStatus:
        """The tier and model as configured."""
        return self._model.status if self._model else LlmStatus()

    def begin(
        self,
        session: Session,
        turn: Turn,
        understood: Understanding,
        evidence: Sequence[Evidence],
    ) -> Writing:
        """Return the reply to `turn`, with its draft complete; nothing is asked of a model yet.

        Parameters
        ----------
        session : Session
            Before `turn`.
        turn : Turn
            With profile, cards, relaxations and question; its reply is not used.
        understood : Understanding
            Of the message.
        evidence : sequence of Evidence
            One per card, or empty where there is nothing to explain.
        """
        outcome = Outcome(
            turn=turn.number,
            understood=understood,
            before=session.profile,
            after=turn.profile,
            cards=turn.cards,
            relaxations=turn.relaxations,
            question=turn.question,
            handover=turn.handover,
            unmet=unmet(turn, self._catalog),
            fitting=fitting(turn, self._catalog),
            offers=tuple(suggestion.label for suggestion in turn.suggestions),
        )
        book = phrasebook(understood.language, self._catalog.schema)
        told = turn.answer.text if turn.answer else ""
        return Writing(
            "\n".join(filter(None, (told, lead(outcome, book)))),
            evidence,
            turn.number,
            self._catalog,
            book,
            self._grounding,
            self._model if book.language == _CHECKED else None,
            self._config,
        )
