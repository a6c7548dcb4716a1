"""Names stand in the order that official lists have."""

from __future__ import annotations

import random

import pytest

from appraisal.documents.strokes import stroke_key

# fmt: off
PUBLISHED = [
    "习近平", "马凯", "王岐山", "王沪宁", "刘云山", "刘延东", "刘奇葆", "许其亮",
    "孙春兰", "孙政才", "李克强", "李建国", "李源潮", "汪洋", "张春贤", "张高丽",
    "张德江", "范长龙", "孟建柱", "赵乐际", "胡春华", "俞正声", "栗战书", "郭金龙",
    "韩正",
]
# fmt: on
"""A list that was published 按姓氏笔画为序 (November 2012)."""


@pytest.mark.parametrize("seed", range(5))
def test_a_published_list_comes_out_as_published(seed: int) -> None:
    shuffled = random.Random(seed).sample(PUBLISHED, len(PUBLISHED))
    assert sorted(shuffled, key=stroke_key) == PUBLISHED


def test_a_shorter_name_comes_before_one_that_begins_with_it() -> None:
    assert sorted(["王一", "王"], key=stroke_key) == ["王", "王一"]


def test_characters_without_known_strokes_come_last_in_one_order() -> None:
    names = ["𬭎明", "䶮明", "龘明", "A明", "丁明"]
    assert sorted(names, key=stroke_key) == ["丁明", "龘明", "A明", "䶮明", "𬭎明"]
