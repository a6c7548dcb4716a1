"""Results as `results.csv` and `results.xlsx`: the report's figures, for further work with them.

The CSV has one row an option, so that any program can read it without knowing the ballot form; the
workbook has a summary, the rules, the slips and boxes, and one sheet a question. Text is never
taken for a formula.
"""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Final, TypeAlias

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from appraisal.ballot_form import Instrument, Question, QuestionKind
from appraisal.ballots.ballot import Spoilt
from appraisal.documents import words
from appraisal.documents.listing import (
    NONE,
    TOGETHER,
    Answers,
    Block,
    FormBlock,
    ballot_names,
    listing,
    returned,
    spread,
)
from appraisal.documents.ranking import by_votes
from appraisal.documents.rules import rounding, rule_lines
from appraisal.documents.spoilt import NAMES, Reasons
from appraisal.manifest import Manifest
from appraisal.tally.results import ContestResult, GroupResult, GroupStatus, Results, Status

BOM: Final = "\ufeff"
"""What makes Excel and WPS read a CSV file as UTF-8."""
COLUMNS: Final = (
    "序号", "评议对象", "类别", "职务", "测评表", "票种", "发出", "收回", "有效", "无效",
    "题号", "题目", "选项", "分值", "票数", "百分比", "题目得分",
)  # fmt: skip
BOX_COLUMNS: Final = ("选票", "票种", "发出", "收回", "有效", "无效", *NAMES.values(), "说明")
TOTAL: Final = "合计"
VOID: Final = "本次评议无效：没有开箱，也没有结果"
CUSTODIAN: Final = (
    "开箱密钥由系统代管，没有监票人：开箱之前，管理系统的人在技术上能看到票面，"
    "但票面上没有投票人是谁"
)
WIDEST: Final = 40
FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠")
"""What a spreadsheet begins a formula with, in full width too."""


def results_csv(manifest: Manifest, results: Results) -> str:
    """One row for each subject, form, class, question and option, a byte order mark before all."""
    rows = (row for block in listing(manifest, results) for row in _rows(block))
    return _written(COLUMNS, _notes(manifest, results), rows)


def boxes_csv(manifest: Manifest, results: Results, reasons: Reasons | None = None) -> str:
    """One row for each group of boxes: its ballots, and the spoilt ones by reason if known."""
    rows = (
        [name, group_name, *(value for value, _ in cells)]
        for name, group_name, cells in _boxes(manifest, results, reasons)
    )
    return _written(BOX_COLUMNS, _notes(manifest, results), rows)


def _written(
    columns: Sequence[str], notes: Iterable[str], rows: Iterable[Iterable[str | int | float]]
) -> str:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for note in notes:
        writer.writerow(["", note, *[""] * (len(columns) - 2)])
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
    return BOM + out.getvalue()


def _notes(manifest: Manifest, results: Results) -> Iterator[str]:
    """What whoever reads the figures has to know beside them."""
    if results.status is Status.VOID:
        yield VOID
    if manifest.opening.custodian:
        yield CUSTODIAN


def harmless(cell: str | float) -> str | float:
    """A cell that no spreadsheet takes for a formula: an apostrophe stands before such a text."""
    # Spaces before it do not keep every program from reading a formula.
    if isinstance(cell, str) and (cell.startswith(FORMULA) or cell.lstrip().startswith(FORMULA)):
        return f"'{cell}"
    return cell


def _rows(block: Block) -> Iterator[list[str | int | float]]:
    subject = block.subject
    head: list[str | int | float] = [
        block.number, block.name, words.KINDS[subject.kind], subject.post,
    ]  # fmt: skip
    for form in block.forms:
        title = form.instrument.title.zh
        answered = {a.group: n for n, a in enumerate(form.questions[0].answers)}
        for (name, group), sealed in zip(form.groups, form.sealed, strict=True):
            boxes: list[str | int | float] = [title, name, group.issued, group.returned]
            if group.valid is None or group.spoilt is None:
                yield [*head, *boxes, sealed, *[""] * 8]
                continue
            boxes += [group.valid, group.spoilt]
            for asked in form.questions:
                for row in _options(asked.question, asked.answers[answered[name]]):
                    yield [*head, *boxes, asked.number + 1, asked.question.text.zh, *row]


def _options(question: Question, answers: Answers) -> Iterator[list[str | int | float]]:
    """Each option and last blank: name, points, ballots, share, the question's score."""
    score = "" if answers.score == NONE else answers.score
    points = [option.points if option.at_least is None else "" for option in question.options]
    named = zip(
        [*_option_names(question), words.blank(question)],
        [*points, None],
        answers.columns,
        answers.percent,
        strict=True,
    )
    for name, worth, ballots, share in named:
        yield [name, "" if worth is None else worth, ballots, share, score]


def _option_names(question: Question) -> Iterator[str]:
    """The options by name; a band with its range."""
    for place, option in enumerate(question.options):
        band = question.kind is QuestionKind.SCORE
        yield words.option_range(question, place) if band else option.text.zh


