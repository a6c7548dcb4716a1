"""Claim A4: in a session with tellers nobody reads a ballot before a quorum acts.

**The attacker** operates the service, with everything that it stores before and after close, and
has the key cards (and passphrases) of fewer tellers than the quorum. They want one ballot's
answers. Where the service is custodian it could read them itself: then every page says so.
"""

from __future__ import annotations

import os

import httpx
import pypdfium2
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from appraisal.ballots import tellers as sharing
from appraisal.ballots.ballot import SpoiltError
from appraisal.ballots.sealing import factor, unseal
from appraisal.documents.report import report_pdf
from appraisal.errors import CryptoError, NotClosed, StepError
from appraisal.steps import close, opening
from appraisal.steps.report import report_of
from appraisal.steps.service import Service
from appraisal.web.app import create_public
from tests.claims.stolen import loot_of
from tests.voting_session import ANSWERS, VotingSession, draft, prepare

QUORUM = 2
PLAIN = bytes(ANSWERS)


@pytest.fixture
def closed(service: Service) -> VotingSession:
    """Three tellers, two to open; three ballots in the large class's box."""
    session = prepare(service, given=draft(tellers=3, quorum=QUORUM))
    for serial in (1, 2, 3):
        session.vote(serial)
    close.close(service, session.id)
    return session


def test_no_tellers_private_key_is_anywhere_in_the_installation(closed: VotingSession) -> None:
    """Neither in the databases nor, opened with the passphrase, in the key folder."""
    public = {teller.key for teller in closed.manifest.opening.tellers}
    keys = closed.service.settings.keys
    strongbox = closed.service.keys._files
    names = [str(path.relative_to(keys)) for path in keys.rglob("*.key")]
    assert not [name for name in names if name.endswith("opening.key")]
    stored = [strongbox.read(name) for name in names]
    private = {card.key.private_bytes_raw() for card in closed.cards}
    assert {card.public for card in closed.cards} == public
    databases = b"".join(loot_of(closed.service.settings).files.values())
    for key in private:
        assert key not in databases
        assert not [one for one in stored if key in one]
    for one in stored:
        if len(one) == 32:
            mine = X25519PrivateKey.from_private_bytes(one).public_key().public_bytes_raw()
            assert mine not in public


@pytest.mark.parametrize("stolen", [0, 1, 2])
def test_one_card_and_everything_else_opens_no_ballot(closed: VotingSession, stolen: int) -> None:
    """The thief guesses the other share in every way that lies at hand."""
    thief = closed.cards[stolen]
    for ballot in closed.service.box.ballots(closed.id):
        mine = factor(ballot.sealed, teller=stolen, key=thief.key)
        assert len(mine) == 32
        others = [other for other in range(3) if other != stolen]
        guesses = [{stolen: mine}]
        for other in others:
            misused = factor(ballot.sealed, teller=other, key=thief.key)
            guesses += [{stolen: mine, other: guess} for guess in (mine, bytes(32), misused)]
        for factors in guesses:
            with pytest.raises(SpoiltError):
                unseal(ballot.sealed, manifest=closed.manifest, box=ballot.box, factors=factors)
        helper = closed.cards[others[0]]
        theirs = factor(ballot.sealed, teller=helper.number, key=helper.key)
        both = {stolen: mine, helper.number: theirs}
        plain = unseal(ballot.sealed, manifest=closed.manifest, box=ballot.box, factors=both)
        assert plain.endswith(PLAIN)


def test_fewer_shares_than_the_quorum_fit_every_content_key() -> None:
    """Nobody breaks this by calculating: beside a stolen share, each value of each byte of the key
    comes of exactly one value of the missing share's."""
    stolen = sharing.split(os.urandom(32), tellers=3, quorum=QUORUM, rng=os.urandom)[0]
    given = [sharing.combine({0: stolen, 1: bytes([value]) * 32}) for value in range(256)]
    for at in range(32):
        assert sorted(key[at] for key in given) == list(range(256))


def test_the_service_opens_nothing_on_its_own(closed: VotingSession) -> None:
    """With one teller's factors handed in, and nothing more to be had."""
    service, session = closed.service, closed.id
    for handed_in in (0, 1):
        if handed_in:
            closed.cards[0].hand_in_factors(closed.manifest)
        with pytest.raises(StepError) as caught:
            opening.open_boxes(service, session)
        assert caught.value.code == "quorum-missing"
        with pytest.raises(CryptoError):
            service.keys.opening_key(session)
    assert not [name for name in loot_of(service.settings).files if "opening" in name]
    closed.cards[1].hand_in_factors(closed.manifest)
    opening.open_boxes(service, session)


def test_nobody_hands_factors_in_before_close(service: Service) -> None:
    session = prepare(service, given=draft(tellers=3, quorum=QUORUM))
    session.vote(1)
    with pytest.raises(NotClosed):
        session.cards[0].hand_in_factors(session.manifest)


def test_factors_open_the_ballots_that_are_opened_and_no_other(service: Service) -> None:
    """Two of the public stayed below the floor: with all that was handed in, theirs stay sealed."""
    session = prepare(service, given=draft(tellers=3, quorum=QUORUM, floor=3))
    for serial in (1, 2, 3):
        session.vote(serial)
    for serial in (1, 2):
        session.vote(serial, voter_class=1)
    close.close(service, session.id)
    handed_in = {}
    for card in session.cards[:QUORUM]:
        handed_in[card.number] = card.factors(session.manifest)
        card.hand_in_factors(session.manifest)
    opening.open_boxes(service, session.id)
    sealed = [b for b in service.box.ballots(session.id) if b.box == 1]
    assert len(sealed) == 2
    for ballot in sealed:
        for one in handed_in[0]:
            for two in handed_in[1]:
                with pytest.raises(SpoiltError):
                    unseal(
                        ballot.sealed,
                        manifest=session.manifest,
                        box=ballot.box,
                        factors={0: one, 1: two},
                    )


SAID = ("代管", "custodian")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_custodian_session_says_so_on_every_page(session: VotingSession, language: str) -> None:
    """The voter's page, the board's in every phase, and the report."""
    client = create_public(session.service).test_client()
    pages = (f"/v/{session.id}", f"/b/{session.id}")

    def telling(address: str) -> bool:
        answer = client.get(address, headers={"Accept-Language": language})
        assert answer.status_code == httpx.codes.OK
        return any(word in answer.get_data(as_text=True) for word in SAID)

    for serial in (1, 2, 3):
        session.vote(serial)
    assert all(telling(page) for page in pages)
    close.close(session.service, session.id)
    assert all(telling(page) for page in pages)
    opening.open_boxes(session.service, session.id)
    assert all(telling(page) for page in pages)
    with pypdfium2.PdfDocument(report_pdf(report_of(session.service, session.id))) as report:
        text = "".join(page.get_textpage().get_text_range() for page in report)
    assert "代管" in text
