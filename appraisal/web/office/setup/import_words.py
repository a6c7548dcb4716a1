"""What is wrong with a list of subjects, in sentences that say what to do."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext

from appraisal.web.office.setup.subjects_import import ImportRefused, Problem


def import_words(error: ImportRefused) -> str:
    """Why a file could not be read, and what to do."""
    other = gettext("这个文件打不开。请上传 .xlsx 或 CSV 文件。")
    return {
        "file-too-large": gettext("文件太大。名单文件不能超过 2 MB。"),
        "file-old-excel": gettext("这是旧版 Excel 文件（.xls）。请另存为 .xlsx 或 CSV 再上传。"),
        "file-pdf": gettext("这是 PDF 文件，读不出名单。请上传 .xlsx 或 CSV 文件，或粘贴名单。"),
        "file-encoding": gettext(
            "读不出这个文件里的文字。请另存为 .xlsx 或 UTF-8 编码的 CSV 再上传。"
        ),
        "file-empty": gettext("名单是空的：没有找到一个姓名。"),
        "too-many-rows": gettext("名单太长：一次评议最多 2000 个对象。"),
    }.get(error.code, other)


def problem_words(problem: Problem) -> str:
    """What is wrong with one row of a list."""
    values = problem.values
    if problem.code == "columns-unknown":
        return gettext("没有认出的列：%(columns)s。这些列没有导入。", **values)
    if problem.code == "columns-unnamed":
        return gettext("没有用到的列：第 %(columns)s 列。这些列没有导入。", **values)
    return gettext("第 %(row)s 行：", row=problem.row) + _row_words(problem, values)


def _row_words(problem: Problem, values: Mapping[str, str | int]) -> str:
    match problem.code:
        case "name-missing":
            said = gettext("没有姓名，未导入。")
        case "name-long":
            said = gettext("姓名超过 %(limit)s 个字，未导入。", **values)
        case "post-long":
            said = gettext("职务超过 %(limit)s 个字，未导入。", **values)
        case "commitment-long":
            said = gettext("公开承诺超过 %(limit)s 个字，未导入。", **values)
        case "kind-unknown":
            said = gettext("类型“%(kind)s”认不出来（应写“个人”或“组织”），未导入。", **values)
        case "unreadable-characters":
            said = gettext("有无法显示的字，未导入。请改正后再试。")
        case "duplicate" if not values["first"]:
            said = gettext("“%(name)s”已经在名单里，未重复导入。", **values)
        case "duplicate":
            said = gettext("“%(name)s”与第 %(first)s 行重复，未重复导入。", **values)
        case "same-name":
            said = gettext("有同名的“%(name)s”，已导入，请核对职务。", **values)
        case _:
            said = gettext("这一行读不出来，未导入。")
    return said
