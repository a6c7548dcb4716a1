import io
import zipfile
from dataclasses import replace

import openpyxl
import pytest

from appraisal.ballot_form import SubjectKind
from appraisal.manifest import Subject
from appraisal.web.office.setup import subjects_import
from appraisal.web.office.setup.subjects_import import ImportRefused, Problem, read_file, read_text

PERSON, ORGANISATION = SubjectKind.PERSON, SubjectKind.ORGANISATION
ZHOU = Subject(PERSON, "周敏", "社区居民委员会主任")
LIU = Subject(PERSON, "刘洋", "")
BRANCH = Subject(ORGANISATION, "和平里社区党支部", "")
TABLE = (
    "类型,姓名,职务\r\n党组织,和平里社区党支部,\r\n个人,周敏,社区居民委员会主任\r\n个人,刘洋,\r\n"
)


def workbook(*rows: tuple[str | float | None, ...]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def codes(problems: tuple[Problem, ...]) -> list[tuple[int, str]]:
    return [(p.row, p.code) for p in problems]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_every_encoding_that_spreadsheets_write_is_read(encoding: str) -> None:
    assert read_file(TABLE.encode(encoding)).subjects == (BRANCH, ZHOU, LIU)


def test_a_rare_name_survives_gb18030_and_utf_8() -> None:
    for encoding in ("gb18030", "utf-8"):
        (subject,) = read_file("姓名\n𬀩喆\n".encode(encoding)).subjects
        assert subject.name == "𬀩喆"


@pytest.mark.parametrize(
    "heading",
    [
        "序号,姓名,职务",
        "No.,Name,Post",
        "序 号,姓  名,工作单位及职务",
        "number,姓名/名称,岗位 / 职务",
    ],
)
def test_headings_are_understood_in_chinese_and_english(heading: str) -> None:
    assert read_text(f"{heading}\n1,周敏,社区居民委员会主任\n2,刘洋,\n").subjects == (ZHOU, LIU)


def test_columns_may_stand_in_any_order_below_a_heading() -> None:
    assert read_text("职务,类别,姓名\n社区居民委员会主任,党员,周敏\n").subjects == (ZHOU,)


def test_without_a_heading_serials_and_kinds_are_known_by_what_they_hold() -> None:
    text = "1,周敏,社区居民委员会主任,个人\n2,刘洋,,个人\n"
    assert read_text(text).subjects == (ZHOU, LIU)


def test_one_name_a_line_is_enough() -> None:
    assert read_text("周敏 社区居民委员会主任\n\n 刘　洋 \n和平里社区党支部").subjects == (
        ZHOU,
        LIU,
        BRANCH,
    )


def test_an_english_name_keeps_its_space() -> None:
    assert read_text("Li Ming\nZhou Min").subjects == (
        Subject(PERSON, "Li Ming", ""),
        Subject(PERSON, "Zhou Min", ""),
    )


def test_a_public_commitment_has_a_column_of_its_own() -> None:
    text = '姓名,公开承诺,职务\n周敏,"每周走访两户，\n记好台账",社区居民委员会主任\n刘洋,,\n'
    promised = replace(ZHOU, commitment="每周走访两户， 记好台账")
    read = read_text(text)
    assert (read.subjects, read.problems) == ((promised, LIU), ())
    assert read_file(workbook(("姓名", "承诺内容"), ("刘洋", "带头学习"))).subjects == (
        replace(LIU, commitment="带头学习"),
    )
    long = read_text("姓名,公开承诺\n周敏," + "诺" * 501 + "\n刘洋,带头学习\n")
    assert long.subjects == (replace(LIU, commitment="带头学习"),)
    assert codes(long.problems) == [(2, "commitment-long")]


def test_who_promises_something_else_is_still_the_same() -> None:
    read = read_text("姓名,公开承诺\n刘洋,带头学习\n", known=(LIU,))
    assert codes(read.problems) == [(2, "duplicate")]


@pytest.mark.parametrize("separator", ["\t", ",", "，", ";", "；"])
def test_any_separator_will_do(separator: str) -> None:
    text = f"姓名{separator}职务\n周敏{separator}社区居民委员会主任\n"
    assert read_text(text).subjects == (ZHOU,)


@pytest.mark.parametrize(
    ("line", "name", "post"),
    [
        ("李　四", "李四", ""),
        ("李 四", "李四", ""),
        ("李　四 会计", "李四", "会计"),
        ("王 建 国 主任", "王建国", "主任"),
        ("欧阳　锋\t主任", "欧阳锋", "主任"),
        ("欧阳 锋 主任", "欧阳锋", "主任"),
        ("周敏　社区主任", "周敏", "社区主任"),
        ("王 芳 女", "王芳", "女"),
        ("3、王芳 主任", "王芳", "主任"),
        ("3 王 芳 主任", "王芳", "主任"),
        ("周敏 书记，主任", "周敏", "书记，主任"),
        ("周敏，书记,主任", "周敏", "书记,主任"),
        ('"周敏","书记,主任"', "周敏", "书记,主任"),
        ('"周敏，主任', '"周敏', "主任"),
    ],
)
def test_a_line_typed_by_hand(line: str, name: str, post: str) -> None:
    (read,) = read_text(line).subjects
    assert (read.name, read.post) == (name, post)


def test_lines_from_several_lists_keep_every_name() -> None:
    text = "序号\t姓名\t职务\n1\t周敏\t主任，书记\n刘洋，网格员\n王 芳 会计\n4 赵强 楼门长\n孙丽\n"
    read = read_text(text)
    assert [(s.name, s.post) for s in read.subjects] == [
        ("周敏", "主任，书记"),
        ("刘洋", "网格员"),
        ("王芳", "会计"),
        ("赵强", "楼门长"),
        ("孙丽", ""),
    ]
    without = text.partition("\n")[2]
    assert read_text(without).subjects == read.subjects


def test_a_line_that_begins_with_its_kind_names_who_stands_behind_it() -> None:
    """Nobody is called 个人: not even where other lines of the list begin with the name."""
    text = "组织\t城北街道老年协会\n刘洋\n个人\t周敏\t社区居民委员会主任\n2 个人 王 芳 会计\n"
    assert read_text(text).subjects == (
        Subject(ORGANISATION, "城北街道老年协会", ""),
        LIU,
        ZHOU,
        Subject(PERSON, "王芳", "会计"),
    )


def test_a_cell_with_line_ends_is_one_cell() -> None:
    read = read_file('姓名,职务\n周敏,"主任\n书记"\n刘洋,\n'.encode())
    assert [(s.name, s.post) for s in read.subjects] == [("周敏", "主任 书记"), ("刘洋", "")]


def test_columns_that_are_not_used_are_named() -> None:
    read = read_text("姓名,出生年月,单位,现任职务,电话\n周敏,1980.5,居委会,主任,\n")
    assert [(s.name, s.post) for s in read.subjects] == [("周敏", "居委会 主任")]
    (problem,) = read.problems
    assert (problem.code, problem.kept) == ("columns-unknown", True)
    assert problem.values == {"columns": "出生年月"}
    assert read_text("姓名,出生年月\n周敏,1980.5").problems[0].values == {"columns": "出生年月"}
    (unnamed,) = read_text("1,周敏,主任,1980\n2,刘洋,,1981").problems
    assert (unnamed.code, unnamed.values) == ("columns-unnamed", {"columns": "4"})


def test_blank_rows_and_invisible_marks_are_left_out() -> None:
    text = "\ufeff姓名,职务\n,\n\n\u200b周敏\u200b,社区居民委员会主任\n   ,  \n"
    read = read_text(text)
    assert read.subjects == (ZHOU,)
    assert read.problems == ()


def test_a_duplicate_row_is_left_out_and_named_with_its_first_row() -> None:
    read = read_text("姓名,职务\n刘洋,\n周敏,社区居民委员会主任\n刘 洋,\n")
    assert read.subjects == (LIU, ZHOU)
    assert codes(read.problems) == [(4, "duplicate")]
    assert read.problems[0].values == {"name": "刘洋", "first": 2}


def test_a_subject_entered_before_counts_as_a_duplicate() -> None:
    read = read_text("刘洋\n周敏", known=[LIU])
    assert [s.name for s in read.subjects] == ["周敏"]
    assert codes(read.problems) == [(1, "duplicate")]


def test_two_persons_of_one_name_are_kept_with_a_warning() -> None:
    read = read_text("姓名,职务\n刘洋,会计\n刘洋,网格员\n")
    assert len(read.subjects) == 2
    assert codes(read.problems) == [(3, "same-name")]
    assert read.problems[0].kept


def test_each_bad_row_is_named_and_costs_no_other() -> None:
    rows = [
        "类型,姓名,职务",
        "个人,,书记",
        f"个人,{'长' * 101},",
        f"个人,王芳,{'长' * 201}",
        "机器,赵强,",
        "个人,孙\ue000丽,",
        "个人,周敏,社区居民委员会主任",
    ]
    read = read_text("\n".join(rows))
    assert read.subjects == (ZHOU,)
    assert codes(read.problems) == [
        (2, "name-missing"),
        (3, "name-long"),
        (4, "post-long"),
        (5, "kind-unknown"),
        (6, "unreadable-characters"),
    ]


def test_a_workbook_with_a_title_above_its_heading_is_read() -> None:
    data = workbook(
        ("和平里社区党支部评议对象名单",),
        (),
        ("序号", "姓名", "职务"),
        (1, "周敏", "社区居民委员会主任"),
        (2.0, "刘 洋", None),
        (None, None, None),
        (3, None, "网格员"),
    )
    read = read_file(data)
    assert read.subjects == (ZHOU, LIU)
    assert codes(read.problems) == [(7, "name-missing")]


def refused(data: bytes) -> str:
    with pytest.raises(ImportRefused) as caught:
        read_file(data)
    return caught.value.code


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file-empty"),
        (b"\n\n , \n", "file-empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "file-old-excel"),
        (b"%PDF-1.7\n1 0 obj", "file-pdf"),
        (b"PK\x03\x04 and nothing that follows", "file-unreadable"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\xff\xff\xff", "file-encoding"),
        (b"x" * (subjects_import.MAX_FILE + 1), "file-too-large"),
        (b"name\n" + b"x\n" * subjects_import.MAX_ROWS, "too-many-rows"),
        ("\n".join(f"人{n}" for n in range(2001)).encode(), "too-many-rows"),
        (workbook(), "file-empty"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_no_list_is_refused_with_its_reason(data: bytes, code: str) -> None:
    assert refused(data) == code


def test_an_archive_that_is_no_workbook_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("hello.txt", "hello")
    assert refused(out.getvalue()) == "file-unreadable"


def test_a_small_archive_that_unpacks_to_very_much_is_refused_unread() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"\x00" * (subjects_import.MAX_UNPACKED + 1))
    assert refused(out.getvalue()) == "file-too-large"
