"""What is put between characters, and where titles break."""

from __future__ import annotations

import re

import pytest

from appraisal.documents.typography import QUARTER, STRETCH, headline, spaced


def test_a_quarter_stands_between_chinese_and_figures_but_not_in_tags_or_drawings() -> None:
    assert spaced("<td>第3名</td>") == f"<td>第{QUARTER}3{QUARTER}名</td>"
    for kept in ('<i title="第3名"></i>', "<pre>第3名</pre>", "<svg><path d='第3'/></svg>"):
        assert spaced(kept) == kept


def test_a_paragraph_may_be_stretched_everywhere_and_no_character_stands_alone() -> None:
    text = "各题所列为正面评价占有效答案的百分比，按票种权重合成"
    stretched = spaced(f"<p>{text}</p>")
    pieces = re.sub("</?p>", "", stretched).split(STRETCH)
    assert "".join(pieces) == text
    assert {len(piece) for piece in pieces} <= {2, 3, 4}
    assert spaced(f"<td>{text}</td>").count(STRETCH) == 1
    assert spaced(f'<p class="item">{text}</p>').count(STRETCH) == 1


def test_a_paragraphs_tags_stay_as_they_are() -> None:
    made = spaced('<p class="how">评议<b title="每名参评人凭">按票种权重</b></p>')
    assert made == f'<p class="how">评议<b title="每名参评人凭">按票{STRETCH}种权重</b></p>'


@pytest.mark.parametrize("length", range(1, 60))
def test_lines_of_a_headline_fit_and_are_of_like_length(length: int) -> None:
    title = ("枣林社区党支部民主评议党员和推荐对象" * 4)[:length]
    lines = headline(title, width=15).split("<br>")
    assert "".join(lines) == title
    assert max(map(len, lines)) <= 15
    assert len(lines) <= -(-length // 15) + 1


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        (
            "关于2010年度领导班子成员百分制测评结果及推荐情况的报告",
            ["关于2010年度领导班子成员", "百分制测评结果及推荐情况的报告"],
        ),
        (
            "关于2010年度选人用人工作总体评价结果及推荐情况的报告",
            ["关于2010年度选人用人工作", "总体评价结果及推荐情况的报告"],
        ),
        ("关于窗口单位群众满意度测评无效情况", ["关于窗口单位群众", "满意度测评无效情况"]),
    ],
)
def test_no_line_of_a_headline_ends_within_a_word_of_the_field(
    title: str, lines: list[str]
) -> None:
    width = 20 if len(title) > 20 else 10
    assert headline(title, width=width).split("<br>") == lines
