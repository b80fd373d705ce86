"""What the embedded model reads and can write: briefs, their tellings and their grammar."""

from __future__ import annotations

import json
import re
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.grounding import Grounding
from assistant.phrasebook import phrasebook
from assistant.sentences import SentenceSplitter
from assistant.state import Evidence, Fact
from assistant.writer.brief import WAYS, Line, gist, lines_of, plan, render, way_of
from assistant.writer.compose import compose
from assistant.writer.grammar import grammar_of
from assistant.writer.pairs import held_out, read_shipped
from assistant.writer.wordings import clauses
from tests.assistant import small_films

CATALOG = small_films.catalog()
BOOK = phrasebook("en", CATALOG.schema)
GROUNDING = Grounding(CATALOG)
PLACES = ("first", "then")
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


def test_every_way_of_telling_passes_the_check_and_is_possible() -> None:
    evidence = _evidence()
    lines = lines_of(evidence, CATALOG, BOOK)
    told: set[str] = set()
    for line in (*lines[:-1], Line("about", "A briefcase is lost"), Line("about", "Orr is lost")):
        for other in (Line("popular", "seen by many people", ("seen",)), lines[0], lines[1]):
            for way in range(1, WAYS):
                text = compose((line, other), way)
                told.add(text)
                assert text.count("{pick}") == 1
                assert _regex(grammar_of((line, other))).fullmatch(f" {text}"), text
                if line.kind != "about" and other.kind != "popular":
                    assert all(GROUNDING.check(one, evidence).ok for one in _sentences(text)), text
    assert len(told) > 120


def _sentences(text: str) -> list[str]:
    splitter = SentenceSplitter()
    return [*splitter.feed(text), *splitter.close()]


def _regex(grammar: str) -> re.Pattern[str]:
    """Return a grammar without recursion as a regular expression."""
    rules = dict(line.split(" ::= ", 1) for line in grammar.splitlines())

    def spelled(body: str) -> str:
        parts = re.findall(r'"(?:[^"\\]|\\.)*"|[a-z]+\d*|[()|?]', body)
        return "".join(
            f"(?:{re.escape(json.loads(part))})" if part[0] == '"'
            else f"(?:{spelled(rules[part])})" if part in rules
            else part
            for part in parts
        )  # fmt: skip

    return re.compile(spelled(rules["root"]))


@cache
def _possible(way: int) -> re.Pattern[str]:
    return _regex(grammar_of(plan(lines_of(_evidence(), CATALOG, BOOK)[:-1], way)))


@given(st.integers(1, WAYS - 1).flatmap(lambda way: st.from_regex(_possible(way), fullmatch=True)))
@settings(max_examples=150, deadline=None)
def test_whatever_is_possible_is_supported(text: str) -> None:
    assert text.count("{pick}") == 1
    for sentence in _sentences(text):
        assert GROUNDING.check(sentence, _evidence()).ok, sentence


LINES = (
    Line("asked", "directed by Michael Mann", ("Michael Mann",), facet="directors"),
    Line("meets", "priced at $39.00", ("$39.00",), words="under $50", facet="price"),
    Line("crowd", likes="{like1} and {like2}"),
)


@pytest.mark.parametrize(
    ("text", "possible"),
    [
        (" You asked for Michael Mann, and {pick} is directed by Michael Mann.", True),
        (
            " {pick} is directed by Michael Mann, as you asked, and it is priced at $39.00, "
            "under $50 as you wanted. Fans of {like1} and {like2} often like it too.",
            True,
        ),
        (" {pick} is directed by Michael Mann, as you asked. It is priced at $50.", False),
        (" You asked for Michael Mann, and {pick} is directed by {like1}.", False),
        (" {pick} is directed by Michael Mann, like {like1} and {like2}.", False),
        (" {pick} won 7 of them.", False),
        (" {pick} is <b>good</b>.", False),
    ],
)
def test_a_value_stands_only_in_wording_of_its_own_kind(text: str, possible: bool) -> None:
    ways = (LINES, LINES[:1])
    assert any(bool(_regex(grammar_of(told)).fullmatch(text)) for told in ways) is possible


def test_a_pick_of_which_nothing_is_known_is_named() -> None:
    assert _regex(grammar_of(())).fullmatch(" Here is {pick}.")


def test_a_description_is_copied_whole() -> None:
    told = (LINES[0], Line("about", "A thief plans one last job"))
    for way in range(1, WAYS):
        assert "a thief plans one last job" in compose(told, way).lower()
    possible = _regex(grammar_of(told))
    start = " {pick} is directed by Michael Mann, as you asked"
    assert possible.fullmatch(f"{start}. A thief plans one last job.")
    assert possible.fullmatch(f"{start}: a thief plans one last job.")
    assert not possible.fullmatch(f"{start}. A thief plans one job.")
    named = _regex(grammar_of((LINES[0], Line("about", "Orr plans one last job"))))
    assert named.fullmatch(f"{start}. Orr plans one last job.")
    assert not named.fullmatch(f"{start}: orr plans one last job.")


@pytest.mark.parametrize(
    ("line", "clause"),
    [
        (Line("asked", "epic in mood", ("epic",)), "there is an epic mood to {pick}, as you hoped"),
        (Line("asked", "dry in tone", ("dry",)), "it keeps to the dry tone that you wanted"),
        (Line("asked", "with Ann Orr", ("Ann Orr",)), "{pick} has Ann Orr in it, as you asked"),
        (Line("has", "in the Sci-Fi genre", ("Sci-Fi",)), "{pick} is in the sci-fi genre"),
        (Line("asked", "crumb tray", ("crumb tray",)), "{pick} has what you asked for: crumb tray"),
        (Line("like", "cordless", ("cordless",), "{like1}"), "it is cordless, like {like1}"),
        (Line("has", "in white", ("white",)), "it is also in white"),
        (Line("meets", words="no Horror"), "you asked for no Horror, and {pick} keeps to that"),
        (Line("meets", words="in stock"), "{pick} is in stock, as you asked"),
        (Line("words", "sea, war", ("sea", "war")), "it fits your words: sea and war"),
    ],
)
def test_a_phrase_decides_how_it_is_told(line: Line, clause: str) -> None:
    assert clause in {text for place in PLACES for ways in clauses(line, place) for text in ways}


@given(st.text(alphabet='abA1$9 .,(){}|like"', max_size=30))
def test_no_words_of_data_can_change_the_grammar(text: str) -> None:
    (line, *_) = lines_of(_evidence(Fact("text", values=(text,))), CATALOG, BOOK)
    for way in range(1, WAYS):
        told = compose((line,), way)
        assert told.count("{") == 1
        assert _regex(grammar_of((line,))).fullmatch(f" {told}")


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
            strayed += len(_sentences(text)) > 4  # by the full stop of a name
    assert strayed <= 4  # most of those that people wrote
    assert not any(pair.noun == "film" and held_out(pair.item_id) for pair in pairs)
    assert all(held_out(pair.item_id) for pair in read_shipped("valid"))


def test_ways_of_telling_need_no_film() -> None:
    assert compose((Line("about", "A lamp that bends"),), 1) == "{pick}: a lamp that bends."
    assert compose((LINES[1],), 2) == "{pick} is priced at $39.00, under $50 as you wished."
