"""A form out of the table that a file holds, with every misfit that can be found on the way."""

from __future__ import annotations

import datetime
import difflib
import re
from dataclasses import replace
from enum import Enum
from typing import Any, Final, TypeVar

from appraisal.ballot_form import (
    MAX_HIGHEST,
    MAX_LIMITS,
    MAX_NOTES,
    MAX_OPTIONS,
    MAX_POINTS,
    MAX_QUESTIONS,
    MAX_SUBJECTS,
    WHOLE,
    Instrument,
    Limit,
    Notes,
    Option,
    Question,
    QuestionKind,
    SubjectKind,
    Text,
)
from appraisal.codec import CONTROLS, MAX_TEXT
from appraisal.instruments import fields
from appraisal.instruments.faults import MAX_FAULTS, Misfit, Path, quoted
from appraisal.instruments.fields import Level
from appraisal.instruments.rules import id_misfits, limit_misfits, question_misfits

Member = TypeVar("Member", bound=Enum)
Table = dict[str, Any]

MAX_ID: Final = 60
_SHARE: Final = re.compile(r"([0-9]{1,9})/([0-9]{1,9})")
_TYPES: Final = (
    (bool, "是非（true 或 false）", "true or false"),
    (int, "整数", "a whole number"),
    (float, "小数", "a number with a fraction"),
    (str, "文字", "a text"),
    (list, "列表", "a list"),
    (dict, "一组名称", "a group of names"),
    ((datetime.date, datetime.time), "日期或时间", "a date or a time"),
)


