"""What keeps a text from being TOML at all, found line by line and said in a writer's words.

tomllib stops at the first mistake. Marks of a Chinese keyboard are then read as the plain ones that
were meant, a line that stands for itself is left out, and the rest is read again: so all mistakes
are told at once.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from appraisal.codec import CONTROLS
from appraisal.instruments.faults import MAX_FAULTS, Fault
from appraisal.instruments.remedies import UNQUOTED, remedy

MAX_DEPTH: Final = 8
"""How deep brackets may stand in one another: a form needs four."""
MAX_DOTS: Final = 64
"""How many dots a line may have outside texts."""
MAX_RUN: Final = 60
"""How long a name or a number may be outside texts."""

PLAIN: Final = str.maketrans(
    "“”「」＂‘’，、；：＝。．［］【】｛｝＃０１２３４５６７８９\u3000\u00a0",
    '"""""\'\',,,==..[][]{}#0123456789  ',
)
"""Full-width marks, and what is meant by them outside a text."""
_CLOSING: Final = "”」’＂"
_PIECE: Final = re.compile(
    r"""
    \"{3} (?: \\. | [^\\] )*? (?: \"{3} | \Z )    # a text over several lines
    | '{3} .*? (?: '{3} | \Z )
    | " (?: \\[^\n] | [^"\\\n] )* "?
    | ' [^'\n]* '?
    | \# [^\n]*
    | (?P<wide> “[^”\n]*”? | 「[^」\n]*」? | ‘[^’\n]*’? | ＂[^＂\n]*＂? )
    | (?P<plain> . )
    """,
    re.DOTALL | re.VERBOSE,
)
_BRACKETS: Final = {"[": "]", "{": "}"}
_CLOSED: Final = re.compile(
    r"""\"{3}.*\"{3} | '{3}.*'{3} | "(?:\\.|[^"\\])*" | '[^']*'""", re.DOTALL | re.VERBOSE
)
_PLACE: Final = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)
_HEADER: Final = re.compile(r"\s*\[")
_NAMED: Final = re.compile(r"\s*[A-Za-z_]+\s*=")


@dataclass
class Reading:
    """What could be read of a text: its table, the mistakes, and the text as it was read.

    `complete` is false where lines are left out, so that something may be missing in the table
    that stands in the file.
    """

    table: dict[str, Any]
    faults: list[Fault]
    text: str
    complete: bool


def read_toml(text: str) -> Reading:
    r"""The table of a text whose lines end with \n, and what is wrong with its writing."""
    endless = _endless(text)
    if endless is not None:
        return Reading({}, [endless], "", complete=False)
    lines, faults, complete = text.split("\n"), [], True
    for fault in _wide(text):
        faults.append(fault)
        lines[fault.line - 1] = _plain(lines[fault.line - 1])
    for fault in _controls(lines):
        faults.append(fault)
        lines[fault.line - 1] = CONTROLS.sub(" ", lines[fault.line - 1])
    while len(faults) < MAX_FAULTS:
        plain = "\n".join(lines)
        try:
            return Reading(tomllib.loads(plain), faults, plain, complete)
        except tomllib.TOMLDecodeError as error:
            fault = _explained(str(error), lines)
        faults.append(fault)
        complete = False
        if not _stands_alone(lines[fault.line - 1]):
            break
        lines[fault.line - 1] = ""
    return Reading({}, faults, "", complete=False)


def _outside_texts(text: str) -> Iterator[tuple[int, int, str]]:
    """Each character outside texts and comments, after its line and its place in the whole.

    Of a text between full-width quotation marks these marks.
    """
    line = 1
    for found in _PIECE.finditer(text):
        piece = found[0]
        if found.lastgroup == "wide":
            yield line, found.start(), piece[0]
            if piece[1:] and piece[-1] in _CLOSING:
                yield line, found.end() - 1, piece[-1]
        elif found.lastgroup == "plain" and piece != "\n":
            yield line, found.start(), piece
        line += piece.count("\n")


def _endless(text: str) -> Fault | None:
    """Brackets, names or numbers that no form needs and that a parser would labour at."""
    depth, dots, run, last_line, last = 0, 0, 0, 1, -1
    for line, at, char in _outside_texts(text):
        dots = (dots if line == last_line else 0) + (char == ".")
        run = (run if at == last + 1 else 0) + 1 if char.isalnum() or char == "_" else 0
        depth += (char in _BRACKETS) - (char in _BRACKETS.values())
        last_line, last = line, at
        if depth > MAX_DEPTH or dots > MAX_DOTS:
            return Fault(
                line,
                "括号或名称一层套一层，太深；请照样表书写",
                "brackets or names stand too deep in one another; write it as in the examples",
            )
        if run > MAX_RUN and char.isascii():
            return Fault(
                line,
                "有一个数字或名称太长；请照样表书写，如 points = 100",
                "a number or a name is too long; write it as in the examples, such as points = 100",
            )
    return None


