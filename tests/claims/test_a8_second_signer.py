"""Claim A8 with a second signer: neither signer alone adds a ballot.

**The attacker** operates one of the two: everything in its databases and key folder is theirs to
read and change, every request to it is kept, and they may ask the other signer whatever the
protocol lets them ask. They want one ballot more than voters have drawn slips for, in a box whose
record verifies. The operator of the registrar operates the box and the board as well.

They do not have the codes of the slips, which are on paper: whoever makes the slips and keeps the
codes can draw them everywhere (protocol §7).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select, update

from appraisal import verifier
from appraisal.ballots import blind_rsa, board, tokens, voter
from appraisal.ballots.cast import CastBallot, encode_cast, verify_tokens
from appraisal.ballots.rsa_pss import PREFIX_SIZE
from appraisal.ballots.slips import SlipCode, SlipHash, credential, new_code, slip_hash
from appraisal.ballots.statements import sign_statement
from appraisal.ballots.tokens import DrawRequest, Token
from appraisal.ballots.voter import BlankBallot
from appraisal.encoding import base32encode
from appraisal.errors import Closed, SlipDrawn, SlipUnknown, StepError, TokenInvalid
from appraisal.manifest import BoxNumber, Manifest
from appraisal.peers.client import PeerClient, RefusedByPeerError
from appraisal.peers.messages import Printing
from appraisal.signer.draw import draw as draw_from
from appraisal.steps import close, opening, publish, signers, witnesses
from appraisal.steps.board import board_entries, sign_head
from appraisal.steps.cast import cast
from appraisal.steps.draw import draw
from appraisal.steps.service import Service
from appraisal.steps.witnesses import Cosigning
from appraisal.store.box import Cast
from appraisal.store.registry import Slip, SlipState
from appraisal.tally.findings import Report
from appraisal.tally.opening import unstated
from appraisal.tally.openings import VoidReason, decode_openings, encode_openings
from appraisal.tally.record import Record, RecordKind
from tests.second_signer import SecondSigner, prepare_with, second_signer, settings_in
from tests.two_signers import ballots, vote
from tests.voting_session import VotingSession

BOX = BoxNumber(0)
REGISTRAR, SECOND = 0, 1
VOTED = 3
"""Slips whose voters have drawn and cast; the fourth stays on the table."""


@dataclass(frozen=True)
class Scene:
    """A session with one box that is voting, both signers open to whoever operates them."""

    session: VotingSession
    second: SecondSigner

    @property
    def service(self) -> Service:
        return self.session.service

    @property
    def manifest(self) -> Manifest:
        return self.session.manifest

    @property
    def asks(self) -> PeerClient:
        """The registrar's connection to the second signer; its secret is in its own database."""
        return signers.client_of(signers.peer_at(self.service, self.second.url))

    def shown(self, signer: int) -> list[SlipCode]:
        """The credentials that a signer has seen, of the voters who drew."""
        return [
            credential(self.session.code(serial), session=self.session.id, signer=signer)
            for serial in range(1, VOTED + 1)
        ]

    def draw(self, signer: int, request: DrawRequest) -> tuple[bytes, ...]:
        body = tokens.encode_draw(request)
        if signer == REGISTRAR:
            return draw(self.service, self.session.id, body)
        return draw_from(self.second.signer.signing, self.session.id, body)

    def verified(self) -> Report:
        """Close, open, publish and verify, whatever lies in the box."""
        close.close(self.service, self.session.id)
        opening.open_boxes(self.service, self.session.id)
        kind = RecordKind.PUBLIC
        return verifier.verify(publish.record(self.service, self.session.id, kind=kind))


@pytest.fixture
def scene(service: Service, tmp_path: Path) -> Iterator[Scene]:
    with second_signer(settings_in(tmp_path / "second")) as second:
        session = prepare_with(service, second, slips=(VOTED + 1,))
        for serial in range(1, VOTED + 1):
            vote(session, second, serial)
        yield Scene(session, second)


class Blank:
    """A ballot key of the attacker's own, in want of two tokens."""

    def __init__(self, manifest: Manifest) -> None:
        self.manifest = manifest
        self.key = Ed25519PrivateKey.generate()
        public = self.key.public_key().public_bytes_raw()
        self.message = tokens.message(manifest, BOX, public)

    def signed_with(self, key: blind_rsa.PrivateKey) -> Token:
        """A token by a private key that the attacker has."""
        prepared = blind_rsa.prepare(self.message, rng=os.urandom)
        blinded = blind_rsa.blind(key.public, prepared, rng=os.urandom)
        signature = blind_rsa.blind_sign(key, blinded.message, rng=os.urandom)
        final = blind_rsa.finalize(key.public, prepared, signature, blinded.inverse)
        return Token(prepared[:PREFIX_SIZE], final)

    def request(self, slip: SlipCode, *, signer: int) -> DrawRequest:
        """A draw request with a slip that the attacker would like to use."""
        key = tokens.token_key(self.manifest.boxes[BOX].token_keys[signer])
        prepared = blind_rsa.prepare(self.message, rng=os.urandom)
        return DrawRequest(slip, (blind_rsa.blind(key, prepared, rng=os.urandom).message,))

    def ballot(self, scene: Scene, first: Token, second: Token) -> CastBallot:
        return scene.session.fill_in([BlankBallot(BOX, self.key, (first, second))])[0]


