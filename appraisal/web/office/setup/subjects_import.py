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

from appraisal.ballot_form import SubjectKind
from appraisal.errors import AppraisalError
from appraisal.manifest import MAX_COMMITMENT, MAX_CONTESTS, Subject

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
_SURE: Final = frozenset("姓名 党员姓名 姓名或名称 姓名名称 对象名称 fullname".split())
"""Headings that nobody's name is, whatever stands beside them."""
_POST: Final = frozenset(
    "职务 现任职务 党内职务 现任党内职务 行政职务 岗位 职务岗位 岗位职务 单位职务 单位及职务 "
    "工作单位及职务 单位 工作单位 所在单位 post position title job jobtitle role".split()
)
_REMARK: Final = frozenset("备注 说明 remark remarks note notes".split())
"""Taken for posts where there is no column of posts."""
_COMMITMENT: Final = frozenset("公开承诺 承诺 承诺内容 承诺事项 commitment pledge".split())
_KIND: Final = frozenset("类型 类别 对象类型 对象类别 种类 kind type".split())
_SERIAL: Final = frozenset("序号 编号 号 no num number # id".split())
_KNOWN: Final = _POST | _REMARK | _COMMITMENT | _KIND | _SERIAL
_KINDS: Final[Mapping[str, SubjectKind]] = {
    **dict.fromkeys(
        "组织 党组织 基层党组织 支部 党支部 单位 集体 organisation organization org branch".split(),
        SubjectKind.ORGANISATION,
    ),
    **dict.fromkeys("个人 党员 人员 人 person member people".split(), SubjectKind.PERSON),
}
_LEADING_KINDS: Final = frozenset("组织 个人 organisation organization person".split())
"""Kinds that are nobody's name: in front of a line they say what it names."""
_ORGANISATION: Final = re.compile(
    r"(支部|党委|党总支|总支|党组|党小组|委员会|工作站|branch|committee)$", re.IGNORECASE
)
_INVISIBLE: Final = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_IDEOGRAPH: Final = "[\u2e80-\u2fff\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_CJK: Final = re.compile(_IDEOGRAPH)
_WIDE: Final = re.compile(f"(?<={_IDEOGRAPH})[ \u3000]*\u3000[ \u3000]*(?={_IDEOGRAPH})")
"""The gap of a full-width space that sets a short word as wide as the others of its column."""
_WIDE_AT_MOST: Final = 4
_NUMBERED: Final = re.compile(rf"\s*([0-9０-９]{{1,5}})(?:[.、．)）]\s*|\s+)(?={_IDEOGRAPH})")
_SEPARATORS: Final = ",，;；"
_RECORD_AT_MOST: Final = 20
"""Lines that a quoted cell with line ends in it may take."""
_SEXES: Final = frozenset("男女")


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
    """Where a row has what; `width` cells with a heading, `serial` if the first is a number."""

    name: int
    posts: tuple[int, ...]
    kind: int | None
    commitment: int | None = None
    serial: bool = False
    width: int = 0


def read_file(data: bytes, *, known: Sequence[Subject] = ()) -> Imported:
    """The subjects of a CSV or XLSX file; its content tells which, not its name.

    `known` are subjects already entered: they count as duplicates. Raises `ImportRefused`.
    """
    if len(data) > MAX_FILE:
        raise ImportRefused("file-too-large")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise ImportRefused("file-old-excel")
    if data.startswith(b"%PDF"):
        raise ImportRefused("file-pdf")
    if data.startswith(b"PK\x03\x04"):
        return _subjects(_sheet(data), known)
    return _subjects(_lines(_text(data)), known)


