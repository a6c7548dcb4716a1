"""The names that a form file may use, with what they are called and an example of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Name:
    """A name before an equals sign: what it is in Chinese, and an example of its line."""

    zh: str
    example: str


@dataclass(frozen=True)
class Level:
    """The names that belong to one part of a form."""

    zh: str
    en: str
    names: dict[str, Name]


_TEXT: Final = '{ zh = "…", en = "…" }'

FORM: Final = Level(
    "测评表",
    "a form",
    {
        "id": Name("编号", 'id = "five-good"'),
        "title": Name("标题", f"title = {_TEXT}"),
        "kind": Name("评议谁", 'kind = "person"'),
        "instruction": Name("填表说明", f"instruction = {_TEXT}"),
        "questions": Name("题", "[[questions]]"),
        "limits": Name("名额限制", "[[limits]]"),
        "notes": Name("附注", "[notes]"),
    },
)
QUESTION: Final = Level(
    "题",
    "a question",
    {
        "kind": Name("题型", 'kind = "grades"'),
        "text": Name("题目", f"text = {_TEXT}"),
        "note": Name("说明", f"note = {_TEXT}"),
        "required": Name("必答", "required = true"),
        "most": Name("最多勾选几项", "most = 3"),
        "highest": Name("满分", "highest = 100"),
        "options": Name("选项", 'options = [{ text = "强", points = 100 }, "不了解"]'),
    },
)
OPTION: Final = Level(
    "选项",
    "an option",
    {
        "text": Name("文字", 'text = { zh = "强", en = "Strong" }'),
        "points": Name("分值", "points = 100"),
        "positive": Name("正面", "positive = true"),
        "negative": Name("负面", "negative = true"),
        "at_least": Name("分数段下限", "at_least = 90"),
    },
)
LIMIT: Final = Level(
    "名额限制",
    "a limit",
    {
        "question": Name("所限的题", 'question = "综合评定"'),
        "option": Name("所限的选项", 'option = "优秀"'),
        "kind": Name("对象类别", 'kind = "person"'),
        "least": Name("至少", "least = 3"),
        "most": Name("至多", "most = 3"),
        "share": Name("占党员总数的比例", 'share = "1/3"'),
    },
)
NOTES: Final = Level(
    "附注",
    "the notes",
    {
        "title": Name("标题", f"title = {_TEXT}"),
        "items": Name("各条", f"items = [{_TEXT}, {_TEXT}]"),
    },
)
TEXT: Final = Level(
    "文字",
    "a text",
    {
        "zh": Name("中文", 'zh = "强"'),
        "en": Name("英文", 'en = "Strong"'),
    },
)
