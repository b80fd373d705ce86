"""What the embedded model reads and can write: briefs, their tellings and their grammar."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.grounding import Grounding
from assistant.phrasebook import phrasebook
from assistant.sentences import SentenceSplitter
from assistant.state import Evidence, Fact
from assistant.writer.brief import WAYS, Line, gist, lines_of, plan, render, way_of
from assistant.writer.compose import Words, compose
from assistant.writer.grammar import grammar_of
from assistant.writer.pairs import held_out, read_shipped
from tests.assistant import small_films

CATALOG = small_films.catalog()
BOOK = phrasebook("en", CATALOG.schema)
FACTS = (
    Fact("shared", "directors", ("Michael Mann",), ("6",)),
    Fact("collaborative", likes=("6", "2")),
    Fact("preference", "mood", ("tense",)),
    Fact("constraint", "year", ("1998", "after 1990")),
    Fact("constraint", "genres", ("no Horror",)),
    Fact("facet", "year", ("1998",)),
    Fact("facet", "genres", ("Action",)),
)


def _evidence(*facts: Fact) -> Evidence:
    return Evidence(1, CATALOG.items[1].item_id, facts or FACTS)


def test_a_brief_names_nothing_but_placeholders() -> None:
    lines = lines_of(_evidence(), CATALOG, BOOK)
    text = render(lines, "film", 3)
    assert text.splitlines()[:6] == [
        "film",
        "like {like1}: directed by Michael Mann",
        "crowd: {like1} and {like2}",
        "asked: tense in mood",
        "meets: from 1998 (after 1990)",
        "meets: no Horror",
    ]
    assert text.endswith("\nway 3:")
    item = CATALOG.items[1]
    assert item.title not in text
    assert lines[-1] == Line("about", gist(" ".join(item.texts.values())))


def test_data_cannot_pose_as_a_placeholder_or_a_line() -> None:
    hostile = Fact("text", values=("{like9}\nway 1: x",))
    (line, *_) = lines_of(_evidence(hostile), CATALOG, BOOK)
    assert "{" not in str(line)
    assert "\n" not in str(line)


def test_a_plan_tells_reasons_before_what_is_known() -> None:
    lines = lines_of(_evidence(), CATALOG, BOOK)
    for way in range(WAYS):
        told = plan(lines, way)
        assert 2 <= len(told) <= 3
        assert all(line.kind != "has" for line in told)
        assert not any(line.words.startswith("no ") for line in told)
        assert (told[0].kind == "about") == (way % 3 == 0)
        assert sum(line.kind == "about" for line in told) == (way % 3 < 2)
    few = lines_of(_evidence(*FACTS[-2:]), CATALOG, BOOK)
    assert [line.kind for line in plan(few, 2)] == ["has", "about"]
    assert [line.kind for line in plan(few[:-1], 2)] == ["has", "has"]
    wished = lines_of(_evidence(FACTS[2], *FACTS[-2:]), CATALOG, BOOK)[:-1]
    assert [line.kind for line in plan(wished, 2)] == ["asked"]


def test_a_plan_says_nothing_twice() -> None:
    mood = Fact("shared", "mood", ("tense",), ("6",))
    lines = lines_of(_evidence(FACTS[2], mood, Fact("text", values=("tense",))), CATALOG, BOOK)
    assert [line.kind for line in plan(lines, 2)] == ["asked", "about"]


def test_neighbours_are_told_in_different_ways() -> None:
    for turn in range(1, 8):
        assert {way_of(turn, slot) for slot in range(1, WAYS)} == set(range(1, WAYS))
        assert way_of(turn, 1) != way_of(turn, 1, again=1)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Mr. Orr finds a key. He keeps it.", "Mr. Orr finds a key"),
        ("A quiet kettle.", "A quiet kettle"),
        (f"{'word ' * 40}end.", ""),
        (f"{'word ' * 9}sails north, while {'word ' * 30}end.", f"{'word ' * 9}sails north"),
        ("Boils a full jug in no time. Plain.", ""),
        ("Fill it at night.", ""),
        ("On a failing ranch, a son returns.", "On a failing ranch, a son returns"),
        ("", ""),
    ],
)
def test_a_gist_is_one_whole_thought(text: str, told: str) -> None:
    assert gist(text) == told


def test_every_way_of_telling_passes_the_check() -> None:
    words = Words.of(
        "film", "seen", [" ".join(i.texts.values()) for i in CATALOG.items], stories=True
    )
    grounding, evidence = Grounding(CATALOG), _evidence()
    told: set[str] = set()
    for way in range(1, WAYS):
        for line in (*lines_of(evidence, CATALOG, BOOK)[:-1], Line("about", "A briefcase is lost")):
            other = Line("popular", "seen by many people")
            text = compose((line,), words, way)
            told.add(text)
            if line.kind != "about":
                assert all(grounding.check(one, evidence).ok for one in _sentences(text)), text
            assert text.count("{pick}") == 1
            if line.kind != "about":
                assert compose((line, other), words, way).startswith(text[:-1])
    assert len(told) > 40


def _sentences(text: str) -> list[str]:
    splitter = SentenceSplitter()
    return [*splitter.feed(text), *splitter.close()]


def _regex(grammar: str) -> re.Pattern[str]:
    """Return a grammar without recursion as a regular expression."""
    rules = dict(line.split(" ::= ", 1) for line in grammar.splitlines())

    def spelled(body: str) -> str:
        parts = re.findall(r'"(?:[^"\\]|\\.)*"|\[[^\]]*\]|[a-z]+|[()|*?]', body)
        return "".join(
            f"(?:{re.escape(json.loads(part))})" if part[0] == '"'
            else f"(?:{spelled(rules[part])})" if part in rules
            else part
            for part in parts
        )  # fmt: skip

    return re.compile(spelled(rules["root"]))


LINES = (
    Line("asked", "directed by Michael Mann", ("Michael Mann",), facet="directors"),
    Line("meets", "priced at $39.00", ("$39.00",), words="under $50", facet="price"),
    Line("crowd", likes="{like1} and {like2}"),
)


@pytest.mark.parametrize(
    ("text", "possible"),
    [
        (" You asked for Michael Mann, and {pick} is directed by Michael Mann.", True),
        (" Under $50, as you asked: {pick}. It is priced at $39.00.", True),
        (" Fans of {like1} and {like2} often enjoy {pick} as well.", True),
        (" {pick} costs $93.00.", False),
        (" {pick} won 7 of them.", False),
        (" {pick} is by Michael Bay.", False),
        (" Fans of {like3} like {pick}.", False),
        (" {pick} is {pick}.", False),
        (" Fans of {like2} like {pick}.", False),
        (" See evil.example for {pick}.", False),
        (" {pick} is <b>good</b>.", False),
    ],
)
def test_the_grammar_knows_only_the_briefs_names_and_numbers(text: str, possible: bool) -> None:
    assert bool(_regex(grammar_of(LINES)).fullmatch(text)) is possible


@given(st.text(alphabet="abA1$9 .,{}like", max_size=30))
def test_no_number_or_name_is_possible_that_the_brief_lacks(text: str) -> None:
    if _regex(grammar_of(LINES)).fullmatch(f" {text}"):
        assert set(re.findall(r"\d[\d.]*\d|\d", text)) <= {"39.00", "50", "1", "2"}
        assert set(re.findall(r"\{.*?\}", text)) <= {"{pick}", "{like1}", "{like2}"}


def test_what_was_learned_is_well_formed_and_possible() -> None:
    pairs = read_shipped("train")
    assert len(pairs) > 2000
    assert len({pair.noun for pair in pairs}) > 5
    strayed = 0
    for pair in pairs:
        brief = " ".join(pair.lines)
        for way, text in pair.tellings:
            assert 0 <= way < WAYS
            assert text.count("{pick}") == 1
            own = re.compile(r"\{like\d\}|\d+")
            strayed += not set(own.findall(text)) <= set(own.findall(brief))
            assert len(_sentences(text)) <= 4
    assert strayed <= 2  # of those that people wrote
    assert not any(pair.noun == "film" and held_out(pair.item_id) for pair in pairs)
    assert all(held_out(pair.item_id) for pair in read_shipped("valid"))


def test_ways_of_telling_need_no_film() -> None:
    words = Words.of("lamp", "bought", ["A lamp that bends."], stories=False)
    line = Line("about", "A lamp that bends")
    assert compose((line,), words, 1) == "{pick} is a lamp that bends."
    priced = replace(LINES[1], likes="")
    assert (
        compose((priced,), words, 1) == "You asked for under $50, and {pick} is priced at $39.00."
    )
