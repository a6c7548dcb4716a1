"""The annex 评议结果明细: every figure of every subject, class and question, with bars.

Thirty subjects make some four thousand figures; they are drawn (flow.py), not laid out. The pages
follow the report's own, numbered on, marked for reading aloud like those.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

import pikepdf
from pikepdf import Pdf

from appraisal.ballot_form import Question, QuestionKind
from appraisal.documents import bars, words
from appraisal.documents.drawing import MM, PAGE, Canvas
from appraisal.documents.flow import (
    OFFICIAL,
    Faces,
    Part,
    Piece,
    Sheet,
    append,
    bookmarks_of,
    drawn,
    fonts_for,
    space,
)
from appraisal.documents.listing import NONE, Answers, Block, FormBlock, QuestionBlock
from appraisal.documents.rendering import Typesetter
from appraisal.documents.rules import rounding
from appraisal.manifest import Manifest
from appraisal.tally.results import GroupResult

WIDTH: Final = OFFICIAL.measure
LABEL: Final = 24.0
SCORE: Final = 13.0
COLUMNS: Final = 7
"""Columns of options side by side; a question with more is set in several bands."""
ROW: Final = 4.5
BAR: Final = 4.0
CLASSES_A_LINE: Final = 2
ITEM: Final = 84.0
"""The width of an item of a list; its count, share and bar stand beside it."""
NAME_SIZE: Final = 13.0
POST_SIZE: Final = 10.5
ITEM_SIZE: Final = 9.5
ITEM_LINE: Final = 4.3


def append_detail(
    pdf: Pdf,
    blocks: Sequence[Block],
    setter: Typesetter,
    *,
    label: str,
    manifest: Manifest,
) -> None:
    """Append the annex to a report; `label` is 附件 with its number."""

    def compose(faces: Faces) -> list[Sheet]:
        return [Sheet(tuple(_parts(blocks, label, manifest, faces)), _page_number)]

    first = len(pdf.pages)
    fonts = fonts_for(pdf, setter, compose, OFFICIAL, demonstration=manifest.demonstration)
    leaves = list(drawn(compose(fonts.faces), fonts.faces, OFFICIAL, first=first + 1))
    append(pdf, leaves, fonts, OFFICIAL)
    with pdf.open_outline() as outline:
        annex = pikepdf.OutlineItem(f"{label} 评议结果明细", first, "XYZ", top=PAGE[1])
        annex.children.extend(bookmarks_of(leaves, OFFICIAL, first=first))
        outline.root.append(annex)


def _page_number(canvas: Canvas, left: float, number: int, _pages: int) -> None:
    """— 12 — 7 mm below the type area, a character from its outer edge."""
    indent = 14 / MM
    odd = number % 2 == 1
    canvas.text(
        (left + WIDTH - indent if odd else left + indent, OFFICIAL.bottom + 8.8),
        f"— {number} —",
        face="number",
        size=14,
        align="right" if odd else "left",
    )


def _parts(blocks: Sequence[Block], label: str, manifest: Manifest, faces: Faces) -> Iterator[Part]:
    yield Part([[Piece(31, partial(_head, label)), *_notes(manifest, faces), space(5)]])
    for block in blocks:
        sections = [section for form in block.forms for section in _form(block, form, faces)]
        # A name is never left alone at the foot of a page.
        first = [*_title(block, faces), *(sections[0] if sections else [])]
        # On the next page nobody would know whose figures they are.
        goes_on = Piece(7, partial(_goes_on, block))
        name = f"{block.number}. {block.name}"
        yield Part([first, *sections[1:]], name, again=[goes_on])
        yield Part([[space(2.5)]])


def _head(label: str, canvas: Canvas, x: float, y: float) -> None:
    canvas.text((x, y + 5.2), label, face="sans", size=16)
    canvas.text((x + WIDTH / 2, y + 20), "评议结果明细", face="title", size=22, align="centre")


def _notes(manifest: Manifest, faces: Faces) -> Iterator[Piece]:
    said = (
        "等次后数字为分值，分数段后为起止分数，*为正面评价；其下为票数和占有效票的百分比。"
        "条形全长为全部有效票，条上为票数。" + rounding(manifest, "zh")
    )
    for line in faces["text"].wrapped(said, 10.5, WIDTH):
        yield Piece(5, partial(_note, line))


def _note(line: str, canvas: Canvas, x: float, y: float) -> None:
    canvas.text((x, y + 4), line, face="text", size=10.5)


def _title(block: Block, faces: Faces) -> Iterator[Piece]:
    """Name and post to the left, score and outcome to the right; a long post has its own lines."""
    post = f"（{block.post}）" if block.post else ""
    left = faces["sans"].width(f"{block.number}. {block.name}", NAME_SIZE)
    right = faces["sans"].width(_standing(block), POST_SIZE)
    beside = left + faces["text"].width(post, POST_SIZE) + right <= (WIDTH - 4) * MM
    yield Piece(9, partial(_name, block, post if beside else ""))
    if not beside and post:
        for line in faces["text"].wrapped(block.post, POST_SIZE, WIDTH):
            yield Piece(5, partial(_note, line))


def _standing(block: Block) -> str:
    rank = f"　第{block.result.rank}名" if block.result.rank else ""
    flagged = f"{words.FLAG}　" if block.flags else ""
    if block.votes is None:
        measured = f"综合得分 {block.score}"
    else:
        measured = f"得票 {block.votes}　得票率 {block.score}%"
    return f"{flagged}{measured}{rank}　{block.outcome}"


def _name(block: Block, post: str, canvas: Canvas, x: float, y: float) -> None:
    canvas.line((x, y), (x + WIDTH, y), width=0.5)
    said = canvas.text(
        (x + WIDTH, y + 6.6), _standing(block), face="sans", size=POST_SIZE, align="right"
    )
    room = WIDTH - said - 4
    name = f"{block.number}. {block.name}"
    used = canvas.text((x, y + 6.8), name, face="sans", size=NAME_SIZE, room=room)
    if post:
        canvas.text((x + used, y + 6.6), post, face="text", size=POST_SIZE, room=room - used)


def _goes_on(block: Block, canvas: Canvas, x: float, y: float) -> None:
    name = f"{block.number}. {block.name}（续）"
    canvas.text((x, y + 4.4), name, face="text", size=10.5, room=WIDTH)


def _form(block: Block, form: FormBlock, faces: Faces) -> Iterator[list[Piece]]:
    """The sections of one ballot form: its boxes with the first question, then the others."""
    opening: list[Piece] = []
    if len(block.forms) > 1:
        opening.append(Piece(6, partial(_form_name, form)))
    for start in range(0, len(form.groups), CLASSES_A_LINE):
        line = slice(start, start + CLASSES_A_LINE)
        opening.append(Piece(5, partial(_boxes, form.groups[line], form.sealed[line])))
    opening.append(space(1))
    questions = [[*_question(q, faces)] for q in form.questions if q.answers]
    yield [*opening, *(questions[0] if questions else [])]
    yield from questions[1:]


def _form_name(form: FormBlock, canvas: Canvas, x: float, y: float) -> None:
    score = f"得分 {form.score}" if form.instrument.scaled else "不计分"
    said = canvas.text((x + WIDTH, y + 4.4), score, face="text", size=10.5, align="right")
    name = f"《{form.instrument.title.zh}》"
    canvas.text((x, y + 4.4), name, face="sans", size=10.5, room=WIDTH - said - 4)


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


def _question(block: QuestionBlock, faces: Faces) -> Iterator[Piece]:
    yield Piece(5.2, partial(_caption, block))
    if block.question.kind is QuestionKind.TICKS:
        yield from _items(block, faces)
    else:
        yield from _scale(block)
    yield space(2.2)


def _caption(block: QuestionBlock, canvas: Canvas, x: float, y: float) -> None:
    said = 0.0
    if block.question.scaled:
        positive = block.positive if block.positive == NONE else f"{block.positive}%"
        choice = block.question.kind is QuestionKind.CHOICE
        said = canvas.text(
            (x + WIDTH, y + 3.7),
            f"{'' if choice else f'加权得分 {block.score}　'}"
            f"{words.share_name(block.question)} {positive}",
            face="text",
            size=10,
            align="right",
        )
    canvas.text((x, y + 3.7), block.question.text.zh, face="sans", size=10, room=WIDTH - said - 4)


def _scale(block: QuestionBlock) -> Iterator[Piece]:
    """Options as columns, groups as rows, then a bar a group."""
    question = block.question
    filling = bars.fills(question)
    for start in range(0, len(question.options) + 1, COLUMNS):
        band = slice(start, start + COLUMNS)
        yield Piece(4.8, partial(_columns, question, filling, band))
        for answers in block.answers:
            yield Piece(ROW, partial(_figures, question, answers, band))
    yield space(0.9)
    for answers in block.answers:
        if filling and answers.valid:
            yield Piece(BAR + 0.8, partial(_bar, answers, filling))


def _column_width(band: slice, columns: int) -> float:
    shown = min(band.stop, columns) - band.start if columns > COLUMNS else columns
    return (WIDTH - LABEL - SCORE) / max(shown, 3)


def _columns(
    question: Question,
    filling: Sequence[bars.Fill] | None,
    band: slice,
    canvas: Canvas,
    x: float,
    y: float,
) -> None:
    _rules(canvas, x, y, 4.8)
    canvas.text((x, y + 3.5), "票种", face="sans", size=8.5)
    names = [*(_option(question, place) for place in range(len(question.options)))]
    names.append(words.blank(question))
    width = _column_width(band, len(names))
    for place, name in enumerate(names[band]):
        left = x + LABEL + place * width
        right = left + width - 0.5
        room = width - (6 if filling else 1)
        used = canvas.text((right, y + 3.5), name, face="sans", size=8.5, align="right", room=room)
        if filling:
            bars.swatch(canvas, filling[band.start + place], x=right - used - 4.7, y=y + 1.2)
    last = "得票率" if question.kind is QuestionKind.CHOICE else "得分"
    canvas.text((x + WIDTH, y + 3.5), last, face="sans", size=8.5, align="right")


def _rules(canvas: Canvas, x: float, y: float, height: float) -> None:
    canvas.line((x, y), (x + WIDTH, y), width=0.3)
    canvas.line((x, y + height), (x + WIDTH, y + height), width=0.15)


def _option(question: Question, place: int) -> str:
    star = "*" if question.options[place].positive else ""
    # Of a choice the one option is what is counted: neither points nor a mark tell more.
    if question.kind is QuestionKind.CHOICE:
        return question.options[place].text.zh
    return f"{star}{words.option_range(question, place)}"


def _figures(
    question: Question, answers: Answers, band: slice, canvas: Canvas, x: float, y: float
) -> None:
    base = y + 3.3
    choice = question.kind is QuestionKind.CHOICE
    canvas.text((x, base), answers.label, face="text", size=9.5, room=LABEL - 1)
    numbers = answers.columns
    width = _column_width(band, len(numbers))
    for place, (number, share) in enumerate(zip(numbers[band], answers.percent[band], strict=True)):
        right = x + LABEL + (place + 1) * width - 0.5
        # Of a choice the share stands at the end of the line, once.
        edge = right if choice else right - width * 0.58
        canvas.text((edge, base), str(number), face="sans", size=9, align="right")
        if choice:
            continue
        canvas.text(
            (right, base), share, face="sans", size=8, align="right", room=width * 0.56, grey=0.25
        )
    if not band.start:
        canvas.text(
            (x + WIDTH, base),
            answers.positive if choice else answers.score,
            face="sans",
            size=9,
            align="right",
            room=SCORE,
        )
    canvas.line((x, y + ROW), (x + WIDTH, y + ROW), width=0.08)


def _bar(
    answers: Answers, filling: Sequence[bars.Fill], canvas: Canvas, x: float, y: float
) -> None:
    canvas.text((x, y + 2.9), answers.label, face="text", size=9.5, room=LABEL - 1)
    bars.bar(canvas, answers.columns, filling, x=x + LABEL, y=y, width=WIDTH - LABEL, height=BAR)


def _items(block: QuestionBlock, faces: Faces) -> Iterator[Piece]:
    """Items as rows with count, share and a bar, group by group."""
    names = [*(option.text.zh for option in block.question.options), words.blank(block.question)]
    for answers in block.answers:
        yield Piece(4.8, partial(_items_head, answers))
        for place, name in enumerate(names):
            lines = faces["text"].wrapped(name, ITEM_SIZE, ITEM - 2)
            height = ITEM_LINE * len(lines) + 0.4
            yield Piece(height, partial(_item, lines, answers, place))
        yield space(1)


def _items_head(answers: Answers, canvas: Canvas, x: float, y: float) -> None:
    _rules(canvas, x, y, 4.8)
    canvas.text((x, y + 3.5), f"{answers.label}：勾选", face="sans", size=8.5, room=ITEM - 2)
    canvas.text((x + ITEM + 8, y + 3.5), "票数", face="sans", size=8.5, align="right")
    canvas.text((x + ITEM + 22, y + 3.5), "%", face="sans", size=8.5, align="right")


def _item(
    lines: Sequence[str], answers: Answers, place: int, canvas: Canvas, x: float, y: float
) -> None:
    base = y + 3.3
    for number, line in enumerate(lines):
        canvas.text((x, base + number * ITEM_LINE), line, face="text", size=ITEM_SIZE)
    count = answers.columns[place]
    canvas.text((x + ITEM + 8, base), str(count), face="sans", size=9, align="right")
    canvas.text(
        (x + ITEM + 22, base), answers.percent[place], face="sans", size=8, align="right", grey=0.25
    )
    if answers.valid:
        bars.length(
            canvas,
            count,
            answers.valid,
            x=x + ITEM + 26,
            y=y + 1,
            width=WIDTH - ITEM - 26,
            height=2.6,
        )
    bottom = y + ITEM_LINE * len(lines) + 0.4
    canvas.line((x, bottom), (x + WIDTH, bottom), width=0.08)