def token_key(scene: Scene, signer: int) -> blind_rsa.PrivateKey:
    """The token key that lies in a signer's key folder."""
    keys = scene.service.keys if signer == REGISTRAR else scene.second.signer.keys
    return keys.token_keys(scene.session.id, [BOX])[0]


Forgery = Callable[[Scene, Blank, int], Token]


def of_its_own_key(scene: Scene, blank: Blank, operated: int) -> Token:
    return blank.signed_with(token_key(scene, operated))


def of_a_key_just_made(_scene: Scene, blank: Blank, _operated: int) -> Token:
    return blank.signed_with(blind_rsa.PrivateKey.generate())


def of_another_ballot(scene: Scene, _blank: Blank, operated: int) -> Token:
    return scene.service.box.ballots(scene.session.id)[0].tokens[1 - operated]


def of_chance(_scene: Scene, _blank: Blank, _operated: int) -> Token:
    return Token(os.urandom(32), b"\x00" + os.urandom(255))


def of_another_session(scene: Scene, blank: Blank, _operated: int) -> Token:
    """The second signer signs for another session of this registrar, whose slips are its own."""
    other = prepare_with(scene.service, scene.second, slips=(4,))
    key = tokens.token_key(other.manifest.boxes[BOX].token_keys[SECOND])
    prepared = blind_rsa.prepare(blank.message, rng=os.urandom)
    blinded = blind_rsa.blind(key, prepared, rng=os.urandom)
    slip = credential(other.code(1), session=other.id, signer=SECOND)
    body = tokens.encode_draw(DrawRequest(slip, (blinded.message,)))
    (signature,) = draw_from(scene.second.signer.signing, other.id, body)
    final = blind_rsa.finalize(key, prepared, signature, blinded.inverse)
    return Token(prepared[:PREFIX_SIZE], final)


FORGERIES: tuple[Forgery, ...] = (
    of_its_own_key,
    of_a_key_just_made,
    of_another_ballot,
    of_chance,
)
EITHER: tuple[tuple[Forgery, int], ...] = (
    *((forgery, operated) for forgery in FORGERIES for operated in (REGISTRAR, SECOND)),
    (of_another_session, REGISTRAR),
)


def forged(scene: Scene, forgery: Forgery, *, operated: int) -> CastBallot:
    """A ballot with a good token of the operated signer, and a forged one of the other."""
    blank = Blank(scene.manifest)
    found = {
        operated: blank.signed_with(token_key(scene, operated)),
        1 - operated: forgery(scene, blank, operated),
    }
    return blank.ballot(scene, found[REGISTRAR], found[SECOND])


def test_with_a_token_of_each_a_ballot_does_count(scene: Scene) -> None:
    """So that what fails below fails for want of a token."""
    cast(scene.service, scene.session.id, encode_cast(ballots(scene.session, scene.second, 4)))
    report = scene.verified()
    assert report.ok, report.text("en")
    assert len(scene.service.box.ballots(scene.session.id)) == VOTED + 1


@pytest.mark.parametrize(
    ("forgery", "operated"),
    EITHER,
    ids=[f"{('registrar', 'second')[who]}-{forgery.__name__}" for forgery, who in EITHER],
)
def test_neither_makes_the_token_of_the_other(
    scene: Scene, forgery: Forgery, operated: int
) -> None:
    ballot = forged(scene, forgery, operated=operated)
    with pytest.raises(TokenInvalid):
        verify_tokens(ballot, scene.manifest)
    with pytest.raises(TokenInvalid):
        cast(scene.service, scene.session.id, encode_cast([ballot]))


def test_a_forged_ballot_put_into_the_box_by_hand_is_found(scene: Scene) -> None:
    """Whoever operates the registrar operates the box, and nothing there checks them."""
    ballot = forged(scene, of_its_own_key, operated=REGISTRAR)
    scene.service.box.cast(Cast(scene.session.id, (ballot,)))
    with scene.service.registry.database.write() as tx:
        tx.execute(update(Slip).values(state=SlipState.DRAWN))
    report = scene.verified()
    assert 7 in {finding.check for finding in report.findings}


