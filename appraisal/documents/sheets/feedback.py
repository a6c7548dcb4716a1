"""The feedback sheet 反馈单: a subject's own figures, and what the secretary writes to it.

It has nobody else's figures, no single ballot, no rank (which would tell where others stand) and
nothing below the floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from appraisal.ballot_form import QuestionKind, SubjectKind
from appraisal.counting_rules import Denominator
from appraisal.documents import words
from appraisal.documents.drawing import MM, Canvas
from appraisal.documents.flow import Faces, Paper, Part, Piece, Sheet, fitted, paginated, space
from appraisal.documents.listing import Block, FormBlock, QuestionBlock
from appraisal.documents.sheets import frame
from appraisal.documents.sheets.session import CountedSession
from appraisal.documents.sheets.subjects import forms_parts
from appraisal.errors import MalformedError

NAME: Final = "民主测评结果反馈单"
SIZE: Final = 14.0
LINE: Final = 8.6
RULED: Final = (4, 3)
"""Lines to write on by hand where nothing was typed; fewer where they leave a page out."""
MAX_TEXT: Final = 2000
"""Characters of one text of a feedback."""


@dataclass(frozen=True)
class Feedback:
    """What the secretary types for one subject; an empty text leaves lines to write on."""

    achievements: str = ""
    problems: str = ""
    direction: str = ""

    def __post_init__(self) -> None:
        """Refuse a text that is too long for a sheet."""
        for text in (self.achievements, self.problems, self.direction):
            if len(text) > MAX_TEXT:
                raise MalformedError(f"a text of a feedback has more than {MAX_TEXT} characters")


def feedback_sheets(
    session: CountedSession, given: Mapping[int, Feedback], faces: Faces, paper: Paper
) -> Iterator[Sheet]:
    """A sheet for each subject of `given`, by its number in the manifest, in documents' order."""
    for block in session.blocks:
        if block.index in given:
            made = partial(_sheet, session, block, given[block.index], faces)
            usual, fewer = RULED
            sheet = fitted(partial(made, usual), paper)
            if _pages(sheet, paper) > 1:
                shorter = fitted(partial(made, fewer), paper)
                sheet = min(sheet, shorter, key=partial(_pages, paper=paper))
            yield sheet


def _pages(sheet: Sheet, paper: Paper) -> int:
    return len(paginated(sheet.parts, paper.shrunk(sheet.scale)))


def _sheet(
    session: CountedSession,
    block: Block,
    feedback: Feedback,
    faces: Faces,
    ruled: int,
    paper: Paper,
) -> Sheet:
    notes = [session.rounding]
    rules = session.manifest.rules
    # Of what is printed everyone works out the mean of the answers; any other score is explained.
    if block.result.score and (rules.trim or rules.denominator is not Denominator.ANSWERS):
        notes.append(session.dividing)
    if any(any(form.sealed) for form in block.forms):
        notes.append("没有数字的票种，收回或有效票不足下限，为不使个人选择被推知，不予公布。")
    told = [
        Part([[*_title(session, faces, paper), *_address(session, block, faces, paper)]]),
        *forms_parts(session, block, faces, paper),
        Part([[*_score(block, faces, paper), *frame.notes(notes, faces, paper), space(3)]]),
    ]
    return Sheet(
        [*told, *_written(session, block, feedback, faces, paper, ruled=ruled)],
        partial(frame.foot, paper=paper),
        partial(frame.running, f"{NAME}　{block.name}（续）", paper=paper),
        f"{block.number}. {block.name}",
    )


def _title(session: CountedSession, faces: Faces, paper: Paper) -> list[Piece]:
    return frame.title(session, NAME, faces, paper)[:-1]


def _address(session: CountedSession, block: Block, faces: Faces, paper: Paper) -> Iterator[Piece]:
    manifest = session.manifest
    person = block.subject.kind is SubjectKind.PERSON
    yield space(2)
    apart = block.name.removeprefix(block.subject.name)
    yield from _lines(f"{block.subject.name}{'同志' if person else ''}{apart}：", faces, paper)
    you = "你" if person else "你们"
    yield from _lines(
        f"　　{manifest.organisation}组织的{manifest.title}，"
        f"已于{words.date(session.counted)}开箱计票。现将对{you}的测评结果和意见反馈如下。",
        faces,
        paper,
    )
    yield space(1)


