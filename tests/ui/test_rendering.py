"""The page's HTML: what is on it, and that words from outside stay words."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from assistant.state import LlmStatus, Session, Suggestion
from catalog import Catalog, Constraint, Relaxation
from tests.ui import values
from ui.cards import card_views
from ui.rendering import Renderer


class Outline(HTMLParser):
    """Collects elements with their attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture
def renderer(tiny: Catalog) -> Renderer:
    return Renderer(tiny, "Vouch")


def test_a_card_proves_what_was_asked_and_takes_its_score_apart(tiny: Catalog) -> None:
    birch, fir = card_views(values.turn(), tiny)
    assert [(proof.fact, proof.asked) for proof in birch.proofs] == [
        ("price: $20", "under $45"),
        ("genre: Crime, Comedy", "no horror"),
    ]
    assert [(bar.label, bar.width, bar.causes) for bar in birch.bars] == [
        ("People with your taste", 100, ("Ash (1990)",)),
        ("Your wishes", 50, ("Crime",)),
    ]
    assert birch.facts == ("$20", "Crime, Comedy", "Bo Ray", "in print")
    assert birch.summary == "A story about a birch tree."
    assert [(bar.contribution, bar.width) for bar in fir.bars] == [(-0.2, 25)]
    assert len(fir.proofs) == 1


def test_every_card_has_its_five_buttons_named_for_its_title(renderer: Renderer) -> None:
    buttons = Outline(renderer.slate(values.turn())).all("button")
    assert [(b["data-act"], b["data-target"], b["aria-label"]) for b in buttons[:5]] == [
        ("like", "b", "Like Birch"),
        ("dislike", "b", "Dislike Birch"),
        ("seen", "b", "Seen Birch"),
        ("later", "b", "Not now: Birch"),
        ("more", "b", "More like this: Birch"),
    ]
    assert len(buttons) == 10


def test_the_profile_is_chips_in_groups_each_removable(renderer: Renderer) -> None:
    html = renderer.profile(values.session(values.turn()))
    outline = Outline(html)
    headings = ["You like", "You avoid", "Must have", "Seen"]
    assert [html.index(f"<h3>{heading}</h3>") for heading in headings] == sorted(
        html.index(f"<h3>{heading}</h3>") for heading in headings
    )
    removable = {b["data-target"] for b in outline.all("button") if b["data-act"] == "remove"}
    assert {"like:a", "dislike:c", "seen:f", "price <= 45", "genre:Crime"} <= removable
    assert {"You said: under $45"} <= {entry.get("title") for entry in outline.all("li")}


def test_an_empty_page_offers_openers_and_says_what_the_profile_is_for(shop_like: Renderer) -> None:
    outline = Outline(shop_like.thread(()))
    assert [button["data-target"] for button in outline.all("button")] == ["a crime story"]
    assert "6 books" in outline.text
    assert "Nothing noted yet" in shop_like.profile(None)
    assert not shop_like.slate(None).strip()
    assert not shop_like.ask(None).strip()


@pytest.fixture
def shop_like(tiny: Catalog) -> Renderer:
    return Renderer(
        Catalog.build(replace(tiny.schema, openers=("a crime story",)), tiny.items), "V"
    )


def test_the_transcript_keeps_words_and_turns_presses_into_lines(renderer: Renderer) -> None:
    first = values.turn()
    press = replace(first, number=2, user="/like b", acts=("button",))
    html = renderer.thread((first, press, first))
    outline = Outline(html)
    assert outline.text.count("I loved Ash, under $45, no horror") == 2
    assert "You liked Birch" in outline.text
    assert outline.text.count("It shares its genre with Ash.") == 1  # The last reply stands below.
    assert "Fir" in outline.text


def test_suggestions_are_buttons_below_the_cards(renderer: Renderer) -> None:
    offered = (Suggestion("newer", "newer", 1), Suggestion("plus <récent>", "newer", 1204))
    outline = Outline(renderer.slate(replace(values.turn(), suggestions=offered)))
    buttons = [b for b in outline.all("button") if b["data-act"] == "say"]
    assert [b["data-target"] for b in buttons] == ["newer", "newer"]
    assert "newer 1 book" in outline.text
    assert "plus <récent> 1,204 books" in outline.text
    without = Outline(renderer.slate(values.turn())).all("button")
    assert "say" not in {b["data-act"] for b in without}