Cell: TypeAlias = tuple[str | int | float, str]
"""A value and the name of its format: text, count, share or score."""


@dataclass(frozen=True)
class Sheet:
    """A table to be written: a heading for each column and a kind of figure for each cell.

    `note` stands beside the title, `foot` below the table.
    """

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    foot: str = ""


def results_xlsx(
    manifest: Manifest,
    results: Results,
    reasons: Reasons | None = None,
    fullest: Sequence[int] = (),
) -> bytes:
    """The workbook: 汇总, 计票规则, 发票收票, 票箱, then one sheet a question.

    `reasons` are those of spoilt ballots, as long as the openings are kept; `fullest` are the
    ballots of each class in its fullest box, which results do not have of one that was merged.
    """
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
        "foot": book.add_format({"font_size": 9}),
    }  # fmt: skip
    for sheet in (
        _summary(manifest, results, blocks),
        _rules(manifest),
        _slips(manifest, results, fullest),
        _box_sheet(manifest, results, reasons),
        *_questions(manifest, blocks),
    ):
        _write(book, sheet, formats, manifest)
    book.close()
    return out.getvalue()


def _text(value: str) -> Cell:
    return value, "text"


def _number(printed: str | None, kind: str) -> Cell:
    """A figure as printed; as a share it is per cent."""
    if printed is None or printed == NONE:
        return "", "text"
    # The float nearest to what is printed: 78.6 divided as a float is none.
    return float(Decimal(printed) / 100 if kind == "share" else Decimal(printed)), kind


def _count(value: int | None) -> Cell:
    return ("", "text") if value is None else (value, "count")


def _summary(manifest: Manifest, results: Results, blocks: Sequence[Block]) -> Sheet:
    several, votes = len(manifest.instruments) > 1, by_votes(manifest)
    heads = [
        "序号", "评议对象", "类别", "职务", "警示", "收回率",
        *(("得票", "得票率") if votes else ("综合得分",)), "名次", "意见", "理由",
    ]  # fmt: skip
    if several and not votes:
        heads += [
            f"{one.title.zh}（{'得票率' if _votes(one) else '得分'}）"
            for one in manifest.instruments
            if one.scaled
        ]
    elif not votes:
        heads += _question_heads(manifest.instruments[0].questions)
    rows: list[list[Cell]] = []
    for block in blocks:
        result = block.result
        rows.append(
            [
                _count(block.number),
                _text(block.name),
                _text(words.KINDS[block.subject.kind]),
                _text(block.subject.post),
                # A warning is read before any outcome.
                _text("；".join(block.flags)),
                _number(result.turnout.printed, "share"),
                *(
                    (_count(block.votes), _number(block.score, "share"))
                    if votes
                    else (_number(block.score, "score"),)
                ),
                _count(result.rank),
                _text(block.outcome),
                _text(block.reason),
                *(
                    ()
                    if votes
                    else _form_scores(manifest, block)
                    if several
                    else _question_cells(block.forms[0])
                ),
            ]
        )
    return Sheet(
        "汇总", heads, rows, "。".join(_notes(manifest, results)), rounding(manifest, "zh")
    )


def _question_heads(questions: Sequence[Question]) -> Iterator[str]:
    for question in questions:
        if question.kind is QuestionKind.CHOICE:
            yield f"{question.text.zh}（得票）"
        if question.scaled and question.kind is not QuestionKind.CHOICE:
            yield f"{question.text.zh}（得分）"
        if question.scaled:
            yield f"{question.text.zh}（{words.share_name(question)}）"


def _question_cells(form: FormBlock) -> Iterator[Cell]:
    for block in form.questions:
        if block.question.kind is QuestionKind.CHOICE:
            yield _count(block.together.counts[0] if block.together else None)
        if block.question.scaled and block.question.kind is not QuestionKind.CHOICE:
            yield _number(block.score, "score")
        if block.question.scaled:
            yield _number(block.positive, "share")


def _form_scores(manifest: Manifest, block: Block) -> Iterator[Cell]:
    scores = {manifest.contests[form.contest].instrument: form.score for form in block.forms}
    for number, instrument in enumerate(manifest.instruments):
        if instrument.scaled:
            yield _number(scores.get(number), "share" if _votes(instrument) else "score")


def _votes(instrument: Instrument) -> bool:
    """Whether the score of a form is the share of votes of its one choice."""
    scaled = [question.kind for question in instrument.questions if question.scaled]
    return scaled == [QuestionKind.CHOICE]


def _rules(manifest: Manifest) -> Sheet:
    rows = [[_text(name), _text(sentence)] for name, sentence in rule_lines(manifest, "zh")]
    return Sheet("计票规则", ("规则", "内容"), rows)


