"""The ballot forms 测评表 of a session: which, for whom, with which numbers in their limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import gettext
from wtforms import FieldList, Form, FormField, HiddenField, SelectField
from wtforms.validators import ValidationError

from appraisal.ballot_form import (
    MAX_LIMITS,
    MAX_SUBJECTS,
    Instrument,
    Limit,
    QuestionKind,
    SubjectKind,
    most_of,
)
from appraisal.steps.contests import instrument_of
from appraisal.steps.draft import MAX_FORMS, FormDraft, LimitDraft
from appraisal.web.office.fields import Between, WholeNumber, options
from appraisal.web.office.language import lazy
from appraisal.web.office.words import texted

KINDS: Final = (
    ("", lazy("全体")),
    ("organisation", lazy("只评组织")),
    ("person", lazy("只评个人")),
)

_WHOM: Final[Mapping[SubjectKind | None, str]] = {
    None: lazy("对象"),
    SubjectKind.ORGANISATION: lazy("组织"),
    SubjectKind.PERSON: lazy("个人"),
}
QUESTIONS_TOLD: Final = 3


class LimitNumbersForm(Form):
    """The numbers of one limit in this session."""

    least = WholeNumber(
        lazy("至少"), validators=[Between(0, MAX_SUBJECTS, lazy("至少几个请填写 0 到 2000。"))]
    )
    most = WholeNumber(
        lazy("至多"), validators=[Between(1, MAX_SUBJECTS, lazy("至多几个请填写 1 到 2000。"))]
    )

    def validate_most(self, field: WholeNumber) -> None:
        """Refuse fewer than the least."""
        if field.data is not None and (self.least.data or 0) > field.data:
            raise ValidationError(str(lazy("“至少”不能大于“至多”。")))


class ChosenForm(Form):
    """One ballot form of the session."""

    instrument = HiddenField()
    kind = SelectField(lazy("评议谁"), choices=options(*KINDS), default="")
    limits = FieldList(FormField(LimitNumbersForm), max_entries=MAX_LIMITS)


class BallotFields:
    """The ballot forms in the session form; `add_form` is what is to be added to them."""

    forms = FieldList(FormField(ChosenForm), max_entries=MAX_FORMS)
    add_form = SelectField(lazy("再加一张测评表"), choices=[], default="")


@dataclass(frozen=True)
class Shown:
    """A ballot form of a session as its pages show it; `instrument` is None if there is none."""

    id: str
    instrument: Instrument | None
    kind: SubjectKind | None
    limits: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether all its subjects stand on one ballot."""
        return self.instrument is not None and self.instrument.whole

    @property
    def title(self) -> str:
        """What it is called in the language of the page."""
        return texted(self.instrument.title) if self.instrument else self.id


def offer_forms(form: Any, library: Mapping[str, Instrument]) -> None:
    """The ballot forms that may be added."""
    form.add_form.choices = options(
        ("", gettext("请选择")), *((i.id, texted(i.title)) for i in library.values())
    )


def forms_data(
    forms: Sequence[FormDraft], library: Mapping[str, Instrument]
) -> list[dict[str, object]]:
    """What the form shows of the ballot forms; numbers that nobody has set are the form's own."""
    return [
        {
            "instrument": form.instrument,
            "kind": form.kind.value if form.kind else "",
            "limits": [
                {"least": limit.least, "most": limit.most} for limit in _numbers(form, library)
            ],
        }
        for form in forms
    ]


@dataclass(frozen=True)
class Row:
    """A row of the ballot forms on the session form, with what its instrument is called."""

    number: str
    form: Any
    instrument: Instrument | None

    @property
    def title(self) -> str:
        """What the ballot form is called in the language of the page."""
        return texted(self.instrument.title) if self.instrument else self.form.instrument.data

    @property
    def limits(self) -> list[tuple[Any, str, str]]:
        """Each limit's fields, its name, and the share that stands if no number does."""
        if self.instrument is None:
            return []
        return [
            (entry.form, limit_name(self.instrument, limit), share_words(limit))
            for entry, limit in zip(self.form.limits.entries, self.instrument.limits, strict=False)
        ]


def rows(form: Any, library: Mapping[str, Instrument]) -> list[Row]:
    """The ballot forms on the session form."""
    return [
        Row(entry.id.rpartition("-")[2], entry.form, library.get(entry.form.instrument.data))
        for entry in form.forms.entries
    ]


def shares(form: Any, library: Mapping[str, Instrument]) -> bool:
    """Whether some limit is a share of the members."""
    return any(
        limit.share and row.form.limits.entries[number].form.most.data is None
        for row in rows(form, library)
        if row.instrument
        for number, limit in enumerate(row.instrument.limits)
        if number < len(row.form.limits.entries)
    )


def forms_of(form: Any, library: Mapping[str, Instrument]) -> tuple[FormDraft, ...]:
    """The ballot forms of a form whose fields are each valid."""
    return tuple(_chosen(entry.form, library) for entry in form.forms.entries)


