"""How well known the items should be: what is read, what is held, what it does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import perf_counter

import pytest

from assistant.chips import chips, find_chip, remove_chip, rescope_chip
from assistant.engine import Assistant
from assistant.home import engine_config
from assistant.memory import Memory, changes, remembered
from assistant.profile import update_profile
from assistant.query import build_request
from assistant.recall import within
from assistant.settings import load_settings
from assistant.state import Context, Leaning, Understanding, UserProfile
from assistant.summary import summary
from assistant.understanding import Understander
from assistant.wire import profile_json
from catalog import Catalog
from catalog.errors import ConfigurationError
from tests.assistant.driving import say
from tests.assistant.small_films import catalog as build_catalog
from tests.ranking.cf.crowd import interactions

GEMS = Leaning(0.75, 1, "hidden gems", "always")
HITS = Leaning(-0.5, 2, "popular ones")


@pytest.fixture(scope="module")
def understander() -> Understander:
    films = build_catalog()
    return Understander(Catalog.build(films.schema, films.items, interactions([[0, 1], [0]])))


@pytest.mark.parametrize(
    ("message", "novelty"),
    [
        ("lesser known films", 0.75),
        ("some hidden gems please", 0.75),
        ("something obscure", 1.0),
        ("nothing mainstream", 0.75),
        ("nothing too popular", 0.75),
        ("something I've never heard of", 0.75),
        ("we've seen all the famous ones", 0.75),
        ("that was too mainstream", 0.75),
        ("the popular ones", -0.5),
        ("something well known", -0.5),
        ("popular thrillers", -0.5),
        ("thrillers everybody knows", -1.0),
        ("those are too obscure", -0.5),
        ("nothing obscure", -0.5),
        ("a classic everybody knows", -1.0),
        ("surprise me", 0.25),
        ("hidden gems, or no, the popular ones", -0.5),
    ],
)
def test_a_wish_for_known_or_unknown_is_read(
    understander: Understander, message: str, novelty: float
) -> None:
    understood = understander.understand(message, Context(1))
    assert understood.leaning is not None
    assert (understood.leaning.novelty, understood.leaning.scope) == (novelty, "now")
    assert understood.leaning.text in message
    assert not understood.missing_titles
    assert "off_topic" not in understood.acts
    assert not understood.topic or understood.topic == "thrillers"


def test_a_long_message_is_read_in_no_time(understander: Understander) -> None:
    started = perf_counter()
    understander.understand("not too really most very popular less so all the " * 40, Context(1))
    assert perf_counter() - started < 2


@pytest.mark.parametrize(
    "message",
    [
        "I loved Heat, it's a hidden gem",
        "Heat isn't well known but I loved it",
        "is Heat popular?",
        "a film with a famous actor",
        "she speaks a language no one knows",
        "about an overlooked genius",
        "a tense heist",
    ],
)
def test_what_is_only_told_is_no_wish(understander: Understander, message: str) -> None:
    assert understander.understand(message, Context(1)).leaning is None


def test_a_taste_is_for_always_and_the_rest_of_the_message_counts(
    understander: Understander,
) -> None:
    understood = understander.understand("I love hidden gems, something tense by Mann", Context(1))
    assert understood.leaning == Leaning(0.75, 1, "hidden gems", "always")
    values = {(wish.facet, wish.value) for wish in understood.preferences}
    assert ("mood", "tense") in values


def test_the_latest_word_wins_and_can_be_taken_back(understander: Understander) -> None:
    profile = update_profile(UserProfile(), Understanding(("prefer",), leaning=GEMS), 1)
    assert update_profile(profile, Understanding(("request",)), 2) == profile
    assert update_profile(profile, Understanding(("prefer",), leaning=HITS), 2).leaning == HITS
    again = Leaning(1.0, 2, "something obscure")
    held = update_profile(profile, Understanding(("prefer",), leaning=again), 2).leaning
    assert held == Leaning(1.0, 2, "something obscure", "always")
    understood = understander.understand("forget the hidden gems", Context(2, profile))
    assert "correct" in understood.acts
    assert update_profile(profile, understood, 2) == UserProfile()


def test_it_is_a_chip_and_in_the_summary_and_the_json(tiny: Catalog) -> None:
    profile = UserProfile(leaning=GEMS)
    (chip,) = chips(profile, tiny.schema)
    assert (chip.label, chip.kind, chip.scope) == ("“hidden gems”", "preference", "always")
    assert find_chip("hidden gems", profile, tiny.schema) == chip
    assert rescope_chip(profile, chip, "now").leaning == Leaning(0.75, 1, "hidden gems")
    assert remove_chip(profile, chip) == UserProfile()
    assert within(profile, tiny) == profile
    assert "hidden gems" in summary(profile, tiny.schema)
    shown = {"novelty": 0.75, "turn": 1, "text": "hidden gems", "scope": "always"}
    assert profile_json(profile, tiny.schema)["leaning"] == shown


def test_a_lasting_one_is_remembered_fades_and_survives_a_wish_of_the_moment() -> None:
    held, moment = UserProfile(leaning=GEMS), UserProfile(leaning=HITS)
    added = changes(UserProfile(), held)
    assert list(added.kept.values()) == [("leaning", GEMS)]
    assert changes(held, moment).dropped == ()
    assert changes(held, UserProfile()).dropped == tuple(added.kept)
    assert changes(UserProfile(), moment).kept == {}
    start = datetime(2026, 3, 1, tzinfo=UTC)
    memory = Memory("leaning", GEMS, start, "s")
    after = remembered([memory], start + timedelta(days=90)).leaning
    assert after == Leaning(0.375, 0, "hidden gems", "always")
    assert remembered([memory], start + timedelta(days=900)) == UserProfile()


def test_what_a_person_says_goes_before_the_operators_setting(tiny: Catalog) -> None:
    config = engine_config(load_settings(ranking={"novelty": 0.5, "calibration": 0.25}))
    assert (config.novelty, config.diversity.calibration) == (0.5, 0.25)
    assert build_request(UserProfile(), tiny, novelty=config.novelty).novelty == 0.5
    said = UserProfile(leaning=HITS)
    assert build_request(said, tiny, novelty=config.novelty).novelty == HITS.novelty
    assert build_request(UserProfile(), tiny).novelty == 0.0


@pytest.mark.parametrize("ranking", [{"novelty": 1.1}, {"novelty": -2}, {"calibration": 1.5}])
def test_a_setting_out_of_range_is_refused(ranking: dict[str, float]) -> None:
    with pytest.raises(ConfigurationError, match="ranking"):
        load_settings(ranking=ranking)


def test_where_nobody_met_anything_there_is_nothing_to_go_by() -> None:
    understood = Understander(build_catalog()).understand("something obscure", Context(1))
    assert understood.leaning is None


def test_little_known_items_come_forward_and_go_back(films: Assistant) -> None:
    counts = films.catalog.popularity

    def met(message: str) -> float:
        _, turn = say(films, films.start(), message)
        assert turn.cards
        return sum(counts[films.catalog.row(card.item_id)] for card in turn.cards)

    usual, known = met("a tense thriller"), met("a tense thriller everybody knows")
    assert met("an obscure tense thriller") < usual < known


def test_the_terms_of_a_turn_say_so_until_the_chip_is_removed(films: Assistant) -> None:
    message = "I love hidden gems, show me a thriller"
    session, turn = say(films, films.start("gem lover"), message)
    assert "hidden gems" in turn.reply
    names = {term.name for card in turn.cards for term in card.terms}
    assert "novelty" in names
    assert "popularity" not in names
    session, why = say(films, session, "why did you pick the first one?")
    assert "for being little known" in why.reply
    (stored, _) = films.resume(session.session_id).turns
    assert stored.profile == turn.profile
    remembered_ = films.start("gem lover").profile.leaning
    assert remembered_ is not None
    assert (remembered_.text, remembered_.turn, remembered_.scope) == ("hidden gems", 0, "always")
    session, turn = say(films, session, "/remove hidden gems")
    assert turn.profile.leaning is None
    assert "novelty" not in {term.name for card in turn.cards for term in card.terms}
    assert films.start("gem lover").profile.leaning is None
