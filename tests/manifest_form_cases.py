"""The cases of `tests/vectors/manifests.json` about ballot forms, contests and counting rules."""

from __future__ import annotations

from typing import Any

from tests.manifest_cases import Case, Json, at, base_json, case

GRADES, TICKS, SCORE = (("instruments", 0, "questions", n) for n in range(3))
"""The questions of the first instrument, of these kinds."""
CHOICE = ("instruments", 1, "questions", 1)
LIMITS = ("instruments", 1, "limits")
"""At most a third of the members, and exactly two."""


def of(path: tuple[str | int, ...]) -> Any:
    """A copy of what stands at a place of the manifest."""
    found: Any = base_json()
    for step in path:
        found = found[step]
    return found


def without(value: dict[str, Json], *names: str) -> dict[str, Json]:
    return {name: item for name, item in value.items() if name not in names}


def text(zh: str) -> dict[str, str]:
    return {"zh": zh, "en": zh}


def questions() -> tuple[Case, ...]:
    where = "instruments[0].questions"
    grades, bands = of(GRADES)["options"], of(SCORE)["options"]
    outside = [without(o, "points") | {"positive": False, "negative": False} for o in grades]
    return (
        case(
            "instrument-id",
            "an instrument's id in capitals",
            "instruments[0].id: 'Every' is no id (a-z, 0-9, hyphens)",
            at("instruments", 0, "id", "Every"),
        ),
        case(
            "instrument-twice",
            "two instruments of one id",
            "instruments: an id stands twice",
            at("instruments", 2, "id", "every-kind"),
        ),
        case(
            "instrument-empty",
            "an instrument without a question",
            "manifest.instruments[2].questions: 0 items, not 1 to 32",
            at("instruments", 2, "questions", []),
        ),
        case(
            "instrument-kind",
            "an instrument for a kind of subject that there is not",
            "manifest.instruments[0].kind: 'branch' is not one of organisation, person",
            at("instruments", 0, "kind", "branch"),
        ),
        case(
            "questions-too-many",
            "33 questions",
            "manifest.instruments[2].questions: 33 items, not 1 to 32",
            at("instruments", 2, "questions", [of(("instruments", 2, "questions", 0))] * 33),
        ),
        case(
            "question-kind",
            "a kind of question that there is not",
            "manifest.instruments[0].questions[0].kind: 'essay' is not one of grades, choice, ",
            at(*GRADES, "kind", "essay"),
        ),
        case(
            "options-too-many",
            "251 options",
            "manifest.instruments[2].questions[0].options: 251 items, not 1 to 250",
            at(
                *("instruments", 2, "questions", 0, "options"),
                [{"text": text(str(n)), "positive": False, "negative": False} for n in range(251)],
            ),
        ),
        case(
            "option-twice",
            "two grades of one name",
            f"{where}[0].options[1].text: 明显 stands twice",
            at(*GRADES, "options", 1, "text", text("明显")),
        ),
        case(
            "option-both",
            "a grade both positive and negative",
            f"{where}[0].options[0].negative: an option is positive or negative, not both",
            at(*GRADES, "options", 0, "negative", True),
        ),
        case(
            "notes-empty",
            "notes without an item",
            "manifest.instruments[0].notes.items: 0 items, not 1 to 20",
            at("instruments", 0, "notes", "items", []),
        ),
        case(
            "grades-order",
            "a better grade after a worse",
            f"{where}[0].options: grades do not stand best first",
            at(*GRADES, "options", 0, "points", 0),
        ),
        case(
            "grades-level",
            "two grades of the same points hold",
            "",
            at(*GRADES, "options", 1, "points", 100),
        ),
        case(
            "grades-outside",
            "a question whose grades are all outside the scale",
            f"{where}[0].options: no grade carries points",
            at(*GRADES, "options", outside),
        ),
        case(
            "grade-outside-positive",
            "a positive grade outside the scale",
            f"{where}[0].options[4].points: a grade outside the scale is neither good nor bad",
            at(*GRADES, "options", 4, "positive", True),
        ),
        case(
            "grade-points",
            "1,001 points",
            "manifest.instruments[0].questions[0].options[0].points: 1001 is not from 0 to 1000",
            at(*GRADES, "options", 0, "points", 1001),
        ),
        case(
            "grade-at-least",
            "a grade with a lowest score",
            f"{where}[0].options[0].at_least: only a band of a score has it",
            at(*GRADES, "options", 0, "at_least", 1),
        ),
        case(
            "grades-most",
            "a largest number of ticks for grades",
            f"{where}[0].most: only a list to tick has it",
            at(*GRADES, "most", 1),
        ),
        case(
            "grades-highest",
            "a highest score for grades",
            f"{where}[0].highest: only a score has it",
            at(*GRADES, "highest", 10),
        ),
        case(
            "ticks-most",
            "as many ticks as there are items, said as a limit",
            f"{where}[1].most: as many as there are options; leave it out",
            at(*TICKS, "most", 3),
        ),
        case(
            "ticks-most-none",
            "no item may be ticked",
            "manifest.instruments[0].questions[1].most: 0 is not from 1 to 250",
            at(*TICKS, "most", 0),
        ),
        case(
            "ticks-points",
            "points for an item of a list",
            f"{where}[1].options[0].points: only a grade or a choice has them",
            at(*TICKS, "options", 0, "points", 10),
        ),
        case(
            "ticks-negative",
            "a negative item of a list",
            f"{where}[1].options[0].positive: an item to tick is neither positive nor negative",
            at(*TICKS, "options", 0, "negative", True),
        ),
        case(
            "score-without-highest",
            "a score without a highest",
            f"{where}[2].highest is missing",
            at(*SCORE[:-1], 2, without(of(SCORE), "highest")),
        ),
        case(
            "score-highest",
            "a highest score of 201",
            "manifest.instruments[0].questions[2].highest: 201 is not from 1 to 200",
            at(*SCORE, "highest", 201),
        ),
        case(
            "band-without-lowest",
            "a band without a lowest score",
            f"{where}[2].options[1].at_least is missing",
            at(*SCORE, "options", 1, without(bands[1], "at_least")),
        ),
        case(
            "bands-level",
            "two bands from the same score",
            f"{where}[2].options: bands do not stand best first",
            at(*SCORE, "options", 1, "at_least", 9),
        ),
        case(
            "band-beyond",
            "a band above the highest score",
            f"{where}[2].options[0].at_least: more than the highest score",
            at(*SCORE, "options", 0, "at_least", 11),
        ),
        case(
            "band-at-the-top",
            "a band for the highest score alone holds",
            "",
            at(*SCORE, "options", 0, "at_least", 10),
        ),
        case(
            "bands-from-one",
            "no band for a score of 0",
            f"{where}[2].options[2].at_least: the last band is from 0",
            at(*SCORE, "options", 2, "at_least", 1),
        ),
        case(
            "band-points",
            "points for a band",
            f"{where}[2].options[0].points: only a grade or a choice has them",
            at(*SCORE, "options", 0, "points", 100),
        ),
        case(
            "choice-of-two",
            "a choice between two options",
            "instruments[1].questions[1].options: a choice has one option",
            at(*CHOICE, "options", 1, of(CHOICE)["options"][0] | {"text": text("不推选")}),
        ),
        case(
            "choice-points",
            "a choice of 99 points",
            "instruments[1].questions[1].options[0].points: a choice is positive and has 100",
            at(*CHOICE, "options", 0, "points", 99),
        ),
        case(
            "choice-neutral",
            "a choice that is not positive",
            "instruments[1].questions[1].options[0].points: a choice is positive and has 100",
            at(*CHOICE, "options", 0, "positive", False),
        ),
        case(
            "choice-required",
            "a choice that must be made about everyone",
            "instruments[1].questions[1].required: not to choose is an answer too",
            at(*CHOICE, "required", True),
        ),
    )


