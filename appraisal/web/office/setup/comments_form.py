"""The comment box 意见箱 of a session: whether there is one, what it asks, who is shown it."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from flask_babel import gettext
from wtforms import BooleanField, TextAreaField
from wtforms.validators import Length, ValidationError

from appraisal.ballot_form import Text
from appraisal.manifest import MAX_COMMENT, MAX_READERS
from appraisal.steps.draft import COMMENT_LENGTH, CommentsDraft
from appraisal.web.office.fields import Between, Line, WholeNumber, names_of
from appraisal.web.office.language import lazy
from appraisal.web.office.words import texted

BYTES_A_CHARACTER: Final = 3
"""Of Chinese in UTF-8."""
LEAST: Final = 10
MOST: Final = MAX_COMMENT // BYTES_A_CHARACTER
ASKED_ZH: Final = "您对评议对象还有什么意见和建议？"
ASKED_EN: Final = "What else would you like to say?"
MAX_READER: Final = 100


class CommentFields:
    """The comment box in the session form."""

    comments = BooleanField(lazy("设意见箱"))
    comment_text = Line(
        lazy("意见箱问什么"),
        validators=[Length(max=200, message=lazy("意见箱的问题最多 200 个字。"))],
    )
    comment_text_en = Line(
        lazy("英文（可不填）"),
        validators=[Length(max=200, message=lazy("意见箱的问题最多 200 个字。"))],
    )
    comment_characters = WholeNumber(
        lazy("最多写几个字"),
        validators=[Between(LEAST, MOST, lazy("意见的字数请填写 10 到 1000。"))],
    )
    comment_readers = TextAreaField(lazy("谁看意见"))

    def validate_comment_text(self, field: Line) -> None:
        """Ask for the question of a comment box."""
        if self.comments.data and not field.data:
            raise ValidationError(str(lazy("请填写意见箱问什么。")))

    def validate_comment_readers(self, field: TextAreaField) -> None:
        """Ask for one to nine readers, each once and none too long."""
        if not self.comments.data:
            return
        names = names_of(field.data)
        if not names:
            raise ValidationError(str(lazy("请填写谁看意见，一行一位，至少 1 位。")))
        if len(names) > MAX_READERS:
            raise ValidationError(gettext("看意见的人太多，最多 %(most)s 位。", most=MAX_READERS))
        for name, times in Counter(names).items():
            if times > 1:
                raise ValidationError(gettext("“%(name)s”写了两次。", name=name))
            if len(name) > MAX_READER:
                raise ValidationError(str(lazy("姓名最多 100 个字。")))


def comments_data(comments: CommentsDraft | None) -> dict[str, object]:
    """What the form shows of a comment box, or of the one that might be had."""
    shown = comments or CommentsDraft(ASKED_ZH, ASKED_EN, (), COMMENT_LENGTH)
    return {
        "comments": comments is not None,
        "comment_text": shown.text_zh,
        "comment_text_en": shown.text_en,
        "comment_characters": shown.length // BYTES_A_CHARACTER,
        "comment_readers": "\n".join(shown.readers),
    }


def comments_of(form: Any) -> CommentsDraft | None:
    """The comment box of a form whose fields are each valid."""
    if not form.comments.data:
        return None
    return CommentsDraft(
        form.comment_text.text,
        form.comment_text_en.text,
        names_of(form.comment_readers.data),
        (form.comment_characters.data or COMMENT_LENGTH // BYTES_A_CHARACTER) * BYTES_A_CHARACTER,
    )


def comment_words(comments: CommentsDraft) -> str:
    """What a comment box asks, in the language of the page."""
    return texted(Text(comments.text_zh, comments.text_en))
