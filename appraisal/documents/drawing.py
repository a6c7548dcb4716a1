"""Drawing straight into PDF pages: texts whose font was laid out once, lines and areas.

Layout engines set tables of thousands of figures, or thousands of different slips, slowly. Here a
font is taken from a page that WeasyPrint made of all letters that will be needed; texts are then
single operators. Places are in millimetres from the upper left corner, sizes in points.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Final, Literal

import pikepdf
from pikepdf import Object

MM: Final = 72 / 25.4
"""Points in a millimetre."""
PAGE: Final = (210 * MM, 297 * MM)
"""A4 in points."""
SMALLEST: Final = 0.7
"""A text is set at this share of its size at the least, then shortened."""
EPSILON: Final = 1e-6
"""What two computations of one width may differ by, in points."""
LACKING: Final = "〓"
"""The printers' mark for a letter that no font at hand has; every set of letters contains it."""

_OPENING: Final = "（《“‘〔【"
_CLOSING: Final = "，。、；：！？％%”’）》〕】…·"
_UNITS: Final = re.compile(f"[{_OPENING}]*(?:[0-9A-Za-z.,:/@+×=<>≥≤_-]+|.)[{_CLOSING}]*", re.DOTALL)
"""What is not parted at the end of a line."""
_BFCHAR: Final = re.compile(r"^<([0-9a-f]{4})> <([0-9a-f]+)>$", re.MULTILINE)


class Letters:
    """The embedded fonts of one laid-out page, and the glyph of each letter in them."""

    def __init__(self, page: pikepdf.Page) -> None:
        used = [str(op.operands[0]) for op in pikepdf.parse_content_stream(page) if _sets_font(op)]
        self.glyphs: dict[str, tuple[str, str]] = {}
        self.widths: dict[str, float] = {}
        for name in dict.fromkeys(used):
            font = page.resources.Font[name]
            advances = _advances(font.DescendantFonts[0].W)
            table = font.ToUnicode.read_bytes().decode("ascii")
            for glyph, text in _BFCHAR.findall(table):
                letter = bytes.fromhex(text).decode("utf-16-be")
                if letter not in self.glyphs and int(glyph, 16) in advances:
                    self.glyphs[letter] = (name, glyph)
                    self.widths[letter] = advances[int(glyph, 16)]

    def width(self, text: str, size: float) -> float:
        """The width of a text in points."""
        return sum(self.widths[self._known(letter)] for letter in text) * size / 1000

    def show(self, text: str, size: float) -> str:
        """The operators that show a text."""
        runs = groupby(
            (self.glyphs[self._known(letter)] for letter in text), key=lambda found: found[0]
        )
        return "".join(
            f"{name} {size:.3g} Tf <{''.join(glyph for _, glyph in run)}> Tj " for name, run in runs
        )

    def _known(self, letter: str) -> str:
        return letter if letter in self.glyphs else LACKING

    def fitted(self, text: str, size: float, room: float) -> tuple[str, float]:
        """The text and size that fit into `room` millimetres: smaller first, then shortened."""
        width = self.width(text, size)
        if width <= room * MM:
            return text, size
        smaller = max(size * room * MM / width, size * SMALLEST)
        while len(text) > 1 and self.width(text, smaller) > room * MM + EPSILON:
            text = text.removesuffix("…")[:-1] + "…"
        return text, smaller

    def wrapped(self, text: str, size: float, room: float) -> list[str]:
        """The lines of a text in `room` millimetres, by the rules of Chinese line ends.

        No end mark begins a line and no opening one ends it; figures and words stay whole where
        they fit. What stands after a line feed begins a line.
        """
        return [
            line for part in text.split("\n") for line in self._lines(part, size, room * MM)
        ] or [""]

    def _lines(self, text: str, size: float, room: float) -> list[str]:
        lines: list[str] = []
        line, used = "", 0.0
        for whole in _UNITS.findall(text):
            unit, width = whole, self.width(whole, size)
            if line and used + width > room:
                lines.append(line)
                line, used = "", 0.0
            while width > room and len(unit) > 1:
                fit = self._fitting(unit, size, room)
                lines.append(unit[:fit])
                unit = unit[fit:]
                width = self.width(unit, size)
            line += unit
            used += width
        return [*lines, line]

    def _fitting(self, text: str, size: float, room: float) -> int:
        """How many letters fit, at least one."""
        fit = 1
        while fit < len(text) and self.width(text[: fit + 1], size) <= room:
            fit += 1
        return fit


