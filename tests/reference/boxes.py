"""The reference count, first half: what a box's ballots are, and which groups are opened.

Written from docs/protocol.md §4.1, §4.5, §4.10 and §5.1 alone, before `appraisal/tally/` was read,
and importing nothing of the package: the manifest is the JSON that everyone can read. Ballot by
ballot, place by place; slow, so that each line can be held beside its sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

TRACKER = slice(1, 17)
ANSWERS = slice(17, None)


@dataclass(frozen=True)
class Valid:
    """A valid ballot: its tracker in hex, and one answer a place."""

    tracker: str
    answers: list[int]


@dataclass(frozen=True)
class Group:
    """Boxes that are opened together, or withheld together (§5.1).

    `valid` and `spoilt` are there if it is published; of a withheld one nothing is told.
    """

    contest: int
    classes: list[int]
    ballots: int
    valid: list[Valid] | None
    spoilt: list[str] | None

    @property
    def opened(self) -> bool:
        return self.valid is not None


def places_of_question(question: dict[str, Any]) -> list[int]:
    """The greatest answer of each place of a question (§4.5)."""
    options = len(question["options"])
    if question["kind"] == "grades":
        return [options]
    if question["kind"] == "choice":
        return [1]
    if question["kind"] == "ticks":
        return [1 for _ in range(options)]
    assert question["kind"] == "score"
    return [question["highest"] + 1]


def places_of_contest(manifest: dict[str, Any], contest: int) -> list[int]:
    """The places of a ballot: subject after subject, for each question after question."""
    places: list[int] = []
    for _ in manifest["contests"][contest]["subjects"]:
        for question in instrument_of(manifest, contest)["questions"]:
            places += places_of_question(question)
    return places


def instrument_of(manifest: dict[str, Any], contest: int) -> dict[str, Any]:
    instrument: dict[str, Any] = manifest["instruments"][
        manifest["contests"][contest]["instrument"]
    ]
    return instrument


def answers_about(
    manifest: dict[str, Any], contest: int, answers: Sequence[int], *, subject: int, question: int
) -> list[int]:
    """The places of one question about one subject; both by place in the contest."""
    at = 0
    for number, _ in enumerate(manifest["contests"][contest]["subjects"]):
        for other, asked in enumerate(instrument_of(manifest, contest)["questions"]):
            length = len(places_of_question(asked))
            if (number, other) == (subject, question):
                return list(answers[at : at + length])
            at += length
    raise AssertionError("no such question")


def most_of(manifest: dict[str, Any], limit: dict[str, Any]) -> int:
    """⌊members × share⌋ stands instead of `most` (§4.1)."""
    if "share" in limit:
        top, bottom = limit["share"]
        return int(manifest["rules"]["members"]) * int(top) // int(bottom)
    return int(limit["most"])


def given(manifest: dict[str, Any], contest: int, answers: Sequence[int], number: int) -> int:
    """To how many subjects of its kind a ballot gives the option that a limit is about."""
    limit = instrument_of(manifest, contest)["limits"][number]
    count = 0
    for place, subject in enumerate(manifest["contests"][contest]["subjects"]):
        kind = manifest["subjects"][subject]["kind"]
        if "kind" in limit and limit["kind"] != kind:
            continue
        answer = answers_about(
            manifest, contest, answers, subject=place, question=limit["question"]
        )
        if answer == [limit["option"] + 1]:
            count += 1
    return count


def too_many_ticked(manifest: dict[str, Any], contest: int, answers: Sequence[int]) -> bool:
    """Whether a ballot ticks more than `most` of some list about some subject."""
    for place, _ in enumerate(manifest["contests"][contest]["subjects"]):
        for number, question in enumerate(instrument_of(manifest, contest)["questions"]):
            if question["kind"] == "ticks" and "most" in question:
                ticked = answers_about(manifest, contest, answers, subject=place, question=number)
                if sum(ticked) > question["most"]:
                    return True
    return False


def reason_spoilt(manifest: dict[str, Any], contest: int, plain: bytes) -> str | None:
    """The first reason of §4.5 that holds, or None for a valid ballot."""
    answers = list(plain[ANSWERS])
    limits = instrument_of(manifest, contest)["limits"]
    reason = None
    if plain[0] != 1:
        reason = "not-a-ballot"
    elif any(
        answer > greatest
        for answer, greatest in zip(answers, places_of_contest(manifest, contest), strict=True)
    ):
        reason = "answer-out-of-range"
    elif all(answer == 0 for answer in answers):
        # Valid otherwise, whatever the limits: an abstention.
        reason = "empty" if manifest["rules"]["empty_ballot"] == "spoilt" else None
    elif too_many_ticked(manifest, contest, answers) or any(
        given(manifest, contest, answers, number) > most_of(manifest, limit)
        for number, limit in enumerate(limits)
    ):
        reason = "too-many"
    elif any(
        given(manifest, contest, answers, number) < limit["least"]
        for number, limit in enumerate(limits)
    ):
        reason = "too-few"
    return reason


def open_group(
    manifest: dict[str, Any], contest: int, ballots: Sequence[bytes | None]
) -> tuple[list[Valid], list[str]]:
    """The valid ballots of a group and the reasons of the others; None is one that is unreadable.

    A ballot that §4.5 leaves valid is spoilt if another such ballot has its tracker (§4.10).
    """
    found: list[Valid] = []
    spoilt: list[str] = []
    for plain in ballots:
        reason = "unreadable" if plain is None else reason_spoilt(manifest, contest, plain)
        if plain is None or reason is not None:
            spoilt.append(str(reason))
        else:
            found.append(Valid(plain[TRACKER].hex(), list(plain[ANSWERS])))
    trackers = [ballot.tracker for ballot in found]
    valid = [ballot for ballot in found if trackers.count(ballot.tracker) == 1]
    spoilt += ["tracker-repeated" for _ in range(len(found) - len(valid))]
    valid.sort(key=lambda ballot: (ballot.tracker, ballot.answers))
    return valid, sorted(spoilt)


def groups_of(manifest: dict[str, Any], boxes: Sequence[Sequence[bytes | None]]) -> list[Group]:
    """The groups of every contest, in order (§5.1)."""
    floor = manifest["rules"]["floor"]
    everyone = list(range(len(manifest["classes"])))
    groups: list[Group] = []
    for contest, _ in enumerate(manifest["contests"]):
        own = [boxes[contest * len(everyone) + number] for number in everyone]
        parts = [[number] for number in everyone]
        if any(len(box) < floor for box in own) and manifest["rules"]["below_floor"] == "merge":
            parts = [everyone]
        for part in parts:
            ballots = [ballot for number in part for ballot in own[number]]
            group = Group(contest, part, len(ballots), None, None)
            if len(ballots) >= floor:
                valid, spoilt = open_group(manifest, contest, ballots)
                if len(valid) >= floor:
                    group = Group(contest, part, len(ballots), valid, spoilt)
            groups.append(group)
    return groups


def openings_of(manifest: dict[str, Any], groups: Sequence[Group]) -> dict[str, Any]:
    """`openings.json` as values (§4.10)."""
    told: list[dict[str, Any]] = []
    for group in groups:
        boxes = [group.contest * len(manifest["classes"]) + number for number in group.classes]
        one: dict[str, Any] = {
            "boxes": boxes,
            "ballots": group.ballots,
            "status": "opened" if group.opened else "withheld",
        }
        if group.valid is not None:
            one["opened"] = [{"tracker": b.tracker, "answers": b.answers} for b in group.valid]
        if group.spoilt is not None:
            one["spoilt"] = group.spoilt
        told.append(one)
    return {"format": "appraisal-openings/1", "groups": told}
