"""The office's small forms. Labels are plain Chinese and translated; every error says what to do.

The session's own form is in `setup/session_form.py`, a ballot form's in `instruments/form.py`.
"""

from __future__ import annotations

from wtforms import BooleanField, SelectField
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length, ValidationError

from appraisal.manifest import MAX_SLIPS
from appraisal.web.office.fields import Between, Line, OfficeForm, Secret, WholeNumber
from appraisal.web.office.language import lazy


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
