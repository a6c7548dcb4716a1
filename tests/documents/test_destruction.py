"""The certificate of destruction: what it names, and that its pages hold long names."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2
import pytest

from appraisal.documents.destruction import Certificate, certificate_pdf
from tests.documents import factory


def certificate(*, ballots: int = 12, **changes: Any) -> Certificate:
    m = changes.pop("manifest", None) or factory.manifest()
    made = Certificate(
        manifest=m,
        checkpoint=f"{m.board.origin}\n1276\n{'A' * 43}=\n\n— {m.board.origin} {'b' * 91}=\n",
        ballots=tuple(ballots + box for box in range(len(m.boxes))),
        closed=datetime.date(2010, 6, 22),
        opened=datetime.date(2010, 6, 23),
        void=False,
        kept_until=datetime.date(2011, 6, 23),
        destroyed=datetime.date(2011, 7, 4),
        decided_by="枣林社区第一党支部委员会",
        witnesses=("周敏", "吴晓东"),
        operator="李文书",
        place="支部会议室",
        reason="",
    )
    return replace(made, **changes)


def said(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "".join("".join(page.get_textpage().get_text_range().split()) for page in document)


def test_it_names_what_was_destroyed_when_and_before_whom() -> None:
    pdf = certificate_pdf(certificate())
    text = said(pdf)
    for words in (
        "选票销毁记录",
        "2010年6月22日封箱",
        "保存至2011年6月23日",
        "保存期已满",
        "销毁日期：2011年7月4日",
        "销毁地点：支部会议室",
        "决定销毁：枣林社区第一党支部委员会",
        "周敏、吴晓东",
        "李文书",
        "A" * 20,
        "监销人（签名）：",
        "经办人（签名）：",
        "系统代管的开箱密钥",
    ):
        assert words in text, words
    assert text.count("监销人（签名）：") == 2
    assert f"共销毁密封选票{sum(certificate().ballots)}张" in text
    whole = re.sub(r"—\d+—", "", text)  # what stands across the turn of a page
    assert "结果报告附有评议记录，不再提供" in whole


def test_every_box_has_its_figure_and_the_sums_are_theirs() -> None:
    given = certificate()
    text = said(certificate_pdf(given))
    for contest in range(len(given.manifest.contests)):
        first, second = (
            given.ballots[given.manifest.box(contest=contest, voter_class=number)]
            for number in (0, 1)
        )
        name = given.manifest.subjects[contest].name
        assert f"{name}{first}{second}{first + second}" in text
    members, others = sum(given.ballots[0::2]), sum(given.ballots[1::2])
    assert f"合计{members}{others}{members + others}" in text


@pytest.mark.parametrize(
    ("changes", "there", "not_there"),
    [
        ({"reason": "支部撤销"}, "现提前销毁，原因：支部撤销。", "保存期已满"),
        ({"void": True}, "2010年6月22日封箱，2010年6月23日宣布无效", "开箱计票"),
        ({"void": True}, "评议书、作废情况、发票和收票数字", "结果报告"),
        ({}, "评议书、结果、发票和收票数字", "作废情况"),
        (
            {"void": True, "unstated": ("市直机关工委",)},
            "2010年6月22日停止投票，2010年6月23日宣布无效",
            "封箱",
        ),
        ({"void": True, "unstated": ("市直机关工委",)}, "“市直机关工委”未作声明", "封箱时销毁"),
        ({"place": ""}, "决定销毁", "销毁地点"),
        (
            {"manifest": factory.manifest(custodian=False, tellers=("甲", "乙", "丙"))},
            "监票人交来的解密因子",
            "系统代管",
        ),
    ],
)
def test_it_says_what_was_the_case(changes: dict[str, Any], there: str, not_there: str) -> None:
    text = said(certificate_pdf(certificate(**changes)))
    assert there in text
    assert not_there not in text


def test_many_classes_have_a_line_for_each_box() -> None:
    classes = tuple((f"票种{n}", 9, 10) for n in range(10))
    m = factory.manifest(classes=classes, subjects=factory.persons(factory.SIX))
    text = said(certificate_pdf(certificate(manifest=m)))
    assert "王秀兰（票种9）" in text
    assert f"合计{sum(12 + n for n in range(60))}" in text


def test_long_names_stay_on_the_page() -> None:
    long = "中国共产党某某市某某区某某街道某某社区第一支部委员会监销人员"
    m = factory.manifest(subjects=factory.persons([long, *factory.SIX]))
    given = certificate(manifest=m, witnesses=(long, long + "二"), decided_by=long * 3)
    with pikepdf.open(BytesIO(certificate_pdf(given))) as document:
        assert 1 <= len(document.pages) <= 3
        assert "/StructTreeRoot" in document.Root
    assert all(font.embedded for font in factory.fonts(certificate_pdf(given)))


def test_a_demonstration_says_so_on_every_page() -> None:
    assert "不具有任何效力" in said(
        certificate_pdf(certificate(manifest=factory.manifest(demonstration=True)))
    )
