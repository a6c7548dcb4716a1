"""A reference count, written from docs/protocol.md §4.5 and §5 alone: exact, slow, plain.

It imports nothing of the package and takes the manifest as the JSON that it is. `results` and
`recount` give what `results.json` must say: the one from the ballots as they lie in the boxes, each
a tracker with its answers, or None where it could not be read; the other from `openings.json`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

Json: TypeAlias = Any
Ballot: TypeAlias = "tuple[str, tuple[int, ...]] | None"
Marks: TypeAlias = "tuple[Fraction, Fraction, Fraction] | None"
"""s, p and n."""


@dataclass(frozen=True)
class Group:
    """Classes whose ballots are counted together; `valid` is None where they stay withheld."""

    classes: list[int]
    returned: int
    valid: list[tuple[int, ...]] | None


def results(manifest: Json, slips: list[Json], boxes: list[list[Ballot]]) -> Json:
    """The results of a session that is not void; `boxes` by box, `slips` by class."""
    contests = range(len(manifest["contests"]))
    return counted(manifest, slips, [in_boxes(manifest, number, boxes) for number in contests])


def recount(manifest: Json, slips: list[Json], openings: Json) -> Json:
    """The same from what was published of the boxes."""
    groups: list[list[Group]] = [[] for _ in manifest["contests"]]
    for group in openings["groups"]:
        boxes = [manifest["boxes"][number] for number in group["boxes"]]
        opened = group["status"] == "opened"
        valid_ = [tuple(ballot["answers"]) for ballot in group["opened"]] if opened else None
        groups[boxes[0]["contest"]].append(
            Group([box["class"] for box in boxes], group["ballots"], valid_)
        )
    return counted(manifest, slips, groups)


def counted(manifest: Json, slips: list[Json], groups: list[list[Group]]) -> Json:
    """The results of these groups, by contest."""
    contests, marks = [], []
    for number in range(len(manifest["contests"])):
        result, own = contest(manifest, slips, groups[number], number)
        contests.append(result)
        marks.append(own)
    return {
        "format": "appraisal-results/1",
        "session": manifest["session"],
        "status": "counted",
        "slips": slips,
        "contests": contests,
        "subjects": subjects(manifest, slips, contests, marks),
    }


# --- §4.5: places, and which ballots are spoilt ---------------------------------------------------


def places(question: Json) -> list[int]:
    """The largest value of each place of a question."""
    options = len(question["options"])
    return {
        "grades": [options],
        "choice": [1],
        "ticks": [1] * options,
        "score": [question.get("highest", 0) + 1],
    }[question["kind"]]


def answers_about(manifest: Json, number: int, answers: tuple[int, ...]) -> list[list[Json]]:
    """A contest's ballot by subject and question: the values of the question's places."""
    instrument = manifest["instruments"][manifest["contests"][number]["instrument"]]
    found, at = [], 0
    for _ in manifest["contests"][number]["subjects"]:
        of_subject = []
        for question in instrument["questions"]:
            size = len(places(question))
            of_subject.append(list(answers[at : at + size]))
            at += size
        found.append(of_subject)
    return found


def fault(  # noqa: C901, PLR0912 - the table of §4.5 in one piece
    manifest: Json, number: int, answers: tuple[int, ...]
) -> str | None:
    """The first reason of the table that holds for a ballot of this contest."""
    contest_ = manifest["contests"][number]
    instrument = manifest["instruments"][contest_["instrument"]]
    given = answers_about(manifest, number, answers)
    for of_subject in given:
        for question, values in zip(instrument["questions"], of_subject, strict=True):
            if any(v > most for v, most in zip(values, places(question), strict=True)):
                return "answer-out-of-range"
    if all(answer == 0 for answer in answers):
        return "empty" if manifest["rules"]["empty_ballot"] == "spoilt" else None
    many = few = False
    for of_subject in given:
        for question, values in zip(instrument["questions"], of_subject, strict=True):
            if question["kind"] == "ticks" and sum(values) > question.get("most", len(values)):
                many = True
    for limit in instrument["limits"]:
        times = 0
        for subject, of_subject in zip(contest_["subjects"], given, strict=True):
            kind = manifest["subjects"][subject]["kind"]
            if limit.get("kind", kind) == kind:
                times += of_subject[limit["question"]][0] == limit["option"] + 1
        if "share" in limit:
            top, bottom = limit["share"]
            most = math.floor(Fraction(manifest["rules"]["members"] * top, bottom))
        else:
            most = limit["most"]
        many = many or times > most
        few = few or times < limit["least"]
    if many:
        return "too-many"
    return "too-few" if few else None


def valid(manifest: Json, number: int, ballots: list[Ballot]) -> list[tuple[int, ...]]:
    """The answers of a group's valid ballots."""
    good = [b for b in ballots if b is not None and fault(manifest, number, b[1]) is None]
    trackers = [tracker for tracker, _ in good]
    return [answers for tracker, answers in good if trackers.count(tracker) == 1]


