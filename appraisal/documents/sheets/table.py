"""Tables that are drawn: ruled rows with wrapped cells, a head that is repeated on every page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal, TypeAlias

from appraisal.documents.drawing import MM, Canvas
from appraisal.documents.flow import Faces, Piece

Align: TypeAlias = Literal["left", "centre", "right"]
INNER: Final = 0.2
OUTER: Final = 0.35
PAD: Final = 0.8
"""White space beside a text, in millimetres."""
ABOVE: Final = 0.9
LEADING: Final = 1.32
"""Height of a line in its size."""
HEAD_SIZES: Final = (9.0, 8.2, 7.5)
"""A heading is set in the largest size in which its words stay whole."""
PAIR: Final = "\t"
"""Parts a count from its share: they stand beside each other, both aligned right."""
NARROW: Final = 2
"""Digits of a count that stands in a narrow column beside its share."""
ROOMY: Final = 14.0
"""Where a pair has so many millimetres, counts of more digits are in it."""
SHARE: Final = "\v"
"""Begins a line that is the share of the count above it."""


@dataclass(frozen=True)
class Cell:
    """A text over one or more columns; a line feed begins a line.

    One that `fits` is made smaller rather than wrapped, so that lines of neighbours stand level.
    """

    text: str
    align: Align = "centre"
    face: str = "text"
    size: float = 10.0
    span: int = 1
    fits: bool = False


def figure(text: str, *, size: float = 9.0, span: int = 1) -> Cell:
    """A cell of figures."""
    return Cell(text, "centre", "sans", size, span, fits=True)


@dataclass(frozen=True)
class Head:
    """A heading of a column, or of several with headings of their own below it."""

    text: str
    below: tuple[str, ...] = ()

    @property
    def span(self) -> int:
        """How many columns it stands over."""
        return len(self.below) or 1


@dataclass(frozen=True)
class _Set:
    """A cell with its lines and its edges in millimetres from the table's left."""

    cell: Cell
    lines: tuple[str, ...]
    left: float
    width: float

    @property
    def leading(self) -> float:
        return self.cell.size / MM * LEADING

    @property
    def height(self) -> float:
        return len(self.lines) * self.leading + 2 * ABOVE


def row(faces: Faces, widths: Sequence[float], cells: Sequence[Cell], *, least: float = 0) -> Piece:
    """A row, as high as its highest cell and at least `least` millimetres."""
    placed = _placed(faces, widths, cells)
    height = max(least, *(one.height for one in placed))
    return Piece(height, partial(_draw_row, placed, height))


def together(first: Piece, second: Piece) -> Piece:
    """Two rows that no page parts: a heading within a table, and what begins below it."""

    def draw(canvas: Canvas, x: float, y: float) -> None:
        first.draw(canvas, x, y)
        second.draw(canvas, x, y + first.height)

    return Piece(first.height + second.height, draw)


def abreast(left: Sequence[Piece], right: Sequence[Piece], offset: float) -> Piece:
    """Two tables beside each other, the second `offset` millimetres to the right."""

    def draw(canvas: Canvas, x: float, y: float) -> None:
        for pieces, at in ((left, x), (right, x + offset)):
            top = y
            for piece in pieces:
                piece.draw(canvas, at, top)
                top += piece.height

    return Piece(max(sum(piece.height for piece in side) for side in (left, right)), draw)


def _placed(faces: Faces, widths: Sequence[float], cells: Sequence[Cell]) -> list[_Set]:
    placed, at, left = [], 0, 0.0
    for cell in cells:
        width = sum(widths[at : at + cell.span])
        placed.append(_Set(cell, _lines(faces, cell, width), left, width))
        at += cell.span
        left += width
    return placed


def _lines(faces: Faces, cell: Cell, width: float) -> tuple[str, ...]:
    if cell.fits:
        return tuple(cell.text.split("\n"))
    return tuple(faces[cell.face].wrapped(cell.text, cell.size, width - 2 * PAD))


