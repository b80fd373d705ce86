"""Actions and the page updates that they cause, over the example shop."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select

from assistant.engine import Assistant
from assistant.people import device_id
from assistant.settings import load_settings
from assistant.store import SESSIONS
from catalog.database import open_database
from catalog.errors import UnknownSessionError, VouchError
from ui.conversation import FORGOTTEN, LOST, REMEMBERED, Action, Conversations, View
from ui.rendering import Renderer


@pytest.fixture(scope="module")
def talks(shop: Assistant) -> Conversations:
    return Conversations(shop, Renderer(shop.catalog, "Vouch"))


def begin(talks: Conversations, words: str = "a quiet fan under $100") -> tuple[str, list[View]]:
    views = list(talks.act("", Action("say", words)))
    assert views[0].session_id
    return views[0].session_id, views


def test_words_show_at_once_then_cards_then_prose(talks: Conversations) -> None:
    _, views = begin(talks)
    pending, cards, *prose, last = views
    assert pending.message == ""
    assert "a quiet fan under $100" in (pending.thread or "")
    assert pending.slate is None
    assert 'class="card lead"' in (cards.slate or "")
    assert "price" in (cards.profile or "")
    assert "products for you" in (cards.status or "")
    assert all(view.reply and view.slate is None for view in prose)
    assert last.session_id
    assert last.slate == cards.slate


def test_nothing_is_stored_before_the_first_words(talks: Conversations, shop_home: Path) -> None:
    database = open_database(load_settings(home=shop_home).url)
    with database.connect() as connection:
        count = select(func.count()).select_from(SESSIONS)
        before = connection.execute(count).scalar_one()
        assert talks.opened("").session_id == ""
        assert list(talks.act("", Action("say", "   "))) == []
        assert connection.execute(count).scalar_one() == before


def test_a_press_reranks_and_never_brings_the_refused_back(
    talks: Conversations, shop: Assistant
) -> None:
    session_id, _ = begin(talks)
    refused = shop.resume(session_id).slate[0]
    views = list(talks.act(session_id, Action("dislike", refused)))
    assert f'data-item="{refused}"' not in (views[0].slate or f'data-item="{refused}"')
    assert f"dislike:{refused}" in (views[0].profile or "")


def test_a_relaxation_removes_all_its_chips(talks: Conversations, shop: Assistant) -> None:
    session_id, _ = begin(talks, "a fan under $1")
    profile = shop.resume(session_id).profile
    keys = [str(constraint) for constraint in profile.constraints]
    assert keys
    list(talks.act(session_id, Action("relax", "\n".join(keys))))
    assert not shop.resume(session_id).profile.constraints


def test_an_opened_conversation_is_whole(talks: Conversations) -> None:
    session_id, views = begin(talks)
    opened = talks.opened(session_id)
    assert opened.slate == views[-1].slate
    assert opened.thread == views[-1].thread
    assert list(talks.act("", Action("open", session_id))) == [opened]
    assert next(talks.act(session_id, Action("new"))).session_id == ""


def test_a_lost_conversation_is_said_and_taken_off_the_list(talks: Conversations) -> None:
    opened = talks.opened("no-such-session")
    assert opened.session_id == ""
    assert LOST in (opened.reply or "")
    assert 'data-lost="no-such-session"' in (opened.header or "")


def test_an_error_is_shown_as_it_is_and_the_words_go_back(talks: Conversations) -> None:
    (view,) = talks.act("no-such-session", Action("say", "a kettle"))
    assert view.message == "a kettle"
    assert "no-such-session" in (view.reply or "")
    assert 'class="notice"' in (view.reply or "")


def test_what_the_page_does_not_have_is_refused() -> None:
    assert Action.parse("like", "x") == Action("like", "x")
    with pytest.raises(VouchError, match="no action 'delete'"):
        Action.parse("delete", "x")


def test_presses_at_the_same_time_all_count(talks: Conversations, shop: Assistant) -> None:
    session_id, _ = begin(talks)
    slate = shop.resume(session_id).slate[:4]
    with ThreadPoolExecutor(len(slate)) as pool:
        list(pool.map(lambda item: list(talks.act(session_id, Action("dislike", item))), slate))
    profile = shop.resume(session_id).profile
    assert {opinion.item_id for opinion in profile.dislikes} == set(slate)


def test_a_stranger_is_kept_for_a_day_and_is_told(talks: Conversations) -> None:
    _, views = begin(talks)
    assert "erased 24 hours after" in (views[-1].profile or "")
    assert 'data-act="remember"' in (views[-1].profile or "")
    assert 'data-person=""' in (views[-1].header or "")


def test_remembered_on_a_device_known_again_and_forgotten(
    talks: Conversations, shop: Assistant
) -> None:
    session_id, _ = begin(talks)
    liked, other = shop.resume(session_id).slate[:2]
    list(talks.act(session_id, Action("like", liked)))
    (view,) = talks.act(session_id, Action("remember"))
    person = _person(view)
    assert view.status == REMEMBERED
    assert f"like:{liked}" in (view.profile or "")
    assert 'data-act="forget"' in (view.profile or "")

    known = talks.opened("", person)
    assert known.session_id == ""
    assert f"like:{liked}" in (known.profile or "")
    assert "From before" in (known.profile or "")
    assert "price" not in (known.profile or "")  # A wish of the moment.
    assert _person(known) == ""  # Said once, by the answer to the press.

    # A press on what is remembered starts a conversation, and is remembered itself.
    views = list(talks.act("", Action("remove", f"like:{liked}"), person))
    begun = views[-1].session_id or ""
    assert shop.resume(begun).user_id == person
    assert f"like:{liked}" not in (talks.opened("", person).profile or "")
    list(talks.act(begun, Action("like", other), person))

    (gone,) = talks.act(begun, Action("forget"), person)
    assert gone.session_id == ""
    assert "data-forgotten" in (gone.header or "")
    assert FORGOTTEN in (gone.reply or "")
    for erased in (session_id, begun):
        with pytest.raises(UnknownSessionError):
            shop.resume(erased)
    assert f"like:{other}" not in (talks.opened("", person).profile or "")


def test_remember_me_before_the_first_words_writes_nothing(
    talks: Conversations, shop: Assistant
) -> None:
    (view,) = talks.act("", Action("remember"))
    person = _person(view)
    assert view.session_id == ""
    session_id = list(talks.act("", Action("say", "a quiet fan"), person))[-1].session_id or ""
    assert shop.resume(session_id).user_id == person


def test_a_second_tab_learns_that_the_person_is_known(
    talks: Conversations, shop: Assistant
) -> None:
    one, _ = begin(talks)
    other, _ = begin(talks)
    (view,) = talks.act(one, Action("remember"))
    (again,) = talks.act(other, Action("remember"), _person(view))
    assert _person(again) == _person(view)
    third, _ = begin(talks)
    list(talks.act(third, Action("say", "cheaper"), _person(view)))
    assert {shop.resume(each).user_id for each in (one, other, third)} == {_person(view)}


@pytest.mark.parametrize("person", ["7", "ann", "device-7", "device-" + "x" * 33])
def test_a_browser_cannot_name_a_person_whose_id_can_be_guessed(
    talks: Conversations, shop: Assistant, person: str
) -> None:
    session = shop.start("ann")
    list(shop.respond(session, "I loved this fan"))
    (view,) = talks.act("", Action("forget"), person)
    assert view.status == FORGOTTEN
    assert shop.resume(session.session_id).turns
    session_id = list(talks.act("", Action("say", "a quiet fan"), person))[-1].session_id or ""
    assert shop.resume(session_id).user_id is None


def _person(view: View) -> str:
    found = re.search(r'data-person="([^"]*)"', view.header or "")
    assert found
    return found[1]


def test_another_persons_conversation_is_not_told_of(shop: Assistant) -> None:
    mine, other = device_id(), device_id()
    session = shop.start(mine)
    conversations = Conversations(shop, Renderer(shop.catalog, "Vouch"))
    (*_, last) = conversations.act(session.session_id, Action("say", "a fan for aunt Agatha"), mine)
    assert "Agatha" in str(last.thread)
    for person in ("", other, "visitor"):
        assert "Agatha" not in str(conversations.opened(session.session_id, person).thread)
        (*_, refused) = conversations.act(session.session_id, Action("say", "hello"), person)
        assert "no conversation" in str(refused.reply)
    assert len(shop.resume(session.session_id).turns) == 1
