"""A list of subjects as people have it: pasted lines, CSV of any common encoding, or XLSX.

    序号,姓名,职务            first lines may hold a title and a heading, in Chinese or in English
    1,周敏,社区居民委员会主任
    2,刘 洋,

What can be read is given back as subjects, what cannot as problems that name the row, so that one
bad row costs nobody the others. A file is refused before it is worked on if it is over its limits.
"""

# ruff: noqa: SIM905 - lists of words read best as words

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import openpyxl

from appraisal.errors import AppraisalError
from appraisal.manifest import MAX_CONTESTS, Subject, SubjectKind

MAX_FILE: Final = 2 * 2**20
"""Bytes of a file as it is sent."""
MAX_UNPACKED: Final = 40 * 2**20
"""Bytes of all parts of an XLSX file together: a small archive can hold gigabytes."""
MAX_ROWS: Final = 2 * MAX_CONTESTS
MAX_COLUMNS: Final = 20
MAX_NAME: Final = 100
MAX_POST: Final = 200
_HEADING_WITHIN: Final = 5

_NAME: Final = frozenset(
    "姓名 名称 姓名或名称 姓名名称 对象 评议对象 测评对象 对象名称 党员姓名 单位名称 组织名称 "
    "党组织名称 支部名称 name subject fullname".split()
)
_POST: Final = frozenset(
    "职务 岗位 职务岗位 岗位职务 单位职务 单位及职务 工作单位及职务 单位 备注 说明 post position "
    "title job jobtitle role".split()
)
_KIND: Final = frozenset("类型 类别 对象类型 对象类别 种类 kind type".split())
_SERIAL: Final = frozenset("序号 编号 号 no num number # id".split())
_KINDS: Final[Mapping[str, SubjectKind]] = {
    **dict.fromkeys(
        "组织 党组织 基层党组织 支部 党支部 单位 集体 organisation organization org branch".split(),
        SubjectKind.ORGANISATION,
    ),
    **dict.fromkeys("个人 党员 人员 人 person member people".split(), SubjectKind.PERSON),
}
_ORGANISATION: Final = re.compile(
    r"(支部|党委|党总支|总支|党组|党小组|委员会|工作站|branch|committee)$", re.IGNORECASE
)
_INVISIBLE: Final = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_CJK: Final = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


class ImportRefused(AppraisalError):  # noqa: N818 - a file is refused
    """A file that cannot be read as a list at all; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Problem:
    """What is wrong with one row (from 1, as the file counts); `kept` if it is only a warning."""

    row: int
    code: str
    kept: bool = False
    values: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Imported:
    """The subjects of a list in their order, and what was wrong with its other rows."""

    subjects: tuple[Subject, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class _Columns:
    name: int
    post: int | None
    kind: int | None


def read_file(data: bytes, *, known: Sequence[Subject] = ()) -> Imported:
    """The subjects of a CSV or XLSX file; its content tells which, not its name.

    `known` are subjects already entered: they count as duplicates. Raises `ImportRefused`.
    """
    if len(data) > MAX_FILE:
        raise ImportRefused("file-too-large")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise ImportRefused("file-old-excel")
    if data.startswith(b"PK\x03\x04"):
        return _subjects(_sheet(data), known)
    return _subjects(_lines(_text(data)), known)


def read_text(text: str, *, known: Sequence[Subject] = ()) -> Imported:
    """The subjects of typed or pasted lines, one a line: name, then post."""
    if len(text) > MAX_FILE:
        raise ImportRefused("file-too-large")
    return _subjects(_lines(text), known)


def guessed_kind(name: str) -> SubjectKind:
    """An organisation if the name ends as those of organisations do, otherwise a person."""
    return SubjectKind.ORGANISATION if _ORGANISATION.search(name) else SubjectKind.PERSON


def _text(data: bytes) -> str:
    """The text of a file that does not say its encoding: marks first, then what fits strictly."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return _decoded(data, encoding)
    if b"\x00" in data:
        # UTF-16 without a mark: line ends and separators show which byte comes first.
        little = data.count(b"\n\x00") + data.count(b",\x00") + data.count(b"\t\x00")
        big = data.count(b"\x00\n") + data.count(b"\x00,") + data.count(b"\x00\t")
        return _decoded(data, "utf-16-le" if little >= big else "utf-16-be")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(data, "gb18030")  # contains GBK and GB 2312


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeError as error:
        raise ImportRefused("file-encoding") from error


