"""What stands around the tables of a result sheet: title, day, notes, lines to sign."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Final

from appraisal.documents import words
from appraisal.documents.drawing import MM, Canvas, Letters
from appraisal.documents.flow import Faces, Paper, Part, Piece, space
from appraisal.documents.rules import DENOMINATOR, TRIM
from appraisal.documents.sheets.session import CountedSession
from appraisal.documents.sheets.table import Cell, Head, figure, head, row
from appraisal.documents.spoilt import told
from appraisal.documents.spreadsheets import CUSTODIAN
from appraisal.documents.validity import EMPTY_CLASS, FLOOR

NOTE_SIZE: Final = 9.0
NOTE_LINE: Final = 4.4
ORPHAN: Final = 4
"""So few letters do not stand alone in the last line of a note."""
TITLE_SIZE: Final = 13.0
NAME_SIZE: Final = 18.0
DAY: Final = 58.0
"""The room for a date beside the lines to sign, in millimetres."""
KEPT: Final = 3
"""Rows at the end of a table that stay with what comes after it."""
HIGH: Final = 12.0
"""Of rows so high, in millimetres, two are enough: three would leave the page before half empty."""


def title(session: CountedSession, name: str, faces: Faces, paper: Paper) -> list[Piece]:
    """The session's title and the sheet's name, the organisation, the day of counting."""
    lines = faces["title"].wrapped(session.manifest.title, TITLE_SIZE, paper.measure)
    return [
        *(Piece(6.2, partial(_line, line, "title", TITLE_SIZE, paper.measure)) for line in lines),
        Piece(11, partial(_name, name, paper.measure)),
        Piece(7, partial(_unit, session, paper.measure)),
    ]


def _line(
    text: str, face: str, size: float, width: float, canvas: Canvas, x: float, y: float
) -> None:
    canvas.text((x + width / 2, y + 4.8), text, face=face, size=size, align="centre")


def _name(name: str, width: float, canvas: Canvas, x: float, y: float) -> None:
    canvas.text(
        (x + width / 2, y + 7.4), name, face="title", size=NAME_SIZE, align="centre", room=width
    )


def _unit(session: CountedSession, width: float, canvas: Canvas, x: float, y: float) -> None:
    day = f"{words.date(session.counted)}{'核验' if session.is_void else '计票'}"
    used = canvas.text((x + width, y + 5), day, face="text", size=10.5, align="right")
    unit = f"组织单位：{session.manifest.organisation}"
    canvas.text((x, y + 5), unit, face="text", size=10.5, room=width - used - 6)


def foot(canvas: Canvas, left: float, number: int, pages: int, *, paper: Paper) -> None:
    """第 1 页 共 3 页, in the middle below the type area."""
    canvas.text(
        (left + paper.measure / 2, paper.bottom + 8),
        f"第 {number} 页　共 {pages} 页",
        face="text",
        size=10,
        align="centre",
    )


def running(text: str, canvas: Canvas, left: float, *, paper: Paper) -> None:
    """Above the table on every page but the first: whose sheet goes on."""
    canvas.text((left, paper.top - 3), text, face="text", size=9, room=paper.measure)


def caption(text: str, faces: Faces, paper: Paper) -> list[Piece]:
    """A line above a table: a ballot form or a question."""
    lines = faces["sans"].wrapped(text, 10.5, paper.measure)
    return [space(1.5), *(Piece(5.4, partial(_caption, line)) for line in lines)]


def _caption(text: str, canvas: Canvas, x: float, y: float) -> None:
    canvas.text((x, y + 4), text, face="sans", size=10.5)


def notes(texts: Iterable[str], faces: Faces, paper: Paper) -> Iterator[Piece]:
    """Numbered notes below a table: 注：1. …; one alone has no number."""
    said = list(texts)
    yield space(1)
    for number, text in enumerate(said, 1):
        label = f"{number}. " if len(said) > 1 else ""
        start = f"注：{label}" if number == 1 else f"　　{label}"
        for line in _lines(faces["text"], f"{start}{text}", paper.measure):
            yield Piece(NOTE_LINE, partial(_note, line))


def _lines(letters: Letters, text: str, room: float) -> list[str]:
    """The lines of a note, a little narrower if else a word or two stood alone in the last."""
    lines = letters.wrapped(text, NOTE_SIZE, room)
    for letter in range(1, ORPHAN + 1):
        if len(lines) == 1 or len(lines[-1]) > ORPHAN:
            break
        narrower = letters.wrapped(text, NOTE_SIZE, room - letter * NOTE_SIZE / MM)
        if len(narrower) > len(lines):
            break
        lines = narrower
    return lines


def _note(text: str, canvas: Canvas, x: float, y: float) -> None:
    canvas.text((x, y + 3.3), text, face="text", size=NOTE_SIZE)


def usual_notes(
    session: CountedSession, *, scores: bool = True, sums: str = "“合计”的票数"
) -> Iterator[str]:
    """How figures are rounded and what they are divided by, what is withheld, who had the key.

    `sums` are the numbers on the sheet that are those of all classes together.
    """
    manifest = session.manifest
    lines = session.rules
    yield session.rounding
    if scores and DENOMINATOR.zh in lines:
        yield lines[DENOMINATOR.zh]
        if TRIM.zh in lines:
            yield lines[TRIM.zh]
        if len(manifest.classes) > 1:
            what = "得票率" if session.by_votes else "得分和正面、负面评价"
            yield f"{sums}为各票种相加，不加权；{what}按票种权重合成。"
    if session.withholds:
        yield lines[FLOOR.zh]
        if EMPTY_CLASS.zh in lines:
            yield lines[EMPTY_CLASS.zh]
    yield from _merged_notes(session)
    yield from key_notes(session)


def _merged_notes(session: CountedSession) -> Iterator[str]:
    """Where classes were opened together, what each of them returned: the board tells it."""
    if session.merged and session.returned:
        names = session.manifest.classes
        classes = [f"{names[one].name.zh}{session.returned[one]}张" for one in session.merged]
        yield (
            f"有票箱收回不足{session.manifest.rules.floor}张的，各票种合并开箱，只公布合并后的数字；"
            f"各票种收回：{'、'.join(classes)}。"
        )


def key_notes(session: CountedSession) -> Iterator[str]:
    """Who could open the boxes."""
    opening = session.manifest.opening
    if opening.custodian:
        yield f"{CUSTODIAN}。"
    elif session.openers and not session.is_void:
        yield f"票箱由监票人{'、'.join(session.openers)}开箱。"


def signatures(paper: Paper) -> list[Piece]:
    """The lines for the teller, the counter and the secretary, and for the date."""
    if paper.width > paper.height:  # less high, and there is room beside them
        return [
            space(5),
            Piece(9, partial(_signed_and_dated, paper.measure)),
        ]
    return [
        space(5),
        Piece(9, partial(_signatures, paper.measure)),
        Piece(8, partial(_day, paper.measure)),
    ]


def _signatures(width: float, canvas: Canvas, x: float, y: float) -> None:
    names = ("监票人：", "计票人：", "支部书记：")
    part = width / len(names)
    for number, name in enumerate(names):
        left = x + number * part
        used = canvas.text((left, y + 6), name, face="text", size=12)
        canvas.line((left + used + 1, y + 7), (left + part - 5, y + 7), width=0.2)


def _signed_and_dated(width: float, canvas: Canvas, x: float, y: float) -> None:
    _signatures(width - DAY, canvas, x, y)
    _day(width, canvas, x, y)


def _day(width: float, canvas: Canvas, x: float, y: float) -> None:
    canvas.text(
        (x + width - 5, y + 6), "　　　　年　　月　　日", face="text", size=12, align="right"
    )


def table_part(
    rows: Sequence[Piece], head_piece: Piece, before: Sequence[Piece], after: Sequence[Piece] = ()
) -> Part:
    """A table below its caption; what comes after it stays with its last rows.

    Nobody signs a page that has the totals alone.
    """
    kept = 1 if not after else KEPT - (rows[-1].height > HIGH)
    first, last = rows[:-kept], rows[-kept:]
    sections = [*([piece] for piece in first), [*last, *after]]
    return Part(sections, head=[head_piece], opening=before)


SLIP_HEADS: Final = (
    Head("票种"), Head("权重\n（%）"), Head("应到"), Head("印制"), Head("作废"), Head("发出"),
    Head("领取"), Head("收回"),
)  # fmt: skip


def slip_rows(session: CountedSession, faces: Faces, paper: Paper) -> list[Piece]:
    """Slips by class: printed, void, issued, drawn, and the ballots returned; totals last."""
    first = 40.0
    others = len(SLIP_HEADS) - 1
    widths = [first, *[(paper.measure - first) / others] * others]
    classes, slips = session.manifest.classes, session.results.slips
    counted = [
        (c.weight, c.entitled, s.printed, s.void, s.issued, s.drawn, back)
        for c, s, back in zip(classes, slips, session.returned, strict=True)
    ]
    rows = [
        row(faces, widths, [Cell(c.name.zh), *(figure(str(n)) for n in numbers)])
        for c, numbers in zip(session.manifest.classes, counted, strict=True)
    ]
    if len(rows) > 1:
        sums = [sum(column) for column in zip(*counted, strict=True)]
        rows.append(row(faces, widths, [Cell("合计"), *(figure(str(n)) for n in sums)]))
    return [head(faces, widths, SLIP_HEADS), *rows]


def spoilt_text(session: CountedSession, contest: int, classes: Sequence[int], spoilt: int) -> str:
    """The spoilt ballots of a group, with the reasons where they are known: 3（多选2，少选1）."""
    known = (session.reasons or {}).get((contest, tuple(classes)))
    why = told(known) if known else ""
    return f"{spoilt}（{why}）" if why else str(spoilt)
