"""The summary 汇总表: every subject a row, its ballots and options, score and rank; totals last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from appraisal.documents import words
from appraisal.documents.drawing import MM
from appraisal.documents.flow import Faces, Paper, Part, Piece, Sheet
from appraisal.documents.listing import NONE, TOGETHER, Answers, Block, FormBlock, summed
from appraisal.documents.sheets import frame
from appraisal.documents.sheets.columns import (
    Bands,
    Shape,
    figures,
    labelled,
    shapes,
    shared,
)
from appraisal.documents.sheets.session import CountedSession
from appraisal.documents.sheets.table import PAD, Cell, Head, figure, head, row
from appraisal.tally.results import GroupStatus

NAME: Final = "民主测评结果汇总表"
EACH: Final = "“合计”一行为各评议对象的票数相加：一张凭证给每个评议对象各投一张选票。"
ONE: Final = "评议对象都在同一张选票上的，“合计”一行各等次、各选项的票数为各评议对象相加。"
PARTLY: Final = "有票种未公布的，有效、无效和票数只计已公布的票种。"
NAMED: Final = 30.0
"""The column of questions by name, in millimetres."""
SIZE: Final = 8.0
"""Of figures; labels beside them stand in lines of the same height."""


def summary_sheet(session: CountedSession, faces: Faces, paper: Paper) -> Sheet:
    """All subjects, form by form."""
    tables = list(_tables(session, faces, paper))
    parts = [Part([frame.title(session, NAME, faces, paper)])]
    legend = dict.fromkeys(
        line
        for *_, (shape, numbered), of in tables
        for line in _legend(shape, of, numbered=numbered)
    )
    # Where letters are only noted every name fits; the legend they may need is noted all the same.
    for *_, (shape, _), of in tables:
        for line in _legend(shape, of, numbered=True):
            faces["text"].width(line, SIZE)
    last = [
        *frame.notes([*_notes(session), *legend], faces, paper),
        *frame.signatures(paper),
    ]
    for number, (rows, opening, *_) in enumerate(tables, 1):
        after = last if number == len(tables) else ()
        parts.append(frame.table_part(rows[1:], rows[0], opening, after))
    return Sheet(
        parts,
        partial(frame.foot, paper=paper),
        partial(frame.running, f"{session.manifest.title}　{NAME}（续）", paper=paper),
        NAME,
    )


def _notes(session: CountedSession) -> Iterator[str]:
    yield from frame.usual_notes(session, sums="每个评议对象的票数")
    contests = session.manifest.contests
    alone = [len(contest.subjects) == 1 for contest in contests]
    if alone.count(True) > 1:
        yield EACH
    if not all(alone):
        yield ONE
    groups = [group for contest in session.results.contests for group in contest.groups]
    statuses = {group.status for group in groups}
    if statuses == set(GroupStatus):
        yield PARTLY
    if any(block.flags for block in session.blocks):
        yield f"结果栏注明“{words.FLAG}”的，有题目负面评价达到警示线，请党组织核实；不影响名次。"


def _legend(shape: Shape, of: str, *, numbered: bool) -> Iterator[str]:
    """What numbers in a table's columns or rows stand for; `of` names its form among several."""
    if shape.legend:
        yield f"“{shape.questions[0].text.zh}”各项：{'；'.join(shape.legend)}。"
    if numbered:
        named = zip(shape.numbers, shape.questions, strict=True)
        told = "；".join(f"题{number + 1}：{question.text.zh}" for number, question in named)
        yield f"{of}{told}。"


