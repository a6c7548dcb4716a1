"""What is wrong with a ballot form as it is typed: what no single field of it can tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from flask_babel import gettext

from appraisal.ballot_form import QuestionKind
from appraisal.web.office.instruments.form import (
    InstrumentForm,
    LimitForm,
    OptionForm,
    QuestionForm,
)


def check_typed(form: InstrumentForm) -> list[tuple[str, str]]:
    """(id of the field, sentence) for what no single field can tell, in the order of the page."""
    found: list[tuple[str, str]] = []
    if not form.questions.entries:
        found.append(("questions", gettext("测评表还没有题目，请至少加一题。")))
    for number, entry in enumerate(form.questions.entries, 1):
        said = gettext("第 %(number)s 题：", number=number)
        found += [(field, said + sentence) for field, sentence in _of_question(entry.form)]
    seen: set[tuple[str, str]] = set()
    for limit in (entry.form for entry in form.limits.entries):
        found += _of_limit(limit)
        # In a form for one kind all limits are of that kind.
        kind = form.kind.data or limit.kind.data or ""
        limited = limit.option.data or "", kind
        if limited in seen:
            found.append((limit.option.id, gettext("同一个选项限制了两次，请删除一个。")))
        seen.add(limited)
        if form.kind.data and limit.kind.data and kind != limit.kind.data:
            sentence = gettext("整张表只评一类对象，限制里请选“全体”。")
            found.append((limit.kind.id, sentence))
    return found


def in_questions(errors: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The errors of single fields, told far above them: with the question that they are in."""
    for field, sentence in errors:
        found = re.match(r"questions-(\d+)-", field)
        said = gettext("第 %(number)s 题：", number=int(found[1]) + 1) if found else ""
        yield field, said + sentence


def _of_question(row: QuestionForm) -> Iterator[tuple[str, str]]:
    used, first = row.used, row.text.id
    if not used:
        yield first, gettext("还没有选项，请至少填一个。")
        return
    for number, option in enumerate(used):
        if not option.text.data:
            yield option.text.id, gettext("请填写选项的文字。")
        elif option.text.data in [o.text.data for o in used[:number]]:
            said = gettext("选项“%(option)s”写了两次。", option=option.text.data)
            yield option.text.id, said
    match row.asks:
        case QuestionKind.GRADES:
            yield from _of_grades(used)
        case QuestionKind.TICKS:
            if row.most.data is not None and row.most.data >= len(used):
                yield row.most.id, gettext("“最多选几项”要比选项少；不限制就清空。")
        case QuestionKind.SCORE:
            yield from _of_bands(row, used)
        case QuestionKind.CHOICE:
            pass


def _of_grades(used: list[OptionForm]) -> Iterator[tuple[str, str]]:
    points = [option.points.data for option in used if option.points.data is not None]
    if not points:
        yield used[0].points.id, gettext("没有一个等次有分值。分值空着的是“不了解”一类，不计分。")
    if points != sorted(points, reverse=True):
        yield used[0].points.id, gettext("等次请从好到差排列，分值从大到小。")


def _of_bands(row: QuestionForm, used: list[OptionForm]) -> Iterator[tuple[str, str]]:
    if row.highest.data is None:
        yield row.highest.id, gettext("请填写满分，例如 100。")
    lowest = [option.at_least.data for option in used]
    for option in used:
        if option.at_least.data is None:
            yield option.at_least.id, gettext("请填写这一段从几分起。")
    if None in lowest:
        return
    numbers = [number for number in lowest if number is not None]
    if numbers != sorted(set(numbers), reverse=True):
        yield used[0].at_least.id, gettext("分数段请从高到低排列，各段的起点不能相同。")
    elif numbers[-1]:
        yield used[-1].at_least.id, gettext("最后一段请从 0 分起，不然低分没有归处。")
    elif row.highest.data is not None and numbers[0] > row.highest.data:
        yield used[0].at_least.id, gettext("第一段的起点高于满分。")


def _of_limit(row: LimitForm) -> Iterator[tuple[str, str]]:
    if not row.option.data:
        yield row.option.id, gettext("请选择限制哪个选项。")
    if row.share.data:
        if row.most.data is not None:
            yield row.most.id, gettext("“至多”和“党员总数的几分之几”只能填一样。")
    elif row.most.data is None:
        yield row.most.id, gettext("请填写至多几个，或选党员总数的几分之几。")
    elif (row.least.data or 0) > row.most.data:
        yield row.least.id, gettext("“至少”不能大于“至多”。")