# --- §5.1: groups ---------------------------------------------------------------------------------


def classes_of_groups(manifest: Json, number: int, boxes: list[list[Ballot]]) -> list[list[int]]:
    """The classes of each group of a contest, in order."""
    classes = range(len(manifest["classes"]))
    per_class = [len(boxes[number * len(classes) + c]) for c in classes]
    below = any(count < manifest["rules"]["floor"] for count in per_class)
    if below and manifest["rules"]["below_floor"] == "merge":
        return [list(classes)]
    return [[c] for c in classes]


def in_boxes(manifest: Json, number: int, boxes: list[list[Ballot]]) -> list[Group]:
    """The groups of a contest, from what lies in the boxes."""
    floor = manifest["rules"]["floor"]
    found = []
    for classes in classes_of_groups(manifest, number, boxes):
        ballots = [b for c in classes for b in boxes[number * len(manifest["classes"]) + c]]
        good = valid(manifest, number, ballots)
        opened = len(ballots) >= floor and len(good) >= floor
        found.append(Group(classes, len(ballots), good if opened else None))
    return found


# --- §5.2, §5.3: counts and scores ----------------------------------------------------------------


def contest(
    manifest: Json, slips: list[Json], formed: list[Group], number: int
) -> tuple[Json, list[list[Marks]]]:
    """A contest's result, and S, P and N of each of its subjects, question by question."""
    rules = manifest["rules"]
    instrument = manifest["instruments"][manifest["contests"][number]["instrument"]]
    groups: list[Json] = []
    counted_groups: list[tuple[int, list[list[Marks]]]] = []
    for part in formed:
        classes, good = part.classes, part.valid
        issued = sum(slips[c]["issued"] for c in classes)
        group: Json = {"classes": classes, "issued": issued, "returned": part.returned}
        group |= {"status": "withheld" if good is None else "opened", "subjects": []}
        groups.append(group)
        if good is None:
            continue
        group |= {"valid": len(good), "spoilt": part.returned - len(good)}
        of_group = {
            "valid": len(good),
            "returned": part.returned,
            "present": max(issued, len(good)),
            "entitled": max(sum(manifest["classes"][c]["entitled"] for c in classes), len(good)),
        }
        marks: list[list[Marks]] = []
        for subject in range(len(manifest["contests"][number]["subjects"])):
            told, own = [], []
            for q, question in enumerate(instrument["questions"]):
                given = [answers_about(manifest, number, a)[subject][q] for a in good]
                result, one = question_count(question, given, of_group, rules)
                told.append(result)
                own.append(one)
            group["subjects"].append(told)
            marks.append(own)
        counted_groups.append((sum(manifest["classes"][c]["weight"] for c in classes), marks))
    over_all = [
        [
            together([(w, m[subject][q]) for w, m in counted_groups], rules["empty_class"])
            for q in range(len(instrument["questions"]))
        ]
        for subject in range(len(manifest["contests"][number]["subjects"]))
    ]
    told_subjects = []
    for own in over_all:
        mean = mean_of([one[0] for one in own if one is not None])
        of_questions = [figures(one, rules) for one in own]
        told_subjects.append({"questions": of_questions} | scored(mean, rules))
    return {"contest": number, "groups": groups, "subjects": told_subjects}, over_all