def limits() -> tuple[Case, ...]:
    where = "instruments[1].limits"
    share, exact = of(LIMITS)
    return (
        case(
            "limit-of-no-question",
            "a limit of a question that there is not",
            f"{where}[1].question: there is no question 2",
            at(*LIMITS, 1, "question", 2),
        ),
        case(
            "limit-of-no-option",
            "a limit of an option that there is not",
            f"{where}[1].option: there is no option 1",
            at(*LIMITS, 1, "option", 1),
        ),
        case(
            "limit-of-ticks",
            "a limit of a list to tick",
            "instruments[2].limits[0].question: only grades and choices can be limited",
            at("instruments", 2, "limits", [exact | {"question": 0}]),
        ),
        case(
            "limit-of-a-score",
            "a limit of a score",
            "instruments[0].limits[0].question: only grades and choices can be limited",
            at("instruments", 0, "limits", [exact | {"question": 2}]),
        ),
        case(
            "limit-most-and-share",
            "a limit by number and by share",
            f"{where}[0].most: either `most` or `share` belongs here",
            at(*LIMITS, 0, "most", 2),
        ),
        case(
            "limit-without-most",
            "a limit that allows any number",
            f"{where}[1].most: either `most` or `share` belongs here",
            at(*LIMITS, 1, without(exact, "most")),
        ),
        case(
            "limit-most-none",
            "a limit of none",
            "manifest.instruments[1].limits[1].most: 0 is not from 1 to 2000",
            at(*LIMITS, 1, "most", 0),
        ),
        case(
            "limit-least-above-most",
            "three at least, two at most",
            f"{where}[1].least: more than `most`, nobody could keep it",
            at(*LIMITS, 1, "least", 3),
        ),
        case(
            "limit-share-of-nothing",
            "a share of 0",
            f"{where}[0].share: not a share above 0 and up to 1",
            at(*LIMITS, 0, "share", [0, 3]),
        ),
        case(
            "limit-share-beyond",
            "a share above 1",
            f"{where}[0].share: not a share above 0 and up to 1",
            at(*LIMITS, 0, "share", [4, 3]),
        ),
        case(
            "limit-share-all",
            "a share of all holds",
            "",
            at(*LIMITS, 0, "share", [3, 3]),
        ),
        case(
            "limit-share-fine",
            "a share with a denominator above a million, whose product not every program holds",
            f"{where}[0].share: not a share above 0 and up to 1",
            at(*LIMITS, 0, "share", [333_334, 1_000_001]),
        ),
        case(
            "limit-share-of-three",
            "a share of three numbers",
            "manifest.instruments[1].limits[0].share: 3 items, not 2 to 2",
            at(*LIMITS, 0, "share", [1, 2, 3]),
        ),
        case(
            "limit-kind",
            "a limit for a kind of subject that there is not",
            "manifest.instruments[1].limits[0].kind: 'branch' is not one of organisation, person",
            at(*LIMITS, 0, "kind", "branch"),
        ),
        case(
            "limit-kind-of-one",
            "a kind in a limit, where the whole instrument is for one",
            f"{where}[0].kind: all subjects of the form are of one kind; leave it out",
            at("instruments", 1, "kind", "person"),
        ),
        case(
            "limits-of-one-kind",
            "limits without a kind, where the whole instrument is for one: they hold",
            "",
            at("instruments", 1, "kind", "person"),
            at(*LIMITS, [without(limit, "kind") for limit in of(LIMITS)]),
        ),
        case(
            "limit-twice",
            "one option limited twice for one kind",
            "instruments[1].limits: one option is limited twice",
            at(*LIMITS, 2, share),
        ),
        case(
            "limit-of-two-kinds",
            "one option limited for one kind, and for any: it holds",
            "",
            at(*LIMITS, 2, without(share, "kind")),
        ),
        case(
            "limit-of-nobody-here",
            "a limit for organisations, where none stands on the ballot: it holds",
            "",
            at(*LIMITS, 0, "kind", "organisation"),
        ),
        case(
            "limits-too-many",
            "17 limits",
            "manifest.instruments[1].limits: 17 items, not 0 to 16",
            at(*LIMITS, [exact] * 17),
        ),
        case(
            "limit-allows-nobody",
            "a third of two members is nobody",
            "contests[1]: a limit allows nobody",
            at("rules", "members", 2),
        ),
        case(
            "limit-cannot-be-met",
            "five at least of four persons",
            "contests[1]: a limit cannot be met by its subjects",
            at(*LIMITS, 1, exact | {"least": 5, "most": 5}),
        ),
        case(
            "limit-cannot-be-met-by-a-share",
            "three at least, where a third of seven allows two",
            "contests[1]: a limit cannot be met by its subjects",
            at(*LIMITS, 0, "least", 3),
        ),
        case(
            "limit-met-by-all",
            "four at least of four persons holds",
            "",
            at(*LIMITS, 1, exact | {"least": 4, "most": 4}),
        ),
        case(
            "limit-cannot-be-met-by-a-kind",
            "one organisation at least, where none stands on the ballot",
            "contests[1]: a limit cannot be met by its subjects",
            at(*LIMITS, 1, exact | {"least": 1, "kind": "organisation"}),
        ),
    )


