"""Questions about the shop itself: answered in its pages' own words, or said not to be."""

from __future__ import annotations

from pathlib import Path

import pytest

import catalog
from assistant.engine import Assistant
from assistant.help_desk import read_pages
from assistant.help_desk.clauses import clauses
from assistant.help_desk.glossary import read_glossary
from assistant.help_desk.index import sentences
from assistant.help_desk.pages import read_page
from assistant.help_desk.quotes import quoted
from assistant.home import open_assistant
from assistant.settings import HelpSettings, load_settings
from assistant.state import Session, Turn
from assistant.store import SqlStore
from assistant.wire import turn_json
from catalog.database import open_database
from catalog.errors import ConfigurationError
from tests.assistant.driving import say
from ui.rendering import Renderer, quotes_of

PAGES = Path(catalog.__file__).parent / "examples" / "shop" / "help"


@pytest.fixture(scope="session")
def helpful(shop: Assistant, shop_home: Path) -> Assistant:
    """The example shop's assistant with its help pages."""
    settings = load_settings(home=shop_home, help=HelpSettings(folder=PAGES))
    return open_assistant(settings)


def talk(assistant: Assistant, *messages: str) -> tuple[Session, Turn]:
    session = assistant.start()
    for message in messages[:-1]:
        session, _ = say(assistant, session, message)
    return say(assistant, session, messages[-1])


def test_a_question_is_answered_with_a_quote_and_its_source(helpful: Assistant) -> None:
    _, turn = talk(helpful, "How much is shipping?")
    assert turn.acts == ("policy",)
    assert turn.answer is not None
    (quote,) = turn.answer.quotes
    assert quote.source == "Shipping: What shipping costs"
    assert turn.answer.sources == (quote.source,)
    assert quote.url == "https://shop.example/help/shipping#what-shipping-costs"
    page = (PAGES / "shipping.md").read_text(encoding="utf-8")
    assert quote.text in " ".join(page.split())
    assert quote.text in turn.reply
    assert "Shipping: What shipping costs" in turn.reply


def test_the_slate_and_the_profile_stay(helpful: Assistant) -> None:
    session, before = talk(helpful, "a quiet fan under $100")
    session, turn = say(helpful, session, "can I return it if I don't like it?")
    assert "policy" in turn.acts
    assert turn.cards == before.cards != ()
    assert turn.profile == before.profile
    session, later = say(helpful, session, "undo")
    assert later.profile.constraints == ()


def test_a_wish_beside_it_is_carried_out(helpful: Assistant) -> None:
    session, before = talk(helpful, "a fan under $100")
    _, turn = say(helpful, session, "how long is shipping, and show me cheaper ones")
    assert {"policy", "critique"} <= set(turn.acts)
    assert turn.answer is not None
    assert turn.answer.sources == ("Shipping: How long delivery takes",)
    assert turn.cards != before.cards
    assert max(c.value for c in turn.profile.constraints if c.op == "<=") < 99


def test_what_the_pages_do_not_say_is_said_to_be_unknown(helpful: Assistant) -> None:
    _, turn = talk(helpful, "do you ship to the moon?")
    assert turn.acts == ("policy",)
    assert turn.answer is not None
    assert turn.answer.sources == turn.answer.quotes == ()
    assert turn.answer.pointers[0] == "Shipping: Where we ship"
    assert "Returns and refunds" in turn.answer.pointers
    assert "do not answer that" in turn.reply
    assert "Returns and refunds" in turn.reply
    assert "Canada" not in turn.reply


@pytest.mark.parametrize(
    "message",
    [
        "a quiet fan under $50",
        "something with free shipping",
        "a film about returning home",
        "what can you do?",
        "how much does the Alder Gooseneck Kettle weigh?",
        "hello",
        "start over",
    ],
)
def test_what_is_no_question_for_the_pages_goes_on_as_before(
    helpful: Assistant, shop: Assistant, message: str
) -> None:
    _, turn = talk(helpful, message)
    _, without = talk(shop, message)
    assert (turn.acts, turn.reply, turn.cards) == (without.acts, without.reply, without.cards)
    assert "policy" not in turn.acts


def test_without_pages_nothing_is_a_question_for_them(shop: Assistant) -> None:
    _, turn = talk(shop, "How much is shipping?")
    assert turn.answer is not None
    assert (turn.answer.quotes, turn.answer.sources, turn.answer.pointers) == ((), (), ())


@pytest.mark.parametrize(
    ("message", "language", "opening"),
    [
        ("¿Cuánto cuesta el envío?", "es", "Nuestras páginas de ayuda"),
        ("Was kostet der Versand?", "de", "Auf unseren Hilfeseiten"),
        ("Quels sont les frais de livraison ?", "fr", "Nos pages d'aide"),
        ("运费多少钱？", "zh", "我们的帮助页面"),
    ],
)
def test_other_languages_are_answered_in_the_words_of_the_page(
    helpful: Assistant, message: str, language: str, opening: str
) -> None:
    _, turn = talk(helpful, message)
    assert turn.language == language
    assert turn.reply.startswith(opening)
    assert "Standard shipping costs $4.90." in turn.reply


