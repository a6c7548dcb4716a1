"""The fields that the office's forms are made of; every error says what to do."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import (  # type: ignore[attr-defined]  # the types lack SelectChoice
    DateField,
    Field,
    FieldList,
    Form,
    FormField,
    IntegerField,
    PasswordField,
    SelectChoice,
    StringField,
)
from wtforms.csrf.core import CSRFTokenField
from wtforms.validators import ValidationError

from appraisal.codec import CONTROLS
from appraisal.web.office.language import lazy

MAX_CALLED: Final = 20
"""Characters of a row's name in front of what is wrong there: the name may be what is too long."""


def options(*pairs: tuple[str | int, str]) -> list[Any]:
    """The choices of a field from (value, words)."""
    return [SelectChoice(value, said) for value, said in pairs]


class OfficeForm(FlaskForm):
    """A form of the office, with a token against forged requests."""

    csrf_token: CSRFTokenField

    def __init__(self, *, data: Mapping[str, object] | None = None, empty: bool = False) -> None:
        """A form of what was sent with this request; `empty` if that was another form's."""
        given = {"formdata": None} if empty else {}
        super().__init__(data=data, **given)  # type: ignore[no-untyped-call]

    def sent(self) -> bool:
        """Whether the form was sent and everything in it is valid."""
        return bool(self.validate_on_submit())  # type: ignore[no-untyped-call]


class Line(StringField):
    """A line of text with plain single spaces and no control characters."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Take what was typed; what other programs paste along unseen has no place in a text."""
        if valuelist:
            spaced = " ".join(str(valuelist[0]).split())
            self.data = " ".join(CONTROLS.sub("", spaced).split())

    @property
    def text(self) -> str:
        """What was typed, or nothing."""
        return self.data or ""


class Secret(PasswordField):
    """A password."""

    @property
    def text(self) -> str:
        """What was typed, or nothing."""
        return self.data or ""


class WholeNumber(IntegerField):
    """An integer field with one sentence for whatever is no integer; what was typed stays."""

    @property
    def number(self) -> int:
        """The number of a field that is valid."""
        if self.data is None:
            raise ValueError(f"{self.name} holds no number")
        return self.data

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Read digits, full-width ones too, and nothing else."""
        if not valuelist:
            return
        self.data = None
        text = valuelist[0].strip()
        if text and not (text.isdecimal() and len(text) <= 9):
            raise ValueError(gettext("%(field)s：请填写整数。", field=self.label.text))
        self.data = int(text) if text else None


class Row(Form):
    """One row of a table. Its errors, told far from it above the page, name it."""

    called: ClassVar[str]
    """The field that names a row."""

    def errors_told(self) -> list[tuple[str, str]]:
        """(id of the field, sentence) for everything that is wrong, with the row's name."""
        name = (self[self.called].data or "")[:MAX_CALLED]
        told = _errors(self)
        return [(field, f"{name} · {said}") for field, said in told] if name else told


class Day(DateField):
    """A date that may be left empty."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Read a date as browsers send it."""
        if not valuelist or not str(valuelist[0]).strip():
            self.data = None
            return
        try:
            self.data = datetime.date.fromisoformat(str(valuelist[0]).strip())
        except ValueError:
            self.data = None
            raise ValueError(str(lazy("请按 2010-04-07 的样子填写日期。"))) from None


class Between:
    """A check that a number, where there is one, lies in a range, both ends included."""

    def __init__(self, low: int, high: int, message: str) -> None:
        self._low, self._high, self._message = low, high, message

    def __call__(self, _form: Form, field: Field) -> None:
        """Raise the sentence for a number outside."""
        if field.data is not None and not self._low <= field.data <= self._high:
            raise ValidationError(str(self._message))


def names_of(text: str | None) -> tuple[str, ...]:
    """The names in a text field, a line each; they may also stand side by side."""
    lines = re.split(r"[\n\r、，,;；]", text or "")
    spaced = (" ".join(CONTROLS.sub(" ", line).split()) for line in lines)
    return tuple(name for name in spaced if name)


def errors_of(form: Form) -> list[tuple[str, str]]:
    """(id of the field, sentence) for everything that is wrong, in the order of the page."""
    return form.errors_told() if isinstance(form, Row) else _errors(form)


def _errors(form: Form) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for field in form:
        found.extend(_errors_of_field(field))
    return found


def _errors_of_field(field: Field) -> list[tuple[str, str]]:
    if isinstance(field, FieldList):
        return [error for entry in field.entries for error in _errors_of_field(entry)]
    if isinstance(field, FormField):
        return errors_of(field.form)
    errors: Sequence[Any] = field.errors
    return [(field.id, str(error)) for error in errors]
