"""The office's forms. Labels are plain Chinese and translated; every error says what to do."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask_babel import gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (  # type: ignore[attr-defined]  # the types lack SelectChoice
    BooleanField,
    DateField,
    Field,
    FieldList,
    Form,
    FormField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.csrf.core import CSRFTokenField
from wtforms.validators import (
    DataRequired,
    EqualTo,
    InputRequired,
    Length,
    ValidationError,
)

from appraisal.codec import CONTROLS
from appraisal.manifest import MAX_CLASSES, MAX_CONTESTS, MAX_SLIPS, MAX_TELLERS
from appraisal.web.office.language import lazy

MIN_TELLERS: Final = 2
MAX_TELLER_NAME: Final = 100
MAX_RETENTION: Final = 120
"""Months."""
FRACTIONS: Final = ("0/1", "1/2", "3/5", "2/3", "3/4", "4/5", "1/1")


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


class SubjectForm(Form):
    """One row of the subjects. A row without a name and a post is no row."""

    kind = SelectField(
        lazy("类型"),
        choices=options(("person", lazy("个人")), ("organisation", lazy("组织"))),
        default="person",
    )
    name = Line(
        lazy("姓名或名称"),
        validators=[Length(max=100, message=lazy("姓名或名称最多 100 个字。"))],
    )
    post = Line(
        lazy("职务"),
        validators=[Length(max=200, message=lazy("职务最多 200 个字。"))],
    )

    def validate_name(self, field: Line) -> None:
        """Ask for the name where a post stands alone."""
        if not field.data and self.post.data:
            raise ValidationError(str(lazy("请填写姓名或名称，或清空这一行。")))


class ClassForm(Form):
    """One row of the classes. A row with nothing in it is no row."""

    name_zh = Line(
        lazy("票种"),
        validators=[Length(max=60, message=lazy("票种名称最多 60 个字。"))],
    )
    name_en = Line(
        lazy("英文名称"),
        validators=[Length(max=60, message=lazy("英文名称最多 60 个字母。"))],
    )
    slips = WholeNumber(
        lazy("选票凭证（张）"),
        validators=[
            Between(1, MAX_SLIPS, lazy("张数请填写 1 以上的整数。")),
        ],
    )
    weight = WholeNumber(
        lazy("权重（%）"),
        validators=[
            Between(0, 100, lazy("权重请填写 0 到 100 的整数。")),
        ],
    )

    @property
    def blank(self) -> bool:
        """Whether nothing was typed into this row."""
        return not (self.name_zh.data or self.name_en.data) and not any(
            f.raw_data and f.raw_data[0].strip() if f.raw_data else f.data is not None
            for f in (self.slips, self.weight)
        )

    def validate_name_zh(self, field: Line) -> None:
        """Ask for the name where figures stand alone."""
        if not field.data and not self.blank:
            raise ValidationError(str(lazy("请填写票种名称，或清空这一行。")))

    def validate_slips(self, field: WholeNumber) -> None:
        """Ask for the number of slips in a row that is used."""
        if field.data is None and not self.blank:
            raise ValidationError(str(lazy("请填写选票凭证的张数。")))

    def validate_weight(self, field: WholeNumber) -> None:
        """Ask for the weight in a row that is used."""
        if field.data is None and not self.blank:
            raise ValidationError(str(lazy("请填写权重。")))


class SessionForm(OfficeForm):
    """A session while it is prepared, in sections as the page shows them."""

    title = Line(
        lazy("评议名称"),
        validators=[
            DataRequired(lazy("请填写评议名称。")),
            Length(max=200, message=lazy("评议名称最多 200 个字。")),
        ],
    )
    organisation = Line(
        lazy("组织单位"),
        validators=[
            DataRequired(lazy("请填写组织单位。")),
            Length(max=200, message=lazy("组织单位最多 200 个字。")),
        ],
    )
    sector = SelectField(lazy("所属领域"), choices=[])
    period = RadioField(lazy("活动时段"), choices=[])
    period_start = Day(lazy("开始日期"))
    period_end = Day(lazy("结束日期"))
    period_theme = Line(
        lazy("专题"),
        validators=[Length(max=200, message=lazy("专题最多 200 个字。"))],
    )
    award = Line(
        lazy("拟推荐的荣誉"),
        validators=[Length(max=200, message=lazy("荣誉名称最多 200 个字。"))],
    )
    quota = WholeNumber(
        lazy("推荐名额（人）"),
        validators=[
            InputRequired(lazy("请填写推荐名额；不推荐个人填 0。")),
            Between(0, MAX_CONTESTS, lazy("名额请填写 0 到 2000。")),
        ],
    )
    instrument = RadioField(lazy("测评表"), choices=[])
    subjects = FieldList(FormField(SubjectForm), max_entries=MAX_CONTESTS)
    paste = TextAreaField(lazy("粘贴名单"))
    file = FileField(lazy("名单文件"))
    classes = FieldList(FormField(ClassForm), max_entries=MAX_CLASSES)
    floor = WholeNumber(
        lazy("公开下限（票）"),
        validators=[
            InputRequired(lazy("请填写公开下限。")),
            Between(2, 1000, lazy("公开下限请填写 2 到 1000。")),
        ],
    )
    below_floor = RadioField(
        lazy("不足下限的票箱"),
        choices=options(
            ("withhold", lazy("不开箱，结果中写明“不足下限，不公开”")),
            ("merge", lazy("与同一对象的其他票种合并开箱，合并后仍不足则不开箱")),
        ),
    )
    empty_class = RadioField(
        lazy("没有有效答案的票种"),
        choices=options(
            ("renormalise", lazy("权重按比例分给其他票种")),
            ("zero", lazy("按零分计")),
        ),
    )
    turnout = SelectField(lazy("收回率要求"), choices=[])
    positive = SelectField(lazy("正面评价要求"), choices=[])
    custody = RadioField(
        lazy("开箱的钥匙由谁掌管"),
        choices=options(
            ("custodian", lazy("本系统代管（人少、互相信任时）")),
            ("tellers", lazy("监票人掌管钥匙")),
        ),
    )
    tellers = TextAreaField(lazy("监票人姓名"))
    quorum = WholeNumber(lazy("几人到场才能开箱"))
    publish_factors = BooleanField(lazy("开箱后公布开箱用的数（解密因子）"))
    signer = SelectField(lazy("第二签发方"), choices=[])
    witnesses = SelectMultipleField(lazy("见证方"), choices=[])
    retention_months = WholeNumber(
        lazy("选票保存期（月）"),
        validators=[
            InputRequired(lazy("请填写选票保存期。")),
            Between(1, MAX_RETENTION, lazy("选票保存期请填写 1 到 120 个月。")),
        ],
    )

    @property
    def teller_names(self) -> tuple[str, ...]:
        """The names of the tellers, a line each; none where the service is custodian."""
        if self.custody.data != "tellers":
            return ()
        lines = (" ".join(CONTROLS.sub(" ", line).split()) for line in _lines(self.tellers.data))
        return tuple(line for line in lines if line)

    def validate_tellers(self, _field: TextAreaField) -> None:
        """Ask for two to nine names, each once and none too long."""
        if self.custody.data != "tellers":
            return
        names = self.teller_names
        if len(names) < MIN_TELLERS:
            raise ValidationError(str(lazy("请填写监票人姓名，一行一位，至少 2 位。")))
        if len(names) > MAX_TELLERS:
            raise ValidationError(gettext("监票人太多，一次最多 %(most)s 位。", most=MAX_TELLERS))
        for name, times in Counter(names).items():
            if times > 1:
                raise ValidationError(
                    gettext("监票人“%(name)s”写了两次。同名的请加职务区分。", name=name)
                )
            if len(name) > MAX_TELLER_NAME:
                raise ValidationError(
                    gettext("监票人姓名最多 %(most)s 个字。", most=MAX_TELLER_NAME)
                )

    def validate_quorum(self, field: WholeNumber) -> None:
        """Fill in a majority where nothing was typed; refuse fewer than two or more than all."""
        names = self.teller_names
        if not names or field.process_errors:
            return
        if field.data is None:
            field.data = usual_quorum(len(names))
        if len(names) >= MIN_TELLERS and not MIN_TELLERS <= field.data <= len(names):
            raise ValidationError(
                gettext("共有 %(tellers)s 位监票人，请填写 2 到 %(tellers)s。", tellers=len(names))
            )

    def validate_period_start(self, field: Day) -> None:
        """Ask for the beginning of a period that is not one of those offered."""
        if self.period.data == "other" and field.data is None and not field.process_errors:
            raise ValidationError(str(lazy("请填写时段的开始日期。")))

    def validate_period_end(self, field: Day) -> None:
        """Refuse an end before the beginning."""
        begun = self.period_start.data
        if self.period.data == "other" and field.data and begun and field.data < begun:
            raise ValidationError(str(lazy("结束日期早于开始日期。")))


def usual_quorum(tellers: int) -> int:
    """How many of so many tellers open, unless somebody says otherwise: a majority, at least 2."""
    return max(MIN_TELLERS, tellers // 2 + 1)


def _lines(text: str | None) -> list[str]:
    """What stands in a text field, line by line; names may also stand side by side."""
    return re.split(r"[\n\r、，,;；]", text or "")


class SerialsForm(OfficeForm):
    """A range of serial numbers of one class."""

    voter_class = SelectField(lazy("票种"), coerce=int)
    first = WholeNumber(
        lazy("从第几号"),
        validators=[
            InputRequired(lazy("请填写起始号。")),
            Between(1, MAX_SLIPS, lazy("起始号从 1 开始。")),
        ],
    )
    last = WholeNumber(
        lazy("到第几号"),
        validators=[
            InputRequired(lazy("请填写结束号。")),
            Between(1, MAX_SLIPS, lazy("结束号从 1 开始。")),
        ],
    )

    def validate_last(self, field: WholeNumber) -> None:
        """Refuse a range that ends before it begins."""
        if field.data is not None and self.first.data and field.data < self.first.data:
            raise ValidationError(str(lazy("结束号不能小于起始号。")))


class DestructionForm(OfficeForm):
    """The decision to destroy a session's ballots: by whom, before whom, why so early."""

    decided_by = Line(
        lazy("由谁决定销毁"),
        validators=[
            DataRequired(lazy("请填写由谁决定销毁，例如“支部委员会”。")),
            Length(max=100, message=lazy("最多 100 个字。")),
        ],
    )
    first_witness = Line(
        lazy("监销人一"),
        validators=[
            DataRequired(lazy("请填写两位监销人的姓名。")),
            Length(max=100, message=lazy("最多 100 个字。")),
        ],
    )
    second_witness = Line(
        lazy("监销人二"),
        validators=[
            DataRequired(lazy("请填写两位监销人的姓名。")),
            Length(max=100, message=lazy("最多 100 个字。")),
        ],
    )
    operator = Line(
        lazy("经办人"),
        validators=[
            DataRequired(lazy("请填写经办人的姓名。")),
            Length(max=100, message=lazy("最多 100 个字。")),
        ],
    )
    place = Line(
        lazy("销毁地点"),
        validators=[Length(max=100, message=lazy("最多 100 个字。"))],
    )
    reason = Line(
        lazy("提前销毁的原因"),
        validators=[Length(max=500, message=lazy("最多 500 个字。"))],
    )