def _draw_row(placed: Sequence[_Set], height: float, canvas: Canvas, x: float, y: float) -> None:
    right = placed[-1].left + placed[-1].width
    canvas.line((x, y), (x + right, y), width=INNER)
    canvas.line((x, y + height), (x + right, y + height), width=INNER)
    for number, one in enumerate(placed):
        edge = INNER if number else OUTER
        canvas.line((x + one.left, y), (x + one.left, y + height), width=edge)
        _draw_cell(one, canvas, x, y, height)
    canvas.line((x + right, y), (x + right, y + height), width=OUTER)


def _draw_cell(one: _Set, canvas: Canvas, x: float, y: float, height: float) -> None:
    cell, left, room = one.cell, x + one.left + PAD, one.width - 2 * PAD
    at = {"left": left, "centre": left + room / 2, "right": left + room}[cell.align]
    # Letters stand in the middle of their line.
    base = y + (height - len(one.lines) * one.leading) / 2 + one.leading / 2
    base += cell.size / MM * 0.36
    for line in one.lines:
        if PAIR in line:
            count, share = line.split(PAIR)
            edge = 0.42 if room > ROOMY else 0.3
            canvas.text(
                (left + room * edge, base), count, face=cell.face, size=cell.size, align="right"
            )
            canvas.text(
                (left + room, base),
                share,
                face=cell.face,
                size=cell.size - 0.7,
                align="right",
                room=room * (0.98 - edge),
                grey=0.2,
            )
        elif line:
            below = line.startswith(SHARE)
            canvas.text(
                (at, base),
                line.removeprefix(SHARE),
                face=cell.face,
                size=cell.size - 0.5 * below,
                align=cell.align,
                room=room,
                grey=0.3 * below,
            )
        base += one.leading


def head(faces: Faces, widths: Sequence[float], heads: Sequence[Head]) -> Piece:
    """The head of a table, on one level or two."""
    over: list[_Set] = []
    below: list[_Set] = []
    at, left = 0, 0.0
    for one in heads:
        own = widths[at : at + one.span]
        over.append(_heading(faces, one.text, left, sum(own)))
        inner = left
        for text, width in zip(one.below, own, strict=False):
            below.append(_heading(faces, text, inner, width))
            inner += width
        at += one.span
        left += sum(own)
    lower = max((one.height for one in below), default=0.0)
    upper = max((s.height for s, h in zip(over, heads, strict=True) if h.below), default=0.0)
    alone = max((s.height for s, h in zip(over, heads, strict=True) if not h.below), default=0.0)
    upper = max(upper, alone - lower)
    parted = [bool(one.below) for one in heads]
    return Piece(upper + lower, partial(_draw_head, over, parted, below, upper, lower))


def _heading(faces: Faces, text: str, left: float, width: float) -> _Set:
    for size in HEAD_SIZES:
        cell = Cell(text, face="sans", size=size)
        lines = _lines(faces, cell, width)
        if len(lines) == 1 + text.count("\n"):
            return _Set(cell, lines, left, width)
    cell = Cell(text, face="sans", size=HEAD_SIZES[0])
    return _Set(cell, _lines(faces, cell, width), left, width)


def _draw_head(
    over: Sequence[_Set],
    parted: Sequence[bool],
    below: Sequence[_Set],
    upper: float,
    lower: float,
    canvas: Canvas,
    x: float,
    y: float,
) -> None:
    height = upper + lower
    right = over[-1].left + over[-1].width
    canvas.area(x, y, right, height, grey=0.94)
    for number, (one, has_below) in enumerate(zip(over, parted, strict=True)):
        edge = INNER if number else OUTER
        canvas.line((x + one.left, y), (x + one.left, y + height), width=edge)
        _draw_cell(one, canvas, x, y, upper if has_below else height)
        if has_below:
            start, end = x + one.left, x + one.left + one.width
            canvas.line((start, y + upper), (end, y + upper), width=INNER)
    for one in below:
        canvas.line((x + one.left, y + upper), (x + one.left, y + height), width=INNER)
        _draw_cell(one, canvas, x, y + upper, lower)
    canvas.line((x + right, y), (x + right, y + height), width=OUTER)
    canvas.line((x, y), (x + right, y), width=OUTER)
    canvas.line((x, y + height), (x + right, y + height), width=INNER)
