"""Opened sessions under any forms and rules, from given answers, for the tests of result pages."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from appraisal.ballot_form import SubjectKind
from appraisal.ballots import voter
from appraisal.ballots.cast import encode_cast
from appraisal.manifest import Subject
from appraisal.steps import close, opening
from appraisal.steps.cast import cast
from appraisal.steps.draft import FormDraft
from appraisal.steps.service import Service
from tests.voting_session import VotingSession, draft, prepare

Ballots = Sequence[Sequence[int]]
"""What one voter answers: for each contest one number a place."""


def person(name: str, post: str = "") -> Subject:
    return Subject(SubjectKind.PERSON, name, post)


def organisation(name: str) -> Subject:
    return Subject(SubjectKind.ORGANISATION, name, "")


def opened(
    service: Service,
    forms: Sequence[str | FormDraft],
    subjects: Sequence[Subject],
    cast_by_class: Mapping[int, Sequence[Ballots]],
    *,
    slips: Sequence[int] = (8, 6),
    **rules: Any,
) -> VotingSession:
    """A session with the ballots of each class, closed and opened."""
    given = draft(slips=slips)
    chosen = tuple(FormDraft(form) if isinstance(form, str) else form for form in forms)
    given = replace(
        given,
        forms=chosen,
        subjects=tuple(subjects),
        rules=replace(given.rules, **rules),
    )
    voting = prepare(service, given=given)
    for voter_class, voters in cast_by_class.items():
        for serial, answers in enumerate(voters, 1):
            blanks = voting.blanks(serial, voter_class=voter_class)
            ballots = voter.fill_in(voting.manifest, blanks, answers, rng=os.urandom)
            cast(service, voting.id, encode_cast(ballots))
    close.close(service, voting.id)
    opening.open_boxes(service, voting.id)
    return voting