def question_count(  # noqa: C901, PLR0912 - §5.2 and §5.3 of one question in one piece
    question: Json, given: list[list[int]], of_group: dict[str, int], rules: Json
) -> tuple[Json, Marks]:
    """One question about one subject in one group, from the values of every valid ballot."""
    options, kind = question["options"], question["kind"]
    counts = [0] * len(options)
    blank = 0
    points: list[int] = []
    for values in given:
        if not any(values):
            blank += 1
        elif kind == "ticks":
            for i, ticked in enumerate(values):
                counts[i] += ticked
        elif kind == "score":
            points.append(values[0] - 1)
            band = next(i for i, o in enumerate(options) if o["at_least"] <= points[-1])
            counts[band] += 1
        else:
            option = options[values[0] - 1]
            counts[values[0] - 1] += 1
            if "points" in option:
                points.append(option["points"])
    answers = len(points)
    columns = [*counts, blank]
    if kind == "ticks":
        percent = [
            half_up(Fraction(100 * column, len(given)), rules["decimals"]) for column in columns
        ]
    else:
        percent = summing(columns, rules["decimals"], rules["percentages"])
    marks = None
    has_marks = len(given) > 0 if kind == "choice" else answers > 0
    if kind != "ticks" and has_marks:
        of = rules["denominator"]
        whole = answers if of == "answers" else of_group[of]
        if kind == "choice" and of == "answers":
            whole = of_group["valid"]
        kept, trim = sorted(points), rules["trim"]
        if trim and kind != "choice" and answers > 5 and answers > 2 * trim:
            kept = kept[trim:-trim]
            score = Fraction(sum(kept), answers - 2 * trim)
        else:
            score = Fraction(sum(kept), whole)
        positive = sum(c for c, o in zip(counts, options, strict=True) if o["positive"])
        negative = sum(c for c, o in zip(counts, options, strict=True) if o["negative"])
        marks = score, Fraction(positive, whole), Fraction(negative, whole)
    told = {"counts": counts, "blank": blank, "answers": answers, "percent": percent}
    return told | figures(marks, rules), marks


def together(parts: list[tuple[int, Marks]], empty_class: str) -> Marks:
    """S, P and N of one question over the opened groups that have them."""
    there = [(weight, marks) for weight, marks in parts if marks is not None]
    whole = 100 if empty_class == "zero" else sum(weight for weight, _ in there)
    if not there or whole == 0:
        return None
    one, two, three = (
        sum((weight * marks[i] for weight, marks in there), Fraction()) / whole for i in range(3)
    )
    return one, two, three


def mean_of(values: list[Fraction]) -> Fraction | None:
    return sum(values, Fraction()) / len(values) if values else None


# --- §5.4: recommendation -------------------------------------------------------------------------


def subjects(
    manifest: Json, slips: list[Json], contests: list[Json], marks: list[list[list[Marks]]]
) -> list[Json]:
    """The result of every subject."""
    entitled = sum(c["entitled"] for c in manifest["classes"])
    present = Fraction(sum(c["issued"] for c in slips), entitled)
    told: list[Json] = []
    scores: dict[int, Fraction] = {}
    for number in range(len(manifest["subjects"])):
        own = [
            (c, contest_["subjects"].index(number))
            for c, contest_ in enumerate(manifest["contests"])
            if number in contest_["subjects"]
        ]
        groups = [group for c, _ in own for group in contests[c]["groups"]]
        issued = sum(group["issued"] for group in groups)
        returned = sum(group["returned"] for group in groups)
        turnout = Fraction(returned, issued) if issued else Fraction()
        means = [mean_of([one[0] for one in marks[c][at] if one is not None]) for c, at in own]
        score = mean_of([mean for mean in means if mean is not None])
        result: Json = {"turnout": share(turnout, manifest["rules"]), "findings": []}
        told.append(result)
        if score is None:
            result["outcome"] = "withheld" if asks_for_marks(manifest, own) else "unscored"
            continue
        result |= scored(score, manifest["rules"])
        result["findings"] = findings(manifest["rules"], present, turnout, own, marks)
        if all(finding["met"] or finding["rule"] == "negative" for finding in result["findings"]):
            scores[number] = score
        else:
            result["outcome"] = "not-met"
    recommend(manifest, told, scores)
    return told


