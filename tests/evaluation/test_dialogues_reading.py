"""Files of dialogues: what is read, and what a wrong file is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.errors import ConfigurationError
from evaluation.dialogues.reading import plays, read_cases

HEAD = "test_cases:\n- test_case: one\n  steps:\n  - user: hello\n"


def _file(folder: Path, text: str) -> Path:
    file = folder / "talk.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_every_variant_is_a_run_up_to_its_step(tmp_path: Path) -> None:
    file = _file(
        tmp_path,
        "test_cases:\n- test_case: one\n  steps:\n"
        "  - user: a\n    user_variants: [b, c]\n  - user: d\n    user_variants: [e]\n",
    )

    runs = plays(read_cases([file]))

    assert [run.name for run in runs] == [
        "as written", "turn 1, variant 1", "turn 1, variant 2", "turn 2, variant 1",
    ]  # fmt: skip
    assert [[words for _, _, words in run.turns()] for run in runs] == [
        ["a", "d"], ["b"], ["c"], ["a", "e"],
    ]  # fmt: skip


def test_every_part_knows_its_line(tmp_path: Path) -> None:
    (case,) = read_cases([_file(tmp_path, HEAD + "    assert:\n    - facts: supported\n")])

    assert case.line() == 2
    assert case.line("steps", 0) == 4
    assert case.line("steps", 0, "assert", 0) == 6
    assert case.line("steps", 0, "assert", 7) == 5


def test_a_case_has_its_file_s_fixtures_but_for_its_own(tmp_path: Path) -> None:
    text = "fixtures: {catalogue: shop, user: ann}\n" + HEAD + "  fixtures: {user: bob}\n"

    (case,) = read_cases([_file(tmp_path, text)])

    assert (case.fixtures.catalogue, case.fixtures.user) == ("shop", "bob")


def test_folders_are_searched_and_tags_choose(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    tagged = "test_cases:\n- test_case: two\n  tags: [x]\n  steps: [{user: hi}]\n"
    _file(tmp_path / "deep", tagged)
    _file(tmp_path, HEAD)

    assert [case.name for case in read_cases([tmp_path])] == ["two", "one"]
    assert [case.name for case in read_cases([tmp_path], ["x"])] == ["two"]
    with pytest.raises(ConfigurationError, match=r"no dialogues with a tag among \['y'\]"):
        read_cases([tmp_path], ["y"])


def _asserting(claim: str) -> str:
    return HEAD + f"    assert:\n    - {claim}\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "talk.yaml:1: is empty; it needs 'test_cases:'"),
        ("test_cases: [a", "talk.yaml:1: not valid YAML"),
        ("test_cases: []", "talk.yaml:1: Tuple should have at least 1 item"),
        ("cases: []", "talk.yaml:1: unknown key 'cases'; allowed: fixtures, test_cases"),
        (
            "test_cases:\n- test_case: one\n",
            "talk.yaml:2: test case 'one': 'steps' is missing",
        ),
        (
            HEAD + "    asert: []\n",
            "talk.yaml:5: test case 'one', step 1: unknown key 'asert'; "
            "allowed: user, user_variants, new_session, assert",
        ),
        (
            _asserting("items: {count: 3}"),
            "talk.yaml:6: test case 'one', step 1: unknown key 'count'; allowed: in_catalogue, "
            "satisfy, contains, excludes, first, above, min, max, never_again, changed",
        ),
        (
            _asserting("profile: {constraints: [year > 1990]}"),
            "step 1: 'year > 1990' is no condition; write 'year >= 1991', with >=, <=, = or !=",
        ),
        (
            _asserting("profile: {preferences: [tense]}"),
            "step 1: 'tense' is no preference; write 'mood: tense' or 'not mood: gory'",
        ),
        (_asserting("items: {}"), "asserts nothing; it needs one of: in_catalogue, satisfy"),
        (_asserting("profile: {likes: []}"), "should have at least 1 item"),
        (_asserting("acts: {contains: wave}"), "step 1: 'wave' is no act; there are: greeting"),
        (_asserting("facts: true"), "step 1: Input should be 'supported'"),
        (_asserting("language: it"), "'it' is no language of Vouch; there are: en, zh"),
        (_asserting('reply: {matches: "("}'), "'(' is no regular expression"),
        (_asserting("reply: hello"), "should be a mapping with: contains, lacks, matches"),
        (_asserting("latency_ms: {cards: -1}"), "step 1: Input should be greater than 0"),
        (HEAD + "    user: again\n", "talk.yaml:5: 'user' stands here twice"),
        (HEAD + HEAD.removeprefix("test_cases:\n"), "talk.yaml:5: a second test case 'one'"),
        (
            "test_cases:\n- test_case: one\n  fixtures: {llm: scripted}\n  steps: [{user: hi}]\n",
            "talk.yaml:3: test case 'one': 'llm: scripted' and llm_replies need each other",
        ),
    ],
)  # fmt: skip
def test_a_fault_says_where_and_what_is_allowed(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as raised:
        read_cases([_file(tmp_path, text)])
    assert message in str(raised.value)


def test_every_fault_of_a_file_is_named_at_once(tmp_path: Path) -> None:
    text = HEAD + "    assert:\n    - facts: no\n    - language: it\n"

    with pytest.raises(ConfigurationError) as raised:
        read_cases([_file(tmp_path, text)])

    assert [line.split(":")[1] for line in str(raised.value).splitlines()] == ["6", "7"]