class PeerForm(OfficeForm):
    """The link of an invitation by another installation."""

    link = Line(
        lazy("邀请链接"),
        validators=[
            DataRequired(lazy("请粘贴对方给的邀请链接。")),
            Length(max=300, message=lazy("邀请链接太长。")),
        ],
    )


class ConfirmForm(OfficeForm):
    """Nothing but the token against forged requests."""


class PasswordForm(OfficeForm):
    """A first password, typed twice."""

    password = Secret(lazy("新密码"), validators=[DataRequired(lazy("请填写密码。"))])
    again = Secret(
        lazy("再输一次"),
        validators=[EqualTo("password", lazy("两次输入的密码不一样。"))],
    )


class OwnPasswordForm(PasswordForm):
    """Another password, after the present one."""

    present = Secret(lazy("现在的密码"), validators=[DataRequired(lazy("请填写现在的密码。"))])


class OrganisationForm(OfficeForm):
    """A new organisation."""

    name = Line(
        lazy("组织名称"),
        validators=[
            DataRequired(lazy("请填写组织名称。")),
            Length(max=200, message=lazy("组织名称最多 200 个字。")),
        ],
    )


class PersonForm(OfficeForm):
    """A new account."""

    email = Line(
        lazy("邮箱"),
        validators=[
            DataRequired(lazy("请填写邮箱。")),
            Length(max=200, message=lazy("邮箱太长。")),
        ],
    )
    name = Line(
        lazy("姓名"),
        validators=[Length(max=100, message=lazy("姓名最多 100 个字。"))],
    )
    organisation = SelectField(lazy("所属组织"), coerce=int)
    operator = BooleanField(lazy("可以建立组织和账号"))


def errors_of(form: Form) -> list[tuple[str, str]]:
    """(id of the field, sentence) for everything that is wrong, in the order of the page."""
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
