"""The reference count, second half: from groups to figures and outcomes, and the whole record.

Written from docs/protocol.md §5.2–5.4 and §6.1 alone, before `appraisal/tally/` was read; imports
nothing of the package. `Fraction` throughout; a figure is rounded where it is printed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from tests.reference.boxes import (
    Group,
    answers_about,
    groups_of,
    instrument_of,
    openings_of,
)

Shares = dict[str, Fraction]
"""`score`, `positive` and `negative` of a question, all three or none."""

NAMES = ("score", "positive", "negative")


def count(
    manifest: dict[str, Any],
    slips: Sequence[dict[str, int]],
    boxes: Sequence[Sequence[bytes | None]],
    *,
    unopened: bool = False,
) -> tuple[bytes, bytes]:
    """`openings.json` and `results.json` of a session.

    `slips` has printed, issued, drawn and void of each class; `boxes` the plaintexts of each box,
    None for one that nobody can read. `unopened`: the tellers could not open.
    """
    classes = len(manifest["classes"])
    overfull = any(len(box) > slips[number % classes]["drawn"] for number, box in enumerate(boxes))
    results: dict[str, Any] = {
        "format": "appraisal-results/1",
        "session": manifest["session"],
        "status": "void" if overfull or unopened else "counted",
        "slips": list(slips),
        "contests": [],
        "subjects": [],
    }
    if overfull or unopened:
        why = "overfull" if overfull else "unopened"
        void = {"format": "appraisal-openings/1", "groups": [], "void": why}
        return canonical(void), canonical(results)
    groups = groups_of(manifest, boxes)
    session = Session(manifest, slips, groups)
    results["contests"] = [session.contest(number) for number in range(len(session.contests))]
    results["subjects"] = session.subjects()
    return canonical(openings_of(manifest, groups)), canonical(results)


def canonical(value: dict[str, Any]) -> bytes:
    """RFC 8785 of values whose keys are ASCII and whose numbers are small integers."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


# -- Printing (§5.2, §6.1) --


def half_up(value: Fraction) -> int:
    """The nearest integer to a number ≥ 0; a half goes up."""
    return int(value + Fraction(1, 2))


def decimal(units: int, decimals: int) -> str:
    """`units` of 10^−decimals each, written out."""
    if decimals == 0:
        return str(units)
    digits = str(units).rjust(decimals + 1, "0")
    return digits[:-decimals] + "." + digits[-decimals:]


def figure(value: Fraction, decimals: int, *, share: bool) -> dict[str, str]:
    """FIGURE; a share prints in per cent."""
    printed = value * 100 if share else value
    return {
        "exact": f"{value.numerator}/{value.denominator}",
        "printed": decimal(half_up(printed * 10**decimals), decimals),
    }


def percentages(columns: Sequence[int], valid: int, decimals: int, rule: str) -> list[str]:
    """Columns of valid ballots, options first and blank last, so that they sum to 100."""
    whole = 100 * 10**decimals
    if valid == 0:
        return [decimal(0, decimals) for _ in columns]
    exact = [Fraction(whole * column, valid) for column in columns]
    if rule == "largest-remainder":
        units = [int(value) for value in exact]
        for _ in range(whole - sum(units)):
            # The largest remainder; `index` finds the earliest of equal ones.
            remainders = [value - unit for value, unit in zip(exact, units, strict=True)]
            units[remainders.index(max(remainders))] += 1
    else:
        assert rule == "last-takes-rest"
        units = [half_up(value) for value in exact]
        for last in reversed(range(len(columns))):
            if columns[last] == 0:
                continue
            rest = whole - (sum(units) - units[last])
            units[last] = max(rest, 0)
            if rest >= 0:
                break
    assert sum(units) == whole
    return [decimal(unit, decimals) for unit in units]


# -- One question about one subject in one group (§5.2, §5.3) --


