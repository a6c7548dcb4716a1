"""Ways to match slips with ballots, and ballots with each other, out of stolen bytes.

A *trace* is one number for each thing: where its bytes stand in a file, which transaction wrote
it, how long it is. A strategy lays two traces side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from appraisal.ballots.cast import CastBallot
from tests.claims.chance import Matrix, ranks
from tests.claims.many_sessions import Voter

Trace: TypeAlias = NDArray[np.float64]

UNKNOWN = b"no such bytes in any file, nowhere"


@dataclass(frozen=True)
class Loot:
    """What the attacker carries away: files by name, and numbers that the database tells of rows.

    `told` has a number for a slip's hash or a ballot's leaf hash, by the number's name; `requests`
    what knows a slip's draw request again, by the slip's hash.
    """

    files: Mapping[str, bytes]
    told: Mapping[str, Mapping[bytes, float]] = field(default_factory=dict)
    requests: Mapping[bytes, bytes] = field(default_factory=dict)


def guesses(loot: Loot, voters: Sequence[Voter]) -> Iterator[tuple[str, Matrix]]:
    """Every strategy on one session's loot."""
    slips = _traces(
        loot,
        {
            "slip": [voter.slip for voter in voters],
            "request": [loot.requests.get(voter.slip, UNKNOWN) for voter in voters],
        },
    )
    boxes = [
        _traces(loot, _needles([voter.ballots[box] for voter in voters]))
        for box in range(len(voters[0].ballots))
    ]
    came = np.array([voter.cast for voter in voters])
    drew = np.array([voter.drew for voter in voters])
    for name, trace in slips.items():
        yield f"who drew when, by {name}", _together(trace, drew)
        for other, column in boxes[0].items():
            yield f"whose ballot, by {name} and {other}", _together(trace, column)
            yield f"whose ballot, same place, by {name} and {other}", _same_place(trace, column)
            mirrored = _same_place(trace, -column)
            yield f"whose ballot, mirrored, by {name} and {other}", mirrored
    for name, trace in boxes[0].items():
        yield f"who cast when, by {name}", _together(trace, came)
    for first, second in pairwise(boxes):
        for name in first.keys() & second.keys():
            one, two = first[name], second[name]
            yield f"one voter's ballots, by {name}", _together(one, two)
            yield f"one voter's ballots, same place, by {name}", _same_place(one, two)
            yield f"one voter's ballots, side by side, by {name}", _neighbours(one, two)
            yield f"one voter's ballots, nearness, by {name}", -np.abs(np.subtract.outer(one, two))


def _needles(ballots: Sequence[CastBallot]) -> dict[str, list[bytes]]:
    """The parts of a ballot that are worth looking for in a file."""
    return {
        "digest": [ballot.leaf_hash for ballot in ballots],
        "key": [ballot.key for ballot in ballots],
        "token": [bytes(ballot.tokens[0])[:32] for ballot in ballots],
        "last token": [bytes(ballot.tokens[-1])[-32:] for ballot in ballots],
        "sealed": [ballot.sealed[:32] for ballot in ballots],
        "sealed's end": [ballot.sealed[-32:] for ballot in ballots],
        "signature": [ballot.signature[:32] for ballot in ballots],
    }


def _traces(loot: Loot, needles: Mapping[str, Sequence[bytes]]) -> dict[str, Trace]:
    found: dict[str, Trace] = {}
    for part, things in needles.items():
        for file, data in loot.files.items():
            places = {
                "first": np.array([data.find(thing) for thing in things], dtype=np.float64),
                "last": np.array([data.rfind(thing) for thing in things], dtype=np.float64),
            }
            if (places["first"] >= 0).any():
                found |= {f"{part} {which} in {file}": place for which, place in places.items()}
                found[f"{part} often in {file}"] = np.array(
                    [data.count(thing) for thing in things], dtype=np.float64
                )
        if part in {"slip", "digest"}:
            found[f"{part} itself"] = np.array(
                [int.from_bytes(t[:6], "big") for t in things], float
            )
            for name, told in loot.told.items():
                if all(thing in told for thing in things):
                    found[f"{part} {name}"] = np.array([told[thing] for thing in things], float)
    # What is the same for all tells nothing of one.
    return {name: trace for name, trace in found.items() if np.ptp(trace) > 0}


def _together(one: Trace, two: Trace) -> Matrix:
    """Early goes with early, late with late (or the other way round): Spearman's correlation."""
    matrix: Matrix = np.multiply.outer(ranks(one), ranks(two))
    return matrix


def _same_place(one: Trace, two: Trace) -> Matrix:
    """The n-th goes with the n-th."""
    matrix: Matrix = (np.subtract.outer(ranks(one), ranks(two)) == 0).astype(np.float64)
    return matrix


def _neighbours(one: Trace, two: Trace) -> Matrix:
    """What lies side by side belongs together."""
    places = ranks(np.concatenate([one, two]))
    distance = np.abs(np.subtract.outer(places[: len(one)], places[len(one) :]))
    return (distance <= 1).astype(np.float64)