@pytest.mark.parametrize("operated", [REGISTRAR, SECOND], ids=["registrar", "second signer"])
def test_what_one_signer_is_shown_opens_nothing_with_the_other(scene: Scene, operated: int) -> None:
    """Credentials of those who drew, and what can be derived from them."""
    blank, other = Blank(scene.manifest), 1 - operated
    for seen in scene.shown(operated):
        for slip in (
            seen,
            credential(seen, session=scene.session.id, signer=other),
            credential(seen, session=scene.session.id, signer=operated),
        ):
            with pytest.raises(SlipUnknown):
                scene.draw(other, blank.request(slip, signer=other))


@pytest.mark.parametrize("operated", [REGISTRAR, SECOND], ids=["registrar", "second signer"])
def test_slip_hashes_open_nothing(scene: Scene, operated: int) -> None:
    """Those of both signers stand on the board for everybody."""
    blank, other = Blank(scene.manifest), 1 - operated
    with scene.service.registry.database.read() as tx:
        entries = scene.service.office.entries(tx, scene.session.id)
    decoded = [board.decode(entry, scene.manifest) for entry in entries]
    hashes = [slip for entry in decoded if isinstance(entry, board.Printed) for slip in entry.slips]
    assert len(hashes) == 2 * (VOTED + 1)
    for found in hashes:
        slip = SlipCode("0" + base32encode(found)[:20])
        for code in (slip, credential(slip, session=scene.session.id, signer=other)):
            with pytest.raises(SlipUnknown):
                scene.draw(other, blank.request(code, signer=other))


def test_a_slip_that_a_voter_used_is_used_up_with_the_other(scene: Scene) -> None:
    """Even whoever finds the paper afterwards: each signer keeps its own account of it."""
    with scene.service.registry.database.write() as tx:
        tx.execute(update(Slip).values(state=SlipState.ACTIVE, request_hash=None))
    drawing = voter.start_drawing(scene.manifest, scene.session.code(1), rng=os.urandom)
    scene.draw(REGISTRAR, drawing.requests[REGISTRAR])
    with pytest.raises(SlipDrawn):
        scene.draw(SECOND, drawing.requests[SECOND])


def test_the_registrar_prints_no_slip_more_with_the_second_signer(scene: Scene) -> None:
    codes = [new_code(0, rng=os.urandom) for _ in range(VOTED + 1)]
    hashes = sorted(
        slip_hash(scene.session.id, credential(code, session=scene.session.id, signer=SECOND)).hex()
        for code in codes
    )
    for slips in (hashes, hashes[:1], [*hashes, "ff" * 32]):
        with pytest.raises(RefusedByPeerError) as refused:
            scene.asks.printed(scene.session.id, Printing(0, tuple(slips)))
        assert refused.value.code == "printing-over"
    with scene.second.signer.registry.database.read() as tx:
        assert len(tx.execute(select(Slip.hash)).all()) == VOTED + 1


def test_the_registrar_gives_the_second_signer_no_second_manifest(scene: Scene) -> None:
    more = replace(scene.manifest.classes[0], slips=100)
    for manifest in (
        replace(scene.manifest, classes=(more,)),
        replace(scene.manifest, title="另一次评议"),
    ):
        with pytest.raises(RefusedByPeerError) as refused:
            scene.asks.fix_manifest(scene.session.id, manifest.encoded)
        assert refused.value.code == "manifest-standing"
    with pytest.raises(RefusedByPeerError) as refused:
        scene.asks.keys(scene.session.id, boxes=2)
    assert refused.value.code == "manifest-standing"


def test_the_registrar_cannot_have_the_second_signer_begin_again(scene: Scene) -> None:
    """Its own databases put back, its board begun anew: the other remembers."""
    scene.asks.begin(scene.session.id)
    blank = Blank(scene.manifest)
    left = credential(scene.session.code(4), session=scene.session.id, signer=SECOND)
    close.close(scene.service, scene.session.id)
    with pytest.raises(RefusedByPeerError) as refused:
        scene.asks.begin(scene.session.id)
    assert refused.value.code == "closed"
    with pytest.raises(RefusedByPeerError):
        scene.asks.printed(scene.session.id, Printing(0, ("00" * 32,)))
    with pytest.raises(Closed):
        scene.draw(SECOND, blank.request(left, signer=SECOND))
    assert not list((scene.second.signer.settings.keys / "sessions").glob("*/tokens/*"))


