"""How well questions for help pages are told from wishes, and answered.

Owns: the labelled set's format, its measures, and the fit of the judge. Does not own: the messages
(`evaluation/help`) or what is measured (`assistant.help_desk`).

Half of the messages are for choosing and fitting (``dev``), half for reporting (``blind``). They
are asked of the example shop with its help pages.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import process_time
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from assistant.help_desk import HelpConfig, HelpDesk, read_pages
from assistant.help_desk.desk import HelpReading
from assistant.help_desk.judge import Judge
from assistant.home import Home
from assistant.settings import Settings
from assistant.state import Context, Understanding
from assistant.understanding import Tagger, Understander
from catalog import Catalog, read_schema
from catalog import __file__ as catalog_package
from catalog.database import load_catalog, open_database
from catalog.ingest import ingest
from evaluation import state_tracking as st

LABELLED = Path(__file__).parent / "help"
Part = Literal["dev", "blind"]
Label = Literal["answer", "unknown", "catalogue", "mixed"]
_SHOP = Path(catalog_package).parent / "examples" / "shop"
_RIDGE = 0.003
NO_JUDGE = Judge({}, {})
"""Holds everything for as likely as not."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message and what it is.

    Attributes
    ----------
    message, language : str
        As written, and in which language.
    label : {"answer", "unknown", "catalogue", "mixed"}
        A question that the pages answer, one that they do not, none at all, or one beside a wish.
    sections : tuple of str
        ``"page.md#anchor"`` of the passages that answer it.
    """

    message: str
    language: str
    label: Label
    sections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HelpReport:
    """What came of a part of the labelled messages.

    Attributes
    ----------
    part : str
        Which.
    figures : mapping of str to float
        Shares in [0, 1], counts and milliseconds of processor time, by name.
    wrong : tuple of str
        Each message that went wrong, with how.
    """

    part: str
    figures: Mapping[str, float]
    wrong: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON values; messages of the blind part stay unread."""
        wrong = list(self.wrong) if self.part == "dev" else []
        return {"part": self.part, "figures": dict(self.figures), "wrong": wrong}

    def to_text(self) -> str:
        """Return the report as lines."""
        lines = [f"{name:28} {value:.3f}" for name, value in self.figures.items()]
        return "\n".join([*lines, *self.to_json()["wrong"]])