def _slips(manifest: Manifest, results: Results, fullest: Sequence[int]) -> Sheet:
    heads = ("票种", "权重（%）", "应到", "印制", "作废", "发出", "领取", "收回")
    counted = [
        (voter_class.weight, voter_class.entitled, s.printed, s.void, s.issued, s.drawn)
        for voter_class, s in zip(manifest.classes, results.slips, strict=True)
    ]
    rows = [
        [
            _text(voter_class.name.zh),
            *map(_count, counts),
            _spread(returned(results, number, fullest)),
        ]
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
    """One count; as a text where the boxes differ, or where there is none."""
    return _count(values[0]) if len(values) == 1 else _text(spread(values))


def _box_sheet(manifest: Manifest, results: Results, reasons: Reasons | None) -> Sheet:
    rows = [
        [_text(name), _text(group), *cells]
        for name, group, cells in _boxes(manifest, results, reasons)
    ]
    note = "" if reasons is not None else "无效原因随选票销毁，已不可考"
    return Sheet("票箱", BOX_COLUMNS, rows, "票箱和无效票", note)


def _boxes(
    manifest: Manifest, results: Results, reasons: Reasons | None
) -> Iterator[tuple[str, str, list[Cell]]]:
    """Each group of boxes: its ballot, its name, its counts and the spoilt ones by reason."""
    named = ballot_names(manifest)
    for contest in results.contests:
        for group in contest.groups:
            yield (
                named[contest.contest],
                words.classes_of(manifest, group),
                [
                    *map(_count, (group.issued, group.returned, group.valid, group.spoilt)),
                    *_spoilt_cells(contest, group, reasons),
                    _text(
                        words.sealed(group, floor=manifest.rules.floor)
                        if group.status is GroupStatus.WITHHELD
                        else ""
                    ),
                ],
            )


def _spoilt_cells(
    contest: ContestResult, group: GroupResult, reasons: Reasons | None
) -> Iterator[Cell]:
    known = (reasons or {}).get((contest.contest, group.classes))
    for reason in NAMES:
        yield _reason_cell(reason, known)


def _reason_cell(reason: Spoilt, known: Mapping[Spoilt, int] | None) -> Cell:
    return _count(None if known is None else known.get(reason, 0))


def _questions(manifest: Manifest, blocks: Sequence[Block]) -> Iterator[Sheet]:
    for index, instrument in enumerate(manifest.instruments):
        own = [
            (block, form)
            for block in blocks
            for form in block.forms
            if manifest.contests[form.contest].instrument == index
        ]
        prefix = f"表{index + 1}" if len(manifest.instruments) > 1 else ""
        title = f"《{instrument.title.zh}》" if prefix else ""
        for number, question in enumerate(instrument.questions):
            yield Sheet(
                f"{prefix}题{number + 1}",
                tuple(_heads(question)),
                tuple(_lines(own, number)),
                f"{title}{question.text.zh}",
                rounding(manifest, "zh"),
            )


def _heads(question: Question) -> Iterator[str]:
    yield from ("序号", "评议对象", "票种", "发出", "收回", "有效", "无效")
    names = [*_option_names(question), words.blank(question)]
    if question.kind is QuestionKind.CHOICE:
        yield from (*(f"{name}（票）" for name in names), words.share_name(question))
        return
    yield from names
    yield from (f"{name}（%）" for name in names)
    if question.scaled:
        yield from ("有效答案", "得分", words.share_name(question))
    if _is_opposed(question):
        yield "负面评价"


def _is_opposed(question: Question) -> bool:
    """Whether an answer can be negative: a choice has none."""
    return any(option.negative for option in question.options)


def _lines(blocks: Sequence[tuple[Block, FormBlock]], number: int) -> Iterator[list[Cell]]:
    for block, form in blocks:
        asked = form.questions[number]
        answers = {a.group: a for a in asked.answers}
        head = [_count(block.number), _text(block.name)]
        for (name, group), sealed in zip(form.groups, form.sealed, strict=True):
            yield [*head, *_line(name, group, sealed, answers.get(name), asked.question)]
        if len(form.groups) > 1 and asked.together:
            # Valid and spoilt are those of the opened groups, as the sheets have them.
            counted = ((g.issued, g.returned, g.valid or 0, g.spoilt or 0) for _, g in form.groups)
            yield [
                *head,
                _text(TOGETHER),
                *(_count(sum(column)) for column in zip(*counted, strict=True)),
                *_answered(asked.together, asked.question),
            ]


def _line(
    name: str, group: GroupResult, sealed: str, answers: Answers | None, question: Question
) -> Iterator[Cell]:
    yield _text(name)
    yield from (_count(group.issued), _count(group.returned))
    if group.status is GroupStatus.WITHHELD or answers is None:
        yield _text(sealed)
        return
    yield from (_count(group.valid), _count(group.spoilt))
    yield from _answered(answers, question)


def _answered(answers: Answers, question: Question) -> Iterator[Cell]:
    yield from map(_count, answers.columns)
    if question.kind is QuestionKind.CHOICE:
        yield _number(answers.positive, "share")
        return
    yield from (_number(share, "share") for share in answers.percent)
    if question.scaled:
        yield _count(answers.answers)
        yield _number(answers.score, "score")
        yield _number(answers.positive, "share")
    if _is_opposed(question):
        yield _number(answers.negative, "share")


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
    if sheet.foot:
        page.write_string(2 + len(sheet.rows), 0, sheet.foot, formats["foot"])
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
