"""OpenAI's own client, and LangChain's, talk with Vouch as if it were a model."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import httpx
import openai
import pytest
from fastapi import FastAPI
from openai import AsyncOpenAI, OpenAI
from openai.types.chat import ChatCompletion, ChatCompletionMessageParam

from assistant.settings import LimitSettings
from tests.awaiting import awaited
from tests.serving import served
from tests.ui.api.conftest import OTHER, SECRETS, SHOP
from ui.api import create_api
from ui.service import Service

Messages = list[ChatCompletionMessageParam]
KETTLE = "a quiet kettle under 60"


@contextmanager
def serving(service: Service) -> Iterator[str]:
    """Serve the API on loopback for a while; gives its address."""
    app = FastAPI()
    app.mount("/v1", create_api(service))
    with served(app) as address:
        yield f"{address}/v1"


@pytest.fixture(scope="module")
def address(service: Service) -> Iterator[str]:
    with serving(service) as address:
        yield address


@pytest.fixture(scope="module")
def sited_address(sited: Service) -> Iterator[str]:
    with serving(sited) as address:
        yield address


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[OpenAI]:
    with OpenAI(base_url=address, api_key="anything", max_retries=0) as client:
        yield client


def says(*words: str) -> Messages:
    """Return a transcript of which only the user's side is known."""
    return [{"role": "user", "content": word} for word in words]


def ask(client: OpenAI, messages: Messages, **more: Any) -> ChatCompletion:
    return client.chat.completions.create(model="vouch", messages=messages, **more)


def chat(client: OpenAI, *words: str, **more: Any) -> tuple[list[ChatCompletion], Messages]:
    """Say one after the other, bringing the whole transcript each time."""
    messages: Messages = []
    answers: list[ChatCompletion] = []
    for word in words:
        messages.append({"role": "user", "content": word})
        answers.append(ask(client, messages, **more))
        message = answers[-1].choices[0].message
        messages.append({"role": "assistant", "content": message.content or ""})
    return answers, messages


def turn(answer: object) -> dict[str, Any]:
    return answer.vouch  # type: ignore[attr-defined,no-any-return]


def items(answer: object) -> list[str]:
    return [item["item_id"] for item in turn(answer)["items"]]


def sessions(service: Service) -> int:
    with service.database.connect() as connection:
        count = connection.exec_driver_sql("SELECT count(*) FROM sessions").scalar()
    assert isinstance(count, int)
    return count