def contests() -> tuple[Case, ...]:
    whole = of(("contests", 1))
    return (
        case(
            "contest-without-subject",
            "a contest of nobody",
            "manifest.contests[0].subjects: 0 items, not 1 to 2000",
            at("contests", 0, "subjects", []),
        ),
        case(
            "contest-of-nobody",
            "a subject that there is not",
            "contests[0].subjects points outside its list",
            at("contests", 0, "subjects", [9]),
        ),
        case(
            "contest-of-no-instrument",
            "an instrument that there is not",
            "contests[0].instrument points outside its list",
            at("contests", 0, "instrument", 3),
        ),
        case(
            "contest-of-one-kind",
            "an instrument for organisations asks about one: it holds",
            "",
            at("instruments", 0, "kind", "organisation"),
        ),
        case(
            "contest-of-the-other-kind",
            "an instrument for persons asks about an organisation",
            "contests[0]: its instrument asks about the other kind of subject",
            at("instruments", 0, "kind", "person"),
        ),
        case(
            "contest-twice",
            "a subject twice under one instrument, in two contests",
            "contests[2]: a subject stands twice under one instrument",
            at("contests", 2, of(("contests", 0))),
        ),
        case(
            "subject-twice-on-a-ballot",
            "a subject twice on one ballot",
            "contests[1]: a subject stands twice under one instrument",
            at("contests", 1, whole | {"subjects": [1, 2, 3, 4, 1]}),
        ),
        case(
            "several-without-limits",
            "two subjects on a ballot that no limit spans",
            "contests[0]: only limits put several subjects on one ballot",
            at("contests", 0, "subjects", [0, 5]),
        ),
        case(
            "one-with-limits",
            "a branch alone on a ballot with limits holds",
            "",
            at("contests", 2, {"subjects": [5], "instrument": 1}),
            at("instruments", of(("instruments",))[:2]),
            at(*LIMITS, [without(of(LIMITS)[1], "kind") | {"least": 0}]),
            at("rules", "members", 0),
        ),
        case(
            "subject-not-appraised",
            "a subject in no contest",
            "contests: not every subject is appraised",
            at("contests", 1, "subjects", [1, 2, 3]),
        ),
        case(
            "instrument-not-used",
            "an instrument in no contest",
            "contests: not every instrument is used",
            at("contests", 2, "instrument", 0),
        ),
        case(
            "subjects-in-another-order",
            "persons on a ballot in another order than in the list hold",
            "",
            at("contests", 1, "subjects", [4, 2, 1, 3]),
        ),
        case(
            "answers-too-many",
            "a list of 250 items and two grades about each of 80 persons",
            "contests[1]: more than 20000 answers on a ballot",
            at(
                *("instruments", 1, "questions", 2),
                {
                    "kind": "ticks",
                    "text": text("问题"),
                    "required": False,
                    "options": [
                        {"text": text(str(n)), "positive": False, "negative": False}
                        for n in range(250)
                    ],
                },
            ),
            *(
                at(
                    *("subjects", 6 + n),
                    {"kind": "person", "name": f"{n}", "post": "", "commitment": ""},
                )
                for n in range(76)
            ),
            at("contests", 1, "subjects", [1, 2, 3, 4, *range(6, 82)]),
        ),
    )


