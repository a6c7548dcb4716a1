"""How much better than chance an attacker guesses, over many sessions.

A guess is a matrix: how strongly row i (a slip, say) looks like column j (a ballot). Its worth is
the sum over the true pairs. Had the attacker learnt nothing, the truth would be a uniformly random
matching, and the sum's mean and variance are known exactly (Hoeffding 1951, eq. 10):

    mean = Σ a(i,j) / n
    variance = Σ d(i,j)² / (n − 1),  d = a − mean of its row − mean of its column + mean of all

Summed over sessions that is a standard score. By chance fewer than one strategy in ten million goes
beyond `ALARM`, also where the sum counts rare hits: of Poisson's distribution with mean 12, one
session a hit, 2 in 10^8 lie that far out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import sqrt
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Matrix: TypeAlias = NDArray[np.float64]
ALARM = 7.0


@dataclass
class Score:
    """What a strategy earned so far, and what chance would have."""

    excess: float = 0.0
    variance: float = 0.0

    @property
    def deviations(self) -> float:
        """Standard deviations above (or below) chance; 0 where nothing was ever guessed."""
        return self.excess / sqrt(self.variance) if self.variance else 0.0


@dataclass
class Ledger:
    """The scores of many strategies by name."""

    scores: dict[str, Score] = field(default_factory=dict)

    def add(self, guesses: Mapping[str, Matrix]) -> None:
        """One session's guesses; the true pairs are on the diagonal."""
        for name, guess in guesses.items():
            score = self.scores.setdefault(name, Score())
            size = len(guess)
            if size < 2:
                continue
            centred = guess - guess.mean(axis=0) - guess.mean(axis=1)[:, None] + guess.mean()
            score.excess += float(np.trace(guess)) - float(guess.sum()) / size
            score.variance += float((centred**2).sum()) / (size - 1)

    def alarms(self) -> dict[str, float]:
        """The strategies that do better (or reliably worse) than chance."""
        return {
            name: round(score.deviations, 1)
            for name, score in self.scores.items()
            if abs(score.deviations) > ALARM
        }


def ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Places in order, from 0; equal values share the middle of theirs."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = counts.cumsum()
    middles: NDArray[np.float64] = (ends - counts + ends - 1) / 2
    return middles[inverse]