def read_labelled(part: Part) -> tuple[Labelled, ...]:
    """Return the labelled messages of `part`."""
    lines = (LABELLED / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = (json.loads(line) for line in lines)
    return tuple(
        Labelled(r["message"], r["language"], r["label"], tuple(r.get("sections", ())))
        for r in rows
    )


def read_wishes(part: st.Part) -> tuple[Labelled, ...]:
    """Return the messages of `evaluation/understanding` to the shop: none is for help pages."""
    rows = (one.row for one in st.read_labelled(part) if one.catalogue == "shop")
    return tuple(Labelled(r["message"], r.get("language", "en"), "catalogue") for r in rows)


@dataclass(frozen=True, slots=True)
class Bench:
    """The example shop with its help pages, as far as this needs it."""

    understander: Understander
    desk: HelpDesk

    def understand(self, message: str) -> Understanding:
        """Return what the catalogue's rules make of `message`, as the first one said."""
        return self.understander.understand(message, Context(1))

    def read(self, one: Labelled) -> HelpReading | None:
        """Return what the desk makes of a message."""
        return self.desk.read(one.message, self.understand(one.message))


def open_bench(settings: Settings, judge: Judge | None = None) -> Bench:
    """Return the bench; the embedding model is that of `settings`, with the home's graph.

    Without `judge` it is the one that ships; `NO_JUDGE` knows nothing, for a fit.
    """
    from retrieval.embedder import load_embedder

    catalog = _shop()
    embedder = load_embedder(settings.embedder, Home(settings.home).prepare().models)
    items = embedder.embed([catalog.document(row) for row in range(len(catalog))])
    # A fit looks at everything, whatever a judge would say.
    config = HelpConfig() if judge is None else HelpConfig(ask_threshold=0.0)
    pages = read_pages(_SHOP / "help")
    desk = HelpDesk(pages, embedder, items, catalog.schema, config, judge)
    return Bench(Understander(catalog, Tagger.load()), desk)


def _shop() -> Catalog:
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/shop.db")
        ingest(database, _SHOP / "items.csv", schema=read_schema(_SHOP / "schema.toml"))
        catalog = load_catalog(database)
        database.dispose()
    return catalog


def measure(
    part: Part, labelled: Sequence[Labelled], wishes: Sequence[Labelled], bench: Bench
) -> HelpReport:
    """Return how the desk reads `labelled`, and how many of other people's `wishes` it takes."""
    found: list[HelpReading | None] = []
    times: list[float] = []
    for one in labelled:
        understood = bench.understand(one.message)
        started = process_time()
        found.append(bench.desk.read(one.message, understood))
        times.append(1000 * (process_time() - started))
    pairs = list(zip(labelled, found, strict=True))
    helps = [(one, reading) for one, reading in pairs if one.label != "catalogue"]
    taken = [(one, reading) for one, reading in pairs if reading is not None]
    quotes = [(one, reading) for one, reading in taken if reading.quote]
    right = [one for one, reading in quotes if _right(one, reading)]
    known = [one for one, _ in helps if one.label != "unknown"]
    unknown = [(one, reading) for one, reading in helps if one.label == "unknown"]
    mixed = [reading for one, reading in pairs if one.label == "mixed"]
    asked = [one for one, _ in taken if one.label != "catalogue"]
    figures = {
        "messages": len(pairs),
        "help precision": _share(len(asked), len(taken)),
        "help recall": _share(len(asked), len(helps)),
        "wishes taken for help": sum(one.label == "catalogue" for one, _ in taken),
        "quoted": len(quotes),
        "quote precision": _share(len(right), len(quotes)),
        "quote recall": _share(len(right), len(known)),
        "unknown told so": _share(
            sum(reading is not None and not reading.quote for _, reading in unknown), len(unknown)
        ),
        "unknown quoted": _share(
            sum(reading is not None and bool(reading.quote) for _, reading in unknown), len(unknown)
        ),
        "mixed split": _share(
            sum(reading is not None and bool(reading.rest.strip()) for reading in mixed), len(mixed)
        ),
        "other wishes": len(wishes),
        "other wishes taken for help": sum(bench.read(one) is not None for one in wishes),
        "read p50 CPU ms": float(np.median(times)),
        "read p95 CPU ms": float(np.quantile(times, 0.95)),
    }
    wrong = tuple(filter(None, (_fault(one, reading) for one, reading in pairs)))
    return HelpReport(part, figures, wrong)


def fit(settings: Settings) -> Judge:
    """Return the judge fitted to the ``dev`` half and to the shop's tuned messages, all wishes.

    Ridge logistic regression, by Newton's method.
    """
    bench = open_bench(settings, NO_JUDGE)
    labelled = (*read_labelled("dev"), *read_wishes("tuned"))
    single = [one for one in labelled if one.label != "mixed"]
    looks = [bench.desk.signals(one.message, bench.understand(one.message)) for one in single]
    names = ("bias", *asdict(looks[0][0]))
    matrix = np.array([[1.0, *asdict(signals).values()] for signals, _ in looks])
    asks = np.array([one.label != "catalogue" for one in single], np.float64)
    helps = asks > 0
    answers = np.array([_at(one, passage.page, passage.anchor) for one, (_, passage) in
                        zip(single, looks, strict=True)], np.float64)  # fmt: skip
    # Words that no page knows speak neither for a question nor against it; whether a passage
    # answers has to do with it and the words alone.
    whole = [place for place, name in enumerate(names) if name != "strange"]
    about = [names.index(name) for name in ("bias", "similarity", "shared", "strange")]
    asked = _logistic(matrix[:, whole], asks)
    answered = _logistic(matrix[helps][:, about], answers[helps])
    return Judge(
        dict(zip([names[place] for place in whole], asked.tolist(), strict=True)),
        dict(zip([names[place] for place in about], answered.tolist(), strict=True)),
    )


def write_judge(judge: Judge, path: Path) -> None:
    """Write `judge` as `assistant.help_desk.judge` reads it."""
    path.write_text(json.dumps(asdict(judge), indent=1) + "\n", encoding="utf-8")


def _logistic(matrix: NDArray[np.float64], target: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weights; both classes weigh the same, whatever their sizes."""
    weights = np.zeros(matrix.shape[1])
    ridge = _RIDGE * len(target) * np.eye(len(weights))
    share = target.mean()
    worth = np.where(target > 0, 0.5 / share, 0.5 / (1 - share))
    ridge[0, 0] = 0
    for _ in range(30):
        guess = 1 / (1 + np.exp(-matrix @ weights))
        slope = matrix.T @ (worth * (guess - target)) + ridge @ weights
        bend = (matrix.T * (worth * guess * (1 - guess))) @ matrix + ridge
        weights -= np.linalg.solve(bend, slope)
    return np.round(weights, 3)


def _at(one: Labelled, page: str, anchor: str) -> bool:
    return f"{page}#{anchor}" in one.sections


def _right(one: Labelled, reading: HelpReading) -> bool:
    """Tell whether the quote is from a right passage, word for word."""
    passage = reading.passage
    return _at(one, passage.page, passage.anchor) and reading.quote in passage.text


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")


def _fault(one: Labelled, reading: HelpReading | None) -> str:
    if reading is None:
        return "" if one.label == "catalogue" else f"missed   {one.label:9} {one.message}"
    place = f"{reading.passage.page}#{reading.passage.anchor}"
    told = f"{reading.asked:.2f} {reading.answered:.2f} {one.label:9} {one.message} -> {place}"
    if one.label == "catalogue":
        return f"taken    {told}"
    if one.label == "unknown":
        return f"quoted   {told}" if reading.quote else ""
    if not reading.quote:
        return f"unsure   {told}"
    if not _right(one, reading):
        return f"wrong    {told}"
    return f"not split {told}" if one.label == "mixed" and not reading.rest.strip() else ""
