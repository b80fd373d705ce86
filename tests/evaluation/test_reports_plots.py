"""Plots: every mark where arithmetic says, and every label escaped."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.reports.plots import (
    WIDTH,
    Bar,
    Curve,
    Dot,
    Plot,
    Scale,
    bars,
    curves,
    number,
    percent,
    signed,
    ticks,
    whiskers,
)


def marks(plot: Plot, kind: str) -> list[dict[str, str]]:
    tree = ElementTree.fromstring(plot.svg)
    return [dict(node.attrib) for node in tree.iter() if node.get("class") == kind]


def words(plot: Plot, kind: str) -> list[str]:
    tree = ElementTree.fromstring(plot.svg)
    return [node.text or "" for node in tree.iter() if node.get("class") == kind]


def test_a_scale_is_a_straight_line() -> None:
    scale = Scale(10, 20, 100, 300)
    assert [scale(value) for value in (10, 15, 20, 25)] == [100, 200, 300, 400]


def test_whiskers_by_hand() -> None:
    plot = whiskers("Found", [Dot("ab", 0.5, 0.2, 0.6, strong=True), Dot("cd", 1.0)], percent)
    # Two letters take the least room, 60; values the last 44 + 8 of 360: 0 is at 60, 1 at 308.
    assert WIDTH == 360
    assert [(dot["cx"], dot["cy"]) for dot in marks(plot, "dot")] == [("184", "20"), ("308", "44")]
    (line,) = marks(plot, "whisker")
    assert (line["x1"], line["x2"], line["y1"]) == ("109.6", "208.8", "20")
    assert words(plot, "value") == ["50%", "100%"]
    assert [tick["x"] for tick in marks(plot, "tick")] == ["60", "184", "308"]


def test_differences_have_zero_in_the_plot_and_a_sign() -> None:
    plot = whiskers(
        "Change", [Dot("ab", -1.0, -2.0, 0.0), Dot("cd", 2.0, 1.0, 2.0)], signed(number)
    )
    # From -2 to 2 over 60 to 308: zero in the middle.
    (zero,) = marks(plot, "zero")
    assert zero["x1"] == "184"
    assert [dot["cx"] for dot in marks(plot, "dot")] == ["122", "308"]
    assert words(plot, "value") == ["-1.00", "+2.00"]


def test_curves_by_hand() -> None:
    line = Curve("vouch", [0.0, 0.5, 1.0], [0.0, 0.25, 1.0], [0.0, 0.75, 1.0], strong=True)
    plot = curves("By turn", [line], "turn")
    # Turns 1 to 3 over 40 to 348; 0 at 156, 1 at 12.
    assert marks(plot, "curve")[0]["points"] == "40.0,156.0 194.0,84.0 348.0,12.0"
    assert marks(plot, "band")[0]["points"] == (
        "40.0,156.0 194.0,48.0 348.0,12.0 348.0,12.0 194.0,120.0 40.0,156.0"
    )


def test_bars_by_hand() -> None:
    plot = bars("Milliseconds", [Bar("rank", 50, 100)])
    (bar,) = marks(plot, "bar")
    assert (bar["x"], bar["width"]) == ("60", "124")
    assert marks(plot, "reach")[0] == {
        "class": "reach", "x1": "184", "x2": "308", "y1": "20", "y2": "20",
    }  # fmt: skip


def test_labels_are_escaped_and_cut() -> None:
    plot = whiskers("<b>", [Dot("</svg><script>", 1.0), Dot("x" * 80, 1.0)])
    assert "<script>" not in plot.svg
    assert "&lt;b&gt;" in plot.svg
    assert words(plot, "label")[1].endswith("…")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1234.5, "1,234"),
        (-12.34, "-12.3"),
        (0.01234, "0.0123"),
        (1, "1.00"),
    ],
)
def test_numbers(value: float, said: str) -> None:
    assert number(value) == said


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_ticks_are_few_and_span_the_values(low: float, span: float) -> None:
    found = ticks(low, low + span)
    slack = 1e-6 * max(abs(low), span)
    assert found[0] <= low + slack
    assert found[-1] >= low + span - slack
    assert 2 <= len(found) <= 8
    assert list(found) == sorted(set(found))
