"""A drawn poster for an item that has no picture: flat colour, one motif, the title set large.

Owns: the drawing, a pure function of the item. Does not own: where it is shown (`ui.cards`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from html import escape

WIDTH, HEIGHT = 240, 360
_MARGIN = 18
_TEXT_WIDTH = WIDTH - 2 * _MARGIN
# Mean advance of the poster face in em, with a little to spare; textLength pulls in what is over.
_ADVANCE = 0.59
_LEADING = 1.06
_SIZES = (58, 48, 40, 34, 29, 25, 22, 19, 17)
_TITLE_HEIGHT = 112
_MOTIF_FOOT = 208


@dataclass(frozen=True, slots=True)
class Palette:
    """Four colours; `ink` on `ground` has a contrast of at least 7 to 1."""

    ground: str
    shade: str
    accent: str
    ink: str


PALETTES = (
    Palette("#14213d", "#24365f", "#fca311", "#f7f3e3"),
    Palette("#561421", "#752536", "#f08a5d", "#f9e9da"),
    Palette("#12372a", "#1e5441", "#d9b44a", "#f3efe0"),
    Palette("#083d56", "#11587a", "#fbb13c", "#eef6f5"),
    Palette("#38204a", "#55346e", "#ef8fb0", "#f8eef6"),
    Palette("#7a2e12", "#98421f", "#ffc971", "#fff4e6"),
    Palette("#e8dcc4", "#d3c19b", "#b8432f", "#22201c"),
    Palette("#cfe2ec", "#a9c8d9", "#d1492e", "#12263a"),
    Palette("#22262d", "#363d48", "#e2574c", "#f1f2f4"),
    Palette("#e6b13c", "#cf9720", "#7a2e1d", "#231a08"),
    Palette("#bccbb5", "#9fb497", "#2f5d46", "#18251c"),
    Palette("#f0ccc6", "#e0ada6", "#a32f40", "#34131c"),
)


def draw_poster(item_id: str, title: str, kind: str = "", note: str = "") -> str:
    """Return an SVG element for an item; the same arguments always give the same drawing.

    Parameters
    ----------
    item_id : str
        Chooses the motif, its proportions and a shade.
    title : str
        Set at the foot, as large as it fits.
    kind : str
        Chooses the palette, one of the three of its kind; printed at the head.
    note : str
        Printed beside `kind`: a year.
    """
    seed = _digest(item_id)
    # Every kind has three of the palettes, so that a slate of one genre is not all one colour.
    palette = PALETTES[(_digest(kind.casefold())[0] + 4 * (seed[31] % 3)) % len(PALETTES)]
    motif = _MOTIFS[seed[0] % len(_MOTIFS)](seed[1:], palette)
    return (
        f'<svg class="poster" viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true" focusable="false">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{palette.ground}"/>'
        f"{motif}{_head(kind, note, palette)}{_title(title, palette)}</svg>"
    )


def wrap_title(title: str) -> tuple[int, tuple[str, ...]]:
    """Return the largest type size at which `title` fits, and its lines there."""
    for size in _SIZES:
        room = int(_TEXT_WIDTH / (_ADVANCE * size))
        lines = _wrap(title, room)
        if len(lines) <= _most_lines(size) and max(map(len, lines)) <= room:
            return size, lines
    size = _SIZES[-1]
    lines, most = _wrap(title, int(_TEXT_WIDTH / (_ADVANCE * size))), _most_lines(size)
    if len(lines) > most:
        lines = (*lines[: most - 1], f"{lines[most - 1]}…")
    return size, lines


def _most_lines(size: int) -> int:
    return int(_TITLE_HEIGHT / (size * _LEADING))


def _wrap(title: str, room: int) -> tuple[str, ...]:
    lines: list[str] = []
    for word in title.split() or [""]:
        if lines and len(lines[-1]) + 1 + len(word) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple(lines)


def _digest(text: str) -> bytes:
    return sha256(text.encode()).digest()


def _head(kind: str, note: str, palette: Palette) -> str:
    y = _MARGIN + 9
    label = escape(kind.upper()[:18])
    return (
        f'<g class="poster-head" fill="{palette.ink}">'
        f'<text x="{_MARGIN}" y="{y}">{label}</text>'
        f'<text x="{WIDTH - _MARGIN}" y="{y}" text-anchor="end">{escape(note)}</text></g>'
    )


def _title(title: str, palette: Palette) -> str:
    size, lines = wrap_title(title)
    top = HEIGHT - _MARGIN - 4 - (len(lines) - 1) * size * _LEADING
    spans: list[str] = []
    for number, line in enumerate(lines):
        over = len(line) * _ADVANCE * size > _TEXT_WIDTH
        squeeze = f' textLength="{_TEXT_WIDTH}" lengthAdjust="spacingAndGlyphs"' if over else ""
        y = f"{top + number * size * _LEADING:.0f}"
        spans.append(f'<text x="{_MARGIN - 1}" y="{y}"{squeeze}>{escape(line)}</text>')
    return f'<g class="poster-title" font-size="{size}" fill="{palette.ink}">{"".join(spans)}</g>'


def _sun(seed: bytes, palette: Palette) -> str:
    """Half a disc over a sea that thins out towards the viewer."""
    x, radius = 84 + seed[0] % 72, 50 + seed[1] % 26
    waves = "".join(
        f'<rect y="{158 + step * 12}" width="{WIDTH}" height="{9 - step * 1.5:g}" '
        f'fill="{palette.shade}"/>'
        for step in range(5)
    )
    return (
        f'<path d="M{x - radius} 150a{radius} {radius} 0 0 1 {2 * radius} 0z" '
        f'fill="{palette.accent}"/>{waves}'
    )


def _rings(seed: bytes, palette: Palette) -> str:
    """Arcs that spread from one edge."""
    x, y = (0, WIDTH)[seed[0] % 2], 78 + seed[1] % 24
    rings = "".join(
        f'<circle cx="{x}" cy="{y}" r="{radius}" fill="none" stroke="{palette.shade}" '
        f'stroke-width="10"/>'
        for radius in range(66, 124, 19)
    )
    return f'{rings}<circle cx="{x}" cy="{y}" r="42" fill="{palette.accent}"/>'


def _bands(seed: bytes, palette: Palette) -> str:
    """Slanted bands, one of them lit."""
    lit, slope = seed[0] % 5, 40 + seed[1] % 60
    return "".join(
        f'<path d="M{x} 44h22l-{slope} {_MOTIF_FOOT - 44}h-22z" '
        f'fill="{palette.accent if number == lit else palette.shade}"/>'
        for number, x in enumerate(range(slope + 2, slope + 2 + 5 * 34, 34))
    )


def _skyline(seed: bytes, palette: Palette) -> str:
    """Towers, with a moon."""
    towers = "".join(
        f'<rect x="{x}" y="{_MOTIF_FOOT - 36 - seed[number] % 80}" width="26" '
        f'height="{36 + seed[number] % 80}" fill="{palette.shade}"/>'
        for number, x in enumerate(range(_MARGIN, WIDTH - _MARGIN, 30))
    )
    x = 60 + seed[9] % 120
    return f'<circle cx="{x}" cy="88" r="28" fill="{palette.accent}"/>{towers}'


def _dots(seed: bytes, palette: Palette) -> str:
    """Dots in a field, one of them out of step."""
    odd = seed[0] % 30
    dots: list[str] = []
    for number in range(30):
        row, column = divmod(number, 6)
        fill, radius = (palette.accent, 16) if number == odd else (palette.shade, 11)
        dots.append(
            f'<circle cx="{33 + column * 34.8:g}" cy="{58 + row * 34}" r="{radius}" fill="{fill}"/>'
        )
    return "".join(dots)


def _discs(seed: bytes, palette: Palette) -> str:
    """Two discs that overlap."""
    radius, gap, y = 58 + seed[0] % 16, 34 + seed[1] % 26, 118 + seed[2] % 14
    left, right = WIDTH / 2 - gap, WIDTH / 2 + gap
    rise = (radius**2 - gap**2) ** 0.5
    return (
        f'<circle cx="{left:g}" cy="{y}" r="{radius}" fill="{palette.shade}"/>'
        f'<circle cx="{right:g}" cy="{y}" r="{radius}" fill="none" stroke="{palette.shade}" '
        f'stroke-width="3"/>'
        f'<path d="M{WIDTH / 2:g} {y - rise:.1f}a{radius} {radius} 0 0 1 0 {2 * rise:.1f}'
        f'a{radius} {radius} 0 0 1 0 -{2 * rise:.1f}z" fill="{palette.accent}"/>'
    )


def _peaks(seed: bytes, palette: Palette) -> str:
    """Three mountains, the nearest lit."""
    first, second, third = (52 + byte % 60 for byte in seed[:3])
    foot, far = _MOTIF_FOOT, f'fill="{palette.shade}"'
    return (
        f'<path d="M-30 {foot}L70 {first}L170 {foot}z" {far}/>'
        f'<path d="M80 {foot}L190 {second}L290 {foot}z" {far} opacity=".75"/>'
        f'<path d="M40 {foot}L124 {third + 50}L208 {foot}z" fill="{palette.accent}"/>'
    )


def _frames(seed: bytes, palette: Palette) -> str:
    """Nested squares, each turned a little further."""
    turn = 4 + seed[0] % 12
    frames = "".join(
        f'<rect x="{120 - half}" y="{124 - half}" width="{2 * half}" height="{2 * half}" '
        f'fill="none" stroke="{palette.shade}" stroke-width="6" '
        f'transform="rotate({number * turn} 120 124)"/>'
        for number, half in enumerate((78, 62, 46, 30))
    )
    return (
        f'{frames}<rect x="106" y="110" width="28" height="28" fill="{palette.accent}" '
        f'transform="rotate({4 * turn} 120 124)"/>'
    )


_MOTIFS: tuple[Callable[[bytes, Palette], str], ...] = (
    _sun,
    _rings,
    _bands,
    _skyline,
    _dots,
    _discs,
    _peaks,
    _frames,
)
