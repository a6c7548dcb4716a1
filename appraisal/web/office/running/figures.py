"""The figures of the turnout as people read them: a figure that moves in steps says so.

While the vote is on, drawn and cast are rounded down to steps of the floor (`steps.slips.turnout`):
4 of 20 is 不到 5, 37 of 40 is 35 以上, and 40 of 40 is 40.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext

from appraisal.steps.slips import Turnout

NAMES: Final = ("printed", "active", "drawn", "cast", "void")
_STEPPED: Final = frozenset({"drawn", "cast"})


@dataclass(frozen=True)
class Figure:
    """A number of slips: `number` itself, at least `number`, or, from nought, below `under`."""

    number: int
    exact: bool = True
    under: int = 0

    @property
    def short(self) -> str:
        """For a table's cell."""
        if self.exact:
            return str(self.number)
        if not self.number:
            return gettext("不到 %(number)s", number=self.under)
        return gettext("%(number)s 以上", number=self.number)

    @property
    def parts(self) -> tuple[str, str, str]:
        """Before, number and after, where the number stands large."""
        if self.exact:
            return "", str(self.number), gettext("张")
        if not self.number:
            return gettext("不到"), str(self.under), gettext("张")
        return "", str(self.number), gettext("张以上")


def figure_words(turnout: Sequence[Turnout], floor: int) -> dict[str, str]:
    """Every figure by its place, as `0-cast` and `total-cast`; `floor` is the step, 0 for none.

    The totals also in parts, as `total-cast-before`, `-number` and `-after`, and in one, `-said`.
    """
    found: dict[str, str] = {}
    for name in NAMES:
        figures = [_figure(t, name, floor) for t in turnout]
        found |= {
            f"{t.voter_class}-{name}": figure.short
            for t, figure in zip(turnout, figures, strict=True)
        }
        total = Figure(
            number=sum(f.number for f in figures),
            exact=all(f.exact for f in figures),
            under=sum(f.under for f in figures),
        )
        found[f"total-{name}"] = total.short
        parts = total.parts
        for part, said in zip(("before", "number", "after"), parts, strict=True):
            found[f"total-{name}-{part}"] = said
        found[f"total-{name}-said"] = " ".join(filter(None, parts))
    return found


def _figure(turnout: Turnout, name: str, floor: int) -> Figure:
    number: int = getattr(turnout, name)
    exact = not floor or name not in _STEPPED or number == turnout.active
    return Figure(number, exact, 0 if exact else floor)