def asks_for_marks(manifest: Json, own: list[tuple[int, int]]) -> bool:
    """Whether some contest asks anything else than lists to tick."""
    instruments = [manifest["instruments"][manifest["contests"][c]["instrument"]] for c, _ in own]
    return any(q["kind"] != "ticks" for instrument in instruments for q in instrument["questions"])


def findings(
    rules: Json,
    present: Fraction,
    turnout: Fraction,
    own: list[tuple[int, int]],
    marks: list[list[list[Marks]]],
) -> list[Json]:
    """Each rule that applies, in order."""
    held: list[tuple[str, Json, Fraction]] = [("quorum", {}, present), ("turnout", {}, turnout)]
    for c, place in own:
        for q, one in enumerate(marks[c][place]):
            if one is not None:
                where = {"contest": c, "question": q}
                held += [("positive", where, one[1]), ("negative", where, one[2])]
    found = []
    for rule, where, value in held:
        if rule not in rules:
            continue
        limit, over = Fraction(*rules[rule]["share"]), rules[rule]["over"]
        reaches = value > limit if over else value >= limit
        finding = {"rule": rule, "value": share(value, rules), "limit": share(limit, rules)}
        met = not reaches if rule == "negative" else reaches
        found.append(finding | where | {"over": over, "met": met})
    return found


def recommend(manifest: Json, told: list[Json], scores: dict[int, Fraction]) -> None:
    """Rank and outcome of those that meet the rules, each kind among its own."""
    rules = manifest["rules"]
    for kind, quota in (("person", "quota"), ("organisation", "quota_organisations")):
        these = {n: s for n, s in scores.items() if manifest["subjects"][n]["kind"] == kind}
        for number, score in these.items():
            if quota not in rules:
                told[number]["outcome"] = "recommended"
                continue
            better = sum(other > score for other in these.values())
            level = sum(other == score for other in these.values())
            told[number]["rank"] = better + 1
            if better + 1 > rules[quota]:
                told[number]["outcome"] = "below-quota"
            elif better + level <= rules[quota]:
                told[number]["outcome"] = "recommended"
            else:
                ties = {"open": "tied", "all": "recommended", "none": "below-quota"}
                told[number]["outcome"] = ties[rules["ties"]]


# --- printing -------------------------------------------------------------------------------------


def half_up(value: Fraction, decimals: int) -> str:
    """A number of so many places, rounded half up."""
    units = math.floor(value * 10**decimals + Fraction(1, 2))
    return placed(units, decimals)


def placed(units: int, decimals: int) -> str:
    whole, rest = divmod(units, 10**decimals)
    return f"{whole}.{rest:0{decimals}}" if decimals else str(whole)


def summing(columns: list[int], decimals: int, rule: str) -> list[str]:
    """Percentages that sum to 100."""
    total = sum(columns)
    if total == 0:
        return [placed(0, decimals)] * len(columns)
    units = 100 * 10**decimals
    exact = [Fraction(units * column, total) for column in columns]
    if rule == "largest-remainder":
        found = [math.floor(value) for value in exact]
        while sum(found) < units:
            # Each column gets one at most: its remainder is negative from then on.
            left = [value - number for value, number in zip(exact, found, strict=True)]
            found[left.index(max(left))] += 1
    else:
        found = [math.floor(value + Fraction(1, 2)) for value in exact]
        for i in range(len(columns) - 1, -1, -1):
            if columns[i] == 0:
                continue
            found[i] = 0
            left_over = units - sum(found)
            if left_over >= 0:
                found[i] = left_over
                break
    return [placed(number, decimals) for number in found]


def figure(exact: Fraction, shown: Fraction, rules: Json) -> Json:
    return {
        "exact": f"{exact.numerator}/{exact.denominator}",
        "printed": half_up(shown, rules["decimals"]),
    }


def share(value: Fraction, rules: Json) -> Json:
    return figure(value, 100 * value, rules)


def scored(score: Fraction | None, rules: Json) -> Json:
    return {} if score is None else {"score": figure(score, score, rules)}


def figures(marks: Marks, rules: Json) -> Json:
    if marks is None:
        return {}
    score, positive, negative = marks
    return {
        "score": figure(score, score, rules),
        "positive": share(positive, rules),
        "negative": share(negative, rules),
    }
