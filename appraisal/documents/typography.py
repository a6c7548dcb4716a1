"""What a typesetter does to Chinese text and HTML has no word for.

`spaced` puts a quarter of an em between Chinese and figures or Latin, and gives full lines places
where they may be stretched: the layout engine stretches spaces only, and Chinese has none. In
paragraphs there is one every two characters, so that no gap is wide enough to be seen.
`headline` breaks a title into lines of like length, not within a word in quotes (GB/T 9704 §7.3.1).
"""

from __future__ import annotations

import re
from itertools import pairwise
from math import ceil
from typing import Final

from markupsafe import Markup, escape

_HAN: Final = r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_LATIN: Final = r"[0-9A-Za-z%]"
_BETWEEN: Final = re.compile(f"(?<={_HAN})(?={_LATIN})|(?<={_LATIN})(?={_HAN})")
_AFTER_MARK: Final = re.compile(r"(?<=[，。；：、！？”）》])(?=[^<\s，。；：、！？”）》])")
_PAIR: Final = re.compile(f"({_HAN}{{2}})(?={_HAN}{{2}})")
"""Never a character by itself: readers of PDF take such a one for a line of its own."""
_PARAGRAPH: Final = re.compile(r'<p(?: class="(?:how|colophon)")?>.*?</p>', re.DOTALL)
"""Those that documents justify; one of class `item` has too little in a line to stretch it."""
_TAG: Final = re.compile(r"(<[^>]*>)")
_TEXT: Final = re.compile(r"(<(style|svg|pre|title)\b.*?</\2>|<[^>]*>)", re.DOTALL)
_WORDS: Final = re.compile(
    "共产党员|党员|党组织|基层|支部|总支|党委|群众|社区|街道|委员会|领导|班子|成员|干部|职工|代表"
    "|先进|优秀|模范|公开|承诺|创先争优|民主|评议|评价|测评|评选|推选|推荐|满意度?|总体|综合|百分制"
    "|存在|问题|征集|对象|结果|情况|报告|无效|年度|上半年|下半年|选人用人|工作|服务|窗口|单位|活动"
)
"""Words of the field: no title breaks within one while it can break between two."""
QUARTER: Final = '<span class="q"> </span>'
STRETCH: Final = '<span class="z"> </span>'


def spaced(html: str) -> str:
    """The same HTML with those spaces in its text; nothing in tags, styles, drawings or `pre`."""
    parts: list[str] = []
    at = 0
    for tag in _TEXT.finditer(html):
        parts += [_spaced_text(html[at : tag.start()]), tag[0]]
        at = tag.end()
    whole = "".join([*parts, _spaced_text(html[at:])])
    return _PARAGRAPH.sub(lambda paragraph: _stretchable(paragraph[0]), whole)


def _stretchable(paragraph: str) -> str:
    return "".join(
        part if part.startswith("<") else _PAIR.sub(rf"\1{STRETCH}", part)
        for part in _TAG.split(paragraph)
    )


def _spaced_text(text: str) -> str:
    if not text.strip():
        return text
    return _AFTER_MARK.sub(STRETCH, _BETWEEN.sub(QUARTER, text))


def headline(title: str, *, width: float) -> Markup:
    """The title in as few lines of at most `width` characters as it needs, of like length."""
    lines = _broken(title, width) if _length(title) > width else [title]
    return Markup("<br>").join(escape(line) for line in lines)


def _length(text: str) -> float:
    """In ems: a figure or Latin letter takes about half of one, the gap beside it a quarter."""
    letters = sum(0.56 if character.isascii() else 1 for character in text)
    return letters + 0.25 * len(_BETWEEN.findall(text))


def _broken(title: str, width: float) -> list[str]:
    """The breaks of least cost: even lines first, then where words end."""
    count = max(1, ceil(_length(title) / width))
    while True:
        best = _best(title, count, width)
        if best:
            return best
        count += 1


def _best(title: str, count: int, width: float) -> list[str]:
    ideal = _length(title) / count
    # best[n][end]: the least cost of setting title[:end] in n lines, and where the last begins.
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for _ in range(count):
        reached: dict[int, tuple[float, int]] = {}
        for start, (cost, _before) in best[-1].items():
            for end in range(start + 1, len(title) + 1):
                length = _length(title[start:end])
                if length > width:
                    break
                total = cost + (length - ideal) ** 2 + _price(title, end)
                if end not in reached or total < reached[end][0]:
                    reached[end] = (total, start)
        best.append(reached)
    if len(title) not in best[-1]:
        return []
    ends = [len(title)]
    for reached in reversed(best[1:]):
        ends.append(reached[ends[-1]][1])
    ends.reverse()
    return [title[a:b] for a, b in pairwise(ends)]


def _price(title: str, at: int) -> float:
    """What a break before `title[at]` costs; prohibitive before an end mark or within figures."""
    if at == len(title):
        return 0
    before, after = title[at - 1], title[at]
    if (
        after in "，。、；：！？”）》"
        or before in "“（《"
        or (before.isascii() and after.isascii())
    ):
        return 1000
    if title.count("“", 0, at) > title.count("”", 0, at):
        return 60
    if any(word.start() < at < word.end() for word in _WORDS.finditer(title)):
        return 50
    if before in "的和及年”）》、" or after in "“（《":
        return 0
    return 40 if after in "的和及年月日" else 14