def test_a_way_out_of_ten_years_is_one_button(renderer: Renderer) -> None:
    years = tuple(Constraint("year", "=", year, 1) for year in range(1970, 1980))
    turn = replace(values.turn(), relaxations=(Relaxation(years, 3),))
    html = renderer.ask(turn)
    assert "Without “1970–1979”" in html
    assert len(Outline(html).all("button")[-1]["data-target"].split("\n")) == 10  # type: ignore[union-attr]


def test_quick_replies_and_relaxations_are_buttons(renderer: Renderer) -> None:
    buttons = Outline(renderer.ask(values.turn())).all("button")
    assert [(b["data-act"], b["data-target"]) for b in buttons] == [
        ("say", "Crime"),
        ("say", "Comedy"),
        ("relax", "price <= 45\ngenre != Horror"),
    ]


@pytest.mark.parametrize(
    ("status", "label"),
    [
        (LlmStatus(), "Replies by templates"),
        (LlmStatus("embedded", "SmolLM2-135M"), "Language model: SmolLM2-135M"),
        (LlmStatus("endpoint", "gpt-4o-mini"), "Language model: gpt-4o-mini"),
    ],
)
def test_the_header_says_who_writes(renderer: Renderer, status: LlmStatus, label: str) -> None:
    outline = Outline(renderer.header(values.session(values.turn()), status))
    assert label in outline.text
    bar = outline.all("header")[0]
    assert bar["data-session"] == "s3cret"
    assert bar["data-label"] == "I loved Ash, under $45, no horror"


def test_the_header_says_that_a_model_gave_nothing(renderer: Renderer) -> None:
    turn = replace(values.turn(), warnings=("The language model did not answer in time.",))
    html = renderer.header(values.session(turn), LlmStatus("endpoint", "gpt-4o-mini"))
    assert "Replies by templates for now" in Outline(html).text
    written = replace(turn, llm=LlmStatus("endpoint", "gpt-4o-mini"))
    html = renderer.header(values.session(written), LlmStatus("endpoint", "gpt-4o-mini"))
    assert "Language model: gpt-4o-mini" in Outline(html).text


def test_warnings_are_shown_with_the_reply(renderer: Renderer) -> None:
    html = renderer.reply("Here.", warnings=("The language model is not answering.",))
    assert "The language model is not answering." in Outline(html).text


def test_words_from_outside_are_inert_everywhere(tiny: Catalog) -> None:
    catalog, turn = values.hostile(tiny)
    renderer = Renderer(catalog, values.HOSTILE)
    session = Session(values.HOSTILE, None, (turn, turn))
    regions = [
        renderer.header(session, LlmStatus("endpoint", values.HOSTILE), values.HOSTILE),
        renderer.thread(()),
        renderer.thread(session.turns, values.HOSTILE),
        renderer.reply(turn.reply, warnings=turn.warnings),
        renderer.slate(turn),
        renderer.ask(turn),
        renderer.profile(session),
    ]
    for html in regions:
        outline = Outline(html)
        assert not outline.all("img")
        assert not outline.all("script")
        assert not any(name.startswith("on") for _, found in outline.elements for name in found)
        assert not any("javascript:" in (found.get("href") or "") for found in outline.all("a"))
        assert "<img src=x" in outline.text or "<img src=x" in str(outline.elements)


def test_a_reply_in_another_language_is_marked_as_such(renderer: Renderer) -> None:
    turn = replace(values.turn(), language="de")
    reply = Outline(renderer.reply(turn.reply, language=turn.language)).all("p")
    assert [paragraph["lang"] for paragraph in reply] == ["de", "de"]
    older = Outline(renderer.thread((turn, values.turn()))).all("p")
    assert [p["lang"] for p in older if "lang" in p] == ["de", "de"]
    assert [ul["lang"] for ul in Outline(renderer.slate(turn)).all("ul") if "lang" in ul] == ["de"]
    assert Outline(renderer.ask(turn)).all("h2")[0]["lang"] == "de"
    assert Outline(renderer.reply("Hello.")).all("p")[0]["lang"] == "en"