def band_of(question: dict[str, Any], points: int) -> int:
    """The first band whose `at_least` is not more than the points."""
    for number, band in enumerate(question["options"]):
        if band["at_least"] <= points:
            return number
    raise AssertionError("the last band is from 0")


def tally(question: dict[str, Any], ballots: Sequence[list[int]]) -> tuple[list[int], int, int]:
    """Ballots per option, blank, answers; `ballots` has the question's places of each ballot."""
    counts = [0 for _ in question["options"]]
    blank = answers = 0
    for places in ballots:
        if not any(places):
            blank += 1
        elif question["kind"] == "ticks":
            for option, ticked in enumerate(places):
                counts[option] += ticked
        elif question["kind"] == "score":
            counts[band_of(question, places[0] - 1)] += 1
            answers += 1
        else:
            option = places[0] - 1
            counts[option] += 1
            answers += "points" in question["options"][option]
    return counts, blank, answers


def points_of(question: dict[str, Any], ballots: Sequence[list[int]]) -> list[int]:
    """The points of every answer on the scale, ballot by ballot."""
    points = []
    for places in ballots:
        if places[0] == 0:
            continue
        if question["kind"] == "score":
            points.append(places[0] - 1)
        elif "points" in question["options"][places[0] - 1]:
            points.append(question["options"][places[0] - 1]["points"])
    return points


def shares(
    question: dict[str, Any],
    ballots: Sequence[list[int]],
    denominators: dict[str, int],
    rules: dict[str, Any],
) -> Shares | None:
    """s, p and n of a group (§5.3), or None where there are none."""
    if question["kind"] == "ticks":
        return None
    counts, _, answers = tally(question, ballots)
    choice = question["kind"] == "choice"
    on_scale = len(ballots) if choice else answers
    if on_scale == 0:
        return None
    below = {"answers": on_scale, **denominators}[rules["denominator"]]
    points = points_of(question, ballots)
    score = Fraction(sum(points), below)
    trim = rules["trim"]
    if trim > 0 and not choice and answers > 5 and answers > 2 * trim:
        kept = sorted(points)[trim:-trim]
        score = Fraction(sum(kept), answers - 2 * trim)
    sides = {
        side: sum(
            number
            for number, option in zip(counts, question["options"], strict=True)
            if option[side]
        )
        for side in ("positive", "negative")
    }
    return {
        "score": score,
        "positive": Fraction(sides["positive"], below),
        "negative": Fraction(sides["negative"], below),
    }


# -- The session --


