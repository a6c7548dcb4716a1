"""One sheet an item 每题一张: every subject a row, by class and together, counts and shares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from appraisal.documents.flow import Faces, Paper, Part, Sheet, fitted
from appraisal.documents.listing import (
    MERGED,
    NONE,
    TOGETHER,
    Answers,
    Block,
    FormBlock,
    QuestionBlock,
)
from appraisal.documents.sheets import frame
from appraisal.documents.sheets.columns import (
    Shape,
    class_width,
    figures,
    labelled,
    mark_lines,
    marks,
    shape_of,
    shared,
)
from appraisal.documents.sheets.session import CountedSession
from appraisal.documents.sheets.table import Cell, Head, figure, head, row

NAME: Final = "民主测评分项结果表"
SIZE: Final = 8.0


def item_sheets(session: CountedSession, faces: Faces, paper: Paper) -> Iterator[Sheet]:
    """A sheet for each question of each form, numbered by itself."""
    for number, instrument in enumerate(session.manifest.instruments):
        subjects = session.under(number)
        for place, question in enumerate(instrument.questions if subjects else ()):
            form = f"《{instrument.title.zh}》" if session.several else ""
            item = f"题{place + 1}　{form}{question.text.zh}"
            made = partial(_sheet, session, item, shape_of(place, question), subjects, faces)
            yield fitted(made, paper)


def _sheet(
    session: CountedSession,
    item: str,
    shape: Shape,
    subjects: Sequence[tuple[Block, FormBlock]],
    faces: Faces,
    paper: Paper,
) -> Sheet:
    wide = paper.width > paper.height
    number, ballots, score = (9.0, 10.5, 14.0) if wide else (8.0, 9.0, 11.5)
    class_ = class_width(session.manifest, faces, *((20.0, 34.0) if wide else (15.0, 24.0)))
    right = [(Head(name), score) for name in marks(shape)]
    room = paper.measure - number - class_ - 2 * ballots - score * len(right)
    least, most = (40.0, 70.0) if wide else (27.0, 56.0)
    named, laid = shared(least, most, len(shape.heads), room, session.manifest.rules.decimals)
    left = [
        (Head("序号"), number),
        (Head("评议对象"), named),
        (Head("票种"), class_),
        (Head("收回"), ballots),
        (Head("有效"), ballots),
    ]
    parts = [Part([frame.title(session, NAME, faces, paper)])]
    notes = [*frame.usual_notes(session, scores=shape.scaled)]
    if shape.legend:
        notes.append(f"各项：{'；'.join(shape.legend)}。")
    last = [*frame.notes(notes, faces, paper), *frame.signatures(paper)]
    for band, columns in enumerate(laid.parts):
        names = [Head(shape.heads[column]) for column in columns]
        widths = [*(w for _, w in left), *[laid.width] * len(columns), *(w for _, w in right)]
        rows = [
            row(faces, widths, _cells(block, form, shape, columns, beside=laid.beside))
            for block, form in subjects
        ]
        caption = frame.caption(f"{item}{'（续）' if band else ''}", faces, paper)
        heads = head(faces, widths, [*(h for h, _ in left), *names, *(h for h, _ in right)])
        final = last if band == len(laid.parts) - 1 else []
        parts.append(frame.table_part(rows, heads, caption, final))
    return Sheet(
        parts,
        partial(frame.foot, paper=paper),
        partial(frame.running, f"{session.manifest.title}　{NAME}　{item}（续）", paper=paper),
        item,
    )


def _cells(
    block: Block, form: FormBlock, shape: Shape, columns: range, *, beside: bool
) -> list[Cell]:
    asked = form.questions[shape.numbers[0]]
    lines = group_lines(form, asked)

    def column(texts: Sequence[str]) -> Cell:
        return figure(labelled(texts, beside=beside), size=SIZE)

    cells = [
        figure(str(block.number)),
        Cell(block.lines, "left" if beside else "centre", size=9.5),
        Cell(labelled([line[0] for line in lines], beside=beside), size=SIZE, fits=True),
        column([line[1] for line in lines]),
        column([line[2] for line in lines]),
    ]
    answers = [line[3] for line in lines]
    cells += [
        figure(figures(answers, place, beside=beside, shares=not shape.choice), size=SIZE)
        for place in columns
    ]
    return [*cells, *(column(each) for each in mark_lines(shape, answers))]


def group_lines(
    form: FormBlock, asked: QuestionBlock
) -> list[tuple[str, str, str, Answers | None]]:
    """Each group of a question, and of several all together: name, returned, valid, answers."""
    answers = {one.group: one for one in asked.answers}
    lines = [
        (
            name if len(group.classes) == 1 else MERGED,
            str(group.returned),
            NONE if group.valid is None else str(group.valid),
            answers.get(name),
        )
        for name, group in form.groups
    ]
    if len(lines) > 1:
        total = str(sum(group.returned for _, group in form.groups))
        valid = str(asked.together.valid) if asked.together else NONE
        lines.append((TOGETHER, total, valid, asked.together))
    return lines
