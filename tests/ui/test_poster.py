"""Posters: the same item always gets the same drawing, and every title fits it."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.poster import PALETTES, WIDTH, draw_poster, wrap_title


def test_the_same_item_always_gets_the_same_drawing() -> None:
    assert draw_poster("6", "Heat", "Crime", "1995") == draw_poster("6", "Heat", "Crime", "1995")


def test_items_differ_in_motif_and_kinds_in_colour() -> None:
    drawings = {draw_poster(str(number), "Heat", "Crime") for number in range(40)}
    assert len(drawings) > 30
    grounds = {_ground(draw_poster("6", "Heat", kind)) for kind in ("Crime", "Drama", "Comedy")}
    assert len(grounds) > 1


def test_a_kind_keeps_to_three_palettes() -> None:
    assert len({_ground(draw_poster(str(n), "Heat", "Crime")) for n in range(60)}) == 3


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=120), st.text(max_size=40))
def test_any_title_gives_well_formed_inert_svg(title: str, kind: str) -> None:
    drawing = draw_poster("id", title, re.sub(r"[\x00-\x1f\ud800-\udfff\ufffe\uffff]", "", kind))
    tree = ElementTree.fromstring(re.sub(r"[\ufffe\uffff]", "", drawing))
    assert {element.tag for element in tree.iter()} <= {
        "svg",
        "g",
        "rect",
        "text",
        "circle",
        "path",
    }


@given(st.lists(st.text("abcdefghi", min_size=1, max_size=22), min_size=1, max_size=30))
def test_a_title_is_wrapped_without_losing_words_unless_marked(words: list[str]) -> None:
    size, lines = wrap_title(" ".join(words))
    assert len(lines) * size * 1.06 <= 120
    shown = " ".join(lines)
    if shown.endswith("…"):
        assert " ".join(words).startswith(shown[:-1])
    else:
        assert shown.split() == words


@pytest.mark.parametrize("palette", PALETTES, ids=lambda palette: palette.ground)
def test_titles_can_be_read(palette: object) -> None:
    assert _contrast(palette.ink, palette.ground) >= 7  # type: ignore[attr-defined]


def test_the_year_stands_opposite_the_kind() -> None:
    drawing = draw_poster("6", "Heat", "Crime", "1995")
    assert ">CRIME<" in drawing
    assert f'x="{WIDTH - 18}" y="27" text-anchor="end">1995<' in drawing


def _ground(drawing: str) -> str:
    found = re.search(r'fill="(#\w+)"', drawing)
    assert found
    return found[1]


def _contrast(first: str, second: str) -> float:
    """Return the contrast ratio of WCAG 2.2, from 1 to 21."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
