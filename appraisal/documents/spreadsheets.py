"""Results as `results.csv` and `results.xlsx`: the report's figures, for further work with them.

The CSV has one row a grade, so that any program can read it without knowing the instrument; the
workbook has a summary, the slips, and one sheet a question. Text is never taken for a formula.
"""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from appraisal.ballot_form import Question
from appraisal.documents import words
from appraisal.documents.listing import NONE, Answers, Block, listing, returned, spread
from appraisal.manifest import Manifest
from appraisal.tally.results import GroupResult, GroupStatus, Results, Status

BOM: Final = "\ufeff"
"""What makes Excel and WPS read a CSV file as UTF-8."""
COLUMNS: Final = (
    "序号", "评议对象", "类别", "职务", "票种", "发出", "收回", "有效", "无效",
    "题号", "题目", "等次", "分值", "票数", "百分比", "题目得分",
)  # fmt: skip
BLANK: Final = "弃权"
TOTAL: Final = "合计"
VOID: Final = "本次评议无效：没有开箱，也没有结果"
CUSTODIAN: Final = (
    "开箱密钥由系统代管，没有监票人：开箱之前，管理系统的人在技术上能看到票面，"
    "但票面上没有投票人是谁"
)
WIDEST: Final = 40


def results_csv(manifest: Manifest, results: Results) -> str:
    """One row for each subject, class, question and grade, with a byte order mark before all."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for note in _notes(manifest, results):
        writer.writerow(["", note, *[""] * (len(COLUMNS) - 2)])
    for block in listing(manifest, results):
        for row in _rows(block):
            writer.writerow([harmless(cell) for cell in row])
    return BOM + out.getvalue()


def _notes(manifest: Manifest, results: Results) -> Iterator[str]:
    """What whoever reads the figures has to know beside them."""
    if results.status is Status.VOID:
        yield VOID
    if manifest.opening.custodian:
        yield CUSTODIAN


def harmless(cell: str | int) -> str | int:
    """A cell that no spreadsheet takes for a formula: an apostrophe stands before such a text."""
    if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")):
        return f"'{cell}"
    return cell


def _rows(block: Block) -> Iterator[list[str | int]]:
    subject = block.subject
    head: list[str | int] = [block.number, block.name, words.KINDS[subject.kind], subject.post]
    for (name, group), sealed in zip(block.groups, block.sealed, strict=True):
        if group.valid is None or group.spoilt is None:
            yield [*head, name, group.issued, group.returned, sealed, *[""] * 8]
            continue
        counted: list[str | int] = [name, group.issued, group.returned, group.valid, group.spoilt]
        questions = zip(block.questions, group.questions, strict=True)
        for number, (asked, count) in enumerate(questions, 1):
            score = count.score.printed if count.score else ""
            grades = [
                (g.text.zh, g.points, n)
                for g, n in zip(asked.question.grades, count.counts, strict=True)
            ]
            shown = [*grades, (BLANK, None, count.blank)]
            for (grade, points, ballots), share in zip(shown, count.percent, strict=True):
                yield [
                    *head,
                    *counted,
                    number,
                    asked.question.text.zh,
                    grade,
                    "" if points is None else points,
                    ballots,
                    share,
                    score,
                ]


@dataclass(frozen=True)
class Sheet:
    """A table to be written: a heading for each column and a kind of figure for each cell."""

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[tuple[str | int | float, str]]]
    """Cells with the name of their format: text, count, share or score."""
    note: str = ""


def results_xlsx(manifest: Manifest, results: Results) -> bytes:
    """The workbook: 汇总, 发票收票, then one sheet a question."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    frozen = datetime.datetime.combine(
        datetime.date.fromisoformat(manifest.frozen), datetime.time(), datetime.UTC
    )
    # Dated by the manifest: the same results are the same file.
    book.set_properties(
        {"title": manifest.title, "author": manifest.organisation, "created": frozen}
    )
    blocks = listing(manifest, results)
    places = manifest.rules.decimals
    decimals = f".{'0' * places}" if places else ""
    formats = {
        "text": book.add_format({"text_wrap": True, "valign": "vcenter"}),
        "count": book.add_format({"num_format": "0", "valign": "vcenter"}),
        "share": book.add_format({"num_format": f"0{decimals}%", "valign": "vcenter"}),
        "score": book.add_format({"num_format": f"0{decimals}", "valign": "vcenter"}),
        "head": book.add_format(
            {"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter",
             "bottom": 1, "bg_color": "#eeeeee"}
        ),
        "title": book.add_format({"bold": True, "font_size": 14}),
    }  # fmt: skip
    for sheet in (
        _summary(manifest, results, blocks),
        _slips(manifest, results),
        *_questions(manifest, blocks),
    ):
        _write(book, sheet, formats, manifest)
    book.close()
    return out.getvalue()


Cell = tuple[str | int | float, str]


def _text(value: str) -> Cell:
    return value, "text"


def _number(printed: str | None, kind: str) -> Cell:
    """A figure as printed; as a share it is per cent."""
    if printed is None or printed == NONE:
        return "", "text"
    return (float(printed) / 100, "share") if kind == "share" else (float(printed), kind)


def _count(value: int | None) -> Cell:
    return ("", "text") if value is None else (value, "count")


