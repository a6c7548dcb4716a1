"""Drawing straight into PDF pages: texts whose font was laid out once, lines and areas.

Layout engines set tables of thousands of figures, or thousands of different slips, slowly. Here a
font is taken from a page that WeasyPrint made of all letters that will be needed; texts are then
single operators. Places are in millimetres from the upper left corner, sizes in points.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
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
LACKING: Final = "〓"
"""The printers' mark for a letter that no font at hand has; every set of letters contains it."""

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
        while len(text) > 1 and self.width(text, smaller) > room * MM:
            text = text.removesuffix("…")[:-1] + "…"
        return text, smaller


class Wanted(Letters):
    """Letters that are only noted: a first pass over the drawing finds which ones are needed."""

    def __init__(self) -> None:
        self.seen = dict.fromkeys(f"…{LACKING}")

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


def at(x: float, y: float, *, left: float = 0) -> str:
    """A PDF point from millimetres off the upper left corner, moved `left` points to the left."""
    return f"{x * MM - left:.3f} {PAGE[1] - y * MM:.3f}"


class Canvas:
    """The content of one page, drawn bit by bit."""

    def __init__(self, faces: dict[str, Letters]) -> None:
        self.faces = faces
        self.operators: list[str] = []

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
        point = at(*place, left=left)
        self.operators.append(f"{colour}BT {point} Td {letters.show(text, size)}ET{reset}")
        return width / MM

    def line(self, start: tuple[float, float], end: tuple[float, float], *, width: float) -> None:
        """A straight line, `width` in millimetres."""
        self.operators.append(f"{width * MM:.3f} w {at(*start)} m {at(*end)} l S")

    def area(
        self, x: float, y: float, width: float, height: float, *, grey: float, border: float = 0
    ) -> None:
        """A rectangle filled with grey (0 black, 1 white), with a black border if it has width."""
        box = f"{at(x, y + height)} {width * MM:.3f} {height * MM:.3f} re"
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
        path = " ".join(f"{at(a, b)} m {at(c, d)} l" for a, b, c, d in strokes)
        self.operators.append(
            f"q {at(x, y + height)} {width * MM:.3f} {height * MM:.3f} re W n "
            f"{thickness * MM:.3f} w {int(dots)} J {path} S Q"
        )