def _lines(text: str, faces: Faces, paper: Paper) -> Iterator[Piece]:
    for line in faces["text"].wrapped(text, SIZE, paper.measure):
        yield Piece(LINE, partial(_line, line, "text", SIZE))


def _line(text: str, face: str, size: float, canvas: Canvas, x: float, y: float) -> None:
    canvas.text((x, y + 6.2), text, face=face, size=size)


def _score(block: Block, faces: Faces, paper: Paper) -> Iterator[Piece]:
    if block.result.score and block.votes is not None:
        yield from _lines(f"　　得票{block.votes}张，得票率{block.score}%。", faces, paper)
    elif block.result.score:
        yield from _lines(f"　　综合得分{block.score}分。", faces, paper)
    elif any(form.instrument.scaled for form in block.forms):
        yield from _lines(f"　　{block.reason}。", faces, paper)


def _written(
    session: CountedSession,
    block: Block,
    feedback: Feedback,
    faces: Faces,
    paper: Paper,
    *,
    ruled: int,
) -> Iterator[Part]:
    """The three texts, and the lines to sign with the last of them."""
    ticked = [line for form in block.forms for line in _ticked(form)]
    texts: tuple[tuple[str, str, list[str]], ...] = (
        ("成绩", feedback.achievements, []),
        ("存在的问题", feedback.problems, ticked),
        ("努力方向", feedback.direction, []),
    )
    for number, (name, text, before) in enumerate(texts, 1):
        heading = Piece(LINE + 1, partial(_line, f"{words.ordinal(number)}、{name}", "sans", SIZE))
        pieces = [piece for line in before for piece in _lines(line, faces, paper)]
        pieces += _body(text, faces, paper, ruled)
        # A heading stays with what begins below it, and nobody signs an empty page.
        sections = [[heading, *pieces[:2]], *([piece] for piece in pieces[2:])]
        if number == len(texts):
            kept = sections.pop()
            if sections and len(kept) == 1:
                kept = [*sections.pop(), *kept]
            sections.append([*kept, *_signed(session, block, paper)])
        yield Part(sections)


def _body(text: str, faces: Faces, paper: Paper, ruled: int) -> Iterator[Piece]:
    if not text.strip():
        for _ in range(ruled):
            yield Piece(LINE + 0.4, partial(_ruled, paper.measure))
        return
    for paragraph in text.splitlines():
        if words_of := paragraph.split():
            yield from _lines(f"　　{' '.join(words_of)}", faces, paper)


def _ruled(width: float, canvas: Canvas, x: float, y: float) -> None:
    canvas.line((x, y + LINE), (x + width, y + LINE), width=0.15)


def _ticked(form: FormBlock) -> Iterator[str]:
    """The items that were ticked, most often first: suggestions, nobody's handwriting."""
    for asked in form.questions:
        if asked.question.kind is QuestionKind.TICKS and asked.together:
            found = list(_items(asked))
            said = "；".join(found) if found else "没有勾选"
            yield f"　　测评中勾选的（供参考，占有效票的百分比）：{said}。"


def _items(asked: QuestionBlock) -> Iterator[str]:
    together = asked.together
    if together is None:
        return
    items = zip(asked.question.options, together.counts, together.percent, strict=False)
    for option, count, share in sorted(items, key=lambda item: -item[1]):
        if count:
            yield f"{option.text.zh}（{count}票，{share}%）"


def _signed(session: CountedSession, block: Block, paper: Paper) -> list[Piece]:
    name = session.manifest.organisation
    person = block.subject.kind is SubjectKind.PERSON
    return [
        space(4),
        Piece(LINE, partial(_right, f"{name}（盖章）", paper.measure)),
        Piece(LINE, partial(_right, "　　　　年　　月　　日", paper.measure)),
        space(2),
        Piece(
            LINE,
            partial(
                _line,
                f"{'本人' if person else '负责人'}签收：　　　　　　　　　　年　　月　　日",
                "text",
                SIZE,
            ),
        ),
    ]


def _right(text: str, width: float, canvas: Canvas, x: float, y: float) -> None:
    canvas.text(
        (x + width - 2 * SIZE / MM, y + 6.2),
        text,
        face="text",
        size=SIZE,
        align="right",
        room=width - 2 * SIZE / MM,
    )
