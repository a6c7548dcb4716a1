"""Every form that comes along can be rehearsed: `appraisal rehearse --form ID`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appraisal import instruments, verifier
from appraisal.ballot_form import Instrument, Limit, QuestionKind, SubjectKind
from appraisal.ballots.ballot import fault_of
from appraisal.manifest import Manifest, decode_manifest
from appraisal.rehearsal import drafts, electorate, session
from appraisal.steps.draft_checks import check, tried
from appraisal.tally.canvass import canvass
from appraisal.tally.openings import decode_openings
from appraisal.tally.record import decode_results, read_record
from appraisal.tally.results import GroupStatus, Outcome, QuestionCount, Results, SlipCount
from tests.reference.sessions import CORES, Session, sessions
from tests.tally.canvassing import openings_of

SHIPPED = {form.id: form for form in instruments.available()}


def manifest_of(forms: Sequence[Instrument], *, contests: int = 7) -> Manifest:
    """The manifest that the rehearsal of these forms would have."""
    draft = drafts.draft(
        title="演练", slips=(24, 16), contests=contests, demonstration=True, forms=forms
    )
    library = {form.id: form for form in instruments.available()}
    check(draft, library)
    return tried(draft, library)


@pytest.mark.parametrize("form", SHIPPED.values(), ids=SHIPPED)
def test_people_fill_in_every_shipped_form_within_its_limits(form: Instrument) -> None:
    manifest = manifest_of([form])
    people = electorate.people(manifest, casting=(40, 20), gave_up=0, away=0, seed=1)
    empty = 0
    for person in people:
        for own, answers in zip(manifest.forms, person.answers, strict=True):
            assert fault_of(answers, own) is None
            empty += not any(answers)
    # Abstentions are among the ballots, and are not what all of them are.
    assert empty * 4 < len(people) * len(manifest.forms)


def test_all_shipped_forms_can_be_rehearsed_together() -> None:
    manifest = manifest_of(instruments.available())
    assert {i.id for i in manifest.instruments} == set(SHIPPED)
    assert manifest.rules.members == 24


def test_subjects_are_those_that_the_forms_ask_about() -> None:
    person, organisation = SubjectKind.PERSON, SubjectKind.ORGANISATION

    def kinds(*forms: str, contests: int = 7) -> list[SubjectKind]:
        chosen = [SHIPPED[form] for form in forms]
        return [subject.kind for subject in drafts.subjects(contests, chosen)]

    assert kinds() == kinds("satisfaction") == [organisation, *[person] * 6]
    assert kinds("overall-grade") == [person] * 7
    assert kinds("satisfaction", contests=1) == [organisation]
    # A choice is one among more than may be chosen.
    assert kinds("select-organisations") == [organisation] * 4
    assert kinds("select-exactly") == [organisation] * 4 + [person] * 8


def test_a_ballot_whose_limits_cannot_all_be_kept_is_left_blank() -> None:
    """One person, who can be given neither of two grades nor go without."""
    form = SHIPPED["overall-grade"]
    limits = (Limit(0, 0, least=1, most=1), Limit(0, 1, least=1, most=1))
    both = Instrument("both", form.title, form.questions, limits)
    draft = drafts.draft(title="演练", slips=(24, 16), contests=2, demonstration=True, forms=[both])
    manifest = tried(draft, {"both": both})
    people = electorate.people(manifest, casting=(60, 0), gave_up=0, away=0, seed=1)
    ballots = [person.answers[0] for person in people]
    assert all(fault_of(ballot, manifest.forms[0]) is None for ballot in ballots)
    assert any(map(any, ballots))


@given(st.sampled_from(CORES).flatmap(sessions), st.integers(0, 1000))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_people_keep_the_limits_of_forms_drawn_by_chance(session: Session, seed: int) -> None:
    casting = [4] * len(session.manifest.classes)
    people = electorate.people(session.manifest, casting=casting, gave_up=0, away=0, seed=seed)
    for person in people:
        for form, answers in zip(session.manifest.forms, person.answers, strict=True):
            if any(answers):
                assert fault_of(answers, form) is None


def test_a_tally_of_every_kind_of_question_is_compared_with_what_was_cast() -> None:
    """One ballot more or less in any column, blank or not, is found."""
    manifest = manifest_of([SHIPPED[form] for form in ("problems", "score-100", "select-persons")])
    people = electorate.people(manifest, casting=(20, 10), gave_up=0, away=0, seed=1)
    known = electorate.known_counts(manifest, people)
    unticked = electorate.unticked_lists(manifest, people)
    boxes = [
        [person.answers[box.contest] for person in people if person.voter_class == box.voter_class]
        for box in manifest.boxes
    ]
    slips = [SlipCount(24, 20, 20, 4), SlipCount(16, 10, 10, 6)]
    results = canvass(manifest, slips, openings_of(manifest, boxes))
    session.compare(manifest, results, known, unticked)
    for contest in range(len(manifest.contests)):
        first = results.contests[contest].groups[0].subjects[0][0]
        counts = (first.counts[0] + 1, *first.counts[1:])
        for wrong in (replace(first, blank=first.blank + 1), replace(first, counts=counts)):
            with pytest.raises(session.MismatchError):
                session.compare(manifest, with_count(results, contest, wrong), known, unticked)


def with_count(results: Results, contest: int, count: QuestionCount) -> Results:
    """The results with another count of the first question of a contest's first group."""
    contests = list(results.contests)
    group, *groups = contests[contest].groups
    (_, *questions), *subjects = group.subjects
    group = replace(group, subjects=((count, *questions), *subjects))
    contests[contest] = replace(contests[contest], groups=(group, *groups))
    return replace(results, contests=tuple(contests))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A selection of branches and members on one ballot, and problems of each to tick."""
    out = tmp_path_factory.mktemp("forms") / "out"
    command = [sys.executable, "-m", "appraisal", "rehearse", "--out", str(out)]
    command += ["--voters", "20", "--seed", "5", "--contests", "4"]
    command += ["--form", "select-exactly", "--form", "score-100"]
    env = {k: v for k, v in os.environ.items() if not k.startswith("APPRAISAL_")}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=280, env=env, cwd=out.parent
    )
    assert done.returncode == 0, done.stderr
    assert "the tally is exactly what was cast" in done.stdout
    return out


def test_its_record_verifies_and_holds_what_was_cast(run: Path) -> None:
    record = read_record(run / "record")
    assert verifier.verify(record).ok
    manifest = decode_manifest(record.files["manifest.json"])
    known = json.loads((run / "summary.json").read_text())["counts"]
    for group in decode_openings(record.files["openings.json"]).groups:
        assert group.opened is not None
        (box,) = group.boxes
        for place, expected in enumerate(known[str(box)]):
            answers = [ballot.answers[place] for ballot in group.opened]
            assert [answers.count(a) for a in range(len(expected))] == expected
    *apart, whole = manifest.contests
    assert len(whole.subjects) == len(manifest.subjects) == 12
    assert {len(contest.subjects) for contest in apart} == {1}


def test_every_ballot_of_the_selection_chose_three_branches_and_seven_members(run: Path) -> None:
    record = read_record(run / "record")
    manifest = decode_manifest(record.files["manifest.json"])
    results = decode_results(record.files["results.json"])
    selection = results.contests[-1]
    for group in selection.groups:
        assert group.status is GroupStatus.OPENED
        assert group.valid is not None
        chosen = dict.fromkeys(SubjectKind, 0)
        for subject, (question,) in zip(
            manifest.contests[-1].subjects, group.subjects, strict=True
        ):
            chosen[manifest.subjects[subject].kind] += question.counts[0]
        assert chosen == {
            SubjectKind.ORGANISATION: 3 * group.valid,
            SubjectKind.PERSON: 7 * group.valid,
        }
    assert {subject.outcome for subject in results.subjects} <= set(Outcome) - {Outcome.WITHHELD}
    assert manifest.forms[-1].instrument.questions[0].kind is QuestionKind.CHOICE


def test_a_selection_asks_for_a_majority_of_votes_and_no_more() -> None:
    """Two thirds of all who vote are rarely for one of many."""
    for form in SHIPPED.values():
        selects = any(question.kind is QuestionKind.CHOICE for question in form.questions)
        positive = manifest_of([form]).rules.positive
        assert positive is not None
        assert (positive.share, positive.over) == (((1, 2), True) if selects else ((2, 3), False))