class Session:
    """A counted session: its groups in the order of its contests."""

    def __init__(
        self, manifest: dict[str, Any], slips: Sequence[dict[str, int]], groups: Sequence[Group]
    ) -> None:
        self.manifest = manifest
        self.rules: dict[str, Any] = manifest["rules"]
        self.contests: list[dict[str, Any]] = manifest["contests"]
        self.slips = slips
        self.groups = groups
        self.marks = {
            (number, place): [
                self.over_classes(number, subject=place, question=question)
                for question in range(len(self.questions(number)))
            ]
            for number, contest in enumerate(self.contests)
            for place in range(len(contest["subjects"]))
        }
        """S, P and N of each question about each subject of each contest, by place in it."""

    def figure(self, value: Fraction, *, share: bool) -> dict[str, str]:
        return figure(value, self.rules["decimals"], share=share)

    def figures(self, values: Shares | None) -> dict[str, Any]:
        """FIGUREs of those of `score`, `positive`, `negative` that exist."""
        if values is None:
            return {}
        return {name: self.figure(values[name], share=name != "score") for name in NAMES}

    def groups_of(self, contest: int) -> list[Group]:
        return [group for group in self.groups if group.contest == contest]

    def issued(self, group: Group) -> int:
        return sum(self.slips[number]["issued"] for number in group.classes)

    def questions(self, contest: int) -> list[dict[str, Any]]:
        questions: list[dict[str, Any]] = instrument_of(self.manifest, contest)["questions"]
        return questions

    def ballots(self, group: Group, *, subject: int, question: int) -> list[list[int]]:
        """What each valid ballot of an opened group says on one question about one subject."""
        assert group.valid is not None
        return [
            answers_about(
                self.manifest, group.contest, ballot.answers, subject=subject, question=question
            )
            for ballot in group.valid
        ]

    def shares(self, group: Group, *, subject: int, question: int) -> Shares | None:
        ballots = self.ballots(group, subject=subject, question=question)
        entitled = sum(self.manifest["classes"][number]["entitled"] for number in group.classes)
        denominators = {
            "valid": len(ballots),
            "returned": group.ballots,
            "present": max(self.issued(group), len(ballots)),
            "entitled": max(entitled, len(ballots)),
        }
        return shares(self.questions(group.contest)[question], ballots, denominators, self.rules)

    def over_classes(self, contest: int, *, subject: int, question: int) -> Shares | None:
        """S, P and N: the groups that have them, by weight."""
        found: list[tuple[int, Shares]] = []
        for group in self.groups_of(contest):
            if group.opened:
                values = self.shares(group, subject=subject, question=question)
                if values is not None:
                    weight = sum(self.manifest["classes"][c]["weight"] for c in group.classes)
                    found.append((weight, values))
        zero = self.rules["empty_class"] == "zero"
        whole = 100 if zero else sum(weight for weight, _ in found)
        if not found or whole == 0:
            return None
        return {
            name: sum((weight * values[name] for weight, values in found), Fraction(0)) / whole
            for name in NAMES
        }

    def score(self, contest: int, subject: int) -> Fraction | None:
        """The mean over the questions that have one."""
        return mean([v["score"] for v in self.marks[contest, subject] if v is not None])

    # -- What results.json says of a contest --

    def contest(self, contest: int) -> dict[str, Any]:
        subjects = []
        for place, _ in enumerate(self.contests[contest]["subjects"]):
            told: dict[str, Any] = {
                "questions": [self.figures(v) for v in self.marks[contest, place]]
            }
            score = self.score(contest, place)
            if score is not None:
                told["score"] = self.figure(score, share=False)
            subjects.append(told)
        return {
            "contest": contest,
            "groups": [self.group(group) for group in self.groups_of(contest)],
            "subjects": subjects,
        }

    def group(self, group: Group) -> dict[str, Any]:
        told: dict[str, Any] = {
            "classes": group.classes,
            "status": "opened" if group.opened else "withheld",
            "issued": self.issued(group),
            "returned": group.ballots,
            "subjects": [],
        }
        if group.valid is not None and group.spoilt is not None:
            told["valid"] = len(group.valid)
            told["spoilt"] = len(group.spoilt)
            told["subjects"] = [
                [
                    self.question(group, subject=place, question=number)
                    for number in range(len(self.questions(group.contest)))
                ]
                for place in range(len(self.contests[group.contest]["subjects"]))
            ]
        return told

    def question(self, group: Group, *, subject: int, question: int) -> dict[str, Any]:
        asked = self.questions(group.contest)[question]
        ballots = self.ballots(group, subject=subject, question=question)
        counts, blank, answers = tally(asked, ballots)
        decimals = self.rules["decimals"]
        if asked["kind"] == "ticks":
            whole = Fraction(100 * 10**decimals, max(len(ballots), 1))
            percent = [decimal(half_up(whole * n), decimals) for n in [*counts, blank]]
        else:
            percent = percentages(
                [*counts, blank], len(ballots), decimals, self.rules["percentages"]
            )
        told: dict[str, Any] = {
            "counts": counts,
            "blank": blank,
            "answers": answers,
            "percent": percent,
        }
        return told | self.figures(self.shares(group, subject=subject, question=question))

    # -- What results.json says of a subject (§5.4) --

    def standing(self, subject: int) -> list[tuple[int, int]]:
        """The contests of a subject, each with its place in it."""
        return [
            (number, contest["subjects"].index(subject))
            for number, contest in enumerate(self.contests)
            if subject in contest["subjects"]
        ]

    def total(self, subject: int) -> Fraction | None:
        """A subject's score: the mean over its contests that have one."""
        scores = [self.score(contest, place) for contest, place in self.standing(subject)]
        return mean([score for score in scores if score is not None])

    def turnout(self, subject: int) -> Fraction:
        groups = [g for contest, _ in self.standing(subject) for g in self.groups_of(contest)]
        issued = sum(self.issued(group) for group in groups)
        return Fraction(sum(g.ballots for g in groups), issued) if issued else Fraction(0)

    def findings(self, subject: int) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = []

        def hold(rule: str, value: Fraction, **where: int) -> None:
            threshold = self.rules.get(rule)
            if threshold is None:
                return
            limit = Fraction(*threshold["share"])
            reached = value > limit if threshold["over"] else value >= limit
            told.append(
                {
                    "rule": rule,
                    **where,
                    "value": self.figure(value, share=True),
                    "limit": self.figure(limit, share=True),
                    "over": threshold["over"],
                    "met": not reached if rule == "negative" else reached,
                }
            )

        issued = sum(s["issued"] for s in self.slips)
        entitled = sum(c["entitled"] for c in self.manifest["classes"])
        hold("attendance", Fraction(issued, entitled))
        hold("turnout", self.turnout(subject))
        for contest, place in self.standing(subject):
            for question, values in enumerate(self.marks[contest, place]):
                if values is not None:
                    hold("positive", values["positive"], contest=contest, question=question)
                    hold("negative", values["negative"], contest=contest, question=question)
        return told

    def subjects(self) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = []
        scores: list[Fraction | None] = []
        for number, _ in enumerate(self.manifest["subjects"]):
            score = self.total(number)
            one: dict[str, Any] = {
                "turnout": self.figure(self.turnout(number), share=True),
                "findings": [],
            }
            scores.append(score)
            if score is not None:
                one["score"] = self.figure(score, share=False)
                one["findings"] = self.findings(number)
                failed = [f for f in one["findings"] if not f["met"] and f["rule"] != "negative"]
                one["outcome"] = "not-met" if failed else "meets"
            else:
                only_ticks = all(
                    question["kind"] == "ticks"
                    for contest, _ in self.standing(number)
                    for question in self.questions(contest)
                )
                one["outcome"] = "unscored" if only_ticks else "withheld"
            told.append(one)
        for kind, quota in (
            ("person", self.rules["quota"]),
            ("organisation", self.rules.get("quota_organisations")),
        ):
            meet = {
                number: score
                for number, score in enumerate(scores)
                if score is not None
                and told[number]["outcome"] == "meets"
                and self.manifest["subjects"][number]["kind"] == kind
            }
            for number, outcome in self.recommend(meet, quota).items():
                told[number] |= outcome
        return told

    def recommend(self, meet: dict[int, Fraction], quota: int | None) -> dict[int, dict[str, Any]]:
        """Rank and outcome of those of one kind that meet the rules, by number."""
        if quota is None:
            return {number: {"outcome": "recommended"} for number in meet}
        straddling = {"open": "tied", "all": "recommended", "none": "below-quota"}
        told: dict[int, dict[str, Any]] = {}
        for number, score in meet.items():
            ahead = sum(1 for other in meet.values() if other > score)
            level = sum(1 for other in meet.values() if other == score)
            if ahead + level <= quota:
                outcome = "recommended"
            elif ahead < quota:
                outcome = straddling[self.rules["ties"]]
            else:
                outcome = "below-quota"
            told[number] = {"rank": ahead + 1, "outcome": outcome}
        return told


def mean(values: Sequence[Fraction]) -> Fraction | None:
    return sum(values, Fraction(0)) / len(values) if values else None