def read_text(text: str, *, known: Sequence[Subject] = ()) -> Imported:
    """The subjects of typed or pasted lines, one a line: name, then post."""
    if len(text) > MAX_FILE:
        raise ImportRefused("file-too-large")
    if text.lstrip().startswith("%PDF"):
        raise ImportRefused("file-pdf")
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
    """The rows of typed text, each by its own separator: lists are put together from several."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    declared = _declared(lines)
    at = 0
    while at < len(lines):
        line = lines[at]
        separator = declared if declared and declared in line else _separator(line)
        if separator is None:
            yield _by_spaces(line)
            at += 1
            continue
        taken = _record(lines, at)
        record = "\n".join(lines[at : at + taken])
        plain = record.count('"') % 2 == 1
        try:
            rows = (
                [record.split(separator)]
                if plain
                else list(csv.reader(io.StringIO(record), delimiter=separator))
            )
        except csv.Error as error:
            raise ImportRefused("file-unreadable") from error
        yield from rows
        at += taken


def _declared(lines: Sequence[str]) -> str | None:
    """The separator of a line of headings: where it stands in a line, it separates that line."""
    for line in lines[:_HEADING_WITHIN]:
        for separator in "\t" + _SEPARATORS:
            if separator in line and any(_heading(c) in _NAME for c in line.split(separator)):
                return separator
    return None


def _separator(line: str) -> str | None:
    """What separates the cells of a line; None if it is spaces, as in ``周敏 书记，主任``."""
    if "\t" in line:
        return "\t"
    bare = re.sub(r'"[^"]*"', "", line)
    first = next((c for c in bare if c in _SEPARATORS), None)
    if first is None:
        return None
    cell = line.partition(first)[0]
    numbered = _NUMBERED.match(cell)
    parts = cell[numbered.end() if numbered else 0 :].split()
    apart = len(parts) > 1 and _CJK.match(parts[0]) and _name_parts(parts) < len(parts)
    return None if apart else first


def _record(lines: Sequence[str], at: int) -> int:
    """How many lines belong to one row: more than one where a quoted cell holds line ends."""
    quotes = 0
    for taken, line in enumerate(lines[at : at + _RECORD_AT_MOST], 1):
        quotes += line.count('"')
        if quotes % 2 == 0:
            return taken
    return 1


def _by_spaces(line: str) -> list[str]:
    """A line such as ``3 王 芳 主任``: serial, name, post. A short name is often set wide."""
    parts = line.split()
    known = _NAME | _KNOWN
    if any(_heading(p) in _NAME for p in parts) and all(_heading(p) in known for p in parts):
        return parts
    numbered = _NUMBERED.match(line)
    before = [numbered[1]] if numbered else []
    rest = line[numbered.end() :] if numbered else line
    parts = rest.split()
    if len(parts) > 1 and _heading(parts[0]) in _LEADING_KINDS:
        before, rest, parts = [*before, parts[0]], " ".join(parts[1:]), parts[1:]
    if not parts or not _CJK.match(parts[0]):
        return [*before, rest]
    cut = _name_parts(parts)
    return [*before, "".join(parts[:cut]), " ".join(parts[cut:])]


def _name_parts(parts: Sequence[str]) -> int:
    """How many parts make the name: all single characters (王 建 国), or a last one (欧阳 锋)."""

    def single(part: str) -> bool:
        return len(part) == 1 and bool(_CJK.match(part)) and part not in _SEXES

    run = 0
    while run < min(len(parts), _WIDE_AT_MOST) and single(parts[run]):
        run += 1
    if run > 1:
        return run
    pair = len(parts) > 1 and len(parts[0]) == 2 and single(parts[1])
    return 2 if pair else 1


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
    """A cell without invisible marks and wide gaps, and with plain single spaces."""
    text = _INVISIBLE.sub("", text)
    narrow = _WIDE.sub("", text)
    if len(narrow.strip()) <= _WIDE_AT_MOST:
        text = narrow
    return " ".join(text.split())


def _tidy_name(text: str) -> str:
    """A name; the gaps that set a short name wide are no part of it."""
    parts = _tidy(text).split()
    if len(parts) > 1 and _name_parts(parts) == len(parts):
        return "".join(parts)
    return " ".join(parts)


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
    columns, body, unused = _columns(kept)
    seen = {(s.kind, s.name, s.post): 0 for s in known}
    names = {s.name: 0 for s in known}
    subjects: list[Subject] = []
    problems = [unused] if unused else []
    found: dict[str, str | int]
    for number, row in body:
        read = _subject(_aligned(row, columns), columns)
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
) -> tuple[_Columns, list[tuple[int, list[str]]], Problem | None]:
    """Which column holds what, by a heading among the first rows or else by what stands there.

    With the rows below the heading, and a warning that names the columns which are not used.
    """
    for index, (number, row) in enumerate(rows[:_HEADING_WITHIN]):
        headings = [_heading(cell) for cell in row]
        name = _first(headings, _NAME)
        # A lone cell such as 对象 may as well be somebody's list without any heading.
        if name is None:
            continue
        others = [h for i, h in enumerate(headings) if i != name and h]
        if others and headings[name] not in _SURE and not any(h in _KNOWN for h in others):
            continue
        posts = _all(headings, _POST) or _all(headings, _REMARK)
        kind, commitment = _first(headings, _KIND), _first(headings, _COMMITMENT)
        serial = name > 0 and headings[0] in _SERIAL
        columns = _Columns(name, posts, kind, commitment, serial=serial, width=len(row))
        used = {name, *posts, kind, commitment}
        body = rows[index + 1 :]
        unused = (
            [
                row[c] or f"#{c + 1}"
                for c in range(max(len(r) for _, r in [*body, (number, row)]))
                if c not in used
                and (c >= len(row) or headings[c] not in _SERIAL)
                and any(c < len(r) and r[c] for _, r in body)
            ]
            if body
            else []
        )
        return columns, body, _unused("columns-unknown", number, unused)
    return _columns_without_heading(rows)


def _columns_without_heading(
    rows: list[tuple[int, list[str]]],
) -> tuple[_Columns, list[tuple[int, list[str]]], Problem | None]:
    first = min(next(c for c, cell in enumerate(row) if cell) for _, row in rows)
    rows = [(number, row[first:]) for number, row in rows]
    if any(len(row) > 1 and row[0] and _is_serial(row[0]) for _, row in rows):
        first += 1
        rows = [
            (number, row[1:] if len(row) > 1 and _is_serial(row[0]) else row)
            for number, row in rows
        ]
    if any(_says_its_kind(row) for _, row in rows):
        rows = [(number, row if _says_its_kind(row) else ["", *row]) for number, row in rows]
    width = max(len(row) for _, row in rows)
    filled = [[row[c] for _, row in rows if c < len(row) and row[c]] for c in range(width)]
    free = [c for c in range(width) if filled[c]]
    kind = next((c for c in free if all(_heading(x) in _KINDS for x in filled[c])), None)
    free = [c for c in free if c != kind] or free
    unused = [str(first + c + 1) for c in free[2:]]
    return (
        _Columns(free[0], tuple(free[1:2]), kind),
        rows,
        _unused("columns-unnamed", rows[0][0], unused),
    )


def _says_its_kind(row: Sequence[str]) -> bool:
    """Whether a line begins with a kind and then names somebody."""
    return len(row) > 1 and bool(row[1]) and _heading(row[0]) in _LEADING_KINDS


def _unused(code: str, row: int, columns: Sequence[str]) -> Problem | None:
    """A warning that names columns nobody asked for."""
    said = " · ".join(column[:20] for column in columns)
    return Problem(row, code, kept=True, values={"columns": said}) if columns else None


def _aligned(row: list[str], columns: _Columns) -> list[str]:
    """A row as the heading has it, where a line typed by hand has a number more or less."""
    if columns.serial and len(row) < columns.width and not _is_serial(row[0]):
        return ["", *row]
    if not columns.serial and columns.name == 0 and len(row) > 1:
        more = columns.width and len(row) > columns.width
        return row[1:] if more and row[0] and _is_serial(row[0]) else row
    return row


def _is_serial(cell: str) -> bool:
    """Whether a cell numbers its row, or is empty where others do."""
    return not cell or cell.strip(".、．)） ").isdecimal()


def _all(headings: Sequence[str], wanted: frozenset[str]) -> tuple[int, ...]:
    return tuple(i for i, heading in enumerate(headings) if heading in wanted)


def _first(headings: Sequence[str], wanted: frozenset[str]) -> int | None:
    return next((i for i, heading in enumerate(headings) if heading in wanted), None)


def _subject(row: Sequence[str], columns: _Columns) -> Subject | tuple[str, dict[str, str | int]]:
    """The subject of one row, or the code of what is wrong with it."""

    def at(column: int | None) -> str:
        return row[column] if column is not None and column < len(row) else ""

    name, kind = _tidy_name(at(columns.name)), at(columns.kind)
    post = " ".join(filter(None, (at(column) for column in columns.posts)))
    if not name:
        return "name-missing", {}
    commitment = at(columns.commitment)
    for text, limit, code in (
        (name, MAX_NAME, "name-long"),
        (post, MAX_POST, "post-long"),
        (commitment, MAX_COMMITMENT, "commitment-long"),
    ):
        if len(text) > limit:
            return code, {"limit": limit}
    read = name + post + commitment
    if any(unicodedata.category(c) in {"Cc", "Co", "Cs"} or c == "\ufffd" for c in read):
        return "unreadable-characters", {}
    if kind and _heading(kind) not in _KINDS:
        return "kind-unknown", {"kind": kind[:30]}
    known = _KINDS[_heading(kind)] if kind else guessed_kind(name)
    return Subject(kind=known, name=name, post=post, commitment=commitment)