def test_the_registrar_cannot_state_the_second_signers_turnout(scene: Scene) -> None:
    """It says that the fourth slip was drawn there too, under a key of its own."""
    ballot = forged(scene, of_its_own_key, operated=REGISTRAR)
    scene.service.box.cast(Cast(scene.session.id, (ballot,)))
    state = signers.close

    def lie(*given: object) -> tuple[board.Turnout, ...]:
        (turnout,) = state(*given)  # type: ignore[arg-type]
        left = slip_hash(
            scene.session.id,
            credential(scene.session.code(4), session=scene.session.id, signer=SECOND),
        )
        more = replace(turnout, drawn=tuple(sorted([*turnout.drawn, SlipHash(left)])))
        key = Ed25519PrivateKey.generate()
        return (sign_statement(more, manifest_hash=scene.manifest.hash, key=key),)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signers, "close", lie)
        report = scene.verified()
    assert {5, 7} <= {finding.check for finding in report.findings}


def test_the_second_signer_can_sign_for_ever_and_add_nothing(scene: Scene) -> None:
    """All its slips made fresh again, as from a backup: each of its tokens still wants the other's.

    What it can do is to state too few slips drawn, or a slip that nobody printed, and so keep the
    session from being counted; that is seen, and adds no ballot.
    """
    with scene.second.signer.registry.database.write() as tx:
        tx.execute(update(Slip).values(state=SlipState.ACTIVE, request_hash=None))
    drawing = voter.start_drawing(scene.manifest, scene.session.code(1), rng=os.urandom)
    scene.draw(SECOND, drawing.requests[SECOND])
    with pytest.raises(SlipDrawn):
        scene.draw(REGISTRAR, drawing.requests[REGISTRAR])
    report = scene.verified()
    assert 9 in {finding.check for finding in report.findings}


def test_a_turnout_of_slips_never_printed_is_not_taken(scene: Scene) -> None:
    with scene.second.signer.registry.database.write() as tx:
        scene.second.signer.sessions.print(
            tx, scene.session.id, voter_class=0, hashes=[bytes([n] * 32) for n in range(9)]
        )
        tx.execute(update(Slip).values(state=SlipState.DRAWN))
    with pytest.raises(StepError) as refused:
        close.close(scene.service, scene.session.id)
    assert refused.value.code == "peer-wrong"


def without_its_turnouts(scene: Scene) -> Report:
    """Close and open as if there were no second signer; its turnouts stay off the board."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signers, "close", lambda *_: ())
        return scene.verified()


def test_the_registrar_cannot_open_without_the_second_signers_turnout(scene: Scene) -> None:
    """It adds a ballot, and leaves off the board what would show it."""
    ballot = forged(scene, of_its_own_key, operated=REGISTRAR)
    scene.service.box.cast(Cast(scene.session.id, (ballot,)))
    report = without_its_turnouts(scene)
    assert {3, 7, 9, 10} <= {finding.check for finding in report.findings}


def test_without_a_ballot_more_it_cannot_either(scene: Scene) -> None:
    """Nothing else is wrong with this board: the turnout alone is missing."""
    report = without_its_turnouts(scene)
    assert {finding.check for finding in report.findings} == {3, 9, 10}


def test_the_registrar_cannot_say_unstated_and_open(scene: Scene) -> None:
    """What excuses a missing turnout is a record in which nothing was opened."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signers, "close", lambda *_: ())
        close.close(scene.service, scene.session.id)
        opening.open_boxes(scene.service, scene.session.id)
    record = publish.record(scene.service, scene.session.id, kind=RecordKind.PUBLIC)
    told = decode_openings(record.files["openings.json"])
    lie = encode_openings(replace(told, void=VoidReason.UNSTATED))
    report = verifier.verify(Record({**record.files, "openings.json": lie}))
    assert 10 in {finding.check for finding in report.findings}


def test_a_witness_cosigns_no_board_that_lost_a_turnout(scene: Scene) -> None:
    """Closed with everybody's turnout, then put back and declared void: another history."""
    service, session = scene.service, scene.session.id
    close.close(service, session)
    entries = board_entries(service, session)
    decoded = [board.decode(entry, scene.manifest) for entry in entries]
    without = [
        entry
        for entry, read in zip(entries, decoded, strict=True)
        if not (isinstance(read, board.Turnout) and read.signer == SECOND)
    ]
    assert len(without) == len(entries) - 1
    void = board.encode(board.Opened(hashlib.sha256(encode_openings(unstated())).digest()))
    text = sign_head(service, scene.manifest, [*without, void])
    _, found = witnesses.cosigned(service, scene.manifest, [*without, void], text)
    assert [one.cosigning for one in found] == [Cosigning.REFUSED]


def test_a_session_is_not_void_while_the_second_signer_answers(scene: Scene) -> None:
    """Closing was made to fail once, so that it could be declared."""
    with scene.second.away(), pytest.raises(StepError):
        close.close(scene.service, scene.session.id)
    with pytest.raises(StepError) as refused:
        close.declare_unstated(scene.service, scene.session.id)
    assert refused.value.code == "signers-answer"
    assert scene.verified().ok
