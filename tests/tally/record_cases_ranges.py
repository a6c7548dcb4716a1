"""Record vectors of ranges (protocol §6.1): numbers and lists that no session's files can have are
found by check 1, and what is only false by the checks that count."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from appraisal.ballots.ballot import Spoilt
from appraisal.encoding import MAX_INTEGER, canonical, json_parse
from appraisal.manifest import MAX_CLASSES, MAX_TELLERS
from appraisal.tally.openings import MANY
from appraisal.tally.record import LIMITS, Record
from tests.tally.record_sessions import case, changed, group_changed, withhold

Json = Any


def told(change: Callable[[Json], object], name: str = "results.json") -> Record:
    """The record of `withhold` with the values of one file changed, in canonical JSON."""

    def written(data: bytes) -> bytes:
        value: Json = json_parse(data, limit=LIMITS[name])
        change(value)
        return canonical(value)

    return changed(withhold().record(audit=True), name, written)


def group(results: Json) -> Json:
    """The first group of the first contest, which is opened."""
    return results["contests"][0]["groups"][0]


@case("11", "results with the greatest number that a file can hold")
def results_greatest_number() -> Record:
    return told(lambda results: results["slips"][0].update(printed=MAX_INTEGER))


@case("1,11", "results with a number beyond the greatest")
def results_number_beyond() -> Record:
    def change(data: bytes) -> bytes:
        return data.replace(b'"printed":4,', b'"printed":%d,' % (MAX_INTEGER + 1), 1)

    return changed(withhold().record(), "results.json", change)


@case("1,11", "results with fewer slips than none")
def results_negative_slips() -> Record:
    return told(lambda results: results["slips"][0].update(void=-1))


@case("1,11", "results with fewer answers than none")
def results_negative_answers() -> Record:
    return told(lambda results: group(results)["subjects"][0][0].update(answers=-1))


@case("1,11", "results with fewer spoilt ballots than none")
def results_negative_spoilt() -> Record:
    return told(lambda results: group(results).update(spoilt=-1))


@case("1,11", "results about a contest before the first")
def results_negative_contest() -> Record:
    return told(lambda results: results["contests"][0].update(contest=-1))


@case("11", "a finding about a question that there is not")
def results_question_beyond() -> Record:
    return told(lambda results: results["subjects"][0]["findings"][1].update(question=99))


@case("1,11", "a finding about a question before the first")
def results_negative_question() -> Record:
    return told(lambda results: results["subjects"][0]["findings"][1].update(question=-1))


@case("11", "a rank, where none is told")
def results_first_rank() -> Record:
    return told(lambda results: results["subjects"][0].update(rank=1))


@case("1,11", "a rank before the first")
def results_rank_of_zero() -> Record:
    return told(lambda results: results["subjects"][0].update(rank=0))


@case("1,11", "results without slips of any class")
def results_without_slips() -> Record:
    return told(lambda results: results.update(slips=[]))


@case("11", "results with slips of as many classes as a manifest can have")
def results_most_classes() -> Record:
    return told(lambda results: results.update(slips=results["slips"][:1] * MAX_CLASSES))


@case("1,11", "results with slips of more classes than a manifest can have")
def results_classes_beyond() -> Record:
    return told(lambda results: results.update(slips=results["slips"][:1] * (MAX_CLASSES + 1)))


@case("1,11", "results of a group of no class")
def results_group_of_nobody() -> Record:
    return told(lambda results: group(results).update(classes=[]))


@case("1,11", "results of a contest without groups")
def results_without_groups() -> Record:
    return told(lambda results: results["contests"][0].update(groups=[]))


@case("1,11", "results of a subject without questions")
def results_without_questions() -> Record:
    return told(lambda results: group(results).update(subjects=[[]]))


@case("1,11", "results of a question without options")
def results_without_options() -> Record:
    return told(lambda results: group(results)["subjects"][0][0].update(counts=[]))


@case("1,11", "results of a question with more options than one can have")
def results_options_beyond() -> Record:
    return told(lambda results: group(results)["subjects"][0][0].update(counts=[0] * 251))


@case("1,11", "results with a percentage of blank alone")
def results_percentage_of_blank() -> Record:
    return told(lambda results: group(results)["subjects"][0][0].update(percent=["0.0"]))


@case("1,11", "results with a figure that prints as nothing")
def results_empty_figure() -> Record:
    return told(lambda results: results["subjects"][0]["turnout"].update(printed=""))


@case("11", "results with a figure of the longest text that there can be")
def results_longest_figure() -> Record:
    return told(lambda results: results["subjects"][0]["turnout"].update(printed="9" * 4000))


@case("1,11", "results with a figure of a longer one")
def results_figure_beyond() -> Record:
    return told(lambda results: results["subjects"][0]["turnout"].update(printed="9" * 4001))


@case("1,11", "results of another format")
def results_format() -> Record:
    return told(lambda results: results.update(format="appraisal-results/2"))


@case("11", "results of another session")
def results_session() -> Record:
    return told(lambda results: results.update(session="0000000000"))


@case("10", "signed: a withheld group with the most ballots that there can be")
def openings_most_ballots() -> Record:
    return group_changed(withhold(), 1, ballots=MANY).record()


@case("1", "a group with more ballots than there can be")
def openings_ballots_beyond() -> Record:
    return told(lambda one: one["groups"][1].update(ballots=MANY + 1), "openings.json")


@case("1", "a group with fewer ballots than none")
def openings_negative_ballots() -> Record:
    return told(lambda one: one["groups"][1].update(ballots=-1), "openings.json")


@case("1", "a group of no box")
def openings_without_boxes() -> Record:
    return told(lambda one: one["groups"][1].update(boxes=[]), "openings.json")


@case("1", "an opened ballot without answers")
def openings_without_answers() -> Record:
    return told(lambda one: one["groups"][0]["opened"][0].update(answers=[]), "openings.json")


@case("1", "an opened ballot with an answer that is no byte")
def openings_answer_beyond() -> Record:
    return told(lambda one: one["groups"][0]["opened"][0].update(answers=[256]), "openings.json")


@case("1", "a ballot spoilt for no reason that there is")
def openings_unknown_reason() -> Record:
    return told(lambda one: one["groups"][0].update(spoilt=["torn"]), "openings.json")


@case("10", "signed: spoilt for a reason that there is, beside as many valid ballots as there are")
def openings_spoilt_beside() -> Record:
    return group_changed(withhold(), 0, spoilt=(Spoilt.UNREADABLE,)).record()


@case("1", "factors of more tellers than a manifest can have")
def factors_of_too_many() -> Record:
    return told(
        lambda one: one.update(tellers=one["tellers"][:1] * (MAX_TELLERS + 1)), "factors.json"
    )
