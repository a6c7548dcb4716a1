"""Which questions stand in one table, and how their options share the width of a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from appraisal.ballot_form import Instrument, Question, QuestionKind
from appraisal.documents import words
from appraisal.documents.drawing import MM
from appraisal.documents.flow import Faces
from appraisal.documents.listing import MERGED, NONE, TOGETHER, Answers, FormBlock
from appraisal.documents.sheets.table import NARROW, PAD, PAIR, SHARE
from appraisal.manifest import Manifest

NAMES: Final = 3
"""So many names of one column are told side by side: 强/够/明显."""
DIGIT: Final = 1.47
"""The width of a figure of a share, size 7.5, in millimetres."""
COUNT: Final = 4
"""Digits of a count that has room beside its share, unless it is known to have fewer."""
AMPLE: Final = 24.0
"""So wide, in millimetres, the column of an option is wide enough; names have what is left."""
CLASS_SIZE: Final = 8.0
VOTES: Final = "\n（票）"
"""Below the names of a choice, of which votes are told without a share of each."""


@dataclass(frozen=True)
class Shape:
    """Questions of a form whose options stand in the same columns, by number.

    `heads` name the columns, last that of blank; `legend` names what is numbered in them.
    """

    numbers: tuple[int, ...]
    questions: tuple[Question, ...]
    heads: tuple[str, ...]
    legend: tuple[str, ...] = ()

    @property
    def scaled(self) -> bool:
        """Whether they give scores."""
        return self.questions[0].scaled

    @property
    def choice(self) -> bool:
        """Whether they are choices: told as votes and share, which has no second figure."""
        return self.questions[0].kind is QuestionKind.CHOICE

    @property
    def opposed(self) -> bool:
        """Whether an answer can be negative."""
        return any(option.negative for one in self.questions for option in one.options)


def shapes(instrument: Instrument) -> tuple[Shape, ...]:
    """The tables of a form: neighbouring questions whose options correspond share one."""
    groups: list[list[tuple[int, Question]]] = []
    for numbered in enumerate(instrument.questions):
        if groups and _alike([question for _, question in groups[-1]], numbered[1]):
            groups[-1].append(numbered)
        else:
            groups.append([numbered])
    return tuple(
        _shape([number for number, _ in group], [question for _, question in group])
        for group in groups
    )


def shape_of(number: int, question: Question) -> Shape:
    """The table of one question."""
    return _shape([number], [question])


def _alike(before: Sequence[Question], question: Question) -> bool:
    first = before[0]
    if question.kind is QuestionKind.TICKS or first.kind is not question.kind:
        return False
    worth = [(option.points, option.at_least, option.positive) for option in question.options]
    if worth != [(option.points, option.at_least, option.positive) for option in first.options]:
        return False
    columns = zip(*(q.options for q in [*before, question]), strict=True)
    return all(len({option.text.zh for option in column}) <= NAMES for column in columns)


def _shape(numbers: Sequence[int], questions: Sequence[Question]) -> Shape:
    first = questions[0]
    blank = words.blank(first)
    if first.kind is QuestionKind.TICKS:
        items = range(1, len(first.options) + 1)
        legend = (f"{n}. {option.text.zh}" for n, option in zip(items, first.options, strict=True))
        return Shape(tuple(numbers), tuple(questions), (*map(str, items), blank), tuple(legend))
    if first.kind is QuestionKind.CHOICE:
        blank += VOTES
    columns = zip(*(question.options for question in questions), strict=True)
    heads = [
        "/\n".join(dict.fromkeys(option.text.zh for option in column)) + _worth(first, place)
        for place, column in enumerate(columns)
    ]
    return Shape(tuple(numbers), tuple(questions), (*heads, blank))


def _worth(question: Question, place: int) -> str:
    """What an option is worth, below its name."""
    option = question.options[place]
    if question.kind is QuestionKind.CHOICE:
        return VOTES
    if question.kind is QuestionKind.SCORE:
        return "\n" + words.option_range(question, place).removeprefix(f"{option.text.zh} ")
    if question.kind is QuestionKind.GRADES and option.points is not None:
        return f"\n{option.points}分"
    return ""


def digits_of(form: FormBlock) -> int:
    """How many digits the largest count of a ballot form can have, of all its classes together."""
    return len(str(sum(group.returned for _, group in form.groups)))


@dataclass(frozen=True)
class Bands:
    """How columns share a width: `beside`, counts and shares stand beside each other.

    More columns than fit side by side stand in several tables, each with some of them.
    """

    beside: bool
    parts: tuple[range, ...]
    width: float


def bands(count: int, room: float, decimals: int, digits: int = COUNT) -> Bands:
    """The columns of `count` options and blank in `room` millimetres; counts have `digits`."""
    share = (3 + decimals) * DIGIT + 0.7
    beside = share * 1.1 + digits * DIGIT * 1.1 + (3 if digits > NARROW else 2)
    if count * beside <= room:
        return Bands(True, (range(count),), room / count)
    stacked = share + 1.6
    most = max(int(room / stacked), 1)
    parts = ceil(count / most)
    each = ceil(count / parts)
    return Bands(
        False,
        tuple(range(start, min(start + each, count)) for start in range(0, count, each)),
        room / each,
    )


def shared(
    names: float, most: float, count: int, room: float, decimals: int, digits: int = COUNT
) -> tuple[float, Bands]:
    """The width of a column of names, at least `names`, and the columns of options beside it.

    Few options leave names more than that, up to `most`.
    """
    laid = bands(count, room - names, decimals, digits)
    if len(laid.parts) > 1 or not laid.beside:
        return names, laid
    names += min(max(laid.width - AMPLE, 0) * count, most - names)
    return names, bands(count, room - names, decimals, digits)


def class_width(manifest: Manifest, faces: Faces, least: float, most: float) -> float:
    """The width of a column of classes, in which their names are legible."""
    names = [TOGETHER, MERGED, *(voter_class.name.zh for voter_class in manifest.classes)]
    widest = max(faces["text"].width(name, CLASS_SIZE) for name in names) / MM
    return min(max(widest + 2 * PAD + 0.2, least), most)


def figures(
    lines: Iterable[Answers | None], column: int, *, beside: bool, shares: bool = True
) -> str:
    """Count and share of one column, a line or two for each of `lines`; or counts alone."""
    if not shares:
        return "\n".join(str(one.columns[column]) if one else NONE for one in lines)
    parts = PAIR if beside else f"\n{SHARE}"
    return "\n".join(
        f"{one.columns[column]}{parts}{one.percent[column]}"
        if one
        else f"{NONE}{'' if beside else chr(10)}"
        for one in lines
    )


def labelled(names: Iterable[str], *, beside: bool) -> str:
    """Names that stand level with those lines."""
    return "\n".join(names) if beside else "\n".join(f"{name}\n" for name in names)


def marks(shape: Shape) -> tuple[str, ...]:
    """The columns of scores and shares: a share alone of a choice, none of a list to tick."""
    if not shape.scaled:
        return ()
    if shape.choice:
        return ("得票率\n（%）",)
    negative = ("负面\n（%）",) if shape.opposed else ()
    return ("得分", "正面\n（%）", *negative)


def mark_lines(shape: Shape, answers: Sequence[Answers | None]) -> Iterator[list[str]]:
    """What stands in those columns, each line's."""
    if not shape.scaled:
        return
    if not shape.choice:
        yield [one.score if one else NONE for one in answers]
    yield [one.positive if one else NONE for one in answers]
    if shape.opposed:
        yield [one.negative if one else NONE for one in answers]
