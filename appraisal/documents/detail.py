"""The annex 评议结果明细: every figure of every subject, class and question, with bars.

Thirty subjects make some four thousand figures; they are drawn (drawing.py), not laid out. The
pages follow the report's own, numbered on, marked for reading aloud like those.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf

from appraisal.documents import bars, words
from appraisal.documents.drawing import MM, PAGE, Canvas, Letters, Wanted
from appraisal.documents.listing import NONE, Answers, Block, QuestionBlock
from appraisal.documents.rendering import Typesetter
from appraisal.tally.results import GroupResult

FACES: Final = ("sans", "text", "title", "number")
WIDTH: Final = 156.0
TOP: Final = 37.0
BOTTOM: Final = 262.0
ODD_LEFT: Final = 28.0
EVEN_LEFT: Final = 26.0
"""Type area of GB/T 9704-2012 in millimetres; the binding edge is the wider one."""
LABEL: Final = 24.0
SCORE: Final = 13.0
COLUMNS: Final = 7
"""Columns of grades side by side; an instrument with more is set in several bands."""
ROW: Final = 4.5
BAR: Final = 4.0
CLASSES_A_LINE: Final = 2
MUCH: Final = 90.0
"""So many millimetres at the foot of a page are not left empty."""

Draw = Callable[[Canvas, float, float], None]
"""Draws a piece at the left and upper edge given, in millimetres."""


@dataclass(frozen=True)
class Piece:
    """Something that never breaks, of a height in millimetres."""

    height: float
    draw: Draw


@dataclass(frozen=True)
class Part:
    """A subject or a space: sections that each stay on one page; a name makes a bookmark."""

    sections: Sequence[Sequence[Piece]]
    name: str = ""


def _height(sections: Iterable[Sequence[Piece]]) -> float:
    return sum(piece.height for section in sections for piece in section)


@dataclass(frozen=True)
class Placed:
    """A part's pieces on one page, each with the height where it begins."""

    name: str
    pieces: Sequence[tuple[float, Piece]]


def append_detail(
    pdf: Pdf,
    blocks: Sequence[Block],
    setter: Typesetter,
    *,
    label: str,
    decimals: int,
    demonstration: bool,
) -> None:
    """Append the annex to a report; `label` is 附件 with its number."""
    pages = _paginated(list(_parts(blocks, label, decimals)))
    first = len(pdf.pages) + 1
    wanted = {face: Wanted() for face in FACES}
    for number, page in enumerate(pages, first):
        _drawn(page, number, dict(wanted))
    letters = {face: noted.text for face, noted in wanted.items()}
    document = setter.lay_out("detail.html", demonstration=demonstration, letters=letters)
    with Pdf.open(BytesIO(document.write_pdf())) as source:
        sections = [pikepdf.Page(page) for page in source.pages]
        faces = dict(zip(FACES, map(Letters, sections[1:]), strict=True))
        ground = sections[0].as_form_xobject()
        resources = pdf.make_indirect(
            Dictionary(
                Font=pdf.copy_foreign(source.make_indirect(sections[0].resources.Font)),
                XObject=Dictionary(Ground=pdf.copy_foreign(source.make_indirect(ground))),
            )
        )
    contents = [_drawn(page, number, faces) for number, page in enumerate(pages, first)]
    _append(pdf, contents, resources)
    _bookmark(pdf, pages, first, label)


def _parts(blocks: Sequence[Block], label: str, decimals: int) -> Iterator[Part]:
    yield Part([[Piece(41, partial(_head, label, decimals))]])
    for block in blocks:
        questions = [[*_question(q)] for q in block.questions if q.answers]
        # A name is never left alone at the foot of a page.
        first = [*_opening(block), *(questions[0] if questions else [])]
        yield Part([first, *questions[1:]], f"{block.number}. {block.name}")
        yield Part([[Piece(2.5, _nothing)]])


def _paginated(parts: Sequence[Part]) -> list[list[Placed]]:
    """The parts of each page, from the top of the type area.

    A subject that does not fit begins a new page, unless that would leave much of this one empty.
    """
    pages: list[list[Placed]] = [[]]
    y = TOP

    def turn() -> None:
        nonlocal y
        pages.append([])
        y = TOP

    for part in parts:
        whole = _height(part.sections)
        if y + whole > BOTTOM and whole <= BOTTOM - TOP and BOTTOM - y < MUCH:
            turn()
        name = part.name
        for section in part.sections:
            height = _height([section])
            if y + height > BOTTOM and height <= BOTTOM - TOP and y > TOP:
                turn()
            placed: list[tuple[float, Piece]] = []
            for piece in section:
                if y + piece.height > BOTTOM:
                    pages[-1].append(Placed(name, placed))
                    turn()
                    placed, name = [], ""
                # White space is not carried over.
                if piece.draw is not _nothing or y > TOP:
                    placed.append((y, piece))
                    y += piece.height
            if placed:
                pages[-1].append(Placed(name, placed))
            name = ""
    return [
        page for page in pages if any(p.draw is not _nothing for q in page for _, p in q.pieces)
    ]