class Reader:
    """Reads one table; `misfits` are found as it goes."""

    def __init__(self) -> None:
        self.misfits: list[Misfit] = []

    def form(self, table: Table) -> Instrument | None:
        """The form, or None if anything is wrong."""
        self._known(table, fields.FORM, ())
        identifier = self._string(table, "id", fields.FORM, (), most=MAX_ID)
        if identifier is not None:
            self.misfits += id_misfits(identifier)
        title = self._text(table, "title", fields.FORM, ())
        kind = self._kind(table, fields.FORM, ())
        instruction = self._text(table, "instruction", fields.FORM, (), needed=False)
        questions = [
            self._question(value, ("questions", number))
            for number, value in enumerate(
                self._sections(table, "questions", (1, MAX_QUESTIONS), needed=True)
            )
        ]
        limits = self._limits(self._sections(table, "limits", (0, MAX_LIMITS)), questions, kind)
        notes = self._notes(table)
        if self.misfits or identifier is None or title is None:
            return None
        return Instrument(
            identifier,
            title,
            tuple(question for question in questions if question is not None),
            limits,
            instruction,
            notes,
            kind,
        )

    def _question(self, value: object, path: Path) -> Question | None:
        before = len(self.misfits)
        if not isinstance(value, dict):
            self._wrong_type(path, "questions", fields.FORM, value, dict)
            return None
        level = fields.QUESTION
        self._known(value, level, path)
        kind = self._member(value, "kind", level, path, QuestionKind)
        text = self._text(value, "text", level, path)
        note = self._text(value, "note", level, path, needed=False)
        required = self._boolean(value, "required", level, path)
        most = self._integer(value, "most", level, path, (1, MAX_OPTIONS))
        highest = self._integer(value, "highest", level, path, (1, MAX_HIGHEST))
        options = self._options(value, path, choice=kind is QuestionKind.CHOICE)
        if kind is None or text is None or len(self.misfits) > before:
            return None
        question = Question(kind, text, required, options, note, most, highest)
        for misfit in question_misfits(question):
            self.misfits.append(replace(misfit, path=(*path, *misfit.path)))
        return question

    def _options(self, table: Table, path: Path, *, choice: bool) -> tuple[Option, ...]:
        values = self._list(table, "options", fields.QUESTION, path, (1, MAX_OPTIONS))
        found = (
            self._option(value, (*path, "options", number), choice=choice)
            for number, value in enumerate(values)
        )
        return tuple(option for option in found if option is not None)

    def _option(self, value: object, path: Path, *, choice: bool) -> Option | None:
        """An option; a text alone is one too. That of a choice is positive and has 100 points."""
        table: Table
        match value:
            case str():
                table = {"text": value}
            case dict():
                table = value
            case _:
                self._wrong_type(path, "options", fields.QUESTION, value, str)
                return None
        level = fields.OPTION
        self._known(table, level, path)
        if choice:
            table = {"points": WHOLE, "positive": True, **table}
        text = self._text(table, "text", level, path)
        points = self._integer(table, "points", level, path, (0, MAX_POINTS))
        positive = self._boolean(table, "positive", level, path)
        negative = self._boolean(table, "negative", level, path)
        at_least = self._integer(table, "at_least", level, path, (0, MAX_HIGHEST))
        return None if text is None else Option(text, positive, negative, points, at_least)

    def _limits(
        self, values: list[Any], questions: list[Question | None], kind: SubjectKind | None
    ) -> tuple[Limit, ...]:
        found: list[Limit] = []
        stand: set[tuple[int, int, SubjectKind | None]] = set()
        for number, value in enumerate(values):
            path: Path = ("limits", number)
            limit = self._limit(value, path, questions, kind)
            if limit is None:
                continue
            key = limit.question, limit.option, limit.kind
            if key in stand:
                self._add(
                    path,
                    "同一选项对同一类对象限制了两次；请合为一项，或各写一个 kind",
                    "the same option is limited twice for one kind of subject; "
                    "make them one, or write a kind for each",
                )
            stand.add(key)
            found.append(limit)
        return tuple(found)

    def _limit(
        self,
        value: object,
        path: Path,
        questions: list[Question | None],
        form_kind: SubjectKind | None,
    ) -> Limit | None:
        before = len(self.misfits)
        if not isinstance(value, dict):
            self._wrong_type(path, "limits", fields.FORM, value, dict)
            return None
        level = fields.LIMIT
        self._known(value, level, path)
        kind = self._kind(value, level, path)
        least = self._integer(value, "least", level, path, (0, MAX_SUBJECTS)) or 0
        most = self._integer(value, "most", level, path, (1, MAX_SUBJECTS))
        share = self._share(value, path)
        texts = [None if question is None else question.text.zh for question in questions]
        asked = self._choice_of(value, "question", path, texts)
        question = None if asked is None else questions[asked]
        if asked is None or question is None:
            return None
        option = self._choice_of(value, "option", path, [o.text.zh for o in question.options])
        if option is None or len(self.misfits) > before:
            return None
        limit = Limit(asked, option, least, most, share, kind)
        for misfit in limit_misfits(question, limit, kind=form_kind):
            self.misfits.append(replace(misfit, path=(*path, *misfit.path)))
        return limit if len(self.misfits) == before else None

    def _choice_of(self, table: Table, key: str, path: Path, texts: list[str | None]) -> int | None:
        """The number, from 0, of the question or option that a limit names, or of the only one."""
        level, value = fields.LIMIT, table.get(key)
        what_zh, what_en = ("道题", "question") if key == "question" else ("个选项", "option")
        if value is None and len(texts) == 1:
            return 0
        match value:
            case None if texts:
                self._missing(key, level, path)
            case str() if texts.count(value) == 1:
                return texts.index(value)
            case str() if texts.count(value) > 1:
                self._add(
                    (*path, key),
                    f"{key}：有几{what_zh}都叫“{quoted(value)}”；请写它的序号，从 1 数起",
                    f"{key}: several are called {quoted(value)}; write its number, counting from 1",
                )
            case int() if not isinstance(value, bool) and 1 <= value <= len(texts):
                return value - 1
            case str() | int() if not isinstance(value, bool):
                if None not in texts:  # otherwise it may be the one that could not be read
                    known = "、".join(f"“{quoted(text or '')}”" for text in texts[:6])
                    given = quoted(str(value))
                    self._add(
                        (*path, key),
                        f"{key}：没有这{what_zh}（{given}）；请照抄中文，如 {known}，"
                        "或写序号，从 1 数起",
                        f"{key}: there is no {what_en} {given}; copy its Chinese text "
                        f"({known}), or write its number, counting from 1",
                        sure=False,
                    )
            case None:
                pass
            case _:
                self._wrong_type((*path, key), key, level, value, str)
        return None

    def _share(self, table: Table, path: Path) -> tuple[int, int] | None:
        value = table.get("share")
        if value is None:
            return None
        found = _SHARE.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            self._add(
                (*path, "share"),
                f"share（占党员总数的比例）应是引号里的分数，这里是 {_shown(value)}；"
                '请写 share = "1/3"',
                f'share is a fraction in quotation marks, not {_shown(value)}; write share = "1/3"',
            )
            return None
        return int(found[1]), int(found[2])

    def _notes(self, table: Table) -> Notes | None:
        value = table.get("notes")
        if value is None:
            return None
        path: Path = ("notes",)
        if not isinstance(value, dict):
            self._wrong_type(path, "notes", fields.FORM, value, dict)
            return None
        level = fields.NOTES
        self._known(value, level, path)
        title = self._text(value, "title", level, path)
        items = [
            self._text_value(item, "items", level, ("notes", "items", number))
            for number, item in enumerate(self._list(value, "items", level, path, (1, MAX_NOTES)))
        ]
        if title is None:
            return None
        return Notes(title, tuple(item for item in items if item is not None))

    # --- Values ------------------------------------------------------------------------------

    def _text(
        self, table: Table, key: str, level: Level, path: Path, *, needed: bool = True
    ) -> Text | None:
        """A text: in Chinese alone, or in both languages; the English one may be left out."""
        if key not in table:
            if needed:
                self._missing(key, level, path)
            return None
        return self._text_value(table[key], key, level, (*path, key))

    def _text_value(self, value: object, key: str, level: Level, path: Path) -> Text | None:
        match value:
            case str():
                return Text(value, value) if self._fits(value, key, level, path) else None
            case dict():
                self._known(value, fields.TEXT, path)
                zh = self._string(value, "zh", fields.TEXT, path)
                en = zh if "en" not in value else self._string(value, "en", fields.TEXT, path)
                return None if zh is None or en is None else Text(zh, en)
            case _:
                self._wrong_type(path, key, level, value, str)
                return None

    def _string(
        self, table: Table, key: str, level: Level, path: Path, *, most: int = MAX_TEXT
    ) -> str | None:
        value = table.get(key)
        if value is None:
            self._missing(key, level, path)
        elif not isinstance(value, str):
            self._wrong_type((*path, key), key, level, value, str)
        elif self._fits(value, key, level, (*path, key), most=most):
            return value
        return None

    def _fits(
        self, value: str, key: str, level: Level, path: Path, *, most: int = MAX_TEXT
    ) -> bool:
        """Whether a text has a length that is allowed, and no characters that are not."""
        name = level.names[key]
        if not value:
            self._add(
                path,
                f"{key}（{name.zh}）没有内容；请写 {name.example}，或删去整项",
                f"{key} is empty; write {name.example}, or leave it out",
            )
        elif len(value) > most:
            self._add(
                path,
                f"{key}（{name.zh}）有 {len(value)} 个字，最多 {most} 个；请缩短",
                f"{key} has {len(value)} characters, {most} at most; shorten it",
            )
        elif found := CONTROLS.search(value):
            code = f"U+{ord(found[0]):04X}"
            self._add(
                path,
                f"{key}（{name.zh}）里有换行或看不见的控制字符（{code}）；请删去，写成一行",
                f"{key} has a line break or an invisible control character ({code}); "
                "delete it and write one line",
            )
        else:
            return True
        return False

    def _integer(
        self, table: Table, key: str, level: Level, path: Path, span: tuple[int, int]
    ) -> int | None:
        value = table.get(key)
        if value is None:
            return None
        name, (low, high) = level.names[key], span
        if not isinstance(value, int) or isinstance(value, bool):
            self._wrong_type((*path, key), key, level, value, int)
        elif not low <= value <= high:
            self._add(
                (*path, key),
                f"{key}（{name.zh}）应在 {low} 到 {high} 之间，这里是 {value}；"
                f"请写这一范围内的整数，如 {name.example}",
                f"{key} is {value}, not from {low} to {high}; "
                f"write a whole number of these, such as {name.example}",
            )
        else:
            return value
        return None

    def _boolean(self, table: Table, key: str, level: Level, path: Path) -> bool:
        value = table.get(key, False)
        if not isinstance(value, bool):
            self._wrong_type((*path, key), key, level, value, bool)
            return False
        return value

    def _kind(self, table: Table, level: Level, path: Path) -> SubjectKind | None:
        """A kind of subject; of any kind where none is written."""
        return self._member(table, "kind", level, path, SubjectKind) if "kind" in table else None

    def _member(
        self, table: Table, key: str, level: Level, path: Path, kind: type[Member]
    ) -> Member | None:
        value, name = table.get(key), level.names[key]
        known = [f'"{member.value}"' for member in kind]
        if value is None:
            self._add(
                path,
                f"{level.zh}缺少 {key}（{name.zh}）；请写 {key} = {'、'.join(known)} 之一",
                f"{key} is missing in {level.en}; write {key} = one of {', '.join(known)}",
                sure=False,
            )
        elif not isinstance(value, str):
            self._wrong_type((*path, key), key, level, value, str)
        else:
            for member in kind:
                if member.value == value:
                    return member
            self._add(
                (*path, key),
                f"{key}（{name.zh}）没有“{quoted(value)}”这一种；请写 {'、'.join(known)} 之一",
                f"{key} cannot be {quoted(value)}; write one of {', '.join(known)}",
            )
        return None

    def _list(
        self, table: Table, key: str, level: Level, path: Path, span: tuple[int, int]
    ) -> list[Any]:
        value = table.get(key)
        if value is None:
            self._missing(key, level, path)
        elif not isinstance(value, list):
            self._wrong_type((*path, key), key, level, value, list)
        elif self._count(value, key, level, (*path, key), span):
            return value
        return []

    def _sections(
        self, table: Table, key: str, span: tuple[int, int], *, needed: bool = False
    ) -> list[Any]:
        """A list of sections, each with its header in double brackets."""
        value = table.get(key)
        example = fields.FORM.names[key].example
        if isinstance(value, dict):
            self._add(
                (key,),
                f"标题要用两层方括号；请把 [{key}] 改为 {example}",
                f"the header has double brackets; write {example} instead of [{key}]",
            )
        elif value is None and needed:
            self._add(
                (),
                "一道题也没有；请写 [[questions]]，下面写 kind、text 和 options",
                "there is no question; write [[questions]], then kind, text and options",
                sure=False,
            )
        elif value is not None and not isinstance(value, list):
            self._wrong_type((key,), key, fields.FORM, value, list)
        elif value is not None and self._count(value, key, fields.FORM, (key,), span):
            return value
        return []

    def _count(
        self, value: list[Any], key: str, level: Level, path: Path, span: tuple[int, int]
    ) -> bool:
        low, high = span
        if low <= len(value) <= high:
            return True
        name = level.names[key]
        self._add(
            (*path, high) if len(value) > high else path,
            f"{key}（{name.zh}）应有 {low} 到 {high} 项，这里有 {len(value)} 项；"
            + ("请删去多余的" if value else f"请写 {name.example}"),
            f"{key} has {len(value)} items, not {low} to {high}; "
            + ("leave some out" if value else f"write {name.example}"),
            sure=len(value) > high,
        )
        return False

    # --- Misfits -----------------------------------------------------------------------------

    def _known(self, table: Table, level: Level, path: Path) -> None:
        known = list(level.names)
        for key in [key for key in table if key not in known][:MAX_FAULTS]:
            near = difflib.get_close_matches(key, level.names, n=1)
            self._add(
                (*path, key),
                f"{level.zh}里没有 {quoted(key)} 这个名称；"
                + (f"请改为 {near[0]}" if near else f"请删去，或改用 {'、'.join(known)}"),
                f"{level.en} has no {quoted(key)}; "
                + (
                    f"write {near[0]}"
                    if near
                    else f"leave it out, or write one of {', '.join(known)}"
                ),
            )

    def _missing(self, key: str, level: Level, path: Path) -> None:
        name = level.names[key]
        self._add(
            path,
            f"{level.zh}缺少 {key}（{name.zh}）；请写 {name.example}",
            f"{key} is missing in {level.en}; write {name.example}",
            sure=False,
        )

    def _wrong_type(self, path: Path, key: str, level: Level, value: object, wanted: type) -> None:
        name = level.names[key]
        (want_zh, want_en), (got_zh, got_en) = _called(wanted), _called(type(value))
        self._add(
            path,
            f"{key}（{name.zh}）应是{want_zh}，这里是{got_zh}；请写 {name.example}",
            f"{key} should be {want_en}, not {got_en}; write {name.example}",
        )

    def _add(self, path: Path, zh: str, en: str, *, sure: bool = True) -> None:
        self.misfits.append(Misfit(path, zh, en, sure))


def _called(kind: type) -> tuple[str, str]:
    return next((zh, en) for known, zh, en in _TYPES if issubclass(kind, known))


def _shown(value: object) -> str:
    return f'"{quoted(value)}"' if isinstance(value, str) else quoted(str(value))
