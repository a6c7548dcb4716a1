"""What keeps a text from being TOML at all, found line by line and said in a writer's words.

tomllib stops at the first mistake. A line that stands for itself is then left out and the rest
read again, so that all of them are told at once.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any, Final

from appraisal.codec import CONTROLS
from appraisal.instruments.faults import Fault

MAX_FAULTS: Final = 50
MAX_DEPTH: Final = 8
"""How deep brackets may stand in one another, and dots in a name: a form needs three."""

_WIDE: Final = str.maketrans(
    {
        "“": '"',
        "”": '"',
        "「": '"',
        "」": '"',
        "＂": '"',
        "‘": "'",
        "’": "'",
        "，": ",",
        "、": ",",
        "；": ",",
        "：": "=",
        "＝": "=",
        "。": ".",
        "．": ".",
        "［": "[",
        "］": "]",
        "【": "[",
        "】": "]",
        "｛": "{",
        "｝": "}",
        "＃": "#",
        "\u3000": " ",
        "\u00a0": " ",
        **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
    }
)
_PLACE: Final = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)
_HEADER: Final = re.compile(r"\s*\[")
_PAIRS: Final = {"[": "]", "{": "}"}


def read_toml(text: str) -> tuple[dict[str, Any], list[Fault]]:
    """The table of a text and the mistakes of its writing; with any, the lines at fault left out.

    Line ends are ``\\n``. The table is empty where the rest cannot be read either.
    """
    faults = list(_unreadable(text))
    lines = text.split("\n")
    if any("too deep" in fault.en for fault in faults):
        return {}, faults
    for fault in faults:
        lines[fault.line - 1] = ""
    if not all(_stands_alone(text.split("\n")[fault.line - 1]) for fault in faults):
        return {}, faults
    while len(faults) < MAX_FAULTS:
        try:
            return tomllib.loads("\n".join(lines)), faults
        except ValueError as error:  # tomllib.TOMLDecodeError, or a number of thousands of digits
            fault, alone = _explained(str(error), lines)
        faults.append(fault)
        if not alone:
            break
        lines[fault.line - 1] = ""
    return {}, faults


def _unreadable(text: str) -> Iterator[Fault]:
    """Marks of a Chinese keyboard outside quotation marks, control characters, endless brackets."""
    wide: dict[int, str] = {}
    depth, dots, last = 0, 0, 1
    for line, char in _outside_texts(text):
        if line != last:
            dots, last = 0, line
        depth += (char in _PAIRS) - (char in _PAIRS.values())
        dots += char == "."
        if depth > MAX_DEPTH or dots > 4 * MAX_DEPTH:
            yield Fault(
                line, "括号或名称嵌套太深；请照示例书写", "nested too deep; follow the example"
            )
            return
        if ord(char) in _WIDE:
            wide[line] = wide.get(line, "") + (char if char not in wide.get(line, "") else "")
    for line, marks in wide.items():
        shown = "".join(f"“{mark}”" if mark.strip() else "“全角空格”" for mark in marks)
        named = " ".join(mark if mark.strip() else "wide space" for mark in marks)
        plain = " ".join(dict.fromkeys(marks.translate(_WIDE))).strip() or "空格"
        yield Fault(
            line,
            f"引号之外有中文标点或全角字符 {shown}；请改成英文半角的 {plain}",
            f"full-width characters outside quotation marks ({named}); "
            f"write the plain {plain.replace('空格', 'space')}",
        )
    for number, content in enumerate(text.split("\n"), start=1):
        found = CONTROLS.search(content.replace("\t", " "))
        if found and number not in wide:
            code = f"U+{ord(found[0]):04X}"
            yield Fault(
                number,
                f"有一个看不见的控制字符（{code}）；请删去这一处，重新输入",
                f"an invisible control character ({code}); delete it and type the place anew",
            )


def _outside_texts(text: str) -> Iterator[tuple[int, str]]:
    """Each character outside texts in quotation marks and comments, with its line."""
    line, quote, at = 1, "", 0
    while at < len(text):
        char = text[at]
        if char == "\n":
            line += 1
            quote = quote if len(quote) > 1 else ""
        elif quote:
            if char == "\\" and quote[0] == '"' and text[at + 1 : at + 2] != "\n":
                at += 1
            elif text.startswith(quote, at):
                at += len(quote) - 1
                quote = ""
        elif char in "\"'":
            quote = char * 3 if text.startswith(char * 3, at) else char
            at += len(quote) - 1
        elif char == "#":
            at = text.find("\n", at)
            if at < 0:
                return
            continue
        else:
            yield line, char
        at += 1


def _stands_alone(line: str) -> bool:
    """Whether a line can be left out without others losing their brackets or their section."""
    if _HEADER.match(line) or '"""' in line or "'''" in line:
        return False
    open_brackets: list[str] = []
    for _, char in _outside_texts(line.translate(_WIDE)):
        if char in _PAIRS:
            open_brackets.append(_PAIRS[char])
        elif char in _PAIRS.values() and (not open_brackets or open_brackets.pop() != char):
            return False
    return not open_brackets


