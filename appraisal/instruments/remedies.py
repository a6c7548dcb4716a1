"""What to write instead of a line that TOML does not allow, by the reason that tomllib gives."""

from __future__ import annotations

import re
from typing import Final

from appraisal.ballot_form import Text
from appraisal.instruments import fields
from appraisal.instruments.faults import quoted

_NAME: Final = re.compile(r"\s*([A-Za-z_]+)\s*([^=\s])")
_CHINESE_NAME: Final = re.compile(r"\s*([\u3400-\u9fff]+)\s*[=:]")
_YES_OR_NO: Final = re.compile(r"(?i)(true|false|yes|no|是|否|对|不)")
_ENGLISH: Final = {
    name.zh: key
    for level in (fields.TEXT, fields.OPTION, fields.LIMIT, fields.QUESTION, fields.FORM)
    for key, name in level.names.items()
}

_QUOTES: Final = Text(
    '引号没有成对；请在文字两端都写上英文引号 "',
    'a quotation mark is missing; write " at both ends of the text',
)
_BRACES: Final = Text(
    "花括号里的写法不对；请写在同一行，各项之间用逗号，最后一项之后不写逗号，"
    '如 { zh = "强", en = "Strong" }',
    "the braces do not hold together; write them on one line with a comma between items and none "
    'after the last, as in { zh = "强", en = "Strong" }',
)
_LIST: Final = Text(
    "列表里这一项之后少了逗号，或列表没有收尾；请补上逗号，列表最后写 ]",
    "a comma is missing after this item of a list, or the list does not end; "
    "add the comma, and ] in the end",
)
_COMMA: Final = Text("多了一个逗号；请删去", "a comma too many; delete it")
_LEFT_OVER: Final = Text(
    "一行末尾有多余的内容；一行只写一项，文字里面的双引号请用“”",
    "something is left over at the end of the line; write one thing a line, "
    "and “” for quotation marks within a text",
)
_BACKSLASH: Final = Text(
    "文字里有反斜杠 \\；请删去，或写成 \\\\",
    "a backslash \\ in a text; delete it, or write \\\\",
)
_HEADER: Final = Text(
    "方括号的标题不对；请写 [[questions]]、[[limits]] 或 [notes]，各占一行",
    "the header in brackets is wrong; write [[questions]], [[limits]] or [notes], each on a line",
)
_BOOLEAN: Final = Text(
    "是与否要写成小写的 true 或 false", "yes and no are written true or false, in small letters"
)
_VALUE: Final = Text(
    '文字没有加引号，或数字的写法不对；文字请写成 "强"，数字请写成 100',
    'a text without quotation marks, or no proper number; write "强", or 100',
)
_NUMBER: Final = Text(
    "数字的写法不对；请写不带单位、不以 0 开头的整数，如 100",
    "no proper number; write a whole number without a unit or a leading 0, such as 100",
)
_EQUALS: Final = Text(
    "名称后面少了等号；请写成 名称 = 内容，如 required = true",
    "= is missing after the name; write a name = a value, such as required = true",
)
_SENSELESS: Final = Text(
    "这一行看不懂；请写成 英文名称 = 内容，说明文字请以 # 开头",
    "this line makes no sense; write a name = a value, or begin a remark with #",
)
UNQUOTED: Final = {
    "Illegal character '\\n'",
    "Found invalid character '\\n'",
    "Unterminated string",
    'Expected "\'"',
    "Expected \"'''\"",
}
"""Why tomllib stops where a text does not end."""
_BY_REASON: Final = {
    "Invalid date or datetime": _NUMBER,
    "Invalid hex value": _BACKSLASH,
    "Escaped character is not a Unicode scalar value": _BACKSLASH,
    "Unescaped '\\' in a string": _BACKSLASH,
    "Expected newline or end of document after a statement": _LEFT_OVER,
}


def remedy(reason: str, line: str, at: int) -> Text:
    """What to write; `at` is the place in the line where tomllib stopped."""
    if _within_number(line, at):
        return _NUMBER
    if reason in UNQUOTED:
        return _QUOTES
    if reason in _BY_REASON:
        return _BY_REASON[reason]
    if reason == "Invalid value":
        return _value(line, at)
    if reason.startswith(("Duplicate ", "Cannot ")):
        return _again(reason, line.strip())
    return _brackets(reason, line, at)


def _within_number(line: str, at: int) -> bool:
    """Whether a number goes on where tomllib ended it: 100%, 0100, 4O."""
    before, after = line[at - 1 : at], line[at : at + 1]
    return before.isdigit() and (after.isalnum() or after in {"%", "％", ".", "_", "-", "/"})


def _value(line: str, at: int) -> Text:
    value = line[at:]
    if value.startswith(","):
        return _COMMA
    if not value.strip() or value.startswith(("#", "}", "]")):
        name = quoted(re.split(r"[\s,{\[]", line[:at].rstrip(" ="))[-1])
        if not name:
            return _LIST
        return Text(
            f"{name} = 后面没有内容；请写上内容，或删去这一项",
            f"nothing follows {name} =; write something, or leave it out",
        )
    return _BOOLEAN if _YES_OR_NO.match(value) else _VALUE


def _brackets(reason: str, line: str, at: int) -> Text:
    """Headers, lists, braces, and lines that are none of them."""
    if line.lstrip().startswith("["):
        return _HEADER
    if reason == "Unclosed array":
        extra = line[at : at + 1]
        if extra in {"}", ")"}:
            return Text(f"多了一个 {extra}；请删去", f"a {extra} too many; delete it")
        return _LIST
    if "{" in line:
        return _BRACES
    if found := _CHINESE_NAME.match(line):
        english = _ENGLISH.get(found[1])
        return Text(
            f"等号左边要写英文名称；请把 {quoted(found[1])} 改为 {english or '英文名称，如 title'}",
            f"names are written in English; write {english or 'one such as title'} "
            f"instead of {quoted(found[1])}",
        )
    return _EQUALS if _NAME.match(line) else _SENSELESS


def _again(reason: str, line: str) -> Text:
    """A name or a header that stood before."""
    if line.startswith("["):
        line = quoted(line)
        return Text(
            f"{line} 写了两次，或与前面的写法不合；请以 [[questions]] 开始每道题，"
            "以 [[limits]] 开始每项名额限制，[notes] 只写一次",
            f"{line} stands twice, or contradicts what stands above; begin each question with "
            "[[questions]], each limit with [[limits]], and write [notes] once",
        )
    duplicate = re.fullmatch(r"Duplicate inline table key '(.*)'", reason)
    name = quoted(duplicate[1] if duplicate else line.partition("=")[0])
    return Text(
        f"{name} 在同一处写了两次；请只留一个",
        f"{name} stands twice in one place; leave one of them",
    )
