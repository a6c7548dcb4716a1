"""Voters with two signers, for tests: straight through the steps, each signer shown its own."""

from __future__ import annotations

from appraisal.ballots import tokens, voter
from appraisal.ballots.cast import CastBallot, encode_cast
from appraisal.signer.draw import draw as draw_from
from appraisal.steps.cast import cast
from appraisal.steps.draw import draw
from tests.second_signer import SecondSigner
from tests.voting_session import VotingSession


def ballots(
    session: VotingSession, second: SecondSigner, serial: int = 1, *, voter_class: int = 0
) -> tuple[CastBallot, ...]:
    """Drawn from both signers."""
    drawing = session.start(serial, voter_class=voter_class)
    first, further = map(tokens.encode_draw, drawing.requests)
    blanks = voter.finish_drawing(
        drawing,
        draw(session.service, session.id, first),
        draw_from(second.signer.signing, session.id, further),
    )
    return session.fill_in(blanks)


def vote(
    session: VotingSession, second: SecondSigner, serial: int = 1, *, voter_class: int = 0
) -> None:
    """Drawn from both signers, and cast."""
    body = encode_cast(ballots(session, second, serial, voter_class=voter_class))
    cast(session.service, session.id, body)