def _nothing(_canvas: Canvas, _x: float, _y: float) -> None:
    """White space."""


def _head(label: str, decimals: int, canvas: Canvas, x: float, y: float) -> None:
    canvas.text((x, y + 5.2), label, face="sans", size=16)
    canvas.text((x + WIDTH / 2, y + 20), "评议结果明细", face="title", size=22, align="centre")
    notes = (
        "等次后数字为分值，*为正面评价；其下为票数和占有效票的百分比。条形全长为全部有效票，条上为票数。",
        f"各等次百分比按最大余数法取舍，合计 100%，相同票数可能相差 {words.step(decimals)}。",
    )
    for line, note in enumerate(notes):
        canvas.text((x, y + 30 + 5 * line), note, face="text", size=10.5, room=WIDTH)


def _opening(block: Block) -> Iterator[Piece]:
    yield Piece(9, partial(_title, block))
    for start in range(0, len(block.groups), CLASSES_A_LINE):
        line = slice(start, start + CLASSES_A_LINE)
        yield Piece(5, partial(_boxes, block.groups[line], block.sealed[line]))
    yield Piece(1, _nothing)


def _title(block: Block, canvas: Canvas, x: float, y: float) -> None:
    canvas.line((x, y), (x + WIDTH, y), width=0.5)
    rank = f"　第{block.contest.rank}名" if block.contest.rank else ""
    said = canvas.text(
        (x + WIDTH, y + 6.6),
        f"综合得分 {block.score}{rank}　{block.outcome}",
        face="sans",
        size=10.5,
        align="right",
    )
    room = WIDTH - said - 4
    name = f"{block.number}. {block.name}"
    used = canvas.text((x, y + 6.8), name, face="sans", size=13, room=room)
    if block.subject.post and room - used > 12:
        post = f"（{block.subject.post}）"
        canvas.text((x + used, y + 6.6), post, face="text", size=10.5, room=room - used)


def _boxes(
    groups: Sequence[tuple[str, GroupResult]],
    sealed: Sequence[str],
    canvas: Canvas,
    x: float,
    y: float,
) -> None:
    width = WIDTH / len(groups)
    for place, ((name, group), why) in enumerate(zip(groups, sealed, strict=True)):
        counted = why or f"有效 {group.valid}，无效 {group.spoilt}"
        text = f"{name}：发出 {group.issued}，收回 {group.returned}，{counted}"
        canvas.text((x + place * width, y + 3.8), text, face="text", size=10.5, room=width - 3)


def _question(block: QuestionBlock) -> Iterator[Piece]:
    yield Piece(5.2, partial(_caption, block))
    grades = block.question.grades
    filling = bars.fills(block.question)
    for start in range(0, len(grades) + 1, COLUMNS):
        band = slice(start, start + COLUMNS)
        yield Piece(4.8, partial(_columns, grades, filling, band))
        for answers in block.answers:
            yield Piece(ROW, partial(_figures, answers, band))
    yield Piece(0.9, _nothing)
    for answers in block.answers:
        if filling and sum(answers.count.counts) + answers.count.blank:
            yield Piece(BAR + 0.8, partial(_bar, answers, filling))
    yield Piece(2.2, _nothing)


def _caption(block: QuestionBlock, canvas: Canvas, x: float, y: float) -> None:
    positive = block.positive if block.positive == NONE else f"{block.positive}%"
    said = canvas.text(
        (x + WIDTH, y + 3.7),
        f"加权得分 {block.score}　正面评价 {positive}",
        face="text",
        size=10,
        align="right",
    )
    canvas.text((x, y + 3.7), block.question.text.zh, face="sans", size=10, room=WIDTH - said - 4)


def _column_width(band: slice, columns: int) -> float:
    shown = min(band.stop, columns) - band.start if columns > COLUMNS else columns
    return (WIDTH - LABEL - SCORE) / max(shown, 3)


def _columns(
    grades: Sequence[Grade],
    filling: Sequence[bars.Fill] | None,
    band: slice,
    canvas: Canvas,
    x: float,
    y: float,
) -> None:
    canvas.line((x, y), (x + WIDTH, y), width=0.3)
    canvas.line((x, y + 4.8), (x + WIDTH, y + 4.8), width=0.15)
    canvas.text((x, y + 3.5), "票种", face="sans", size=8.5)
    names = [*(_grade(grade) for grade in grades), "弃权"]
    width = _column_width(band, len(names))
    for place, name in enumerate(names[band]):
        left = x + LABEL + place * width
        right = left + width - 0.5
        room = width - (6 if filling else 1)
        used = canvas.text((right, y + 3.5), name, face="sans", size=8.5, align="right", room=room)
        if filling:
            bars.swatch(canvas, filling[band.start + place], x=right - used - 4.7, y=y + 1.2)
    canvas.text((x + WIDTH, y + 3.5), "得分", face="sans", size=8.5, align="right")