def _lines(text: str) -> Iterator[list[str]]:
    """The rows of separated text. Spaces separate only where nothing else does."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for separator in ("\t", ",", "，", ";", "；"):
        if separator in text:
            try:
                yield from csv.reader(io.StringIO(text), delimiter=separator)
            except csv.Error as error:
                raise ImportRefused("file-unreadable") from error
            return
    for line in text.split("\n"):
        yield _by_spaces(line)


def _by_spaces(line: str) -> list[str]:
    """A line such as ``王 芳 主任``: a name of two single characters is often set wide."""
    parts = line.split()
    if not parts or not _CJK.match(parts[0]):
        return [line]
    wide = len(parts) > 1 and len(parts[0]) == 1 and len(parts[1]) == 1
    cut = 2 if wide else 1
    return ["".join(parts[:cut]), " ".join(parts[cut:])]


def _sheet(data: bytes) -> Iterator[list[str]]:
    """The rows of the first sheet of an XLSX file."""
    try:
        _check_archive(data)
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        try:
            sheet = book.worksheets[0]
            for row in sheet.iter_rows(max_row=MAX_ROWS + 1, max_col=MAX_COLUMNS, values_only=True):
                yield [_cell(value) for value in row]
        finally:
            book.close()
    except ImportRefused:
        raise
    except Exception as error:  # the library lets out whatever its XML and ZIP parts raise
        raise ImportRefused("file-unreadable") from error


def _check_archive(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
            raise ImportRefused("file-too-large")
        if "xl/workbook.xml" not in archive.namelist():
            raise ImportRefused("file-unreadable")


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _tidy(text: str) -> str:
    """A cell without invisible marks and with plain single spaces."""
    text = _INVISIBLE.sub("", text)
    return " ".join(text.split())


def _tidy_name(text: str) -> str:
    """A name; the gap that sets a two-character name wide is no part of it."""
    text = _tidy(text)
    if len(text) == 3 and text[1] == " " and _CJK.match(text[0]) and _CJK.match(text[2]):
        return text[0] + text[2]
    return text


def _heading(cell: str) -> str:
    """A heading without spaces, marks and brackets, in lower case."""
    return re.sub(r"[\s/／、（）()：:._*-]", "", _tidy(cell)).lower()


def _subjects(rows: Iterable[Sequence[str]], known: Sequence[Subject]) -> Imported:
    kept = [
        (number, [_tidy(cell) for cell in row])
        for number, row in _counted(rows)
        if any(_tidy(cell) for cell in row)
    ]
    if not kept:
        raise ImportRefused("file-empty")
    columns, body = _columns(kept)
    seen = {(s.kind, s.name, s.post): 0 for s in known}
    names = {s.name: 0 for s in known}
    subjects: list[Subject] = []
    problems: list[Problem] = []
    found: dict[str, str | int]
    for number, row in body:
        read = _subject(row, columns)
        if isinstance(read, Subject):
            identity = (read.kind, read.name, read.post)
            if identity in seen:
                found = {"name": read.name, "first": seen[identity]}
                problems.append(Problem(number, "duplicate", values=found))
                continue
            if read.name in names:
                found = {"name": read.name, "first": names[read.name]}
                problems.append(Problem(number, "same-name", kept=True, values=found))
            seen[identity] = number
            names.setdefault(read.name, number)
            subjects.append(read)
        else:
            code, values = read
            problems.append(Problem(number, code, values=values))
    if len(subjects) + len(known) > MAX_CONTESTS:
        raise ImportRefused("too-many-rows")
    return Imported(tuple(subjects), tuple(problems))


def _counted(rows: Iterable[Sequence[str]]) -> Iterator[tuple[int, Sequence[str]]]:
    for number, row in enumerate(rows, 1):
        if number > MAX_ROWS:
            raise ImportRefused("too-many-rows")
        yield number, row[:MAX_COLUMNS]


def _columns(
    rows: list[tuple[int, list[str]]],
) -> tuple[_Columns, list[tuple[int, list[str]]]]:
    """Which column holds what, by a heading among the first rows or else by what stands there."""
    for index, (_, row) in enumerate(rows[:_HEADING_WITHIN]):
        headings = [_heading(cell) for cell in row]
        name = _first(headings, _NAME)
        # A lone cell such as 对象 may as well be somebody's list without any heading.
        if name is not None:
            others = [h for i, h in enumerate(headings) if i != name and h]
            known = _POST | _KIND | _SERIAL
            if others and not any(h in known for h in others):
                continue
            columns = _Columns(name, _first(headings, _POST), _first(headings, _KIND))
            return columns, rows[index + 1 :]
    width = max(len(row) for _, row in rows)
    filled = [[row[c] for _, row in rows if c < len(row) and row[c]] for c in range(width)]
    free = [c for c in range(width) if filled[c]]
    if len(free) > 1 and all(cell.strip(".、").isdecimal() for cell in filled[free[0]]):
        free.pop(0)  # a column of serial numbers
    kind = next((c for c in free if all(_heading(x) in _KINDS for x in filled[c])), None)
    free = [c for c in free if c != kind] or free
    return _Columns(free[0], free[1] if len(free) > 1 else None, kind), rows


def _first(headings: Sequence[str], wanted: frozenset[str]) -> int | None:
    return next((i for i, heading in enumerate(headings) if heading in wanted), None)


def _subject(row: Sequence[str], columns: _Columns) -> Subject | tuple[str, dict[str, str | int]]:
    """The subject of one row, or the code of what is wrong with it."""

    def at(column: int | None) -> str:
        return row[column] if column is not None and column < len(row) else ""

    name, post, kind = _tidy_name(at(columns.name)), at(columns.post), at(columns.kind)
    if not name:
        return "name-missing", {}
    if len(name) > MAX_NAME:
        return "name-long", {"limit": MAX_NAME}
    if len(post) > MAX_POST:
        return "post-long", {"limit": MAX_POST}
    if any(unicodedata.category(c) in {"Cc", "Co", "Cs"} or c == "\ufffd" for c in name + post):
        return "unreadable-characters", {}
    if kind and _heading(kind) not in _KINDS:
        return "kind-unknown", {"kind": kind[:30]}
    read = _KINDS[_heading(kind)] if kind else guessed_kind(name)
    return Subject(kind=read, name=name, post=post)