def _tables(
    session: CountedSession, faces: Faces, paper: Paper
) -> Iterator[tuple[list[Piece], list[Piece], tuple[Shape, bool], str]]:
    """Each table: its head and rows, its caption, what its columns are, its form among several.

    With its columns whether its questions have numbers instead of names.
    """
    for number, instrument in enumerate(session.manifest.instruments):
        subjects = session.under(number)
        of = f"《{instrument.title.zh}》" if session.several else ""
        for shape in shapes(instrument) if subjects else ():
            table = _Table(session, shape, subjects, faces, paper)
            for band, columns in enumerate(table.bands.parts):
                caption = of
                if len(shape.numbers) == 1 and len(instrument.questions) > 1:
                    caption += f"题{shape.numbers[0] + 1} {shape.questions[0].text.zh}"
                if band:
                    caption += "续表" if not caption else "（续）"
                opening = frame.caption(caption, faces, paper) if caption else []
                shown = shape, table.numbered
                yield table.pieces(subjects, columns, faces), opening, shown, of


class _Table:
    """One table of the summary: its columns, and the rows of them."""

    def __init__(
        self,
        session: CountedSession,
        shape: Shape,
        subjects: Sequence[tuple[Block, FormBlock]],
        faces: Faces,
        paper: Paper,
    ) -> None:
        self.session, self.shape = session, shape
        self.wide = paper.width > paper.height
        self.many = len(shape.numbers) > 1
        # Names that need a second line would make every row of every subject as high.
        self.numbered = self.many and not (
            self.wide and all(len(self._name(n, faces)) == 1 for n in range(len(shape.numbers)))
        )
        self.right = self._right()
        least, most = (40.0, 70.0) if self.wide else (25.0, 56.0)
        fixed = sum(width for _, width in (*self._left(0), *self.right))
        decimals = session.manifest.rules.decimals
        self.bands: Bands
        # Of all subjects together: nothing in a column is longer.
        digits = len(str(sum(group.returned for _, form in subjects for _, group in form.groups)))
        named, self.bands = shared(
            least, most, len(shape.heads), paper.measure - fixed, decimals, digits
        )
        self.left = self._left(named)

    def _name(self, place: int, faces: Faces) -> list[str]:
        """A question's number and name, in the lines of its column."""
        name = f"{self.shape.numbers[place] + 1}. {self.shape.questions[place].text.zh}"
        return faces["text"].wrapped(name, SIZE, NAMED - 2 * PAD)

    def _left(self, named: float) -> list[tuple[Head, float]]:
        left = [(Head("序号"), 9.0 if self.wide else 8.0)]
        left.append((Head("评议对象"), named))
        if self.wide:
            left += [(Head(name), 10.5) for name in ("发出", "收回", "有效", "无效")]
        else:
            left += [(Head(name), 9.5) for name in ("发出\n收回", "有效\n无效")]
        if self.many:
            left.append((Head("题目"), 8.5 if self.numbered else NAMED))
        return left

    def _right(self) -> list[tuple[Head, float]]:
        if not self.shape.scaled:
            return []
        score, narrow = (14.0, 10.0) if self.wide else (11.5, 8.0)
        right = [(Head(name), score) for name in self._scores()]
        # The longest outcome there is stands in a line.
        longest = max(len(block.outcome) for block in self.session.blocks)
        outcome = max(longest * self.outcome / MM + 2 * PAD + 0.3, 17.0 if self.wide else 14.0)
        right += [(Head("名次"), narrow), (Head("结果"), outcome)]
        return right

    def _scores(self) -> Iterator[str]:
        """What scores are called; votes have a share, which is a score only among others."""
        if self.shape.choice:
            yield "得票率\n（%）"
        elif self.many:
            yield "题目\n得分"
        if self.session.combined and not self.shape.choice:
            yield "本表\n得分"
        if not self.session.by_votes:
            several = self.session.combined or self.many or self.shape.choice
            yield "综合\n得分" if several else "得分"

    @property
    def outcome(self) -> float:
        """The size of outcomes."""
        return 9.0 if self.wide else 8.5

    def pieces(
        self, subjects: Sequence[tuple[Block, FormBlock]], columns: range, faces: Faces
    ) -> list[Piece]:
        """The head, then a row a subject, then the totals."""
        names = [Head(self.shape.heads[column]) for column in columns]
        heads = [*(h for h, _ in self.left), *names, *(h for h, _ in self.right)]
        options = [self.bands.width] * len(columns)
        widths = [*(w for _, w in self.left), *options, *(w for _, w in self.right)]
        rows = [
            row(faces, widths, self._cells(block, form, columns, faces)) for block, form in subjects
        ]
        if len(subjects) > 1:
            rows.append(
                row(faces, widths, self._totals([form for _, form in subjects], columns, faces))
            )
        return [head(faces, widths, heads), *rows]

    def _cells(self, block: Block, form: FormBlock, columns: range, faces: Faces) -> list[Cell]:
        asked = [form.questions[number] for number in self.shape.numbers]
        answers = [question.together for question in asked]
        cells = [
            figure(str(block.number)),
            Cell(block.lines, "left" if self.wide else "centre", size=9.5),
            *self._ballots([form]),
            *self._labels(faces),
            *self._options(answers, columns),
        ]
        if not self.shape.scaled:
            return cells
        if self.many or self.shape.choice:
            own = (one.positive if self.shape.choice else one.score for one in asked)
            cells.append(figure(labelled(own, beside=self.bands.beside), size=SIZE))
        if self.session.combined and not self.shape.choice:
            cells.append(figure(form.score))
        if not self.session.by_votes:
            cells.append(figure(block.score))
        return [
            *cells,
            figure(str(block.result.rank or NONE)),
            Cell(block.verdict, face="sans" if block.flags else "text", size=self.outcome),
        ]

    def _ballots(self, forms: Sequence[FormBlock]) -> Iterator[Cell]:
        issued, returned, valid, spoilt = _ballots(forms)
        if self.wide:
            yield from map(figure, (issued, returned, valid, spoilt))
        else:
            yield from (figure(f"{issued}\n{returned}"), figure(f"{valid}\n{spoilt}"))

    def _labels(self, faces: Faces) -> list[Cell]:
        """The questions' names, level with their figures: a line each, or two."""
        if not self.many:
            return []
        names = [
            f"题{number + 1}" if self.numbered else self._name(place, faces)[0]
            for place, number in enumerate(self.shape.numbers)
        ]
        lines = labelled(names, beside=self.bands.beside)
        return [Cell(lines, "left", size=SIZE, fits=True)]

    def _options(self, answers: Sequence[Answers | None], columns: range) -> Iterator[Cell]:
        for column in columns:
            told = figures(answers, column, beside=self.bands.beside, shares=not self.shape.choice)
            yield figure(told, size=SIZE)

    def _totals(self, forms: Sequence[FormBlock], columns: range, faces: Faces) -> list[Cell]:
        rules = self.session.manifest.rules
        answers = [
            summed(
                question, [own for form in forms if (own := form.questions[number].together)], rules
            )
            for number, question in zip(self.shape.numbers, self.shape.questions, strict=True)
        ]
        return [
            figure(""),
            Cell(TOGETHER, face="sans"),
            *self._ballots(forms),
            *self._labels(faces),
            *self._options(answers, columns),
            *[figure("")] * len(self.right),
        ]


def _ballots(forms: Sequence[FormBlock]) -> list[str]:
    """Issued, returned, valid and spoilt of all groups; those that are told.

    Subjects who stand on one ballot have its groups in common.
    """
    contests = {form.contest: form.groups for form in forms}
    groups = [group for groups in contests.values() for _, group in groups]
    valid = [group.valid for group in groups if group.valid is not None]
    spoilt = [group.spoilt for group in groups if group.spoilt is not None]
    return [
        str(sum(group.issued for group in groups)),
        str(sum(group.returned for group in groups)),
        str(sum(valid)) if valid else NONE,
        str(sum(spoilt)) if spoilt else NONE,
    ]