def _grade(grade: Grade) -> str:
    points = f" {grade.points}" if grade.points is not None else ""
    return f"{'*' if grade.positive else ''}{grade.text.zh}{points}"


def _figures(answers: Answers, band: slice, canvas: Canvas, x: float, y: float) -> None:
    base = y + 3.3
    count = answers.count
    canvas.text((x, base), answers.label, face="text", size=9.5, room=LABEL - 1)
    numbers = (*count.counts, count.blank)
    width = _column_width(band, len(numbers))
    for place, (number, share) in enumerate(zip(numbers[band], count.percent[band], strict=True)):
        right = x + LABEL + (place + 1) * width - 0.5
        canvas.text((right - width * 0.58, base), str(number), face="sans", size=9, align="right")
        canvas.text(
            (right, base), share, face="sans", size=8, align="right", room=width * 0.56, grey=0.25
        )
    if not band.start:
        score = count.score.printed if count.score else NONE
        canvas.text((x + WIDTH, base), score, face="sans", size=9, align="right", room=SCORE)
    canvas.line((x, y + ROW), (x + WIDTH, y + ROW), width=0.08)


def _bar(
    answers: Answers, filling: Sequence[bars.Fill], canvas: Canvas, x: float, y: float
) -> None:
    counts = (*answers.count.counts, answers.count.blank)
    canvas.text((x, y + 2.9), answers.label, face="text", size=9.5, room=LABEL - 1)
    bars.bar(canvas, counts, filling, x=x + LABEL, y=y, width=WIDTH - LABEL, height=BAR)


def _drawn(page: Sequence[Placed], number: int, faces: dict[str, Letters]) -> list[bytes]:
    """The content of each part of a page, and last that of its page number."""
    left = ODD_LEFT if number % 2 else EVEN_LEFT
    parts: list[bytes] = []
    for placed in page:
        canvas = Canvas(faces)
        for y, piece in placed.pieces:
            piece.draw(canvas, left, y)
        parts.append(canvas.content)
    foot = Canvas(faces)
    indent = 14 / MM
    place = left + WIDTH - indent if number % 2 else left + indent
    foot.text(
        (place, BOTTOM + 8.8),
        f"— {number} —",
        face="number",
        size=14,
        align="right" if number % 2 else "left",
    )
    return [*parts, foot.content]


def _append(pdf: Pdf, contents: Sequence[Sequence[bytes]], resources: Object) -> None:
    """Append pages of these parts, each a paragraph of the document's structure."""
    tree = pdf.Root.get("/StructTreeRoot")
    for parts in contents:
        marked = [b"/P <</MCID %d>> BDC\n%b\nEMC" % (i, part) for i, part in enumerate(parts[:-1])]
        stream = b"\n".join(
            [
                b"/Artifact BMC /Ground Do EMC",
                *(marked if tree is not None else parts[:-1]),
                b"/Artifact BMC\n%b\nEMC" % parts[-1],
            ]
        )
        page = pikepdf.Page(
            pdf.make_indirect(
                Dictionary(
                    Type=Name.Page,
                    MediaBox=Array([0, 0, *PAGE]),
                    Resources=resources,
                    Contents=pdf.make_stream(stream),
                )
            )
        )
        pdf.pages.append(page)
        if tree is not None:
            _structure(pdf, tree, pdf.pages[-1], len(marked))


def _structure(pdf: Pdf, tree: Object, page: pikepdf.Page, marks: int) -> None:
    """Enter a page's marked contents into the structure tree (ISO 32000-1 §14.7)."""
    numbers = tree.ParentTree.Nums
    key = max((int(n) for n in list(numbers.as_list())[::2]), default=-1) + 1
    root = tree.K if not isinstance(tree.K, pikepdf.Array) else tree.K[0]
    elements = [
        pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.P, P=root, Pg=page.obj, K=mark))
        for mark in range(marks)
    ]
    for element in elements:
        root.K.append(element)
    numbers.append(key)
    numbers.append(pdf.make_indirect(Array(elements)))
    page.obj.StructParents = key
    page.obj.Tabs = Name.S


def _bookmark(pdf: Pdf, pages: Sequence[Sequence[Placed]], first: int, label: str) -> None:
    with pdf.open_outline() as outline:
        annex = pikepdf.OutlineItem(f"{label} 评议结果明细", first - 1, "XYZ", top=PAGE[1])
        for number, page in enumerate(pages, first):
            for placed in page:
                if placed.name:
                    top = PAGE[1] - placed.pieces[0][0] * MM
                    annex.children.append(
                        pikepdf.OutlineItem(placed.name, number - 1, "XYZ", left=0, top=top)
                    )
        outline.root.append(annex)
