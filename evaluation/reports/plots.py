"""Small plots as SVG for a page: dots with whiskers, curves with bands, bars.

Owns: scales, marks and their words for who cannot see them. Does not own: colours (classes of
``page.css``) or what is plotted.

Every plot is `WIDTH` units wide and meant to be shown about as many pixels wide, on a telephone as
on a wide page: a page with room shows several beside one another, so that text keeps its size.
Trees of elements are built and written by ElementTree, which escapes every value.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal
from xml.etree.ElementTree import Element, SubElement, tostring

from markupsafe import Markup

WIDTH = 360
_ROW, _TOP, _AXIS = 24, 8, 26
_LETTER = 6.9
_VALUES = 44
Format = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight line from values to places on paper.

    Attributes
    ----------
    low, high : float
        Values at the two ends; not equal.
    start, end : float
        Their places.
    """

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the place of `value`, to a hundredth of a unit."""
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 2)


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing with its title, which is in the drawing too for who cannot see it."""

    title: str
    svg: Markup


@dataclass(frozen=True, slots=True)
class Dot:
    """A value with its interval; ``strong`` is what the plot is about."""

    label: str
    value: float
    low: float | None = None
    high: float | None = None
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Curve:
    """Values with a band at the positions 1, 2, ... of the horizontal axis."""

    label: str
    values: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from zero to ``value`` with a whisker that ends at ``far``."""

    label: str
    value: float
    far: float


def number(value: float) -> str:
    """Return a value as people write it: three digits that count."""
    if value == 0:
        return "0"
    places = 2 - math.floor(math.log10(abs(value)))
    return f"{value:,.{min(max(places, 0), 4)}f}"


def percent(value: float) -> str:
    """Return a share as per cent."""
    return f"{value:.0%}"


def rounded(value: float) -> str:
    """Return a round value with no more digits than it has."""
    return f"{value:,g}"


def decimals(value: float) -> str:
    """Write a figure between 0 and 1: ``0.081``."""
    return f"{value:.3f}"


def signed(form: Format) -> Format:
    """Return `form` with a sign before it, for differences; nothing is +0."""
    return lambda value: f"{'-' if value < 0 else '+'}{form(abs(value))}"


def ticks(low: float, high: float, count: int = 4) -> tuple[float, ...]:
    """Return about `count` round values that span ``low`` to ``high``, ends included.

    Steps are 1, 2 or 5 times a power of ten (Heckbert, "Nice numbers for graph labels", 1990).
    """
    span = high - low or abs(high) or 1.0
    rough = span / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(nice * power for nice in (1, 2, 5, 10) if nice * power >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(round(at * step, 12) for at in range(first, max(last, first + 1) + 1))


def whiskers(
    title: str, dots: Sequence[Dot], form: Format = number, axis: Format = rounded
) -> Plot:
    """Return a row per dot: its label, its interval as a line, its value; at least one dot.

    The axis shows zero, as a stronger line where values go to both sides of it.

    Parameters
    ----------
    form, axis : callable
        Write the values, and those at the axis.
    """
    ends = [end for dot in dots for end in (dot.value, dot.low, dot.high) if end is not None]
    marks = ticks(min(0.0, *ends), max(0.0, *ends))
    scale = _across(dots, marks)
    told = "; ".join(_told(dot, form) for dot in dots)
    svg = _plot(title, told, _TOP + _ROW * len(dots) + _AXIS)
    _grid(svg, scale, marks, _TOP + _ROW * len(dots), axis)
    for at, dot in enumerate(dots):
        y = _TOP + _ROW * at + _ROW / 2
        row = SubElement(svg, "g", {"class": "strong" if dot.strong else "weak"})
        _label(row, dot.label, scale.start - 8, y)
        if dot.low is not None and dot.high is not None:
            _line(row, "whisker", scale(dot.low), y, scale(dot.high), y)
        _put(row, "circle", {"class": "dot", "cx": scale(dot.value), "cy": y, "r": 4.5})
        _text(row, "value", WIDTH - 2, y + 4, form(dot.value), "end")
    return _written(title, svg)


def bars(title: str, rows: Sequence[Bar], form: Format = number) -> Plot:
    """Return a row per bar: its label, a bar to its value, a whisker to the far value."""
    marks = ticks(0.0, max(bar.far for bar in rows))
    scale = _across(rows, marks)
    told = "; ".join(f"{bar.label} {form(bar.value)}, up to {form(bar.far)}" for bar in rows)
    svg = _plot(title, told, _TOP + _ROW * len(rows) + _AXIS)
    _grid(svg, scale, marks, _TOP + _ROW * len(rows), rounded)
    for at, bar in enumerate(rows):
        y = _TOP + _ROW * at + _ROW / 2
        row = SubElement(svg, "g", {"class": "strong"})
        _label(row, bar.label, scale.start - 8, y)
        wide = round(scale(bar.value) - scale.start, 2)
        size = {"x": scale.start, "y": y - 6, "width": wide, "height": 12, "rx": 2}
        _put(row, "rect", {"class": "bar", **size})
        _line(row, "reach", scale(bar.value), y, scale(bar.far), y)
        _line(row, "reach", scale(bar.far), y - 4, scale(bar.far), y + 4)
        _text(row, "value", WIDTH - 2, y + 4, form(bar.value), "end")
    return _written(title, svg)


def curves(title: str, lines: Sequence[Curve], axis: str, form: Format = percent) -> Plot:
    """Return curves with bands over 1, 2, ...; the vertical axis goes from 0 to 1 at least."""
    count = len(lines[0].values)
    tall, bottom = 190, 190 - 34
    across = Scale(1, max(count, 2), 40, WIDTH - 12)
    marks = ticks(0.0, max(1.0, *(high for line in lines for high in line.high)))
    up = Scale(marks[0], marks[-1], bottom, 12)
    told = "; ".join(f"{line.label} {', '.join(map(form, line.values))}" for line in lines)
    svg = _plot(title, told, tall)
    for mark in marks:
        _line(svg, "grid", 40, up(mark), WIDTH - 12, up(mark))
        _text(svg, "tick", 34, up(mark) + 4, form(mark), "end")
    for at in range(1, count + 1):
        _text(svg, "tick", across(at), bottom + 16, str(at), "middle")
    _text(svg, "tick", (40 + WIDTH - 12) / 2, tall - 3, axis, "middle")
    for line in lines:
        group = SubElement(svg, "g", {"class": "strong" if line.strong else "weak"})
        places = [across(at) for at in range(1, count + 1)]
        upper = [f"{x},{up(y)}" for x, y in zip(places, line.high, strict=True)]
        lower = [f"{x},{up(y)}" for x, y in zip(places, line.low, strict=True)]
        _put(group, "polygon", {"class": "band", "points": " ".join(upper + lower[::-1])})
        middle = [f"{x},{up(y)}" for x, y in zip(places, line.values, strict=True)]
        _put(group, "polyline", {"class": "curve", "points": " ".join(middle)})
        for x, value in zip(places, line.values, strict=True):
            _put(group, "circle", {"class": "dot", "cx": x, "cy": up(value), "r": 2.5})
    return _written(title, svg)


def _across(rows: Sequence[Dot] | Sequence[Bar], marks: Sequence[float]) -> Scale:
    """Return the horizontal scale that leaves room for the labels."""
    longest = max(len(row.label) for row in rows)
    start = round(min(max(longest * _LETTER + 14, 60), 150), 2)
    return Scale(marks[0], marks[-1], start, WIDTH - _VALUES - 8)


def _grid(svg: Element, scale: Scale, marks: Sequence[float], bottom: float, form: Format) -> None:
    for mark in marks:
        kind = "zero" if mark == 0 and marks[0] < 0 else "grid"
        _line(svg, kind, scale(mark), _TOP, scale(mark), bottom)
        _text(svg, "tick", scale(mark), bottom + 16, form(mark), "middle")


def _told(dot: Dot, form: Format) -> str:
    if dot.low is None or dot.high is None:
        return f"{dot.label} {form(dot.value)}"
    return f"{dot.label} {form(dot.value)}, interval {form(dot.low)} to {form(dot.high)}"


def _plot(title: str, description: str, height: float) -> Element:
    svg = Element("svg", {"role": "img", "class": "plot", "viewBox": f"0 0 {WIDTH} {height:g}"})
    SubElement(svg, "title").text = title
    SubElement(svg, "desc").text = description
    return svg


def _label(parent: Element, label: str, x: float, y: float) -> None:
    fits = int((x - 2) / _LETTER)
    shown = label if len(label) <= fits else f"{label[: fits - 1]}…"
    _text(parent, "label", x, y + 4, shown, "end")


def _text(
    parent: Element, kind: str, x: float, y: float, text: str,
    anchor: Literal["start", "middle", "end"],
) -> None:  # fmt: skip
    _put(parent, "text", {"class": kind, "x": x, "y": y, "text-anchor": anchor}).text = text


def _line(parent: Element, kind: str, x1: float, y1: float, x2: float, y2: float) -> None:
    _put(parent, "line", {"class": kind, "x1": x1, "y1": y1, "x2": x2, "y2": y2})


def _put(parent: Element, tag: str, attributes: dict[str, str | float]) -> Element:
    values = {
        name: value if isinstance(value, str) else f"{value:g}"
        for name, value in attributes.items()
    }
    return SubElement(parent, tag, values)


def _written(title: str, svg: Element) -> Plot:
    return Plot(title, Markup(tostring(svg, encoding="unicode")))  # noqa: S704 - escaped there
