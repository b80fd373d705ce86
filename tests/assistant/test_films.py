"""The main job on the real demo: forty mixed messages, and the contracts after each."""

from __future__ import annotations

import pytest

from assistant.engine import Assistant
from assistant.state import Turn
from evaluation.latency import bench_turn
from tests.assistant.driving import say

pytestmark = pytest.mark.slow

# Message, titles that must then be liked, constraints that must then hold.
CONVERSATIONS: tuple[tuple[tuple[str, set[str], set[str]], ...], ...] = (
    (
        ("I loved Heat and The Insider, but nothing too violent, and under two hours please",
         {"Heat", "The Insider"}, {"runtime_minutes <= 119"}),
        ("/seen 1", {"Heat", "The Insider"}, {"runtime_minutes <= 119"}),
        ("something newer than the second one", {"Heat"}, {"runtime_minutes <= 119"}),
        ("no horror please", {"Heat"}, {"genres != Horror"}),
        ("/dislike 2", {"Heat"}, {"genres != Horror"}),
        ("actually, longer is fine", {"Heat"}, {"genres != Horror"}),
        ("thanks!", {"Heat"}, {"genres != Horror"}),
        ("/undo", {"Heat"}, {"genres != Horror"}),
        ("/like 1", {"Heat", "The Insider"}, {"genres != Horror"}),
        ("start over", set(), set()),
    ),
    (
        ("hi", set(), set()),
        ("a comedy from the 90s with Bill Murray", set(), {"year >= 1990", "year <= 1999"}),
        ("I've already seen Groundhog Day", set(), {"year >= 1990"}),
        ("more like the first one", set(), {"year >= 1990"}),
        ("nothing with Adam Sandler", set(), {"cast != Adam Sandler"}),
        ("I hated Space Jam", set(), {"cast != Adam Sandler"}),
        ("/seen 3", set(), {"cast != Adam Sandler"}),
        ("older is fine too", set(), {"cast != Adam Sandler"}),
        ("what's the weather like?", set(), {"cast != Adam Sandler"}),
        ("/like 2", set(), {"cast != Adam Sandler"}),
    ),
    (
        ("something like Blade Runner and Alien (1979)", {"Blade Runner", "Alien"}, set()),
        ("after 2000", {"Blade Runner", "Alien"}, {"year >= 2001"}),
        ("in French", {"Alien"}, {"languages = French", "year >= 2001"}),
        ("forget the French thing", {"Alien"}, {"year >= 2001"}),
        ("I didn't like the first one", {"Alien"}, {"year >= 2001"}),
        ("/dislike 1", {"Alien"}, {"year >= 2001"}),
        ("have you got Zorbulon Nights?", {"Alien"}, {"year >= 2001"}),
        ("no sequels", {"Alien"}, {"year >= 2001"}),
        ("under 90 minutes", {"Alien"}, {"runtime_minutes <= 89"}),
        ("/remove under 90 minutes", {"Alien"}, {"year >= 2001"}),
    ),
    (
        ("two brothers fall in love with the same woman", set(), set()),
        ("something sadder, and shorter", set(), set()),
        ("i loved up and wall-e", {"WALL·E"}, set()),
        ("I love \"Up\" too", {"Up"}, set()),
        ("rated PG", {"Up"}, {"certificate = PG"}),
        ("no musicals, no animation", {"Up"}, {"genres != Musical", "genres != Animation"}),
        ("/like 1", {"Up"}, {"certificate = PG"}),
        ("animation is ok after all", {"Up"}, {"genres != Musical"}),
        ("before 1960 and after 2010", {"Up"}, {"certificate = PG"}),
        ("/undo", {"Up"}, {"certificate = PG"}),
    ),
)  # fmt: skip


@pytest.mark.parametrize("messages", CONVERSATIONS)
def test_forty_messages_keep_every_promise(
    films: Assistant, messages: tuple[tuple[str, set[str], set[str]], ...]
) -> None:
    session, gone, seen_turns = films.start(), set[str](), list[Turn]()
    for message, likes, constraints in messages:
        session, turn = say(films, session, message)
        seen_turns.append(turn)
        assert likes <= {opinion.title for opinion in turn.profile.likes}, message
        assert constraints <= {str(constraint) for constraint in turn.profile.constraints}, message
        # A refusal stands until the person takes it back, and "/undo" does.
        if message != "/undo":
            assert not gone & {card.item_id for card in turn.cards}, message
            gone |= {o.item_id for o in (*turn.profile.dislikes, *turn.profile.seen)}
    assert any(turn.cards for turn in seen_turns)


def test_the_opening_message_gets_five_films_with_true_reasons(films: Assistant) -> None:
    _, turn = say(
        films,
        films.start(),
        "I loved Heat and The Insider, but nothing too violent, and under two hours please",
    )
    assert len(turn.cards) == 5
    assert any(p.value == "violent" and p.weight < 0 for p in turn.profile.preferences)
    for card in turn.cards:
        row = films.catalog.row(card.item_id)
        assert films.catalog.items[row].numbers["runtime_minutes"] <= 119
        assert card.reasons
        assert "violent" not in films.catalog.items[row].labels.get("mood", ())


def test_a_title_that_is_not_there_is_said_so(films: Assistant) -> None:
    _, turn = say(films, films.start(), "I loved Blorptown Nights and Heat")
    assert turn.missing_titles == ("Blorptown Nights",)
    assert "Blorptown Nights" in turn.reply
    assert [opinion.title for opinion in turn.profile.likes] == ["Heat"]


def test_a_known_person_is_not_shown_what_they_have_rated(films: Assistant) -> None:
    interactions = films.catalog.interactions
    rated = {
        int(row) for row in interactions.row[interactions.user == interactions.users.index("7")]
    }
    _, turn = say(films, films.start("7"), "surprise me")
    assert len(turn.cards) == 5
    assert not rated & {films.catalog.row(card.item_id) for card in turn.cards}
    _, stranger = say(films, films.start("nobody-knows-me"), "surprise me")
    assert stranger.cards


def test_cards_are_quick(films: Assistant) -> None:
    """A guard against a lost order of magnitude; the figure itself is `vouch bench turn`'s."""
    report = bench_turn(films, turns=40)
    assert report.stages["cards_seen"]["p95"] < 1500
