"""The campaign's three periods, with the awards named for each, and its seven sectors.

Both are those of the 实施意见 of 7 April 2010, 五. The second and third meet in July
2011; the third ends with an event, so its end stays open.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext

from appraisal.ballot_form import Text
from appraisal.manifest import Period
from appraisal.web.office.language import lazy
from appraisal.web.office.words import date_words, texted


@dataclass(frozen=True)
class OfferedPeriod:
    """A period that the office offers, its theme in English, and the awards decided within it."""

    id: str
    period: Period
    theme_en: str
    awards: tuple[str, ...]


OFFERED: Final = (
    OfferedPeriod(
        "1",
        Period(start="2010-04-07", end="2010-12-31", theme="党员作风建设年活动"),
        "the year of members' conduct",
        ("群众心目中的好党员",),
    ),
    OfferedPeriod(
        "2",
        Period(start="2011-01-01", end="2011-07-31", theme="迎接建党90周年"),
        "the Party's 90th anniversary",
        ("先进基层党组织", "优秀共产党员", "优秀党务工作者"),
    ),
    OfferedPeriod(
        "3",
        Period(start="2011-07-01", end="", theme="迎接党的十八大召开"),
        "the 18th Party Congress",
        ("北京市2010—2012年创先争优活动优秀共产党员", "先进基层党组织", "先进单位"),
    ),
)
SECTOR_WORDS: Final[Mapping[str, str]] = {
    "农村": lazy("农村"),
    "街道社区": lazy("街道社区"),
    "国有企业和金融机构": lazy("国有企业和金融机构"),
    "机关": lazy("机关"),
    "高等学校": lazy("高等学校"),
    "事业单位": lazy("事业单位"),
    "非公有制经济组织和社会组织": lazy("非公有制经济组织和社会组织"),
}


def offered(period: Period) -> str:
    """The id of the offered period that this one is, or the empty text."""
    return next((o.id for o in OFFERED if o.period == period), "")


def period_words(period: Period) -> str:
    """A period and its theme in a line."""
    known = next((o for o in OFFERED if o.period == period), None)
    start = _iso(period.start)
    if period.end:
        said = gettext("%(start)s至%(end)s", start=start, end=_iso(period.end))
    elif known is not None:
        said = gettext("%(start)s至党的十八大召开前", start=start)
    else:
        said = gettext("%(start)s起", start=start)
    theme = texted(Text(period.theme, known.theme_en)) if known else period.theme
    return f"{said} · {theme}" if theme else said


def sector_words(sector: str) -> str:
    """A sector in the language of the page."""
    return str(SECTOR_WORDS.get(sector, sector))


def _iso(text: str) -> str:
    return date_words(datetime.date.fromisoformat(text)) if text else ""
