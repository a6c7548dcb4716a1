"""The people of a rehearsal: what each intends to do and to answer, from a seed.

Only people are drawn from the seed. Keys, codes and trackers come from the system's own source, so
that a rehearsal on a real service is as secret as a real session.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from appraisal.manifest import BoxNumber, Instrument, Manifest

BLANK_SHARE: Final = 0.03
UNKNOWN_SHARE: Final = (0.01, 0.12)
"""How often a question is left blank; how often 不了解 is chosen, by the first class and others."""


class Habit(Enum):
    """What a person does with a slip."""

    VOTES = "votes"
    RETRIES = "retries"
    """Casts, loses the answer on the way, and sends the same ballots again."""
    GIVES_UP = "gives-up"
    """Draws, and never casts."""
    STAYS_AWAY = "stays-away"
    """Holds an active slip and never uses it."""


@dataclass(frozen=True)
class Person:
    """One holder of a slip: class, habit, and one answer a question in each contest."""

    voter_class: int
    habit: Habit
    answers: tuple[tuple[int, ...], ...]

    @property
    def casts(self) -> bool:
        """Whether this person's ballots end in the box."""
        return self.habit in {Habit.VOTES, Habit.RETRIES}


def people(
    manifest: Manifest, *, casting: Sequence[int], gave_up: int, away: int, seed: int
) -> tuple[Person, ...]:
    """So many of each class that cast, and so many in all that draw in vain or stay away.

    They come in a random order; one in ten of those that cast sends twice.
    """
    rng = random.Random(seed)  # noqa: S311 - people, not keys
    merits = [rng.uniform(0.4, 0.85) for _ in manifest.contests]
    habits = [
        (voter_class, Habit.RETRIES if rng.random() < 0.1 else Habit.VOTES)
        for voter_class, count in enumerate(casting)
        for _ in range(count)
    ]
    habits += [
        (i % len(casting), Habit.GIVES_UP if i < gave_up else Habit.STAYS_AWAY)
        for i in range(gave_up + away)
    ]
    rng.shuffle(habits)
    return tuple(
        Person(
            voter_class,
            habit,
            tuple(
                _answers(manifest.instrument_of(contest), merits[contest], voter_class, rng)
                for contest in range(len(manifest.contests))
            ),
        )
        for voter_class, habit in habits
    )


def _answers(
    instrument: Instrument, merit: float, voter_class: int, rng: random.Random
) -> tuple[int, ...]:
    return tuple(
        _answer([g.points is None for g in question.grades], merit, voter_class, rng)
        for question in instrument.questions
    )


def _answer(outside: list[bool], merit: float, voter_class: int, rng: random.Random) -> int:
    if rng.random() < BLANK_SHARE:
        return 0
    unknown = [i for i, is_outside in enumerate(outside, 1) if is_outside]
    if unknown and rng.random() < UNKNOWN_SHARE[min(voter_class, 1)]:
        return unknown[0]
    scale = [i for i, is_outside in enumerate(outside, 1) if not is_outside]
    # The better the subject, the sooner a person stops walking down the scale.
    for grade in scale[:-1]:
        if rng.random() < merit:
            return grade
    return scale[-1]


def known_counts(
    manifest: Manifest, cast: Iterable[Person]
) -> dict[BoxNumber, tuple[tuple[int, ...], ...]]:
    """What the boxes must hold: per box and question the ballots with answer 0, 1 and so on."""
    chosen: Counter[tuple[BoxNumber, int, int]] = Counter()
    for person in cast:
        for contest, answers in enumerate(person.answers):
            box = manifest.box(contest=contest, voter_class=person.voter_class)
            chosen.update((box, question, answer) for question, answer in enumerate(answers))
    return {
        box: tuple(
            tuple(chosen[box, i, answer] for answer in range(len(question.grades) + 1))
            for i, question in enumerate(
                manifest.instrument_of(manifest.boxes[box].contest).questions
            )
        )
        for box in map(BoxNumber, range(len(manifest.boxes)))
    }
