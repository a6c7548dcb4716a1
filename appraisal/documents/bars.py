"""Stacked horizontal bars of grades, made to be read in black and white.

Every bar has the same scale, 0 to 100 % of valid ballots; grades stand in the order of the
instrument, then blank; the number of ballots is printed on each part that has room for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from appraisal.ballot_form import Option, Question, QuestionKind
from appraisal.documents.drawing import MM, Canvas

FIGURE_SIZE: Final = 8.5
Stroke = tuple[float, float, float, float]
"""From (x, y) to (x, y), in millimetres."""


def _none(_x: float, _y: float, _width: float, _height: float) -> Iterator[Stroke]:
    yield from ()


def _along(start: float, end: float, step: float) -> Iterator[float]:
    """Places on a grid that is the same for every bar of a page, so that patterns line up."""
    place = start - start % step
    while place < end:
        yield place
        place += step


def _diagonals(step: float) -> Callable[[float, float, float, float], Iterator[Stroke]]:
    def strokes(x: float, y: float, width: float, height: float) -> Iterator[Stroke]:
        for left in _along(x - height, x + width, step):
            yield left, y + height, left + height, y

    return strokes


def _dots(x: float, y: float, width: float, height: float) -> Iterator[Stroke]:
    for left in _along(x, x + width, 1.3):
        for row in range(3):
            top = y + height * (row + 0.5) / 3
            yield left + 0.65, top, left + 0.65, top


def _levels(x: float, y: float, width: float, height: float) -> Iterator[Stroke]:
    for row in range(4):
        top = y + height * (row + 0.5) / 4
        yield x, top, x + width, top


def _crosses(x: float, y: float, width: float, height: float) -> Iterator[Stroke]:
    yield from _diagonals(1.6)(x, y, width, height)
    for left in _along(x - height, x + width, 1.6):
        yield left, y, left + height, y + height


def _posts(x: float, y: float, width: float, height: float) -> Iterator[Stroke]:
    for left in _along(x, x + width, 1.5):
        yield left, y, left, y + height


@dataclass(frozen=True)
class Fill:
    """How one grade is filled: a ground of grey, strokes on it, how its number is printed."""

    ground: float
    strokes: Callable[[float, float, float, float], Iterator[Stroke]] = _none
    thickness: float = 0.2
    figure: float = 0
    dots: bool = False

    @property
    def plain(self) -> bool:
        """Whether a number can stand on it without a ground of its own."""
        return self.strokes is _none


_SCALE: Final = (
    Fill(0.2, figure=1),
    Fill(0.78, _diagonals(1.1), 0.3),
    Fill(1, _dots, 0.42, dots=True),
    Fill(1, _levels, 0.2),
    Fill(1, _diagonals(2.4), 0.2),
    Fill(0.88, _crosses, 0.15),
)
_OUTSIDE: Final = Fill(0.96, _posts, 0.15)
_BLANK: Final = Fill(1)


def fills(question: Question) -> tuple[Fill, ...] | None:
    """The fill of each option and, last, of blank; None if there are more than can be told apart.

    Items of a list are ticked together and fill no bar.
    """
    if question.kind is QuestionKind.TICKS:
        return None
    scale = sum(_on_scale(question, option) for option in question.options)
    if scale > len(_SCALE) or len(question.options) - scale > 1:
        return None
    on_scale = iter(_SCALE)
    options = (
        next(on_scale) if _on_scale(question, option) else _OUTSIDE for option in question.options
    )
    return (*options, _BLANK)


def _on_scale(question: Question, option: Option) -> bool:
    """Whether an option stands for points: all bands of a score do, and grades but 不了解."""
    return question.kind is QuestionKind.SCORE or option.points is not None


def length(
    canvas: Canvas, count: int, whole: int, *, x: float, y: float, width: float, height: float
) -> None:
    """A bar that shows one share; `width` stands for `whole`, which is not zero."""
    canvas.area(x, y, width, height, grey=0.93)
    if count:
        canvas.area(x, y, width * count / whole, height, grey=0.35)


def swatch(canvas: Canvas, fill: Fill, *, x: float, y: float) -> None:
    """A sample of a fill, 4 by 2.4 mm, for the head of a table."""
    _part(canvas, fill, x=x, y=y, width=4, height=2.4)


def bar(
    canvas: Canvas,
    counts: Sequence[int],
    filling: Sequence[Fill],
    *,
    x: float,
    y: float,
    width: float,
    height: float,
) -> None:
    """One bar; `width` stands for the sum of all counts, which is not zero."""
    total, before = sum(counts), 0
    for count, fill in zip(counts, filling, strict=True):
        if count:
            left, part = x + width * before / total, width * count / total
            _part(canvas, fill, x=left, y=y, width=part, height=height)
            _figure(canvas, str(count), fill, middle=left + part / 2, room=part, y=y, height=height)
        before += count


def _part(canvas: Canvas, fill: Fill, *, x: float, y: float, width: float, height: float) -> None:
    canvas.area(x, y, width, height, grey=fill.ground)
    strokes = list(fill.strokes(x, y, width, height))
    if strokes:
        canvas.hatch(x, y, width, height, strokes=strokes, thickness=fill.thickness, dots=fill.dots)
    for start, end in (
        ((x, y), (x + width, y)),
        ((x, y + height), (x + width, y + height)),
        ((x, y), (x, y + height)),
        ((x + width, y), (x + width, y + height)),
    ):
        canvas.line(start, end, width=0.2)


def _figure(
    canvas: Canvas, text: str, fill: Fill, *, middle: float, room: float, y: float, height: float
) -> None:
    width = canvas.faces["sans"].width(text, FIGURE_SIZE) / MM + 1
    if width > room - 0.2:
        return
    if not fill.plain:
        canvas.area(middle - width / 2, y + 0.5, width, height - 1, grey=1)
    baseline = y + height / 2 + FIGURE_SIZE / MM * 0.37
    canvas.text(
        (middle, baseline), text, face="sans", size=FIGURE_SIZE, align="centre", grey=fill.figure
    )