class Wanted(Letters):
    """Letters that are only noted: a first pass over the drawing finds which ones are needed."""

    def __init__(self) -> None:
        # Page numbers are not known before everything has its width.
        self.seen = dict.fromkeys(f"…{LACKING}0123456789")

    @property
    def text(self) -> str:
        """All letters that were asked for."""
        return "".join(self.seen)

    def width(self, text: str, size: float) -> float:
        """No width: everything fits, so that nothing is left out."""
        del size
        self.seen.update(dict.fromkeys(text))
        return 0

    def show(self, text: str, size: float) -> str:
        """No operators."""
        self.width(text, size)
        return ""


def _sets_font(op: pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage) -> bool:
    return str(op.operator) == "Tf"


def _advances(widths: Object) -> dict[int, float]:
    """The advance of each glyph from a PDF width array of the form ``first [w w w] …``."""
    items = list(widths.as_list())
    return {
        int(first) + i: float(advance)
        for first, run in zip(items[::2], items[1::2], strict=True)
        for i, advance in enumerate(run.as_list())
    }


def at(x: float, y: float, *, left: float = 0, height: float = PAGE[1]) -> str:
    """A PDF point from millimetres off the upper left corner, moved `left` points to the left.

    `height` is the page's, in points.
    """
    return f"{x * MM - left:.3f} {height - y * MM:.3f}"


class Canvas:
    """The content of one page, drawn bit by bit; `height` is the page's in points."""

    def __init__(self, faces: Mapping[str, Letters], *, height: float = PAGE[1]) -> None:
        self.faces = faces
        self.height = height
        self.operators: list[str] = []

    def _at(self, x: float, y: float) -> str:
        return at(x, y, height=self.height)

    @property
    def content(self) -> bytes:
        """The page's content stream."""
        return "\n".join(self.operators).encode("ascii")

    def text(
        self,
        place: tuple[float, float],
        text: str,
        *,
        face: str,
        size: float,
        align: Literal["left", "centre", "right"] = "left",
        room: float | None = None,
        grey: float = 0,
    ) -> float:
        """A text on the baseline at `place`, made to fit into `room`; returns its width in mm."""
        letters = self.faces[face]
        if room is not None:
            text, size = letters.fitted(text, size, room)
        width = letters.width(text, size)
        left = {"left": 0.0, "centre": width / 2, "right": width}[align]
        colour = f"{grey:g} g " if grey else ""
        reset = " 0 g" if grey else ""
        point = at(*place, left=left, height=self.height)
        self.operators.append(f"{colour}BT {point} Td {letters.show(text, size)}ET{reset}")
        return width / MM

    def line(self, start: tuple[float, float], end: tuple[float, float], *, width: float) -> None:
        """A straight line, `width` in millimetres."""
        self.operators.append(f"{width * MM:.3f} w {self._at(*start)} m {self._at(*end)} l S")

    def area(
        self, x: float, y: float, width: float, height: float, *, grey: float, border: float = 0
    ) -> None:
        """A rectangle filled with grey (0 black, 1 white), with a black border if it has width."""
        box = f"{self._at(x, y + height)} {width * MM:.3f} {height * MM:.3f} re"
        edge = f"{border * MM:.3f} w {box} B" if border else f"{box} f"
        self.operators.append(f"{grey:g} g {edge} 0 g")

    def hatch(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        strokes: Sequence[tuple[float, float, float, float]],
        thickness: float,
        dots: bool = False,
    ) -> None:
        """Strokes from (x1, y1) to (x2, y2) within a rectangle, clipped by it."""
        path = " ".join(f"{self._at(a, b)} m {self._at(c, d)} l" for a, b, c, d in strokes)
        self.operators.append(
            f"q {self._at(x, y + height)} {width * MM:.3f} {height * MM:.3f} re W n "
            f"{thickness * MM:.3f} w {int(dots)} J {path} S Q"
        )
