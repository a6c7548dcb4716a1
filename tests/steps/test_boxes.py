"""What closed boxes hold is counted in one way, whoever asks: the opening or a teller's request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from appraisal.steps import close
from appraisal.steps.boxes import held
from appraisal.steps.service import Service
from appraisal.tally.disclosure import ballots_per_box
from appraisal.tally.opening import ballots_to_open
from tests.steps.test_comments import BOX, vote
from tests.voting_session import draft, prepare


@pytest.mark.parametrize(
    ("voters", "returned", "to_open"),
    [((0, 0), (0, 0), 0), ((2, 0), (2, 0), 0), ((3, 2), (3, 2), 3), ((3, 4), (3, 4), 7)],
)
def test_what_is_to_be_opened_follows_from_numbers_alone(
    service: Service, voters: Sequence[int], returned: tuple[int, ...], to_open: int
) -> None:
    voting = prepare(service, given=draft(floor=3))
    for voter_class, many in enumerate(voters):
        for serial in range(1, many + 1):
            voting.vote(serial, voter_class=voter_class)
    close.close(service, voting.id)
    found, ballots = held(service, voting.manifest), service.box.ballots(voting.id)
    assert (found.returned, found.to_open) == (returned, to_open)
    assert found.returned == ballots_per_box(voting.manifest, ballots)
    assert found.to_open == len(ballots_to_open(voting.manifest, ballots))


@pytest.mark.parametrize(
    ("voters", "to_open"), [((1, 1), 0), ((2, 1), 3), ((3, 1), 3 + 4)], ids=str
)
def test_comments_are_no_ballots_and_are_opened_together(
    service: Service, voters: Sequence[int], to_open: int
) -> None:
    voting = prepare(service, given=replace(draft(floor=3), comments=BOX))
    for voter_class, many in enumerate(voters):
        for serial in range(1, many + 1):
            vote(voting, "写了一句", serial, voter_class)
    close.close(service, voting.id)
    found, ballots = held(service, voting.manifest), service.box.ballots(voting.id)
    assert found.returned == (*voters, 0, 0)
    assert found.to_open == len(ballots_to_open(voting.manifest, ballots)) == to_open
