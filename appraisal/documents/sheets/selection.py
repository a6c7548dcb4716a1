"""The sheet of a selection 推荐情况表: votes, share, rank and outcome, subject by subject."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from appraisal.ballot_form import Instrument, QuestionKind, SubjectKind
from appraisal.documents import words
from appraisal.documents.flow import Faces, Paper, Part, Piece, Sheet, fitted, space
from appraisal.documents.listing import NONE, TOGETHER, Block, FormBlock
from appraisal.documents.rules import SELF
from appraisal.documents.sheets import frame
from appraisal.documents.sheets.session import CountedSession
from appraisal.documents.sheets.table import Cell, Head, figure, head, row, together
from appraisal.documents.validity import LIMITS
from appraisal.manifest import Manifest
from appraisal.tally.results import GroupResult

NAME: Final = "推荐情况表"
MANY: Final = 4
"""So many classes have a column of votes each; of more there is the sum alone."""
SHORT: Final = 8
"""Characters of a name that stands on a line of its column."""


def selections(manifest: Manifest) -> tuple[int, ...]:
    """The forms that select: those with a question to choose, by number."""
    return tuple(
        number
        for number, instrument in enumerate(manifest.instruments)
        if any(question.kind is QuestionKind.CHOICE for question in instrument.questions)
    )


def selection_sheets(session: CountedSession, faces: Faces, paper: Paper) -> Iterator[Sheet]:
    """A sheet for each question to choose of each form."""
    for number in selections(session.manifest):
        instrument = session.manifest.instruments[number]
        for place, question in enumerate(instrument.questions):
            if question.kind is QuestionKind.CHOICE and session.under(number):
                yield fitted(partial(_sheet, session, number, place, faces), paper)


def _sheet(session: CountedSession, number: int, place: int, faces: Faces, paper: Paper) -> Sheet:
    instrument = session.manifest.instruments[number]
    subjects = session.under(number)
    lines = session.rules
    notes = [*frame.usual_notes(session)]
    asked = (LIMITS,) if session.manifest.rules.self_appraisal else (LIMITS, SELF)
    notes[:0] = [lines[name.zh] for name in asked if name.zh in lines]
    caption = _caption(instrument, place)
    table = _table(subjects, place, faces, paper)
    return Sheet(
        [
            Part([frame.title(session, NAME, faces, paper)]),
            Part([[*_facts(session, faces, paper), space(2.5)]]),
            Part([[*_boxes(session, subjects[0][1], faces, paper)]]),
            frame.table_part(
                table[1:],
                table[0],
                frame.caption(caption, faces, paper),
                [space(1.5), *frame.notes(notes, faces, paper), *frame.signatures(paper)],
            ),
        ],
        partial(frame.foot, paper=paper),
        partial(frame.running, f"{session.manifest.title}　{NAME}（续）", paper=paper),
        f"{NAME}　{instrument.title.zh}",
    )


def _caption(instrument: Instrument, place: int) -> str:
    question = instrument.questions[place].text.zh
    return f"《{instrument.title.zh}》{question if len(instrument.questions) > 1 else ''}"


def _facts(session: CountedSession, faces: Faces, paper: Paper) -> list[Piece]:
    """When and where, how many members, how many took part."""
    manifest, slips = session.manifest, session.results.slips
    days = list(dict.fromkeys([session.begun, session.closed]))
    when = "至".join(words.date(day) for day in days)
    members = manifest.rules.members
    entitled = sum(voter_class.entitled for voter_class in manifest.classes)
    widths = [paper.measure * share for share in (0.16, 0.38, 0.28, 0.18)]
    return [
        row(
            faces,
            widths,
            [
                Cell("推荐时间", face="sans"),
                Cell(when),
                Cell("党员总数" if members else "应到人数", face="sans"),
                figure(str(members or entitled), size=10),
            ],
            least=7.5,
        ),
        row(
            faces,
            widths,
            [
                Cell("推荐地点", face="sans"),
                Cell(""),
                Cell("参加推荐（领票）人数", face="sans"),
                figure(str(sum(count.drawn for count in slips)), size=10),
            ],
            least=7.5,
        ),
    ]


def _boxes(session: CountedSession, form: FormBlock, faces: Faces, paper: Paper) -> list[Piece]:
    """Slips and ballots by class, as they are for the one ballot of all subjects."""
    heads = ("票种", "发出推荐票", "收回推荐票", "有效票", "无效票")
    last = 50.0
    first = 36.0
    widths = [first, *[(paper.measure - first - last) / 3] * 3, last]
    rows = [
        row(faces, widths, [Cell(name), *_ballots(session, form.contest, group, sealed)])
        for (name, group), sealed in zip(form.groups, form.sealed, strict=True)
    ]
    return [head(faces, widths, [Head(text) for text in heads]), *rows]


def _ballots(
    session: CountedSession, contest: int, group: GroupResult, sealed: str
) -> Iterator[Cell]:
    yield from (figure(str(group.issued)), figure(str(group.returned)))
    if group.valid is None or group.spoilt is None:
        yield Cell(sealed, span=2)
        return
    yield figure(str(group.valid))
    spoilt = frame.spoilt_text(session, contest, group.classes, group.spoilt)
    yield Cell(spoilt, face="sans", size=9)


def _table(
    subjects: Sequence[tuple[Block, FormBlock]],
    place: int,
    faces: Faces,
    paper: Paper,
) -> list[Piece]:
    """The head, then each subject's votes."""
    classes = [name for name, _ in subjects[0][1].groups]
    shown = classes if 1 < len(classes) <= MANY else []
    votes = Head("得票", (*shown, TOGETHER)) if shown else Head("得票")
    heads = [Head("序号"), Head("推荐对象"), Head("职务"), votes, Head("得票率\n（%）")]
    heads += [Head("名次"), Head("结果")]
    wide = paper.width > paper.height
    widths = [9.0 if wide else 8.0, 50.0 if wide else 34.0]
    each = 17.0 if wide else 13.0
    right = [18.0, 12.0, 30.0] if wide else [16.0, 11.0, 22.0]
    middle = [each] * (len(shown) + 1)
    widths += [paper.measure - sum(widths) - sum(middle) - sum(right), *middle, *right]
    rows = []
    mixed = len({block.subject.kind for block, _ in subjects}) > 1
    before: SubjectKind | None = None
    for block, form in subjects:
        asked = form.questions[place]
        answers = {one.group: one for one in asked.answers}
        own = [str(answers[n].counts[0]) if n in answers else NONE for n in shown]
        total = str(asked.together.counts[0]) if asked.together else NONE
        own_row = row(
            faces,
            widths,
            [
                figure(str(block.number)),
                *_named(block),
                *map(figure, own),
                figure(total, size=10),
                figure(asked.positive),
                figure(str(block.result.rank or NONE)),
                Cell(block.verdict, face="sans" if block.flags else "text", size=9.5),
            ],
            least=7,
        )
        kind = block.subject.kind
        if mixed and kind is not before:
            # Each kind has ranks of its own.
            name = Cell(words.KINDS[kind], face="sans", size=9.5, span=len(widths))
            own_row = together(row(faces, widths, [name], least=6.5), own_row)
        before = kind
        rows.append(own_row)
    return [head(faces, widths, heads), *rows]


def _named(block: Block) -> list[Cell]:
    """Name and post; a short name without one stands in line with the others.

    A long one, and an organisation, has the room of both.
    """
    name, _, post = block.lines.partition("\n")
    if not post and (block.subject.kind is SubjectKind.ORGANISATION or len(name) > SHORT):
        return [Cell(name, size=10.5, span=2)]
    return [Cell(name, size=10.5), Cell(post, "left", size=9.5)]