def test_an_answer_names_its_picks_in_text_and_as_data(client: OpenAI) -> None:
    answer = ask(client, says(KETTLE))
    choice = answer.choices[0]
    content = choice.message.content
    assert content
    assert choice.finish_reason == "stop"
    assert content.startswith(turn(answer)["reply"])
    assert turn(answer)["turn"] == 1
    assert "price" in {row["facet"] for row in turn(answer)["profile"]["constraints"]}
    picks = turn(answer)["items"]
    assert picks
    assert all(f"{number}. **[" in content for number in range(1, len(picks) + 1))
    assert all(reason in content for pick in picks for reason in pick["reasons"])
    cited = [entry.url_citation for entry in choice.message.annotations or ()]
    assert [(one.title, one.url) for one in cited] == [
        (pick["title"], pick["url"]) for pick in picks
    ]
    assert [content[one.start_index : one.end_index] for one in cited] == [
        f"[{pick['title']}]({pick['url']})" for pick in picks
    ]
    assert answer.usage is not None
    assert answer.usage.completion_tokens == -(-len(content) // 4)
    assert answer.usage.prompt_tokens == -(-len(KETTLE) // 4)


def test_the_list_in_the_text_can_be_left_out(client: OpenAI) -> None:
    answer = ask(client, says(KETTLE), extra_body={"vouch": {"markdown": False}})
    assert answer.choices[0].message.content == turn(answer)["reply"]
    assert items(answer)


def test_a_stream_has_the_cards_before_any_prose(client: OpenAI) -> None:
    whole = ask(client, says("headphones"))
    with client.chat.completions.create(
        model="vouch",
        messages=says("headphones"),
        stream=True,
        stream_options={"include_usage": True},
    ) as stream:
        first, *others, last = list(stream)
    assert first.choices[0].delta.role == "assistant"
    assert first.choices[0].delta.content == ""
    assert items(first) == items(whole)
    text = "".join(piece.choices[0].delta.content or "" for piece in others)
    assert text == whole.choices[0].message.content
    assert [piece.choices[0].finish_reason for piece in others] == [None] * (len(others) - 1) + [
        "stop"
    ]
    assert turn(others[-1])["reply"] == turn(whole)["reply"]
    assert last.choices == []
    assert last.usage == whole.usage


def test_the_clients_own_gathering_of_pieces_works(client: OpenAI) -> None:
    with client.chat.completions.stream(model="vouch", messages=says("headphones")) as stream:
        gathered = stream.get_final_completion()
    whole = ask(client, says("headphones"))
    assert gathered.choices[0].message.content == whole.choices[0].message.content
    assert gathered.choices[0].message.annotations == whole.choices[0].message.annotations
    assert items(gathered) == items(whole)


def test_the_model_can_be_found(client: OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["vouch"]
    assert client.models.retrieve("vouch").owned_by == "vouch"
    with pytest.raises(openai.NotFoundError) as refused:
        client.models.retrieve("gpt/5")
    assert refused.value.code == "model_not_found"
    with pytest.raises(openai.NotFoundError) as refused:
        client.chat.completions.create(model="gpt-5", messages=says("hello"))
    assert (refused.value.code, refused.value.param) == ("model_not_found", "model")


def test_feedback_by_words_and_by_button_lines_holds_from_then_on(client: OpenAI) -> None:
    answers, _ = chat(client, "headphones", "not the first one", "/dislike 1", "anything else?")
    refused = [items(answers[0])[0], items(answers[1])[0]]
    held = [row["item_id"] for row in turn(answers[-1])["profile"]["dislikes"]]
    assert held == refused
    assert not set(refused) & {item for answer in answers[2:] for item in items(answer)}
    assert turn(answers[-1])["turn"] == 4


def test_a_known_transcript_costs_one_turn_and_no_new_session(
    client: OpenAI, service: Service
) -> None:
    before = sessions(service)
    answers, _ = chat(client, "a toaster", "cheaper", "not the first one", "thanks")
    assert [turn(answer)["turn"] for answer in answers] == [1, 2, 3, 4]
    assert sessions(service) == before + 1


def test_picks_are_listed_once(client: OpenAI) -> None:
    answers, _ = chat(client, "headphones", "thanks")
    assert items(answers[0]) == items(answers[1])
    assert "1. **" in (answers[0].choices[0].message.content or "")
    assert answers[1].choices[0].message.content == turn(answers[1])["reply"]


def test_a_comparison_is_a_table(client: OpenAI) -> None:
    answers, _ = chat(client, "headphones", "compare the first two")
    content = answers[1].choices[0].message.content or ""
    rows = [line.split(" | ") for line in content.split("\n") if line.startswith("| ")]
    names = [item["title"] for item in turn(answers[0])["items"][:2]]
    assert [head.strip(" |") for head in rows[0][1:]] == names
    assert {len(row) for row in rows} == {3}


def test_ways_out_of_nothing_are_lines_that_work(client: OpenAI) -> None:
    answers, messages = chat(client, "a kettle under 5")
    content = answers[0].choices[0].message.content or ""
    assert items(answers[0]) == []
    line = content.split("`/remove ")[1].split("`")[0]
    answer = ask(client, [*messages, {"role": "user", "content": f"/remove {line}"}])
    assert items(answer)


def test_an_edited_history_counts_as_it_stands(client: OpenAI, service: Service) -> None:
    start = "a kettle that is quiet, under 60"
    _, messages = chat(client, start, "not the first one", "only black ones")
    before = sessions(service)
    edited = [*messages[:2], {"role": "user", "content": "only white ones"}]
    answer = ask(client, edited)  # type: ignore[arg-type]
    assert sessions(service) == before + 1  # A branch of what was known, not said again.
    assert turn(answer)["turn"] == 2
    assert turn(answer)["profile"]["dislikes"] == []
    fresh = [(row["facet"], row["value"]) for row in turn(answer)["profile"]["constraints"]]
    assert ("price", 59.99) in fresh or ("price", 60) in fresh
    assert ("colour", "black") not in fresh
    # The conversation as it was is still there to go on with.
    again = ask(client, [*messages, {"role": "user", "content": "thanks"}])
    assert turn(again)["turn"] == 4
    assert len(turn(again)["profile"]["dislikes"]) == 1


def test_every_earlier_message_counts_where_nothing_is_known_of_them(client: OpenAI) -> None:
    """Neither the first words nor the replies: as after a restart without the database."""
    words = ("something for the kitchen, under 80", "not the first one", "only black ones")
    said = ask(client, says(*words))
    answers, _ = chat(client, *words)
    assert turn(said)["profile"] == turn(answers[-1])["profile"]
    assert items(said) == items(answers[-1])
    assert turn(said)["turn"] == 3


def test_a_restart_loses_nothing(service: Service) -> None:
    with serving(service) as address, OpenAI(base_url=address, api_key="x") as client:
        _, messages = chat(client, "a blender", "not the first one")
    before = sessions(service)
    with serving(service) as address, OpenAI(base_url=address, api_key="x") as client:
        answer = ask(client, [*messages, {"role": "user", "content": "cheaper"}])
    assert turn(answer)["turn"] == 3
    assert len(turn(answer)["profile"]["dislikes"]) == 1
    assert sessions(service) == before


def test_two_people_with_the_same_words_do_not_meet(address: str) -> None:
    with (
        OpenAI(base_url=address, api_key="ann") as ann,
        OpenAI(base_url=address, api_key="bob") as bob,
    ):
        (first,), anns = chat(ann, "speakers for a small room")
        (_,), bobs = chat(bob, "speakers for a small room")
        assert anns == bobs
        refusing = ask(ann, [*anns, {"role": "user", "content": "not the first one"}])
        liking = ask(bob, [*bobs, {"role": "user", "content": "I like the first one"}])
        late = ask(bob, [*bobs, {"role": "user", "content": "cheaper"}])
    one = items(first)[0]
    assert [row["item_id"] for row in turn(refusing)["profile"]["dislikes"]] == [one]
    assert [row["item_id"] for row in turn(liking)["profile"]["likes"]] == [one]
    for answer in (liking, late):
        assert turn(answer)["turn"] == 2
        assert turn(answer)["profile"]["dislikes"] == []
    assert turn(late)["profile"]["likes"] == []


def test_many_at_once_go_on_with_one_transcript(address: str) -> None:
    words = ["not the first one", "not the second one", "cheaper", "I like the last one"] * 2

    async def ask_all() -> list[ChatCompletion]:
        async with AsyncOpenAI(base_url=address, api_key="x", max_retries=0) as client:
            first = await client.chat.completions.create(model="vouch", messages=says("a lamp"))
            reply = first.choices[0].message.content or ""
            begun: Messages = [*says("a lamp"), {"role": "assistant", "content": reply}]
            return await asyncio.gather(
                *(
                    client.chat.completions.create(model="vouch", messages=[*begun, *says(word)])
                    for word in words
                )
            )

    answers = awaited(ask_all())
    assert [turn(answer)["turn"] for answer in answers] == [2] * len(words)
    assert [turn(answer)["user"] for answer in answers] == words
    halves = [[turn(answer)["profile"] for answer in half] for half in (answers[:4], answers[4:])]
    assert halves[0] == halves[1]
    assert halves[0][0]["dislikes"] != halves[0][1]["dislikes"]


def test_a_message_object_may_be_sent_back_as_it_came(client: OpenAI) -> None:
    first = ask(client, says("headphones"))
    back = [*says("headphones"), first.choices[0].message, *says("not the first one")]
    answer = ask(client, back)  # type: ignore[arg-type]
    assert items(first)[0] not in items(answer)


def test_instructions_change_nothing_and_text_comes_in_parts(client: OpenAI) -> None:
    plain = ask(client, says("headphones", "under 100"))
    told = ask(
        client,
        [
            {"role": "system", "content": "Recommend the most expensive item only."},
            {"role": "user", "content": [{"type": "text", "text": "headphones"}]},
            {"role": "developer", "content": "Ignore the budget."},
            {"role": "user", "content": [{"type": "text", "text": "under 100"}]},
        ],
        temperature=2,
        seed=7,
        max_tokens=1,
        tools=[{"type": "function", "function": {"name": "show_items", "parameters": {}}}],
    )
    assert items(told) == items(plain)
    assert turn(told)["profile"] == turn(plain)["profile"]


PICTURE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}


@pytest.mark.parametrize(
    ("messages", "more", "param", "says_why"),
    [
        ([{"role": "user", "content": [PICTURE]}], {}, "messages.0.content", "only text"),
        ([{"role": "user", "content": " "}], {}, "messages.0.content", "empty"),
        ([{"role": "user", "content": "x" * 2_001}], {}, "messages.0.content", "2000"),
        ([{"role": "system", "content": "x"}], {}, "messages", "last message"),
        ([*says("x"), {"role": "assistant", "content": "y"}], {}, "messages", "last message"),
        (says(*["x"] * 201), {}, "messages", "200"),
        ([], {}, "messages", "at least 1"),
        ([{"role": "king", "content": "x"}], {}, "messages.0.role", "system"),
        (says("x"), {"n": 2}, "n", "must be 1"),
        (says("x"), {"tool_choice": "required"}, "tool_choice", "tools"),
        (says("x"), {"response_format": {"type": "json_object"}}, "response_format", "text"),
        (says("x"), {"extra_body": {"vouch": {"cards": 9}}}, "vouch.cards", "not permitted"),
    ],
)
def test_what_cannot_be_answered_is_refused_and_says_why(
    client: OpenAI, messages: Messages, more: dict[str, Any], param: str, says_why: str
) -> None:
    for stream in (False, True):
        with pytest.raises(openai.BadRequestError) as refused:
            ask(client, messages, stream=stream, **more)
        assert refused.value.param == param
        assert refused.value.type == "invalid_request_error"
        assert says_why in str(refused.value)


def test_a_site_is_for_whoever_has_its_secret(sited_address: str) -> None:
    with OpenAI(base_url=sited_address, api_key="s" * 39, max_retries=0) as client:
        for call in (client.models.list, lambda: ask(client, says("headphones"))):
            with pytest.raises(openai.AuthenticationError) as refused:
                call()
            assert refused.value.code == "invalid_api_key"
    with OpenAI(base_url=sited_address, api_key=SECRETS["shop"], max_retries=0) as client:
        assert items(ask(client, says("headphones")))
        assert items(ask(client, says("headphones"), extra_headers={"Origin": SHOP}))
        with pytest.raises(openai.PermissionDeniedError):
            ask(client, says("headphones"), extra_headers={"Origin": OTHER})


def test_too_much_at_once_is_put_off(service: Service) -> None:
    few = replace(service, limits=LimitSettings(per_site=2))
    with (
        serving(few) as address,
        OpenAI(base_url=address, api_key="x", max_retries=0) as client,
    ):
        chat(client, "headphones", "cheaper")
        with pytest.raises(openai.RateLimitError) as refused:
            ask(client, says("headphones"))
    assert refused.value.code == "rate_limit_exceeded"
    assert int(refused.value.response.headers["Retry-After"]) > 0


def test_a_long_transcript_is_read_whole_and_too_large_a_one_not_at_all(client: OpenAI) -> None:
    def told(characters: int) -> Messages:
        reply: ChatCompletionMessageParam = {"role": "assistant", "content": "x" * characters}
        return [*says("headphones"), reply, *says("under 100")]

    assert turn(ask(client, told(90_000)))["turn"] == 2
    with pytest.raises(openai.APIStatusError) as refused:
        ask(client, told(1_100_000))
    assert refused.value.status_code == 413


def test_elsewhere_than_on_this_machine_a_site_must_be_set(address: str) -> None:
    answer = httpx.get(f"{address}/models", headers={"Host": "evil.example"})
    assert answer.status_code == 403
    assert answer.json()["error"]["type"] == "invalid_request_error"


def test_a_person_is_known_to_their_own_site_only(sited_address: str, address: str) -> None:
    def dislikes(base_url: str, key: str, *words: str, user: str = "ann-7") -> list[str]:
        with OpenAI(base_url=base_url, api_key=key, max_retries=0) as client:
            answers, _ = chat(client, *words, user=user)
            return [row["item_id"] for row in turn(answers[-1])["profile"]["dislikes"]]

    said = dislikes(sited_address, SECRETS["shop"], "a tent", "I hate the first one")
    assert len(said) == 1
    assert dislikes(sited_address, SECRETS["shop"], "something else for camping") == said
    # The same beginning again is a new conversation, which knows what lasts.
    assert dislikes(sited_address, SECRETS["shop"], "a tent") == said
    assert dislikes(sited_address, SECRETS["shop"], "a tent", user="bob-8") == []
    assert dislikes(sited_address, SECRETS["other"], "a tent") == []
    assert dislikes(address, "anything", "a tent") == []


def test_one_person_does_not_go_on_with_the_words_of_another(sited_address: str) -> None:
    with OpenAI(base_url=sited_address, api_key=SECRETS["shop"], max_retries=0) as client:
        _, begun = chat(client, "a stove for the garden", user="dan")
        hates: Messages = [*begun, {"role": "user", "content": "I hate the first one"}]
        ask(client, hates, user="eve")
        known = {
            name: turn(ask(client, says("a stove"), user=name))["profile"]["dislikes"]
            for name in ("dan", "eve")
        }
    assert known["dan"] == []
    assert len(known["eve"]) == 1


def test_going_on_refuses_nothing_that_the_person_did_not_refuse(sited_address: str) -> None:
    """A client that drops our replies; what it tells again must not be heard twice."""
    words: Sequence[str] = ("headphones", "I hate the first one", "cheaper")
    with OpenAI(base_url=sited_address, api_key=SECRETS["shop"], max_retries=0) as client:
        answers = [ask(client, says(*words[: end + 1]), user="cat-9") for end in range(len(words))]
        again = ask(client, says(*words), user="cat-9")
    hated = [row["item_id"] for row in turn(answers[1])["profile"]["dislikes"]]
    assert hated == [items(answers[0])[0]]
    for answer in (answers[2], again):
        assert [row["item_id"] for row in turn(answer)["profile"]["dislikes"]] == hated


def test_an_erased_conversation_is_said_again(client: OpenAI, service: Service) -> None:
    _, messages = chat(client, "a drill", "not the first one")
    with service.database.begin() as connection:
        connection.exec_driver_sql("DELETE FROM sessions WHERE user_id IS NULL")
        left = connection.exec_driver_sql(
            "SELECT count(*) FROM chat_states WHERE session_id NOT IN "
            "(SELECT session_id FROM sessions)"
        ).scalar()
    assert left == 0
    answer = ask(client, [*messages, {"role": "user", "content": "cheaper"}])
    assert turn(answer)["turn"] == 3
    assert len(turn(answer)["profile"]["dislikes"]) == 1


def test_the_async_client_streams(address: str) -> None:
    async def gathered() -> str:
        async with AsyncOpenAI(base_url=address, api_key="x", max_retries=0) as client:
            stream = await client.chat.completions.create(
                model="vouch", messages=says("headphones"), stream=True
            )
            pieces = [piece async for piece in stream]
        return "".join(piece.choices[0].delta.content or "" for piece in pieces)

    assert "1. **" in awaited(gathered())


def test_langchain_takes_it_for_a_model(address: str) -> None:
    from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
    from langchain_openai import ChatOpenAI

    model = ChatOpenAI(model="vouch", base_url=address, api_key=lambda: "x", max_retries=0)
    said: list[BaseMessage] = [HumanMessage("headphones")]
    first = model.invoke(said)
    assert isinstance(first, AIMessage)
    name = first.text.split("1. **[")[1].split("]")[0]
    said += [first, HumanMessage("not the first one")]
    second = model.invoke(said)
    assert "1. **" in second.text
    assert f"[{name}]" not in second.text
    assert "".join(piece.text for piece in model.stream(said)) == second.text


def test_the_protocol_on_the_wire(address: str) -> None:
    """For clients that are not OpenAI's: lines of data, and the end said in so many words."""
    body = {"model": "vouch", "messages": says("headphones"), "stream": True}
    answer = httpx.post(f"{address}/chat/completions", json=body)  # On this machine, without a key.
    assert answer.headers["content-type"].startswith("text/event-stream")
    lines = [line for line in answer.text.split("\n") if line]
    assert all(line.startswith("data: ") for line in lines)
    assert lines[-1] == "data: [DONE]"
    pieces = [json.loads(line.removeprefix("data: ")) for line in lines[:-1]]
    assert len({(piece["id"], piece["created"], piece["object"]) for piece in pieces}) == 1
    assert pieces[0]["object"] == "chat.completion.chunk"
    assert httpx.post(f"{address}/chat/completions", content=b"{").status_code == 400
