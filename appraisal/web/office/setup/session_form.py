"""The session form: what a secretary decides, in sections as the page shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from flask_babel import gettext
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    FormField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from appraisal.ballot_form import MAX_SUBJECTS
from appraisal.manifest import MAX_CLASSES, MAX_COMMITMENT, MAX_SLIPS, MAX_TELLERS
from appraisal.web.office.fields import (
    Between,
    Day,
    Line,
    OfficeForm,
    Row,
    WholeNumber,
    names_of,
    options,
)
from appraisal.web.office.language import lazy
from appraisal.web.office.setup.ballots_form import BallotFields
from appraisal.web.office.setup.comments_form import CommentFields
from appraisal.web.office.setup.rules_form import RuleFields

MIN_TELLERS: Final = 2
MAX_TELLER_NAME: Final = 100
MAX_RETENTION: Final = 120
"""Months."""
FIRST: Final = (
    *("title", "organisation", "sector", "period", "period_start", "period_end", "period_theme"),
    *("award", "quota", "subjects", "by_strokes", "paste", "file", "forms", "add_form", "members"),
    *("comments", "comment_text", "comment_text_en", "comment_characters", "comment_readers"),
    "classes",
)
"""The fields that stand above the rules, in the order of the page."""


class SubjectForm(Row):
    """One row of the subjects. A row in which nothing stands is no row."""

    called = "name"

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
    commitment = Line(
        lazy("公开承诺"),
        validators=[Length(max=MAX_COMMITMENT, message=lazy("公开承诺最多 500 个字。"))],
    )

    def validate_name(self, field: Line) -> None:
        """Ask for the name where a post or a commitment stands alone."""
        if not field.data and (self.post.data or self.commitment.data):
            raise ValidationError(str(lazy("请填写姓名或名称，或清空这一行。")))


class ClassForm(Row):
    """One row of the classes. A row with nothing in it is no row."""

    called = "name_zh"

    name_zh = Line(
        lazy("票种"),
        validators=[Length(max=60, message=lazy("票种名称最多 60 个字。"))],
    )
    name_en = Line(
        lazy("英文名称"),
        validators=[Length(max=60, message=lazy("英文名称最多 60 个字母。"))],
    )
    entitled = WholeNumber(
        lazy("应到（人）"),
        validators=[
            Between(1, MAX_SLIPS, lazy("应到人数请填写 1 以上的整数，或不填。")),
        ],
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
            for f in (self.entitled, self.slips, self.weight)
        )

    def validate_name_zh(self, field: Line) -> None:
        """Ask for the name where figures stand alone."""
        if not field.data and not self.blank:
            raise ValidationError(str(lazy("请填写票种名称，或清空这一行。")))

    def validate_slips(self, field: WholeNumber) -> None:
        """Ask for the number of slips in a row that is used."""
        if field.data is None and not field.process_errors and not self.blank:
            raise ValidationError(str(lazy("请填写选票凭证的张数。")))

    def validate_weight(self, field: WholeNumber) -> None:
        """Ask for the weight in a row that is used."""
        if field.data is None and not field.process_errors and not self.blank:
            raise ValidationError(str(lazy("请填写权重。")))


class SessionForm(BallotFields, CommentFields, RuleFields, OfficeForm):
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
    subjects = FieldList(FormField(SubjectForm), max_entries=MAX_SUBJECTS)
    by_strokes = BooleanField(lazy("个人按姓氏笔画排列"))
    paste = TextAreaField(lazy("粘贴名单"))
    file = FileField(lazy("名单文件"))
    classes = FieldList(FormField(ClassForm), max_entries=MAX_CLASSES)
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

    def __iter__(self) -> Iterator[Field]:
        """The fields in the order of the page, in which errors are told."""
        fields = list(super().__iter__())
        order = {name: number for number, name in enumerate(FIRST)}
        return iter(sorted(fields, key=lambda field: order.get(field.short_name, len(FIRST))))

    @property
    def teller_names(self) -> tuple[str, ...]:
        """The names of the tellers, a line each; none where the service is custodian."""
        if self.custody.data != "tellers":
            return ()
        return names_of(self.tellers.data)

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