def _wide(text: str) -> Iterator[Fault]:
    """Full-width marks outside texts, a fault a line."""
    found: dict[int, str] = {}
    for line, _, char in _outside_texts(text):
        if ord(char) in PLAIN and char not in found.get(line, ""):
            found[line] = found.get(line, "") + char
    for line, marks in found.items():
        plain = dict.fromkeys(marks.translate(PLAIN))
        zh = " ".join("空格" if mark == " " else mark for mark in plain)
        en = " ".join("space" if mark == " " else mark for mark in plain)
        wide = " ".join("全角空格" if mark.isspace() else mark for mark in marks)
        wide_en = " ".join("a wide space" if mark.isspace() else mark for mark in marks)
        yield Fault(
            line,
            f"文字之外用了全角字符：{wide} ；请改用英文半角的 {zh}",
            f"full-width characters outside a text: {wide_en} ; write the plain {en}",
        )


def _plain(line: str) -> str:
    """A line with plain marks for the full-width ones outside its texts."""
    plain = list(line)
    for _, at, char in _outside_texts(line):
        plain[at] = char.translate(PLAIN)
    return "".join(plain)


def _controls(lines: list[str]) -> Iterator[Fault]:
    """Invisible characters, of which a text may have none."""
    for number, content in enumerate(lines, start=1):
        if found := CONTROLS.search(content.replace("\t", " ")):
            code = f"U+{ord(found[0]):04X}"
            yield Fault(
                number,
                f"有一个看不见的控制字符（{code}）；请删去，把这一处重新输入",
                f"an invisible control character ({code}); delete it and type the place anew",
            )


def _stands_alone(line: str) -> bool:
    """Whether a line can be left out without others losing their brackets or their section."""
    if _HEADER.match(line) or '"""' in line or "'''" in line:
        return False
    depth = 0
    for _, _, char in _outside_texts(line):
        depth += (char in _BRACKETS) - (char in _BRACKETS.values())
        if depth < 0:
            return False
    return depth == 0


def _explained(message: str, lines: list[str]) -> Fault:
    """The fault that tomllib's message is about."""
    found = _PLACE.fullmatch(message)
    reason = found[1] if found else message
    line = int(found[2]) if found and found[2] else len(lines)
    column = int(found[3]) if found and found[3] else len(lines[-1]) + 1
    while line > 1 and not lines[line - 1][: column - 1].strip() and "Unclosed" in reason:
        # What should close or part the items is looked for where the next thing begins.
        if _breaks_off(lines[line - 1]):
            break
        line -= 1
        column = len(lines[line - 1]) + 1
    opened = _left_open(lines, line)
    if opened and _breaks_off(lines[line - 1]):
        opener, bracket = opened
        close = _BRACKETS[bracket]
        return Fault(
            opener,
            f"这一行的 {bracket} 到第 {line} 行还没有收尾；请补上 {close}",
            f"the {bracket} of this line is not closed by line {line}; add its {close}",
        )
    if reason in UNQUOTED:
        line = _unclosed_text("\n".join(lines)) or line
    said = remedy(reason, lines[line - 1], column - 1)
    return Fault(line, said.zh, said.en)


def _unclosed_text(text: str) -> int | None:
    """The line of the first text whose quotation mark has no other."""
    for found in _PIECE.finditer(text):
        if found[0][0] in "\"'" and not _CLOSED.fullmatch(found[0]):
            return text.count("\n", 0, found.start()) + 1
    return None


def _breaks_off(line: str) -> bool:
    """Whether a line begins a section or a name, or is empty: no item of a list that goes on."""
    return not line.strip() or bool(_HEADER.match(line) or _NAMED.match(line))


def _left_open(lines: list[str], line: int) -> tuple[int, str] | None:
    """The bracket that is open where a line begins: its own line and itself."""
    brackets: list[tuple[int, str]] = []
    for number, _, char in _outside_texts("\n".join(lines[: line - 1])):
        if char in _BRACKETS:
            brackets.append((number, char))
        elif char in _BRACKETS.values() and brackets:
            brackets.pop()
    return brackets[-1] if brackets else None