def test_the_contract_and_the_store_keep_the_source(helpful: Assistant, shop_home: Path) -> None:
    session, turn = talk(helpful, "what payment methods do you accept?")
    answer = turn_json(turn, helpful.catalog.schema)["answer"]
    assert answer["sources"] == ["Payment: How you can pay"]
    (quote,) = answer["quotes"]
    assert quote["url"] == "https://shop.example/help/payment#how-you-can-pay"
    stored = SqlStore(open_database(load_settings(home=shop_home).url)).load(session.session_id)
    assert stored.turns[-1].answer == turn.answer


def test_the_page_links_to_the_source(helpful: Assistant) -> None:
    session, turn = talk(helpful, "when is my card charged?")
    renderer = Renderer(helpful.catalog, "Vouch")
    html = renderer.reply(turn.reply, quotes=quotes_of(turn))
    assert 'href="https://shop.example/help/payment#when-your-card-is-charged"' in html
    session, _ = say(helpful, session, "thanks")
    assert "payment#when-your-card-is-charged" in renderer.thread(session.turns)


def test_markup_is_inert() -> None:
    page = (
        "---\ntitle: Pay <script>alert(1)</script>\nurl: javascript:alert(2)\n---\n"
        "Hello <script>alert(3)</script><img src=x onerror=alert(4)> [there](javascript:alert(5))\n"
        "![seen](http://track.example/p.gif) &lt;b&gt; \u202etxt <b onmouseover=alert(6)\n"
    )
    (passage,) = read_page(page, "pay.md")
    assert passage.text == "Hello there seen <b> txt"
    assert passage.url == ""
    assert "<" not in passage.title


def test_a_page_is_cut_at_its_headings() -> None:
    page = (
        "intro\n\n# Trips\n\n## By *rail* {#train}\nOne.\n\n- a\n- b\n\n```\n# no heading\n```\n"
        "By sea\n------\n| to | days |\n|---|---|\n| Rome | 2 |\n\n## By sea\nAgain.\n"
    )
    found = [(p.place, p.anchor, p.text) for p in read_page(page, "x.md")]
    assert found == [
        ("Trips", "", "intro"),
        ("Trips: By rail", "train", "One.\na\nb\n# no heading"),
        ("Trips: By sea", "by-sea", "to, days\nRome, 2"),
        ("Trips: By sea", "by-sea-1", "Again."),
    ]


def test_long_sections_are_cut_between_paragraphs() -> None:
    text = "\n\n".join(f"Paragraph {n} " + "word " * 60 for n in range(5))
    pieces = [passage.text for passage in read_page(f"# T\n{text}", "t.md")]
    assert len(pieces) > 1
    assert all(len(piece) <= 1000 for piece in pieces)
    assert [line.split()[1] for piece in pieces for line in piece.splitlines()] == list("01234")


def test_a_long_passage_is_quoted_by_its_best_sentences() -> None:
    import numpy as np

    text = "One is here. Two is there. Three is away. Four is lost."
    found = sentences(text)
    scores = np.array([0.1, 0.2, 0.9, 0.3], np.float32)
    assert quoted(text, found, scores, 30) == "Three is away. Four is lost."
    assert quoted(text, found, scores, 5) == "Three is away."
    assert quoted(text, found, scores, 100) == text


@pytest.mark.parametrize(
    ("message", "pieces"),
    [
        ("how long is shipping, and show me cheaper ones",
         ["how long is shipping", "show me cheaper ones"]),
        ("A fan. Can I return it?", ["A fan.", "Can I return it?"]),
        ("salt and pepper mill", ["salt and pepper mill"]),
        ("?!", []),
    ],
)  # fmt: skip
def test_a_message_is_cut_where_something_else_begins(message: str, pieces: list[str]) -> None:
    assert [message[start:end] for start, end in clauses(message)] == pieces


def test_the_glossary_tells_other_languages_in_english() -> None:
    glossary = read_glossary()
    assert glossary.english("¿Cuánto cuesta el envío?", "es") == "how much costs shipping delivery"
    assert glossary.english("怎么退货?", "zh") == "how return send back"
    assert glossary.matters("a quiet fan") == 0
    assert glossary.matters("refund my parcel") == 2


def test_a_folder_that_is_of_no_use_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"no folder"):
        read_pages(tmp_path / "none")
    with pytest.raises(ConfigurationError, match=r"holds no \*\.md file"):
        read_pages(tmp_path)
    (tmp_path / "bad.md").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError, match=r"bad\.md.*cannot be read"):
        read_pages(tmp_path)
