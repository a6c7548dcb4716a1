"""One sheet a subject 每个对象一张: its ballots by class, each question, score and findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from appraisal.ballot_form import SubjectKind
from appraisal.documents import words
from appraisal.documents.flow import Faces, Paper, Part, Piece, Sheet, space
from appraisal.documents.listing import NONE, Block, FormBlock, QuestionBlock
from appraisal.documents.sheets import frame
from appraisal.documents.sheets.columns import (
    Shape,
    bands,
    digits_of,
    figures,
    labelled,
    marks,
    shapes,
)
from appraisal.documents.sheets.items import group_lines, mark_lines
from appraisal.documents.sheets.session import CountedSession
from appraisal.documents.sheets.table import Cell, Head, figure, head, row
from appraisal.tally.results import Finding, Rule

NAME: Final = "民主测评结果表"
SIZE: Final = 8.5
ABREAST: Final = 3
"""So many classes stand beside each other in a list of items; of more the sum alone."""
RULES: Final = {
    Rule.QUORUM: "实到占应到",
    Rule.TURNOUT: "收回率",
    Rule.POSITIVE: "正面评价",
    Rule.NEGATIVE: "负面评价",
}


def subject_sheets(session: CountedSession, faces: Faces, paper: Paper) -> Iterator[Sheet]:
    """A sheet for each subject, numbered by itself."""
    for block in session.blocks:
        yield _sheet(session, block, faces, paper)


def _sheet(session: CountedSession, block: Block, faces: Faces, paper: Paper) -> Sheet:
    notes = list(frame.usual_notes(session, scores=block.result.score is not None))
    return Sheet(
        [
            Part([frame.title(session, NAME, faces, paper)]),
            Part([_who(block, faces, paper)]),
            *(part for form in block.forms for part in form_parts(session, form, faces, paper)),
            *_standing(session, block, faces, paper, notes),
        ],
        partial(frame.foot, paper=paper),
        partial(frame.running, f"{NAME}　{block.name}（续）", paper=paper),
        f"{block.number}. {block.name}",
    )


def _who(block: Block, faces: Faces, paper: Paper) -> list[Piece]:
    person = block.subject.kind is SubjectKind.PERSON
    # Name and post stand here both; whoever shares them is told apart by number.
    number = f"序号{block.number}）"
    apart = f"（{number}" if block.name.endswith(number) else ""
    part = paper.measure / 10
    widths = [part * 1.3, part * 4.2, part * 1.3, part * 3.2]
    cells = [
        Cell("姓　名" if person else "名　称", face="sans"),
        Cell(f"{block.subject.name}{apart}", size=12),
        Cell("职　务" if person else "类　别", face="sans"),
        Cell(block.subject.post or (NONE if person else "组织")),
    ]
    return [row(faces, widths, cells, least=8.5)]


def form_parts(
    session: CountedSession, form: FormBlock, faces: Faces, paper: Paper
) -> Iterator[Part]:
    """The boxes of one ballot form, then its questions."""
    caption = (
        frame.caption(f"《{form.instrument.title.zh}》", faces, paper)
        if session.several
        else [space(2.5)]
    )
    yield Part([[*caption, *_boxes(session, form, faces, paper)]])
    if form.opened:
        for shape in shapes(form.instrument):
            if shape.scaled:
                yield from _table(session, form, shape, faces, paper)
            else:
                yield _items(form.questions[shape.numbers[0]], faces, paper)


def _boxes(session: CountedSession, form: FormBlock, faces: Faces, paper: Paper) -> list[Piece]:
    """发出, 收回, 有效, 无效 of each class."""
    manifest = session.manifest
    heads = ("票种", "权重（%）", "应到", "发出", "收回", "有效", "无效")
    first, last = 34.0, 44.0
    widths = [first, *[(paper.measure - first - last) / 5] * 5, last]
    rows = []
    for (name, group), sealed in zip(form.groups, form.sealed, strict=True):
        weight = sum(manifest.classes[number].weight for number in group.classes)
        entitled = sum(manifest.classes[number].entitled for number in group.classes)
        counted = [weight, entitled, group.issued, group.returned]
        cells = [Cell(name), *(figure(str(number)) for number in counted)]
        if group.valid is None or group.spoilt is None:
            cells.append(Cell(sealed, span=2))
        else:
            spoilt = frame.spoilt_text(session, form.contest, group.classes, group.spoilt)
            cells += [figure(str(group.valid)), Cell(spoilt, face="sans", size=9)]
        rows.append(row(faces, widths, cells))
    return [head(faces, widths, [Head(text) for text in heads]), *rows, space(2.5)]


def _table(
    session: CountedSession, form: FormBlock, shape: Shape, faces: Faces, paper: Paper
) -> Iterator[Part]:
    wide = paper.width > paper.height
    left = [(Head("题目"), 46.0 if wide else 29.0), (Head("票种"), 20.0 if wide else 15.0)]
    score = 15.0 if wide else 12.0
    right = [(Head(name), score) for name in marks(shape)]
    fixed = sum(width for _, width in (*left, *right))
    room, decimals = paper.measure - fixed, session.manifest.rules.decimals
    laid = bands(len(shape.heads), room, decimals, digits_of(form))
    for columns in laid.parts:
        names = [Head(shape.heads[column]) for column in columns]
        widths = [*(w for _, w in left), *[laid.width] * len(columns), *(w for _, w in right)]
        rows = [
            row(faces, widths, _cells(form, shape, number, columns, beside=laid.beside))
            for number in shape.numbers
        ]
        heads = head(faces, widths, [*(h for h, _ in left), *names, *(h for h, _ in right)])
        yield frame.table_part(rows, heads, [], [space(2.5)])


def _cells(
    form: FormBlock, shape: Shape, number: int, columns: range, *, beside: bool
) -> list[Cell]:
    asked = form.questions[number]
    lines = group_lines(form, asked)
    answers = [line[3] for line in lines]

    def column(texts: Sequence[str]) -> Cell:
        return figure(labelled(texts, beside=beside), size=SIZE)

    cells = [
        Cell(asked.question.text.zh, "left", size=9.5),
        Cell(labelled([line[0] for line in lines], beside=beside), size=SIZE, fits=True),
    ]
    cells += [figure(figures(answers, place, beside=beside), size=SIZE) for place in columns]
    if shape.scaled:
        cells += [column(each) for each in mark_lines(answers)]
    return cells


def _items(asked: QuestionBlock, faces: Faces, paper: Paper) -> Part:
    """A list that was ticked: an item a row, how often it was by each class and together."""
    shown = asked.answers if len(asked.answers) <= ABREAST else []
    columns = [*shown, *([asked.together] if asked.together and len(shown) != 1 else [])]
    wide = paper.width > paper.height
    number, figures_width = 9.0, 32.0 if wide else 23.0
    text = paper.measure - number - figures_width * len(columns)
    widths = [number, text, *[figures_width] * len(columns)]
    heads = [Head("序号"), Head(asked.question.text.zh)]
    heads += [Head(f"{answers.label}\n票数　%") for answers in columns]
    names = [*(option.text.zh for option in asked.question.options), words.blank(asked.question)]
    rows = [
        row(
            faces,
            widths,
            [
                figure(str(place + 1) if place < len(names) - 1 else ""),
                Cell(name, "left", size=9.5),
                *(figure(figures([answers], place, beside=True), size=SIZE) for answers in columns),
            ],
        )
        for place, name in enumerate(names)
    ]
    return frame.table_part(rows, head(faces, widths, heads), [], [space(2.5)])


def _standing(
    session: CountedSession,
    block: Block,
    faces: Faces,
    paper: Paper,
    notes: Sequence[str],
) -> Iterator[Part]:
    """Score, rank and outcome; each rule held against the subject; notes and signatures."""
    result = block.result
    part = paper.measure / 6
    rows = [
        row(
            faces,
            [part] * 6,
            [
                Cell("综合得分", face="sans"),
                figure(block.score, size=12),
                Cell("名次", face="sans"),
                figure(str(result.rank or NONE), size=12),
                Cell("结果", face="sans"),
                Cell(block.outcome, size=11),
            ],
            least=8.5,
        ),
        row(
            faces,
            [part, part * 5],
            [Cell("依据", face="sans"), Cell(f"{block.reason}。", "left")],
        ),
    ]
    if block.flags:
        flags = Cell("；".join(block.flags) + "。", "left")
        rows.append(row(faces, [part, part * 5], [Cell(words.FLAG, face="sans"), flags]))
    end = [*frame.notes(notes, faces, paper), *frame.signatures(paper)]
    rows += _findings(session, block, faces, paper)
    yield Part([[*rows, space(1.5), *end]])


def _findings(session: CountedSession, block: Block, faces: Faces, paper: Paper) -> Iterator[Piece]:
    """A row for each rule held against the subject: what it wants, and every figure."""
    part = paper.measure / 6
    for rule, said in RULES.items():
        own = [finding for finding in block.result.findings if finding.rule is rule]
        if not own:
            continue
        reached = (
            f"{'超过' if own[0].over else '达到'}{words.limit_of(session.manifest.rules, rule)}"
        )
        flag = rule is Rule.NEGATIVE
        wanted = f"{reached}即{words.FLAG}" if flag else f"须{reached}"
        yield row(
            faces,
            [part, part * 1.4, part * 3.6],
            [
                Cell(said, face="sans", size=9.5),
                Cell(wanted, size=9.5),
                Cell("；".join(_said(session, one) for one in own), "left", size=9.5),
            ],
        )


def _said(session: CountedSession, finding: Finding) -> str:
    """One figure, marked where it does not meet the rule or is a red flag."""
    about = ""
    if finding.question is not None:
        about = words.about(session.manifest, finding)
    missed = words.FLAG if finding.rule is Rule.NEGATIVE else "未达到"
    return f"{about}{finding.value.printed}%{'' if finding.met else f'（{missed}）'}"