def added(identifier: str, library: Mapping[str, Instrument]) -> dict[str, object]:
    """The row of a ballot form that was just added."""
    return forms_data((FormDraft(identifier),), library)[0]


def shown(
    forms: Sequence[FormDraft], instruments: Sequence[Instrument | None], *, members: int
) -> tuple[Shown, ...]:
    """The ballot forms of a session with their limits in numbers; an instrument each."""
    return tuple(
        Shown(
            form.instrument,
            instrument,
            (instrument and instrument.kind) or form.kind,
            tuple(limits_of(instrument, members=members)) if instrument else (),
        )
        for form, instrument in zip(forms, instruments, strict=True)
    )


def standing(form: FormDraft, library: Mapping[str, Instrument]) -> Instrument | None:
    """A session's ballot form with the session's numbers; None if there is none, or it changed."""
    instrument = library.get(form.instrument)
    if instrument is None or len(form.limits) not in {0, len(instrument.limits)}:
        return None
    return instrument_of(form, library)


def kind_words(kind: SubjectKind | None) -> str:
    """For whom a form is."""
    return str(dict(KINDS)[kind.value if kind else ""])


def limit_name(instrument: Instrument, limit: Limit) -> str:
    """Whom a limit counts: those who are given an option, with its question if there are others."""
    question = instrument.questions[limit.question]
    values = {
        "option": texted(question.options[limit.option].text),
        "whom": str(_WHOM[instrument.limited(limit)]),
    }
    chosen = question.kind is QuestionKind.CHOICE
    if len(instrument.questions) == 1:
        if chosen:
            return gettext("选“%(option)s”的%(whom)s", **values)
        return gettext("评“%(option)s”的%(whom)s", **values)
    values["question"] = texted(question.text)
    if chosen:
        return gettext("“%(question)s”一题选“%(option)s”的%(whom)s", **values)
    return gettext("“%(question)s”一题评“%(option)s”的%(whom)s", **values)


def share_words(limit: Limit) -> str:
    """The share of the members that a limit allows, if it is one."""
    if limit.share is None:
        return ""
    return gettext("党员总数的 %(share)s", share="/".join(map(str, limit.share)))


def limit_words(instrument: Instrument, limit: Limit, *, members: int) -> str:
    """A limit in numbers, as far as they are known."""
    name = limit_name(instrument, limit)
    if limit.share is not None and not members:
        return gettext("%(name)s：不超过%(share)s", name=name, share=share_words(limit))
    most = most_of(limit, members=members)
    if limit.least == most:
        said = gettext("%(name)s：正好 %(most)s 个", name=name, most=most)
    elif limit.least:
        said = gettext(
            "%(name)s：至少 %(least)s 个，至多 %(most)s 个", name=name, least=limit.least, most=most
        )
    else:
        said = gettext("%(name)s：至多 %(most)s 个", name=name, most=most)
    if limit.share is None:
        return said
    return gettext(
        "%(said)s（党员总数 %(members)s 人的 %(share)s，尾数舍去）",
        said=said,
        members=members,
        share="/".join(map(str, limit.share)),
    )


def limits_of(instrument: Instrument, *, members: int) -> list[str]:
    """The limits of a form in words."""
    return [limit_words(instrument, limit, members=members) for limit in instrument.limits]


def asked_words(instrument: Instrument) -> str:
    """What a form asks, in a line: its questions, as far as there is room; of one its answers."""
    questions = [texted(question.text) for question in instrument.questions]
    if len(questions) == 1 and instrument.questions[0].scaled:
        answers = [texted(option.text) for option in instrument.questions[0].options]
        if len(answers) > 1:
            questions[0] += gettext("：") + gettext("、").join(answers)
    if len(questions) <= QUESTIONS_TOLD:
        return gettext("；").join(questions)
    return gettext(
        "%(questions)s等 %(number)s 题",
        questions=gettext("；").join(questions[:QUESTIONS_TOLD]),
        number=len(questions),
    )


def _numbers(form: FormDraft, library: Mapping[str, Instrument]) -> tuple[LimitDraft, ...]:
    instrument = library.get(form.instrument)
    if instrument is None:
        return form.limits
    if len(form.limits) == len(instrument.limits):
        return tuple(
            LimitDraft(own.least, limit.most if own.most is None else own.most)
            for own, limit in zip(form.limits, instrument.limits, strict=True)
        )
    return tuple(LimitDraft(limit.least, limit.most) for limit in instrument.limits)


def _chosen(row: Any, library: Mapping[str, Instrument]) -> FormDraft:
    own = library.get(row.instrument.data)
    asked = row.kind.data if own is None or own.kind is None else ""
    kind = SubjectKind(asked) if asked else None
    typed = tuple(
        LimitDraft(entry.form.least.data or 0, entry.form.most.data) for entry in row.limits.entries
    )
    plain = FormDraft(row.instrument.data, kind)
    # The form's own numbers are not copied: where they change, so does the session's form.
    return plain if typed == _numbers(plain, library) else FormDraft(plain.instrument, kind, typed)
