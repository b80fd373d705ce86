"""The tagger: its mark-up, its two forward passes, what it adds to the rules."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.understanding.languages.reading import CODES, Languages
from assistant.understanding.marked import (
    MarkedMessage,
    Span,
    in_english,
    marked_files,
    parse,
    read_marked,
    varied,
)
from assistant.understanding.tagger import STANDS, Reading, Tagger, load_tokenizer
from assistant.understanding.text import Text
from assistant.understanding.train_tagger import TaggerConfig, train_tagger
from catalog import Catalog
from catalog.errors import ConfigurationError, ModelError

SENTENCE = 'ngl {t-|Morbius} bored me but "{t+|Anyone But You}" was FUN, {r0|the second one}?'
TITLES = ("Heat", "Past Lives", "No Country for Old Men", "8½")

words = st.text("abcdeé '", min_size=1, max_size=12)
lines = st.lists(
    st.one_of(words, st.tuples(st.sampled_from("trv"), st.sampled_from("-+sl0?"), words)),
    max_size=8,
)


def test_a_marked_line_is_a_message_and_its_spans() -> None:
    message = parse("ugh, {t-|Cats}. {v+|westerns} please")
    assert message.text == "ugh, Cats. westerns please"
    assert message.spans == (Span(5, 9, "t", "-"), Span(11, 19, "v", "+"))


@pytest.mark.parametrize("line", ["{t-|Cats", "{x-|Cats}", "{t-Cats}", "Cats}", "{t-|}"])
def test_a_damaged_mark_is_refused(line: str) -> None:
    with pytest.raises(ConfigurationError, match="mark is damaged"):
        parse(line)


@given(lines, st.integers(0, 5))
def test_variations_keep_every_span_on_its_words(
    parts: list[str | tuple[str, str, str]], seed: int
) -> None:
    line = "".join(p if isinstance(p, str) else f"{{{p[0]}{p[1]}|{p[2]}}}" for p in parts)
    message = parse(line)
    other = varied(message, TITLES, random.Random(seed))
    assert [(s.kind, s.stand) for s in other.spans] == [(s.kind, s.stand) for s in message.spans]
    assert _between(other).casefold() == _between(message).casefold()
    plain = varied(message, (), random.Random(seed))
    for ours, theirs in zip(plain.spans, message.spans, strict=True):
        if ours.kind != "t":
            said = plain.text[ours.start : ours.end]
            assert said.casefold() == message.text[theirs.start : theirs.end].casefold()


def _between(message: MarkedMessage) -> str:
    kept, at = "", 0
    for span in message.spans:
        kept, at = kept + message.text[at : span.start] + "|", span.end
    return kept + message.text[at:]


@pytest.mark.parametrize("language", ["en", *CODES])
def test_every_line_that_ships_can_be_read(language: str) -> None:
    messages = read_marked(marked_files(language))
    assert len(messages) > 200
    told = {span.stand for message in messages for span in message.spans}
    assert told >= {"+", "-", "s", "l", "0"}


@pytest.mark.parametrize(
    ("language", "line", "said"),
    [
        ("es", "no me gustó {t-|Heat}, algo de {v+|terror}", [("heat", "-"), ("horror", "+")]),
        ("de", "{t-|den Zausel} hab ich gehasst", [("zausel", "-")]),
        ("fr", "j'ai pas aimé {t-|Zibeline}", [("zibeline", "-")]),
        ("zh", "不喜欢{v-|恐怖片}", [("horror", "-")]),
        ("fr", "I loved {t+|Heat}", [("heat", "+")]),
    ],
)  # fmt: skip
def test_a_message_of_another_language_is_taught_in_english_words(
    film_catalog: Catalog, language: str, line: str, said: list[tuple[str, str]]
) -> None:
    message = parse(line)
    text = Languages.of(film_catalog).read(message.text, language)[1]
    read = in_english(message, text)
    spans = [(read.text[span.start : span.end].lower(), span.stand) for span in read.spans]
    assert len(spans) == len(said)
    for (words, stand), (word, expected) in zip(spans, said, strict=True):
        assert word in words
        assert stand == expected


def test_a_phrase_around_a_title_is_none_of_it(film_catalog: Catalog) -> None:
    message = parse("je n'ai pas aimé {t-|Zibeline} du tout")
    text = Languages.of(film_catalog).read(message.text, "fr")[1]
    words, starts = text.spelt()
    assert len(starts) == len(text)
    assert "zibeline" in words.lower()
    spans = in_english(message, text).spans
    assert [words[span.start : span.end].lower() for span in spans] == ["zibeline"]


def test_titles_are_runs_from_a_likely_beginning() -> None:
    opens = np.array([0.9, 0.1, 0.0, 0.5, 0.9], np.float32)
    inside = np.array([0.0, 0.8, 0.1, 0.4, 0.0], np.float32)
    reading = Reading(opens, inside, 1 - opens, np.zeros((5, len(STANDS)), np.float32))
    assert reading.titles(0.6) == [(0, 2), (4, 5)]
    assert reading.titles(0.4) == [(0, 2), (3, 4), (4, 5)]


def test_what_is_served_is_what_was_trained(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file

    from assistant.understanding.train_tagger import Encoder, Network

    messages = [parse(SENTENCE), parse("{t+|Heat} yes"), parse("hello"), parse("no {v-|gore}")]
    config = TaggerConfig(layers=1, epochs=2, batch=2, held_out=4, threads=1)
    report = train_tagger(messages, TITLES, tmp_path / "one", config)
    train_tagger(messages, TITLES, tmp_path / "two", config)
    first, second = (load_file(tmp_path / name / "model.safetensors") for name in ("one", "two"))
    assert report.messages == 4
    assert all(torch.equal(first[name], second[name]) for name in first)  # seeded
    network = Network(1)
    network.load_state_dict({n: w.float() for n, w in first.items()}, strict=False)
    message = messages[0]
    ids, case, mask, _, _ = Encoder().batch([message])
    with torch.inference_mode():
        tags, stands = network.eval()(ids, case, mask)
    reading = Tagger.load(tmp_path / "one").read(Text(message.text))
    # "ngl" is three tokens, "Morbius" too: the fourth of the message, after the opening one.
    place = 1 + next(
        at
        for at, (start, _) in enumerate(load_tokenizer().encode(message.text).offsets[1:])
        if start == message.spans[0].start
    )
    # Whole numbers stand for the weights where it is served.
    assert reading.opens[1] == pytest.approx(tags[0, place].softmax(-1)[1].item(), abs=0.01)
    np.testing.assert_allclose(
        reading.stands[1], stands[0, place].log_softmax(-1).numpy(), atol=0.1
    )


def test_units_that_say_least_are_left_out(tmp_path: Path) -> None:
    import torch

    from assistant.understanding.train_tagger import Encoder, Network

    messages = [parse(SENTENCE), parse("{t+|Heat} yes"), parse("hello"), parse("no {v-|gore}")]
    config = TaggerConfig(layers=1, epochs=1, batch=2, held_out=4, threads=1)
    train_tagger(messages, TITLES, tmp_path / "wide", config)
    narrow = replace(config, kept=0.5)
    train_tagger(messages, TITLES, tmp_path / "narrow", narrow, start=tmp_path / "wide")
    units = [
        Network.load(tmp_path / name, 1).widest[0][0].dense.out_features
        for name in ("wide", "narrow")
    ]
    assert 0 < units[1] < units[0] / 2  # half of what is said, by fewer than half of them
    network = Network.load(tmp_path / "narrow", 1).eval()
    ids, case, mask, _, _ = Encoder().batch([messages[2]])
    with torch.inference_mode():
        tags, _ = network(ids, case, mask)
    reading = Tagger.load(tmp_path / "narrow").read(Text("hello"))
    assert reading.opens[0] == pytest.approx(tags[0, 1].softmax(-1)[1].item(), abs=0.01)
    with pytest.raises(ModelError, match="has 1 layers, not 2"):
        Network.load(tmp_path / "wide", 2)
    with pytest.raises(ModelError, match="no weights of a tagger"):
        Network.load(tmp_path, 1)


def test_missing_weights_say_so(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="tagger's weights"):
        Tagger.load(tmp_path)


@pytest.mark.parametrize("message", ["", "\x00", "¿?", "漢" * 500, "a " * 1000, "😀 loved Heat 😀"])
def test_any_message_can_be_read(message: str) -> None:
    reading = Tagger.load().read(Text(message))
    assert len(reading.opens) == len(reading.inside) == len(reading.stands)
    assert np.isfinite(reading.stands).all()
