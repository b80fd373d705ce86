"""What the rules take from a reading, with readings made by hand, and with the one that ships."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.state import Context
from assistant.understanding import Tagger, Understander
from assistant.understanding.hints import Hints
from assistant.understanding.mentions import Mention, Stance
from assistant.understanding.tagger import STANDS, Reading
from assistant.understanding.text import Text
from assistant.understanding.title_index import TitleIndex
from catalog import Catalog
from tests.assistant import small_films

CATALOG = small_films.catalog()
INDEX = TitleIndex(CATALOG)
OPEN = frozenset({"keywords"})


def reading(
    text: Text, titles: dict[int, int], stands: dict[int, Stance], names: tuple[int, ...] = ()
) -> Reading:
    """Titles by first word and end; stands and names by word."""
    size = len(text)
    opens, inside, named = (np.zeros(size, np.float32) for _ in range(3))
    logs = np.full((size, len(STANDS)), np.log(0.2), np.float32)
    for start, end in titles.items():
        opens[start] = 1.0
        inside[start + 1 : end] = 1.0
    for at, stand in stands.items():
        logs[at] = np.log(0.01)
        logs[at, STANDS.index(stand)] = np.log(0.96)
    named[list(names)] = 1.0
    return Reading(opens, inside, named, logs)


def hints(message: str, titles: dict[int, int], **more: object) -> Hints:
    text = Text(message)
    stands = more.get("stands", {})
    names = more.get("names", ())
    assert isinstance(stands, dict)
    assert isinstance(names, tuple)
    found = reading(text, titles, stands, names)
    return Hints(CATALOG, INDEX, OPEN, text, lambda: found)


def test_a_title_no_rule_took_is_missing_or_an_item() -> None:
    title = CATALOG.items[0].title
    found = hints(f"ngl salt widow bored me, {title.lower()} no", {1: 3, 5: 5 + len(title.split())})
    missing, item = found.titles([])
    assert (missing.kind, missing.start, missing.end) == ("missing", 1, 3)
    assert (item.kind, item.items) == ("item", (CATALOG.items[0].item_id,))


@pytest.mark.parametrize(
    ("message", "end", "named"),
    [
        ("Salt Widow and", 3, 2),
        ("salt widow or the", 4, 2),
        ("Salt Widow of", 3, 2),
        ("Widow's Carry On", 3, 3),
        ("salt widow carry on", 4, 4),
    ],
)
def test_words_that_lead_on_are_in_no_missing_title(message: str, end: int, named: int) -> None:
    (found,) = hints(f"{message} whatever", {0: end}).titles([])
    assert (found.kind, found.start, found.end) == ("missing", 0, named)


def test_an_item_is_found_without_the_words_that_lead_on() -> None:
    (found,) = hints("ngl heat and", {1: 3}).titles([])
    assert (found.kind, found.start, found.end, found.items) == ("item", 1, 2, ("6",))
    item = Mention(1, 2, "item", items=("6",), strength=1)
    assert hints("ngl heat and", {1: 3}).titles([item]) == []


def test_a_wider_title_wins_and_a_narrower_does_not() -> None:
    inner = Mention(3, 5, "item", items=("x",), strength=1)
    assert [len(m) for m in hints("I loved the lady in the van", {2: 7}).titles([inner])] == [5]
    wide = Mention(2, 7, "item", items=("x",), strength=1)
    assert hints("I loved the lady in the van", {3: 5}).titles([wide]) == []
    assert hints("I loved the lady in the van", {2: 7}).titles([wide]) == []


def test_a_dated_or_quoted_title_stays() -> None:
    sure = Mention(3, 5, "item", items=("x",), strength=3)
    assert hints("I loved the lady in the van", {2: 7}).titles([sure]) == []


@pytest.mark.parametrize("message", ["is it you", "see javascript:alert(1) now", "a <b>x y"])
def test_empty_words_and_code_are_no_title(message: str) -> None:
    assert hints(message, {1: len(Text(message))}).titles([]) == []


def test_empty_words_are_a_title_where_each_is_sure() -> None:
    (found,) = hints("we saw anyone but you", {2: 5}).titles([])
    assert (found.kind, found.start, found.end) == ("missing", 2, 5)


def test_a_title_does_not_end_with_its_article() -> None:
    (found,) = hints("is night with the zombie any good", {1: 4}).titles([])
    assert (found.kind, found.start, found.end) == ("missing", 1, 5)


def test_a_manner_of_speaking_widens_no_title() -> None:
    heat = Mention(1, 2, "item", items=("6",), strength=1)
    found = hints("seen heat to death", {1: 4})
    assert found.titles([heat], [Mention(2, 4, "act")]) == []
    assert len(found.titles([heat])) == 1


def test_a_name_nobody_knows_is_bounded_by_what_is_sure() -> None:
    guess = Mention(0, 4, "missing", strength=2)
    cut = hints("is the glass cartographer good", {1: 4}).bounded(guess)
    assert (cut.start, cut.end) == (1, 4)
    assert hints("is the glass cartographer good", {}).bounded(guess) == guess


def test_weak_findings_are_doubted_and_sure_ones_are_not() -> None:
    nothing = hints('my whole "childhood" in Devon', {})
    assert nothing.doubted(Mention(4, 5, "missing", strength=2))
    assert nothing.doubted(Mention(1, 2, "item", items=("x",), strength=1))
    assert not nothing.doubted(Mention(1, 2, "item", items=("x",), strength=2))
    assert not nothing.doubted(Mention(2, 3, "missing", strength=3))  # in quotation marks
    assert nothing.doubted(Mention(1, 2, "value", facet="keywords", values=("whole",)))
    assert not nothing.doubted(Mention(1, 3, "value", facet="keywords", values=("whole child",)))
    assert not nothing.doubted(Mention(1, 2, "value", facet="genres", values=("Drama",)))
    told = hints("my whole childhood in Devon", {}, names=(2,))
    assert not told.doubted(Mention(2, 3, "value", facet="keywords", values=("childhood",)))


@pytest.mark.parametrize("stand", STANDS)
def test_a_clear_stand_on_an_item_is_taken(stand: Stance) -> None:
    told = hints("Heat shook me", {0: 1}, stands={0: stand})
    item, other = Mention(0, 1, "item", items=("x",)), Mention(1, 2, "item", items=("x",))
    assert told.stances(item, ()) == (stand,)
    assert told.stances(item, ("later",)) == ("later",)  # a phrase that the rules know is sure
    overruled = {"seen": ("seen", "dislike")}.get(stand, (stand,))
    assert told.stances(item, ("dislike",)) == overruled  # but not as sure as this reading
    judged = stand in {"like", "dislike"}
    assert told.stances(item, ("seen",)) == (("seen", stand) if judged else ("seen",))
    assert told.stances(other, ()) == ()  # undecided
    assert told.stances(Mention(0, 1, "number", facet="year"), ()) == ()


@pytest.mark.parametrize("stand", STANDS)
@pytest.mark.parametrize("named", [True, False])
def test_of_a_value_only_a_refusal_is_taken(stand: Stance, named: bool) -> None:
    told = hints("gore no thanks", {}, stands={0: stand}, names=(0,) if named else ())
    gore = Mention(0, 1, "value", facet="keywords", values=("gore",))
    refused = named and stand == "dislike"
    assert told.stances(gore, ()) == (("exclude",) if refused else ())
    assert told.stances(gore, ("want",)) == ("want",)


@pytest.fixture(scope="module")
def both(film_catalog: Catalog) -> tuple[Understander, Understander]:
    return Understander(film_catalog), Understander(film_catalog, Tagger.load())


@pytest.mark.parametrize(
    "message",
    [
        "Titanic can jump in a lake",
        "I could not tell you why anyone would sit there for Titanic",
        "Titanic left me reaching for my phone",
        "whoever recommended Titanic owes me an evening",
    ],
)
def test_a_refusal_that_no_phrase_knows(
    both: tuple[Understander, Understander], message: str
) -> None:
    rules, read = (one.understand(message, Context(1)) for one in both)
    assert [opinion.title for opinion in read.dislikes] == ["Titanic"]
    assert not read.likes
    assert not rules.dislikes  # else this shows nothing
    assert not read.topic  # "phone" is nothing to search for


def test_a_title_of_everyday_words_that_the_catalogue_lacks(
    both: tuple[Understander, Understander],
) -> None:
    message = "has anyone here watched the quiet before supper yet, it was amazing"
    rules, read = (one.understand(message, Context(1)) for one in both)
    assert read.missing_titles
    assert not rules.missing_titles
