"""One sheet a subject 每个对象一张: its ballots by class, each question, score and findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from appraisal.ballot_form import SubjectKind
from appraisal.documents import words
from appraisal.documents.flow import Faces, Paper, Part, Piece, Sheet, fitted, space
from appraisal.documents.listing import NONE, Block, FormBlock, QuestionBlock
from appraisal.documents.sheets import frame
from appraisal.documents.sheets.columns import (
    Shape,
    class_width,
    digits_of,
    figures,
    labelled,
    mark_lines,
    marks,
    shapes,
    shared,
)
from appraisal.documents.sheets.items import group_lines
from appraisal.documents.sheets.session import CountedSession
from appraisal.documents.sheets.table import Cell, Head, abreast, figure, head, row
from appraisal.tally.results import Finding, Rule

NAME: Final = "民主测评结果表"
SIZE: Final = 8.5
GAP: Final = 4.0
"""Between tables that stand beside each other, in millimetres."""
ALIKE: Final = "各测评表的选票"
"""Above the boxes, where those of all forms are alike."""
ABREAST: Final = 3
"""So many classes stand beside each other in a list of items; of more the sum alone."""
RULES: Final = {
    Rule.ATTENDANCE: "实到占应到",
    Rule.TURNOUT: "收回率",
    Rule.POSITIVE: "正面评价",
    Rule.NEGATIVE: "负面评价",
}


OVERALL: Final = (Rule.ATTENDANCE, Rule.TURNOUT)
"""The rules of which there is one figure."""


def subject_sheets(session: CountedSession, faces: Faces, paper: Paper) -> Iterator[Sheet]:
    """A sheet for each subject, numbered by itself."""
    for block in session.blocks:
        yield fitted(partial(_sheet, session, block, faces), paper)


def _sheet(session: CountedSession, block: Block, faces: Faces, paper: Paper) -> Sheet:
    notes = list(frame.usual_notes(session, scores=block.result.score is not None))
    return Sheet(
        [
            Part([frame.title(session, NAME, faces, paper)]),
            *_head(session, block, faces, paper),
            *_standing(session, block, faces, paper, notes),
        ],
        partial(frame.foot, paper=paper),
        partial(frame.running, f"{NAME}　{block.name}（续）", paper=paper),
        f"{block.number}. {block.name}",
    )


def _head(session: CountedSession, block: Block, faces: Faces, paper: Paper) -> Iterator[Part]:
    """Who it is, and the ballots: beside each other on a wide page if they are told once."""
    if paper.width > paper.height and _alike(session, block):
        left = paper.measure * 0.36
        boxes = _boxes(session, block.forms[0], faces, paper.measure - left - GAP)
        who = _who(block, faces, left, rows=2)
        yield Part([[abreast(who, boxes, left + GAP)]])
        for form in block.forms:
            title = frame.caption(f"《{form.instrument.title.zh}》", faces, paper)
            yield from _questions(session, form, title if session.several else [], faces, paper)
        return
    yield Part([_who(block, faces, paper.measure)])
    yield from forms_parts(session, block, faces, paper)


def _who(block: Block, faces: Faces, width: float, *, rows: int = 1) -> list[Piece]:
    person = block.subject.kind is SubjectKind.PERSON
    # Name and post stand here both; whoever shares them is told apart by number.
    number = f"序号{block.number}）"
    apart = f"（{number}" if block.name.endswith(number) else ""
    part = width / 10
    widths = [part * 1.3, part * 4.2, part * 1.3, part * 3.2]
    cells = [
        Cell("姓　名" if person else "名　称", face="sans"),
        Cell(f"{block.subject.name}{apart}", size=12),
        Cell("职　务" if person else "类　别", face="sans"),
        Cell(block.subject.post or (NONE if person else "组织")),
    ]
    if rows > 1:
        halves = (cells[:2], cells[2:])
        return [row(faces, [part * 2.3, part * 7.7], half, least=8.5) for half in halves]
    return [row(faces, widths, cells, least=8.5)]


def _alike(session: CountedSession, block: Block) -> bool:
    """Whether the boxes of all its forms are alike, as they are if everyone voted with each."""
    return len({tuple(_counted(session, form)) for form in block.forms}) == 1


def forms_parts(
    session: CountedSession, block: Block, faces: Faces, paper: Paper
) -> Iterator[Part]:
    """Each ballot form of a subject: its boxes, then its questions.

    Where the boxes of all are alike, as they are if everyone voted with every form, they are told
    once.
    """
    alike = len(block.forms) > 1 and _alike(session, block)
    if alike:
        caption = frame.caption(ALIKE, faces, paper)
        yield Part([[*caption, *_boxes(session, block.forms[0], faces, paper.measure)]])
    for form in block.forms:
        title = frame.caption(f"《{form.instrument.title.zh}》", faces, paper)
        if not alike:
            caption = title if session.several else [space(2.5)]
            yield Part([[*caption, *_boxes(session, form, faces, paper.measure)]])
        yield from _questions(session, form, title if alike else [], faces, paper)


def _questions(
    session: CountedSession,
    form: FormBlock,
    caption: Sequence[Piece],
    faces: Faces,
    paper: Paper,
) -> Iterator[Part]:
    """The questions of one ballot form, the caption above the first."""
    if form.opened:
        for shape in shapes(form.instrument):
            if shape.scaled:
                yield from _table(session, form, shape, caption, faces, paper)
            else:
                yield _items(form.questions[shape.numbers[0]], caption, faces, paper)
            caption = []


def _boxes(session: CountedSession, form: FormBlock, faces: Faces, width: float) -> list[Piece]:
    """发出, 收回, 有效, 无效 of each class."""
    heads = ("票种", "权重（%）", "应到", "发出", "收回", "有效", "无效")
    first, last = 34.0, 44.0
    widths = [first, *[(width - first - last) / 5] * 5, last]
    rows = []
    for name, *counted, ending in _counted(session, form):
        cells = [Cell(name), *map(figure, counted)]
        # Without the valid ballots, what is told instead stands in their place as well.
        whole = len(cells) == len(heads) - 1
        cells.append(Cell(ending, face="sans", size=9) if whole else Cell(ending, span=2))
        rows.append(row(faces, widths, cells))
    return [head(faces, widths, [Head(text) for text in heads]), *rows, space(2.5)]


def _counted(session: CountedSession, form: FormBlock) -> Iterator[tuple[str, ...]]:
    """What is told of each box of a form: its class, weight, who may vote, and its ballots."""
    classes = session.manifest.classes
    for (name, group), sealed in zip(form.groups, form.sealed, strict=True):
        own = [classes[number] for number in group.classes]
        weight, entitled = sum(one.weight for one in own), sum(one.entitled for one in own)
        counted = (name, *map(str, (weight, entitled, group.issued, group.returned)))
        if group.valid is None or group.spoilt is None:
            yield (*counted, sealed)
        else:
            spoilt = frame.spoilt_text(session, form.contest, group.classes, group.spoilt)
            yield (*counted, str(group.valid), spoilt)


def _table(
    session: CountedSession,
    form: FormBlock,
    shape: Shape,
    caption: Sequence[Piece],
    faces: Faces,
    paper: Paper,
) -> Iterator[Part]:
    wide = paper.width > paper.height
    score = 15.0 if wide else 12.0
    right = [(Head(name), score) for name in marks(shape)]
    class_ = class_width(session.manifest, faces, *((20.0, 34.0) if wide else (15.0, 24.0)))
    least, most = (46.0, 90.0) if wide else (29.0, 60.0)
    room, decimals = paper.measure - class_ - score * len(right), session.manifest.rules.decimals
    text, laid = shared(least, most, len(shape.heads), room, decimals, digits_of(form))
    left = [(Head("题目"), text), (Head("票种"), class_)]
    for columns in laid.parts:
        names = [Head(shape.heads[column]) for column in columns]
        widths = [*(w for _, w in left), *[laid.width] * len(columns), *(w for _, w in right)]
        rows = [
            row(faces, widths, _cells(form, shape, number, columns, beside=laid.beside))
            for number in shape.numbers
        ]
        heads = head(faces, widths, [*(h for h, _ in left), *names, *(h for h, _ in right)])
        yield frame.table_part(rows, heads, caption, [space(2.5)])
        caption = []


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
    cells += [
        figure(figures(answers, place, beside=beside, shares=not shape.choice), size=SIZE)
        for place in columns
    ]
    return [*cells, *(column(each) for each in mark_lines(shape, answers))]


def _items(asked: QuestionBlock, caption: Sequence[Piece], faces: Faces, paper: Paper) -> Part:
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
    return frame.table_part(rows, head(faces, widths, heads), caption, [space(2.5)])


def _standing(
    session: CountedSession,
    block: Block,
    faces: Faces,
    paper: Paper,
    notes: Sequence[str],
) -> Iterator[Part]:
    """Score, rank and outcome; each rule held against the subject; notes and signatures."""
    part = paper.measure / 6
    rows = _outcome(session, block, faces, paper)
    if block.flags:
        flags = Cell("；".join(block.flags) + "。", "left")
        rows.insert(0, row(faces, [part, part * 5], [Cell(words.FLAG, face="sans"), flags]))
    end = [*frame.notes(notes, faces, paper), *frame.signatures(paper)]
    rows += _findings(session, block, faces, paper)
    yield Part([[*rows, space(1.5), *end]])


def _outcome(session: CountedSession, block: Block, faces: Faces, paper: Paper) -> list[Piece]:
    """Score, rank and outcome, and by what; in one row where that is lower, on a wide page."""
    part = paper.measure / 6
    found = [
        *_measured(session, block),
        Cell("名次", face="sans"),
        figure(str(block.result.rank or NONE), size=12),
        Cell("结果", face="sans"),
        Cell(block.verdict, face="sans" if block.flags else "text", size=11),
    ]
    why = [Cell("依据", face="sans"), Cell(f"{block.reason}。", "left")]
    two = [
        row(faces, [part] * 6, found, least=8.5),
        row(faces, [part, part * 5], why),
    ]
    if paper.width < paper.height:
        return two
    shares = (0.09, 0.09, 0.06, 0.06, 0.06, 0.12, 0.06, 0.46)
    one = row(faces, [paper.measure * share for share in shares], [*found, *why], least=8.5)
    return [one] if one.height < two[0].height + two[1].height else two


def _measured(session: CountedSession, block: Block) -> tuple[Cell, Cell]:
    """The score, or the share of votes, and what it is called."""
    share = session.by_votes and block.result.score is not None
    return (
        Cell(words.measure(by_votes=session.by_votes), face="sans"),
        figure(f"{block.score}{'%' if share else ''}", size=12),
    )


def _findings(session: CountedSession, block: Block, faces: Faces, paper: Paper) -> Iterator[Piece]:
    """A row for each rule held against the subject: what it wants, and every figure.

    On a wide page the two of the whole session share a row.
    """
    part = paper.measure / 6
    held = [one for rule in RULES if (one := _held(session, block, rule))]
    overall = [cells for rule, cells in held if rule in OVERALL]
    if paper.width > paper.height and len(overall) == len(OVERALL):
        both = [cell for cells in overall for cell in cells]
        yield row(faces, [part, part * 1.3, part * 0.7] * len(OVERALL), both)
        held = [(rule, cells) for rule, cells in held if rule not in OVERALL]
    for _, cells in held:
        yield row(faces, [part, part * 1.4, part * 3.6], cells)


def _held(
    session: CountedSession, block: Block, rule: Rule
) -> tuple[Rule, tuple[Cell, Cell, Cell]] | None:
    """One rule's cells, if it applies; a red flag is told of what an answer could raise it by."""
    own = [
        finding
        for finding in block.result.findings
        if finding.rule is rule
        and (rule is not Rule.NEGATIVE or words.is_opposed(session.manifest, finding))
    ]
    if not own:
        return None
    reached = f"{'超过' if own[0].over else '达到'}{words.limit_of(session.manifest.rules, rule)}"
    votes = session.by_votes and rule is Rule.POSITIVE
    name = words.measure(by_votes=True) if votes else RULES[rule]
    wanted = f"{reached}即{words.FLAG}" if rule is Rule.NEGATIVE else f"须{reached}"
    return rule, (
        Cell(name, face="sans", size=9.5),
        Cell(wanted, size=9.5),
        Cell("；".join(_said(session, one) for one in own), "left", size=9.5),
    )


def _said(session: CountedSession, finding: Finding) -> str:
    """One figure, marked where it does not meet the rule or is a red flag."""
    about = ""
    if finding.question is not None:
        about = words.about(session.manifest, finding)
    short = "未超过" if finding.over else "未达到"
    missed = words.FLAG if finding.rule is Rule.NEGATIVE else short
    return f"{about}{finding.value.printed}%{'' if finding.met else f'（{missed}）'}"
