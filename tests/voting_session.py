"""A voting session over the real stores, for tests: set up, printed, made active, begun."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace

from appraisal.ballot_form import SubjectKind
from appraisal.ballots import tokens, voter
from appraisal.ballots.cast import CastBallot, encode_cast
from appraisal.ballots.slips import SlipCode
from appraisal.ballots.voter import BlankBallot, Drawing
from appraisal.manifest import Manifest, Period, SessionId, Subject
from appraisal.steps import setup, slips, voting
from appraisal.steps.cast import cast
from appraisal.steps.draft import USUAL_RULES, ClassDraft, Draft, FormDraft
from appraisal.steps.draw import draw
from appraisal.steps.service import Service
from appraisal.steps.slips import PrintedSlip
from appraisal.store.office import Phase
from tests.tellers import KeyCard, with_keys

ANSWERS = (1, 2, 0)


def draft(
    *,
    subjects: int = 1,
    slips: Sequence[int] = (8, 6),
    floor: int = 2,
    tellers: int = 0,
    quorum: int = 0,
) -> Draft:
    """A complete draft; the first subject is the branch itself, the others are people."""
    weights = [100 // len(slips)] * len(slips)
    weights[0] += 100 - sum(weights)
    names = ("党员", "群众", "职工", "居民")
    people = [Subject(SubjectKind.PERSON, f"王{n}", "委员") for n in range(1, subjects)]
    return Draft(
        title="2010年上半年民主评议",
        organisation="向阳社区党支部",
        sector="街道社区",
        period=Period("2010-04-07", "2010-12-31", "党员作风建设年"),
        forms=(FormDraft("three-key-questions"),),
        subjects=(Subject(SubjectKind.ORGANISATION, "向阳社区党支部", ""), *people),
        classes=tuple(
            ClassDraft(names[i], f"Class {i}", number, weights[i]) for i, number in enumerate(slips)
        ),
        rules=replace(USUAL_RULES, floor=floor, quota=1, award="群众心目中的好党员"),
        publish_factors=False,
        demonstration=True,
        tellers=tuple(f"监票人{number}" for number in range(tellers)),
        quorum=quorum,
    )


@dataclass(frozen=True)
class VotingSession:
    """A session with its printed slips, and voters who follow the protocol."""

    service: Service
    manifest: Manifest
    slips: tuple[PrintedSlip, ...]
    cards: tuple[KeyCard, ...] = ()

    @property
    def id(self) -> SessionId:
        return self.manifest.session

    def code(self, serial: int = 1, *, voter_class: int = 0) -> SlipCode:
        return next(
            slip.code
            for slip in self.slips
            if (slip.voter_class, slip.serial) == (voter_class, serial)
        )

    def start(self, serial: int = 1, *, voter_class: int = 0) -> Drawing:
        code = self.code(serial, voter_class=voter_class)
        return voter.start_drawing(self.manifest, code, rng=os.urandom)

    def blanks(self, serial: int = 1, *, voter_class: int = 0) -> tuple[BlankBallot, ...]:
        """Drawn straight through the step."""
        drawing = self.start(serial, voter_class=voter_class)
        signatures = draw(self.service, self.id, draw_body(drawing))
        return voter.finish_drawing(drawing, signatures)

    def ballots(self, serial: int = 1, *, voter_class: int = 0) -> tuple[CastBallot, ...]:
        return self.fill_in(self.blanks(serial, voter_class=voter_class))

    def fill_in(
        self, blanks: Sequence[BlankBallot], answers: Sequence[int] = ANSWERS
    ) -> tuple[CastBallot, ...]:
        return voter.fill_in(self.manifest, blanks, [answers] * len(blanks), rng=os.urandom)

    def vote(self, serial: int = 1, *, voter_class: int = 0) -> bytes:
        """Drawn and cast straight through the steps; the cast request's body."""
        body = encode_cast(self.ballots(serial, voter_class=voter_class))
        cast(self.service, self.id, body)
        return body


def draw_body(drawing: Drawing) -> bytes:
    return tokens.encode_draw(drawing.request)


def prepare(
    service: Service,
    *,
    phase: Phase = Phase.VOTING,
    given: Draft | None = None,
    active: int | None = None,
) -> VotingSession:
    """A session in `phase` (FROZEN, PRINTED or VOTING); `active` slips of every class."""
    wanted = given or draft()
    organisation = service.office.organisation(wanted.organisation)
    session = setup.create(service, wanted, organisation_id=organisation)
    cards = with_keys(service, session)
    manifest = setup.freeze(service, session)
    if phase is Phase.FROZEN:
        return VotingSession(service, manifest, (), cards)
    printed = slips.print_slips(service, session)
    for number, voter_class in enumerate(manifest.classes if active != 0 else ()):
        last = voter_class.slips if active is None else active
        slips.activate(service, session, voter_class=number, first=1, last=last)
    if phase is Phase.VOTING:
        voting.begin(service, session)
    return VotingSession(service, manifest, printed, cards)