def _explained(message: str, lines: list[str]) -> tuple[Fault, bool]:
    """The fault of tomllib's message, and whether it is that line's alone."""
    found = _PLACE.fullmatch(message)
    if not found:
        return Fault(1, "有一个数字太长；请改短", "a number is too long; shorten it"), False
    reason, line = found[1], int(found[2] or len(lines))
    content = lines[line - 1].strip()
    opened = _left_open(lines, line)
    if opened and (not content or _HEADER.match(content) or "Unclosed" not in reason):
        opener, bracket = opened
        heading = _HEADER.match(content) is not None
        named = re.match(r"[A-Za-z_]+\s*=", content) is not None and bracket == "["
        if heading or named or not content:
            close = _PAIRS[bracket]
            return Fault(
                opener,
                f"这一行的 {bracket} 到第 {line} 行还没有收尾；请补上 {close}",
                f"the {bracket} of this line is not closed by line {line}; add its {close}",
            ), False
    zh, en = _sentence(reason, content)
    return Fault(line, zh, en), _stands_alone(lines[line - 1])


def _left_open(lines: list[str], line: int) -> tuple[int, str] | None:
    """The last bracket that is open where a line begins: its line and itself."""
    open_brackets: list[tuple[int, str]] = []
    for number, char in _outside_texts("\n".join(lines[: line - 1])):
        if char in _PAIRS:
            open_brackets.append((number, char))
        elif char in _PAIRS.values() and open_brackets:
            open_brackets.pop()
    return open_brackets[-1] if open_brackets else None


def _sentence(reason: str, content: str) -> tuple[str, str]:  # noqa: PLR0911 - one a message
    """What to write instead of a line for which tomllib gives this reason."""
    match reason:
        case "Illegal character '\\n'" | "Unterminated string":
            return (
                '引号没有成对；请在文字两端都写上英文引号 "',
                'a quotation mark is missing; put " at both ends of the text',
            )
        case "Invalid value" | "Invalid date or datetime":
            return _value_sentence(content)
        case "Unclosed inline table":
            return (
                '花括号里少了逗号，或没有在同一行收尾；请写成 { zh = "强", en = "Strong" }',
                "a comma is missing in the braces, or they do not end on their line; "
                'write { zh = "强", en = "Strong" }',
            )
        case "Unclosed array":
            return (
                "列表里少了逗号或右方括号；请在每一项之后写逗号，最后写 ]",
                "a comma or the closing bracket is missing in a list; "
                "write a comma after each item and ] in the end",
            )
        case "Cannot overwrite a value":
            return _twice(content.split("=")[0].strip())
        case "Expected newline or end of document after a statement":
            return (
                "一行末尾有多余的内容；一行只写一项，文字里的双引号请用 “”",
                "something is left over at the end of the line; write one thing a line, "
                "and “” for quotation marks within a text",
            )
        case "Invalid hex value" | "Escaped character is not a Unicode scalar value":
            return _backslash()
        case _ if reason.startswith("Unescaped"):
            return _backslash()
        case _ if reason.startswith("Duplicate inline table key"):
            return _twice(reason.removeprefix("Duplicate inline table key").strip(" '"))
        case _ if reason.startswith("Cannot "):
            return _header_twice(content)
        case _ if content.startswith("["):
            return (
                "方括号的标题不完整；请写 [[questions]]、[[limits]] 或 [notes]",
                "the header in brackets is incomplete; write [[questions]], [[limits]] or [notes]",
            )
        case _:
            return _statement_sentence(content)


def _value_sentence(content: str) -> tuple[str, str]:
    name, _, value = (part.strip() for part in content.partition("="))
    if not value:
        return (
            f"{name} = 后面没有内容；请写上内容，或删去这一行",
            f"nothing follows {name} =; write something, or leave the line out",
        )
    if re.search(r"(?i)\b(true|false|yes|no)\b|是|否", value) and '"' not in value:
        return (
            "是与否要写成小写的 true 或 false",
            "yes and no are written true or false, in lower-case letters",
        )
    return (
        '文字没有加引号，或数字写法不对；文字请写 "强"，数字请写 100',
        'a text without quotation marks, or a number that is none; write "强", or 100',
    )


def _statement_sentence(content: str) -> tuple[str, str]:
    if re.match(r"[A-Za-z_]+\s*(:|[^=\s])", content):
        return (
            "名称后面缺少等号；请写成 名称 = 内容，如 required = true",
            "= is missing after the name; write a name = a value, such as required = true",
        )
    return (
        "这一行看不懂；每行写 英文名称 = 内容，说明以 # 开头",
        "this line makes no sense; write a name in English letters = a value, or # and a remark",
    )


def _twice(name: str) -> tuple[str, str]:
    return (
        f"{name} 在同一处写了两次；请只留一个",
        f"{name} stands twice in one place; leave one of them",
    )


def _header_twice(content: str) -> tuple[str, str]:
    return (
        f"{content} 写了两次，或与前面的写法不一致；每道题请以 [[questions]] 开头，"
        "每项名额限制以 [[limits]] 开头",
        f"{content} stands twice, or contradicts what stands above; "
        "begin each question with [[questions]] and each limit with [[limits]]",
    )


def _backslash() -> tuple[str, str]:
    return (
        "文字里有反斜杠 \\；请删去，或写成 \\\\",
        "a backslash \\ in a text; delete it, or write \\\\",
    )