def rules() -> tuple[Case, ...]:
    def share(*values: int, over: bool = False) -> Json:
        return {"share": list(values), "over": over}

    return (
        case(
            "decimals",
            "seven decimals",
            "manifest.rules.decimals: 7 is not from 0 to 6",
            at("rules", "decimals", 7),
        ),
        case(
            "floor-low",
            "a floor of one",
            "manifest.rules.floor: 1 is not from 2 to 1000",
            at("rules", "floor", 1),
        ),
        case(
            "floor-high",
            "a floor above the slips of a class",
            "classes: 群众 has fewer slips than the floor",
            at("rules", "floor", 5),
        ),
        case(
            "threshold-beyond",
            "a share above 1",
            "rules.positive: not a share above 0 and up to 1",
            at("rules", "positive", share(3, 2)),
        ),
        case(
            "threshold-of-nothing",
            "a share of nothing",
            "rules.turnout: not a share above 0 and up to 1",
            at("rules", "turnout", share(0, 0)),
        ),
        case(
            "threshold-none",
            "a share of 0, which everyone reaches",
            "rules.negative: not a share above 0 and up to 1",
            at("rules", "negative", share(0, 1)),
        ),
        case(
            "threshold-fine",
            "a denominator above a million",
            "rules.attendance: not a share above 0 and up to 1",
            at("rules", "attendance", share(1, 1_000_001)),
        ),
        case("threshold-all", "all must agree: it holds", "", at("rules", "positive", share(1, 1))),
        case(
            "threshold-more-than-all",
            "more than all must agree",
            "rules.positive: more than all is nobody's",
            at("rules", "positive", share(2, 2, over=True)),
        ),
        case(
            "threshold-as-a-pair",
            "a share without saying whether it is reached or exceeded",
            "manifest.rules.attendance: an object belongs here",
            at("rules", "attendance", [1, 2]),
        ),
        case(
            "threshold-without-over",
            "a threshold that does not say whether it is reached or exceeded",
            "manifest.rules.attendance.over is missing",
            at("rules", "attendance", {"share": [1, 2]}),
        ),
        case(
            "threshold-not-reduced",
            "a share that is not in lowest terms holds",
            "",
            at("rules", "attendance", share(2, 4)),
        ),
        case(
            "denominator",
            "a denominator that there is not",
            "manifest.rules.denominator: 'drawn' is not one of answers, valid, returned, present, ",
            at("rules", "denominator", "drawn"),
        ),
        *(
            case(
                f"denominator-{name}",
                f"shares of the {name} hold",
                "",
                at("rules", "denominator", name),
            )
            for name in ("answers", "returned", "present", "entitled")
        ),
        case(
            "percentages",
            "a way to round that there is not",
            "manifest.rules.percentages: 'half-even' is not one of largest-remainder, last-takes-",
            at("rules", "percentages", "half-even"),
        ),
        case(
            "ties",
            "ties drawn by lot",
            "manifest.rules.ties: 'lot' is not one of open, all, none",
            at("rules", "ties", "lot"),
        ),
        case(
            "publication",
            "a scope of publication that there is not",
            "manifest.rules.publication: 'press' is not one of public, on-the-spot, branch, ",
            at("rules", "publication", "press"),
        ),
        case(
            "empty-ballot",
            "empty ballots are neither valid nor spoilt",
            "manifest.rules.empty_ballot: 'ignored' is not one of valid, spoilt",
            at("rules", "empty_ballot", "ignored"),
        ),
        case(
            "trim",
            "one answer left out at either end, of the answers: it holds",
            "",
            at("rules", "denominator", "answers"),
            at("rules", "trim", 1),
        ),
        case(
            "trim-of-valid-ballots",
            "extremes left out where shares are of valid ballots",
            "rules.trim: extremes are left out of answers only",
            at("rules", "trim", 1),
        ),
        case(
            "trim-beyond",
            "eleven answers left out at either end",
            "manifest.rules.trim: 11 is not from 0 to 10",
            at("rules", "denominator", "answers"),
            at("rules", "trim", 11),
        ),
        case(
            "members-missing",
            "a limit is a share of members, whose number is not told",
            "contests[1]: a limit allows nobody",
            at("rules", "members", 0),
        ),
        case(
            "members-without-share",
            "a number of members, of which no limit is a share",
            "rules.members: a number where a limit is a share of it, otherwise 0",
            at(*LIMITS, of(LIMITS)[1:]),
        ),
        case(
            "quota-beyond",
            "a quota of 2,001",
            "manifest.rules.quota: 2001 is not from 0 to 2000",
            at("rules", "quota", 2001),
        ),
        case(
            "quota-organisations-none",
            "a quota of no organisation holds",
            "",
            at("rules", "quota_organisations", 0),
        ),
        case(
            "award-empty",
            "no award holds: appraisals need not lead to one",
            "",
            at("rules", "award", ""),
        ),
    )
