"""The editor of an own ballot form: the form's fields, and between them and the instrument."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from flask_babel import gettext
from wtforms import BooleanField, FieldList, Form, FormField, SelectField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

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
from appraisal.codec import CONTROLS
from appraisal.web.office.fields import Between, Line, OfficeForm, WholeNumber, options
from appraisal.web.office.language import lazy
from appraisal.web.office.setup.ballots_form import KINDS

MAX_LINE: Final = 500
SIDES: Final = (
    ("positive", lazy("正面")),
    ("", lazy("都不算")),
    ("negative", lazy("负面")),
)
QUESTION_KINDS: Final = (
    ("grades", lazy("选等次：一题选一个")),
    ("choice", lazy("推选：选或不选")),
    ("ticks", lazy("勾选：可选几项")),
    ("score", lazy("打分：填分数")),
)
LIMITED: Final = (("", lazy("全体")), ("organisation", lazy("组织")), ("person", lazy("个人")))
SHARES: Final = ("", "1/2", "1/3", "1/4", "1/5", "1/10", "3/10", "3/20")


class OptionForm(Form):
    """One option of a question: a grade, an item to tick, a band of points."""

    text = Line(
        lazy("选项"), validators=[Length(max=MAX_LINE, message=lazy("选项最多 500 个字。"))]
    )
    text_en = Line(
        lazy("选项（英文）"),
        validators=[Length(max=MAX_LINE, message=lazy("选项最多 500 个字。"))],
    )
    points = WholeNumber(
        lazy("分值"), validators=[Between(0, MAX_POINTS, lazy("分值请填写 0 到 1000。"))]
    )
    at_least = WholeNumber(
        lazy("几分起"), validators=[Between(0, MAX_HIGHEST, lazy("分数请填写 0 到 200。"))]
    )
    side = SelectField(lazy("算正面还是负面"), choices=options(*SIDES), default="")

    @property
    def blank(self) -> bool:
        """Whether nothing was typed into this row."""
        return not self.text.data and self.points.data is None and self.at_least.data is None


class QuestionForm(Form):
    """One question with its options."""

    kind = SelectField(lazy("怎样答"), choices=options(*QUESTION_KINDS), default="grades")
    text = Line(
        lazy("问什么"),
        validators=[
            DataRequired(lazy("请填写这一题问什么。")),
            Length(max=MAX_LINE, message=lazy("题目最多 500 个字。")),
        ],
    )
    text_en = Line(
        lazy("问什么（英文）"),
        validators=[Length(max=MAX_LINE, message=lazy("题目最多 500 个字。"))],
    )
    note = Line(
        lazy("一句说明"), validators=[Length(max=MAX_LINE, message=lazy("说明最多 500 个字。"))]
    )
    note_en = Line(
        lazy("一句说明（英文）"),
        validators=[Length(max=MAX_LINE, message=lazy("说明最多 500 个字。"))],
    )
    required = BooleanField(lazy("必答：没有答时提醒一次"))
    most = WholeNumber(
        lazy("最多选几项"), validators=[Between(1, MAX_OPTIONS, lazy("最多选几项请填写 1 以上。"))]
    )
    highest = WholeNumber(
        lazy("满分"), validators=[Between(1, MAX_HIGHEST, lazy("满分请填写 1 到 200。"))]
    )
    options = FieldList(FormField(OptionForm), max_entries=MAX_OPTIONS)

    @property
    def asks(self) -> QuestionKind:
        """How it is answered."""
        return QuestionKind(self.kind.data)

    @property
    def used(self) -> list[OptionForm]:
        """The options in which something stands; a choice has one."""
        rows = [entry.form for entry in self.options.entries if not entry.form.blank]
        return rows[:1] if self.asks is QuestionKind.CHOICE else rows


class LimitForm(Form):
    """How many subjects of a kind may be given an option on one ballot."""

    option = SelectField(lazy("哪个选项"), choices=[])
    kind = SelectField(lazy("限制谁"), choices=options(*LIMITED), default="")
    least = WholeNumber(
        lazy("至少"), validators=[Between(0, MAX_SUBJECTS, lazy("至少几个请填写 0 到 2000。"))]
    )
    most = WholeNumber(
        lazy("至多"), validators=[Between(1, MAX_SUBJECTS, lazy("至多几个请填写 1 到 2000。"))]
    )
    share = SelectField(lazy("或党员总数的"), choices=[], default="")


class InstrumentForm(OfficeForm):
    """A ballot form while it is changed."""

    title = Line(
        lazy("名称"),
        validators=[
            DataRequired(lazy("请填写测评表的名称。")),
            Length(max=MAX_LINE, message=lazy("名称最多 500 个字。")),
        ],
    )
    title_en = Line(
        lazy("名称（英文）"),
        validators=[Length(max=MAX_LINE, message=lazy("名称最多 500 个字。"))],
    )
    instruction = Line(
        lazy("填写说明"),
        validators=[Length(max=MAX_LINE, message=lazy("填写说明最多 500 个字。"))],
    )
    instruction_en = Line(
        lazy("填写说明（英文）"),
        validators=[Length(max=MAX_LINE, message=lazy("填写说明最多 500 个字。"))],
    )
    kind = SelectField(lazy("评议谁"), choices=options(*KINDS))
    questions = FieldList(FormField(QuestionForm), max_entries=MAX_QUESTIONS)
    limits = FieldList(FormField(LimitForm), max_entries=MAX_LIMITS)
    notes_title = Line(
        lazy("参考内容的标题"),
        validators=[Length(max=MAX_LINE, message=lazy("标题最多 500 个字。"))],
    )
    notes_title_en = Line(
        lazy("参考内容的标题（英文）"),
        validators=[Length(max=MAX_LINE, message=lazy("标题最多 500 个字。"))],
    )
    notes_items = TextAreaField(lazy("参考内容"))
    notes_items_en = TextAreaField(lazy("参考内容（英文）"))
    english = BooleanField(lazy("同时填写英文"))

    def validate_notes_items(self, field: TextAreaField) -> None:
        """Ask for the title of what stands beside the questions, and for not too much of it."""
        items = lines_of(field.data)
        if len(items) > MAX_NOTES:
            raise ValidationError(gettext("参考内容一行一条，最多 %(most)s 条。", most=MAX_NOTES))
        if bool(items) != bool(self.notes_title.data):
            raise ValidationError(str(lazy("参考内容要有标题，也要有内容；不要的话，两处都清空。")))


def lines_of(text: str | None) -> list[str]:
    """The lines of a text field in which something stands."""
    spaced = (" ".join(CONTROLS.sub(" ", line).split()) for line in (text or "").splitlines())
    return [line for line in spaced if line]


def offer_choices(form: InstrumentForm) -> None:
    """The options that a limit may be of, and the shares it may have."""
    named = options(*_limitable(form))
    for entry in form.limits.entries:
        entry.form.option.choices = named
        shares = list(SHARES)
        if entry.form.share.data not in shares:
            shares.append(entry.form.share.data or "")
        entry.form.share.choices = options(*((s, s or gettext("不用")) for s in shares))


def _limitable(form: InstrumentForm) -> Iterator[tuple[str, str]]:
    for number, entry in enumerate(form.questions.entries):
        question = entry.form
        if question.asks in {QuestionKind.GRADES, QuestionKind.CHOICE}:
            for place, option in enumerate(question.used):
                said = gettext(
                    "第 %(number)s 题 · %(option)s", number=number + 1, option=option.text.text
                )
                yield f"{number}-{place}", said


def instrument_data(instrument: Instrument) -> dict[str, object]:
    """What the form shows of an instrument."""
    notes = instrument.notes
    return {
        **_pair("title", instrument.title),
        "kind": instrument.kind.value if instrument.kind else "",
        **_pair("instruction", instrument.instruction),
        "questions": [_question_data(question) for question in instrument.questions],
        "limits": [
            {
                "option": f"{limit.question}-{limit.option}",
                "kind": limit.kind.value if limit.kind else "",
                "least": limit.least,
                "most": limit.most,
                "share": "/".join(map(str, limit.share)) if limit.share else "",
            }
            for limit in instrument.limits
        ],
        **_pair("notes_title", notes.title if notes else None),
        "notes_items": "\n".join(item.zh for item in notes.items) if notes else "",
        "notes_items_en": "\n".join(item.en for item in notes.items) if notes else "",
    }


def _question_data(question: Question) -> dict[str, object]:
    return {
        "kind": question.kind.value,
        **_pair("text", question.text),
        **_pair("note", question.note),
        "required": question.required,
        "most": question.most,
        "highest": question.highest,
        "options": [
            {
                **_pair("text", option.text),
                "points": option.points,
                "at_least": option.at_least,
                "side": "positive" if option.positive else "negative" if option.negative else "",
            }
            for option in question.options
        ],
    }


def _pair(name: str, text: Text | None) -> dict[str, object]:
    return {name: text.zh if text else "", f"{name}_en": text.en if text else ""}


def instrument_of(form: InstrumentForm, *, earlier: Instrument) -> Instrument:
    """The instrument of a form without `faults`.

    Without English fields a text keeps the English that it had, or is Chinese there too.
    """
    said = _Saying({} if form.english.data else dict(_texts(earlier)), english=form.english.data)
    items = zip_longer(lines_of(form.notes_items.data), lines_of(form.notes_items_en.data))
    return Instrument(
        id=earlier.id,
        title=said.text(form.title.text, form.title_en.text),
        kind=SubjectKind(form.kind.data) if form.kind.data else None,
        instruction=said.optional(form.instruction.text, form.instruction_en.text),
        questions=tuple(_question_of(entry.form, said) for entry in form.questions.entries),
        limits=tuple(_limit_of(entry.form, form.kind.data) for entry in form.limits.entries),
        notes=Notes(
            said.text(form.notes_title.text, form.notes_title_en.text),
            tuple(said.text(zh, en) for zh, en in items),
        )
        if form.notes_title.text
        else None,
    )


def zip_longer(zh: list[str], en: list[str]) -> list[tuple[str, str]]:
    """The lines in both languages, as far as there is English."""
    return [(line, en[number] if number < len(en) else "") for number, line in enumerate(zh)]


class _Saying:
    """Texts in two languages out of what was typed."""

    def __init__(self, known: Mapping[str, str], *, english: bool) -> None:
        self._known, self._english = known, english

    def text(self, zh: str, en: str) -> Text:
        return Text(zh, (en if self._english else self._known.get(zh, "")) or zh)

    def optional(self, zh: str, en: str) -> Text | None:
        return self.text(zh, en) if zh else None


def _texts(instrument: Instrument) -> Iterator[tuple[str, str]]:
    """The Chinese and the English of every text."""
    found: list[Text | None] = [instrument.title, instrument.instruction]
    for question in instrument.questions:
        found += [question.text, question.note, *(option.text for option in question.options)]
    if instrument.notes:
        found += [instrument.notes.title, *instrument.notes.items]
    return ((text.zh, text.en) for text in found if text)


def _question_of(row: QuestionForm, said: _Saying) -> Question:
    kind = row.asks
    return Question(
        kind=kind,
        text=said.text(row.text.text, row.text_en.text),
        note=said.optional(row.note.text, row.note_en.text),
        required=bool(row.required.data) and kind is not QuestionKind.CHOICE,
        most=row.most.data if kind is QuestionKind.TICKS else None,
        highest=row.highest.data if kind is QuestionKind.SCORE else None,
        options=tuple(_option_of(option, kind, said) for option in row.used),
    )


def _option_of(row: OptionForm, kind: QuestionKind, said: _Saying) -> Option:
    text, side = said.text(row.text.text, row.text_en.text), row.side.data
    match kind:
        case QuestionKind.CHOICE:
            return Option(text, positive=True, negative=False, points=WHOLE)
        case QuestionKind.TICKS:
            return Option(text, positive=False, negative=False)
        case QuestionKind.SCORE:
            positive, negative = side == "positive", side == "negative"
            return Option(text, positive, negative, at_least=row.at_least.data)
        case QuestionKind.GRADES:
            scaled = row.points.data is not None
            positive, negative = scaled and side == "positive", scaled and side == "negative"
            return Option(text, positive, negative, points=row.points.data)


def _limit_of(row: LimitForm, form_kind: str) -> Limit:
    question, _, option = row.option.data.partition("-")
    share = tuple(map(int, row.share.data.split("/"))) if row.share.data else None
    return Limit(
        question=int(question),
        option=int(option),
        least=row.least.data or 0,
        most=None if share else row.most.data,
        share=(share[0], share[1]) if share else None,
        kind=SubjectKind(row.kind.data) if row.kind.data and not form_kind else None,
    )