def _summary(manifest: Manifest, results: Results, blocks: Sequence[Block]) -> Sheet:
    several = len(manifest.instruments) > 1
    questions = () if several else manifest.instruments[0].questions
    heads = [
        "序号", "评议对象", "类别", "职务", "收回率", "综合得分", "名次", "意见", "理由",
        *(f"{q.text.zh}（得分）" for q in questions),
        *(f"{q.text.zh}（正面评价）" for q in questions),
    ]  # fmt: skip
    rows: list[list[Cell]] = []
    for block in blocks:
        contest = block.contest
        asked = () if several else block.questions
        rows.append(
            [
                _count(block.number),
                _text(block.name),
                _text(words.KINDS[block.subject.kind]),
                _text(block.subject.post),
                _number(contest.turnout.printed, "share"),
                _number(block.score, "score"),
                _count(contest.rank),
                _text(block.outcome),
                _text(block.reason),
                *(_number(q.score, "score") for q in asked),
                *(_number(q.positive, "share") for q in asked),
            ]
        )
    return Sheet("汇总", heads, rows, "。".join(_notes(manifest, results)))


def _slips(manifest: Manifest, results: Results) -> Sheet:
    heads = ("票种", "权重（%）", "印制", "作废", "发出", "领取", "收回")
    counted = [
        (voter_class.weight, s.printed, s.void, s.issued, s.drawn)
        for voter_class, s in zip(manifest.classes, results.slips, strict=True)
    ]
    rows = [
        [_text(voter_class.name.zh), *map(_count, counts), _spread(returned(results, number))]
        for number, (voter_class, counts) in enumerate(zip(manifest.classes, counted, strict=True))
    ]
    whole = sorted({sum(g.returned for g in contest.groups) for contest in results.contests})
    total = [
        _text(TOTAL),
        *(_count(sum(column)) for column in zip(*counted, strict=True)),
        _spread(whole),
    ]
    return Sheet("发票收票", heads, [*rows, total])


def _spread(values: Sequence[int]) -> Cell:
    """One count; as a text where the subjects differ, or where there is none."""
    return _count(values[0]) if len(values) == 1 else _text(spread(values))


def _questions(manifest: Manifest, blocks: Sequence[Block]) -> Iterator[Sheet]:
    for index, instrument in enumerate(manifest.instruments):
        of_instrument = [
            b for b in blocks if manifest.contests[b.contest.contest].instrument == index
        ]
        for number, question in enumerate(instrument.questions):
            prefix = f"{index + 1}." if len(manifest.instruments) > 1 else ""
            yield Sheet(
                f"题{prefix}{number + 1}",
                tuple(_heads(question)),
                tuple(_lines(of_instrument, number)),
                question.text.zh,
            )


def _heads(question: Question) -> Iterator[str]:
    yield from ("序号", "评议对象", "票种", "发出", "收回", "有效", "无效")
    names = [*(grade.text.zh for grade in question.grades), BLANK]
    yield from names
    yield from (f"{name}%" for name in names)
    yield from ("有效答案", "得分", "正面评价")


def _lines(blocks: Sequence[Block], number: int) -> Iterator[list[Cell]]:
    for block in blocks:
        answers = {a.group: a for a in block.questions[number].answers}
        for (name, group), sealed in zip(block.groups, block.sealed, strict=True):
            yield [
                _count(block.number),
                _text(block.name),
                *_line(name, group, sealed, answers.get(name)),
            ]


def _line(name: str, group: GroupResult, sealed: str, answers: Answers | None) -> Iterator[Cell]:
    yield _text(name)
    yield from (_count(group.issued), _count(group.returned))
    if group.status is GroupStatus.WITHHELD or answers is None:
        yield _text(sealed)
        return
    count = answers.count
    yield from (_count(group.valid), _count(group.spoilt))
    yield from map(_count, (*count.counts, count.blank))
    yield from (_number(share, "share") for share in count.percent)
    yield _count(count.answers)
    yield _number(count.score.printed if count.score else None, "score")
    yield _number(count.positive.printed if count.positive else None, "share")


def _write(book: Workbook, sheet: Sheet, formats: dict[str, Format], manifest: Manifest) -> None:
    page = book.add_worksheet(sheet.name)
    title = f"{manifest.title}　{sheet.note}" if sheet.note else manifest.title
    page.write_string(
        0, 0, f"（演示）{title}" if manifest.demonstration else title, formats["title"]
    )
    for column, head in enumerate(sheet.heads):
        page.write_string(1, column, head, formats["head"])
    widths = [_width(head) for head in sheet.heads]
    for line, row in enumerate(sheet.rows, 2):
        for column, (value, kind) in enumerate(row):
            if value == "":
                continue
            if isinstance(value, str):
                page.write_string(line, column, value, formats["text"])
                widths[column] = max(widths[column], _width(value))
            else:
                page.write_number(line, column, value, formats[kind])
    for column, width in enumerate(widths):
        page.set_column(column, column, min(max(width, 6), WIDEST))
    # Heads and the subject's name stay in sight.
    page.freeze_panes(2, 2)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(1)


def _width(text: str) -> float:
    """In widths of a figure; a Chinese character takes two."""
    return sum(1.1 if character.isascii() else 2.1 for character in text) + 1.5
