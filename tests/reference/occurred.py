"""What a generated session has put to the test: values of rules, pairs of them, and their effects.

A value that never occurs, or a rule that never decides anything, would be agreed on by two counts
that both have it wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, product
from typing import Any

from appraisal.counting_rules import (
    BelowFloor,
    Denominator,
    EmptyBallot,
    EmptyClass,
    Percentages,
    Publication,
    Ties,
)
from tests.reference.boxes import instrument_of
from tests.reference.count import decimal, half_up

Json = dict[str, Any]

THRESHOLDS = ("attendance", "turnout", "positive", "negative")
SIGNS = ("absent", "≥", ">")
VALUES: dict[str, list[str]] = {
    "below_floor": [one.value for one in BelowFloor],
    "empty_class": [one.value for one in EmptyClass],
    "empty_ballot": [one.value for one in EmptyBallot],
    "denominator": [one.value for one in Denominator],
    "percentages": [one.value for one in Percentages],
    "ties": [one.value for one in Ties],
    "publication": [one.value for one in Publication],
    "decimals": [str(number) for number in range(7)],
    "trim": ["0", "a number"],
    **{name: list(SIGNS) for name in THRESHOLDS},
    "quota": ["0", "1", "2", "3"],
    "quota_organisations": ["absent", "0", "1", "2"],
    "members": ["0", "a number"],
    "self_appraisal": ["False", "True"],
    "classes": ["1", "2", "3", "4", "5"],
}
"""Every rule with its values."""

TOGETHER = ("below_floor", "empty_class", "empty_ballot", "denominator", "percentages", "ties")
"""Rules whose values all occur in every combination."""

KINDS = ("grades", "choice", "ticks", "score")
REASONS = (
    *("unreadable", "not-a-ballot", "answer-out-of-range", "empty"),
    *("too-many", "too-few", "tracker-repeated"),
)
OUTCOMES = ("recommended", "tied", "below-quota", "not-met", "unscored", "withheld")


def required() -> set[str]:
    """Everything that must occur."""
    wanted = set(_pairs_wanted())
    wanted |= {
        " · ".join(f"{name}={value}" for name, value in zip(TOGETHER, values, strict=True))
        for values in product(*(VALUES[name] for name in TOGETHER))
    }
    wanted |= {f"{kind} {of}" for kind, of in product(KINDS, ("alone", "whole"))}
    wanted |= {
        f"limit {what}"
        for what in ("most", "share", "least", "exactly", "any", "person", "organisation")
    }
    wanted |= {f"spoilt {reason}" for reason in REASONS}
    wanted |= {
        f"outcome {outcome} of {k}" for outcome in OUTCOMES for k in ("person", "organisation")
    }
    wanted |= {
        f"{rule} {sign} {how}"
        for rule, sign, how in product(THRESHOLDS, SIGNS[1:], ("met", "failed", "at the limit"))
    }
    wanted |= {
        f"{denominator} of {kind}"
        for denominator, kind in product(VALUES["denominator"], ("grades", "choice", "score"))
    }
    wanted |= {
        f"trim {number} of {kind}" for number in range(1, 11) for kind in ("grades", "score")
    }
    wanted |= {f"no answer in a class, {rule}" for rule in VALUES["empty_class"]}
    wanted |= {f"percentages mended, {rule}" for rule in VALUES["percentages"]}
    wanted |= {
        f"tie across the quota, {ties}, {k}"
        for ties in VALUES["ties"]
        for k in ("person", "organisation")
    }
    wanted |= {
        *("void overfull", "void unopened", "comments", "a class without weight"),
        *("group merged and opened", "group merged and withheld", "group withheld unopened"),
        *("group withheld after opening", "more valid ballots than entitled", "too few to trim"),
        *("score of zero", "question of no weight", "empty ballot valid", "two forms of a subject"),
        *(
            "one contest of a subject without score",
            "rank shared",
            "option outside the scale given",
        ),
    }
    return wanted


def occurred(manifest: Json, openings: Json, results: Json) -> Iterator[str]:
    """What of it occurs in one session; from what is published alone."""
    chosen = settings_of(manifest)
    yield from (_pair(one, other) for one, other in combinations(sorted(chosen.items()), 2))
    yield " · ".join(f"{name}={chosen[name]}" for name in TOGETHER)
    yield from _forms(manifest)
    if results["status"] == "void":
        yield f"void {openings['void']}"
        return
    yield from _groups(manifest, openings)
    for contest in results["contests"]:
        for group in contest["groups"]:
            if group["status"] == "opened":
                yield from _questions(manifest, contest["contest"], group)
        yield from _classes(manifest, contest)
    yield from _subjects(manifest, results)


def settings_of(manifest: Json) -> dict[str, str]:
    """The value of every rule of `VALUES`."""
    rules = manifest["rules"]
    chosen = {name: str(rules.get(name, "absent")) for name in VALUES if name != "classes"}
    for name in THRESHOLDS:
        threshold = rules.get(name)
        chosen[name] = SIGNS[0] if threshold is None else SIGNS[1 + threshold["over"]]
    for name in ("members", "trim"):
        chosen[name] = "a number" if rules[name] else "0"
    return chosen | {"classes": str(len(manifest["classes"]))}


def _pair(one: tuple[str, str], other: tuple[str, str]) -> str:
    return f"{one[0]}={one[1]}, {other[0]}={other[1]}"


def _pairs_wanted() -> Iterator[str]:
    for one, other in combinations(sorted(VALUES), 2):
        for values in product(VALUES[one], VALUES[other]):
            pair = dict(zip((one, other), values, strict=True))
            if pair.get("trim", "0") == "0" or pair.get("denominator", "answers") == "answers":
                yield _pair((one, values[0]), (other, values[1]))


def _forms(manifest: Json) -> Iterator[str]:
    if "comments" in manifest:
        yield "comments"
    if any(voter_class["weight"] == 0 for voter_class in manifest["classes"]):
        yield "a class without weight"
    for instrument in manifest["instruments"]:
        for question in instrument["questions"]:
            yield f"{question['kind']} {'whole' if instrument['limits'] else 'alone'}"
        for limit in instrument["limits"]:
            yield "limit share" if "share" in limit else "limit most"
            yield f"limit {limit.get('kind', 'any')}"
            if limit["least"]:
                yield "limit least"
            if limit["least"] == limit.get("most"):
                yield "limit exactly"
    for number, _ in enumerate(manifest["subjects"]):
        if sum(number in contest["subjects"] for contest in manifest["contests"]) > 1:
            yield "two forms of a subject"


def _groups(manifest: Json, openings: Json) -> Iterator[str]:
    for group in openings["groups"]:
        yield from (f"spoilt {reason}" for reason in group.get("spoilt", ()))
        merged = len(group["boxes"]) > 1
        if group["status"] == "opened":
            if merged:
                yield "group merged and opened"
            if any(not any(ballot["answers"]) for ballot in group["opened"]):
                yield "empty ballot valid"
        elif group["ballots"] >= manifest["rules"]["floor"]:
            yield "group withheld after opening"
        else:
            yield "group merged and withheld" if merged else "group withheld unopened"


def _questions(manifest: Json, contest: int, group: Json) -> Iterator[str]:
    rules = manifest["rules"]
    entitled = sum(manifest["classes"][number]["entitled"] for number in group["classes"])
    if group["valid"] > entitled and rules["denominator"] == "entitled":
        yield "more valid ballots than entitled"
    for of_subject in group["subjects"]:
        for question, told in zip(
            instrument_of(manifest, contest)["questions"], of_subject, strict=True
        ):
            kind, answers, trim = question["kind"], told["answers"], rules["trim"]
            if kind == "ticks":
                continue
            if sum(told["counts"]) > answers:
                yield "option outside the scale given"
            if "score" in told:
                yield f"{rules['denominator']} of {kind}"
                if told["score"]["exact"] == "0/1":
                    yield "score of zero"
                if trim and kind != "choice":
                    enough = answers > max(5, 2 * trim)
                    yield f"trim {trim} of {kind}" if enough else "too few to trim"
            units = [
                Fraction(10000 * n, 100 * group["valid"]) for n in (*told["counts"], told["blank"])
            ]
            plain = [
                decimal(half_up(u * 10 ** rules["decimals"]), rules["decimals"]) for u in units
            ]
            if plain != told["percent"]:
                yield f"percentages mended, {rules['percentages']}"


def _classes(manifest: Json, contest: Json) -> Iterator[str]:
    """Where the rule about empty classes decides."""
    rule = manifest["rules"]["empty_class"]
    for place, subject in enumerate(contest["subjects"]):
        for number, question in enumerate(subject["questions"]):
            have = [
                "score" in group["subjects"][place][number] if group["subjects"] else False
                for group in contest["groups"]
            ]
            if "score" in question and not all(have):
                yield f"no answer in a class, {rule}"
            if "score" not in question and any(have):
                yield "question of no weight"


def _subjects(manifest: Json, results: Json) -> Iterator[str]:
    ranks: list[tuple[str, int, str]] = []
    for number, subject in enumerate(results["subjects"]):
        kind = manifest["subjects"][number]["kind"]
        yield f"outcome {subject['outcome']} of {kind}"
        for finding in subject["findings"]:
            what = f"{finding['rule']} {SIGNS[1 + finding['over']]}"
            yield f"{what} {'met' if finding['met'] else 'failed'}"
            if finding["value"]["exact"] == finding["limit"]["exact"]:
                yield f"{what} at the limit"
        if "rank" in subject:
            ranks.append((kind, subject["rank"], subject["outcome"]))
        if "score" in subject:
            scores = [
                "score" in contest["subjects"][manifest["contests"][n]["subjects"].index(number)]
                for n, contest in enumerate(results["contests"])
                if number in manifest["contests"][n]["subjects"]
            ]
            if not all(scores):
                yield "one contest of a subject without score"
    yield from _ties(manifest["rules"], ranks)


def _ties(rules: Json, ranks: list[tuple[str, int, str]]) -> Iterator[str]:
    for kind, rank, _ in set(ranks):
        level = sum(1 for one in ranks if one[:2] == (kind, rank))
        quota = rules["quota"] if kind == "person" else rules["quota_organisations"]
        if level > 1:
            yield "rank shared"
        if rank <= quota < rank + level - 1:
            yield f"tie across the quota, {rules['ties']}, {kind}"
