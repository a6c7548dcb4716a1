"""The three periods of the campaign, with the awards named for each (实施意见 of 7 April 2010, 五).

The second and third meet in July 2011; the third ends with an event, so its end stays open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from appraisal.manifest import Period


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


def offered(period: Period) -> str:
    """The id of the offered period that this one is, or the empty text."""
    return next((o.id for o in OFFERED if o.period == period), "")
