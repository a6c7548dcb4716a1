"""A whole session with a second signer and witness, over HTTP; and what happens when it is away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from appraisal import verifier
from appraisal.ballots import board
from appraisal.ballots.checkpoint import verify_checkpoint
from appraisal.errors import StepError
from appraisal.manifest import SessionId, Witness
from appraisal.peers.client import OtherHeadError, PeerClient
from appraisal.peers.messages import Introduction, SignerKeys
from appraisal.peers.tlog import AddCheckpoint
from appraisal.signer import sessions as signer_sessions
from appraisal.steps import close, opening, publish, setup, signers, slips, voting, witnesses
from appraisal.steps.board import board_entries, sign_head
from appraisal.steps.cast import cast
from appraisal.steps.service import Service
from appraisal.steps.witnesses import Cosigning
from appraisal.store.office import Phase
from appraisal.tally.record import RecordKind
from tests.second_signer import (
    NAME,
    SecondSigner,
    enrolled,
    prepare_with,
    second_signer,
    settings_in,
)
from tests.two_signers import vote
from tests.voting_session import VotingSession, draft, prepare


@pytest.fixture
def voting_session(service: Service, second: SecondSigner) -> VotingSession:
    return prepare_with(service, second)


def test_a_whole_session_is_signed_cosigned_and_verifies(
    service: Service, second: SecondSigner, voting_session: VotingSession
) -> None:
    session = voting_session
    for serial in (1, 2, 3):
        vote(session, second, serial)
    for serial in (1, 2):
        vote(session, second, serial, voter_class=1)
    close.close(service, session.id)
    entries = [board.decode(e, session.manifest) for e in board_entries(service, session.id)]
    turnouts = [e for e in entries if isinstance(e, board.Turnout)]
    assert [(t.signer, t.voter_class, len(t.drawn)) for t in turnouts] == [
        (0, 0, 3),
        (0, 1, 2),
        (1, 0, 3),
        (1, 1, 2),
    ]
    opening.open_boxes(service, session.id)
    checkpoint = service.office.checkpoint(session.id)
    assert checkpoint is not None
    head = verify_checkpoint(checkpoint, session.manifest.board, session.manifest.witnesses)
    assert [number for number, _ in head.cosigned] == [0]
    report = verifier.verify(publish.record(service, session.id, kind=RecordKind.PUBLIC))
    assert report.ok, report.text("en")


def test_a_service_asks_for_no_more_keys_at_a_time_than_a_signer_makes(
    service: Service, second: SecondSigner, monkeypatch: pytest.MonkeyPatch
) -> None:
    for asking_or_asked in (signers, signer_sessions):
        monkeypatch.setattr(asking_or_asked, "KEYS_AT_ONCE", 2)
    enrolled(service, second)
    given = replace(draft(subjects=5, slips=(4,)), signer=second.url)
    session = prepare(service, given=given, phase=Phase.FROZEN)
    assert len({box.token_keys for box in session.manifest.boxes}) == 5


def test_every_head_is_cosigned(service: Service, second: SecondSigner) -> None:
    session = prepare_with(service, second, phase=Phase.FROZEN)
    assert [w.cosigning.value for w in witnesses.statuses(service, session.id)] == ["cosigned"]
    slips.print_slips(service, session.id)
    assert [w.cosigning.value for w in witnesses.statuses(service, session.id)] == ["cosigned"]


def test_a_witness_that_is_away_stops_nothing_and_is_asked_again(
    service: Service, second: SecondSigner, tmp_path: Path
) -> None:
    with second_signer(settings_in(tmp_path / "third")) as third:
        enrolled(service, second, third)
        given = replace(draft(slips=(4, 3)), witnesses=(second.url, third.url))
        with third.away():
            session = prepare(service, given=given, phase=Phase.PRINTED)
            found = witnesses.ask_witnesses(service, session.id)
            assert [w.cosigning.value for w in found] == ["cosigned", "away"]
        found = witnesses.ask_witnesses(service, session.id)
        assert [w.cosigning.value for w in found] == ["cosigned", "cosigned"]
        checkpoint = service.office.checkpoint(session.id) or ""
        head = verify_checkpoint(checkpoint, session.manifest.board, session.manifest.witnesses)
        assert [number for number, _ in head.cosigned] == [0, 1]


@pytest.mark.parametrize(
    ("fork", "told"),
    [
        (lambda entries: entries[:-1], "the witness has cosigned 5 entries"),
        (lambda entries: [*entries[:-1], b"\x02 another"], "two trees of one size differ"),
        (lambda entries: [*entries[:2], b"\x02", *entries[3:], b"\x02"], "does not continue"),
        (lambda entries: [b"\x01", *entries[1:], b"\x02", b"\x02"], "does not continue"),
    ],
    ids=["shrunk", "of one size", "rewritten", "another session's"],
)
def test_a_forked_board_is_not_cosigned_and_that_is_shown(
    service: Service,
    second: SecondSigner,
    fork: Callable[[list[bytes]], list[bytes]],
    told: str,
) -> None:
    """Rightly signed with the board's own key, as whoever has the service's folders can."""
    session = prepare_with(service, second, phase=Phase.PRINTED)
    entries = fork(list(board_entries(service, session.id)))
    text = sign_head(service, session.manifest, entries)
    after, found = witnesses.cosigned(service, session.manifest, entries, text)
    assert [(w.cosigning, after) for w in found] == [(Cosigning.REFUSED, text)]
    assert told in found[0].detail


def test_a_witness_that_tells_a_fork_by_its_size_alone_refuses_too(
    service: Service, second: SecondSigner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """c2sp.org/tlog-witness v1.0.0: a head of the same size with another root is a conflict."""
    session = prepare_with(service, second, phase=Phase.PRINTED)
    entries = [*board_entries(service, session.id)[:-1], b"\x02 another"]
    text = sign_head(service, session.manifest, entries)

    def conflict(_client: PeerClient, _request: AddCheckpoint) -> str:
        raise OtherHeadError(len(entries))

    monkeypatch.setattr(PeerClient, "add_checkpoint", conflict)
    _, found = witnesses.cosigned(service, session.manifest, entries, text)
    assert [w.cosigning for w in found] == [Cosigning.REFUSED]


def test_without_its_signer_no_session_is_frozen_printed_or_begun(
    service: Service, second: SecondSigner
) -> None:
    enrolled(service, second)
    given = replace(draft(slips=(4, 3)), signer=second.url)
    session = setup.create(service, given, organisation_id=service.office.organisation("某支部"))
    for step, phase in (
        (lambda: setup.freeze(service, session), Phase.DRAFT),
        (lambda: slips.print_slips(service, session), Phase.FROZEN),
        (lambda: voting.begin(service, session), Phase.PRINTED),
    ):
        if phase is Phase.PRINTED:
            for voter_class in (0, 1):
                slips.activate(service, session, voter_class=voter_class, first=1, last=3)
        with second.away(), pytest.raises(StepError) as refused:
            step()
        assert refused.value.code == "peer-unreachable"
        assert service.row(session).phase is phase
        step()
    assert service.row(session).phase is Phase.VOTING


def test_frozen_while_the_signer_just_went_away_is_bound_at_printing(
    service: Service, second: SecondSigner, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolled(service, second)
    given = replace(draft(slips=(4, 3)), signer=second.url)
    session = setup.create(service, given, organisation_id=service.office.organisation("某支部"))
    ask, taken = signers.keys_for_freeze, []

    def then_stop(*args: object, **named: object) -> object:
        keys = ask(*args, **named)  # type: ignore[arg-type]
        second.stop()
        taken.append(True)
        return keys

    monkeypatch.setattr(signers, "keys_for_freeze", then_stop)
    setup.freeze(service, session)
    assert taken
    assert second.signer.sessions.manifest(session) is None
    second.start()
    assert len(slips.print_slips(service, session)) == 7
    assert second.signer.sessions.manifest(session) is not None


def test_a_printing_that_was_cut_off_is_printed_again(
    service: Service, second: SecondSigner
) -> None:
    session = prepare_with(service, second, phase=Phase.FROZEN)

    class TornError(Exception):
        """The printer has no paper."""

    def tear(*_args: object) -> None:
        raise TornError

    with pytest.raises(TornError):
        slips.print_slips(service, session.id, lay_out=tear)
    printed = slips.print_slips(service, session.id)
    for voter_class in (0, 1):
        slips.activate(service, session.id, voter_class=voter_class, first=1, last=3)
    voting.begin(service, session.id)
    vote(VotingSession(service, session.manifest, printed), second, 1)


def test_with_a_second_signer_nothing_is_printed_again(voting_session: VotingSession) -> None:
    with pytest.raises(StepError) as refused:
        slips.reprint(voting_session.service, voting_session.id, voter_class=0, first=1, last=1)
    assert refused.value.code == "signer-no-reprint"


def test_a_close_without_the_signer_ends_voting_and_is_finished_later(
    service: Service, second: SecondSigner, voting_session: VotingSession
) -> None:
    from appraisal.ballots.cast import encode_cast
    from appraisal.errors import Closed
    from tests.two_signers import ballots

    session = voting_session
    vote(session, second, 1)
    late = encode_cast(ballots(session, second, 2))
    with second.away(), pytest.raises(StepError) as refused:
        close.close(service, session.id)
    assert refused.value.code == "peer-unreachable"
    assert service.row(session.id).phase is Phase.VOTING
    assert not (service.settings.keys / "sessions" / session.id / "tokens").exists()
    with pytest.raises(Closed):
        cast(service, session.id, late)
    close.close(service, session.id)
    assert service.row(session.id).phase is Phase.CLOSED


def test_a_signer_that_forgot_its_keys_stops_the_close(
    service: Service, second: SecondSigner, voting_session: VotingSession
) -> None:
    """Another key stands behind the address: what it states is nobody's statement."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    second.signer.__dict__["statement_key"] = Ed25519PrivateKey.generate()
    with pytest.raises(StepError) as refused:
        close.close(service, voting_session.id)
    assert refused.value.code == "peer-wrong"
    assert service.row(voting_session.id).phase is Phase.VOTING


@pytest.mark.parametrize(
    "link",
    ["", "https://signer.example", "ftp://signer.example#" + "0" * 26, "https://a/b#" + "0" * 26],
)
def test_what_is_no_invitation_enrols_nobody(service: Service, link: str) -> None:
    with pytest.raises(StepError) as refused:
        signers.enrol(service, link)
    assert refused.value.code == "peer-link"


def test_a_dead_invitation_enrols_nobody(service: Service, second: SecondSigner) -> None:
    old = second.link()
    second.link()
    with pytest.raises(StepError) as refused:
        signers.enrol(service, old)
    assert refused.value.code == "peer-refused"
    assert signers.peers(service) == ()


GOOD = Introduction(NAME, signs=True, witness=Witness("b.example.org", (9).to_bytes(32, "little")))


@pytest.mark.parametrize(
    ("url", "introduced"),
    [
        ("http://B.example.org", GOOD),
        ("http://[::1]:8081", GOOD),
        ("http://b.example.org:080", GOOD),
        ("http://b.example.org", replace(GOOD, name="registrar")),
        ("http://b.example.org", replace(GOOD, witness=Witness("b example", GOOD.witness.key))),
        ("http://b.example.org", replace(GOOD, witness=Witness("b+c", GOOD.witness.key))),
        ("http://b.example.org", replace(GOOD, witness=Witness("b.example.org", bytes(32)))),
    ],
    ids=["capitals", "an address in brackets", "a port", "our name", "space", "plus", "key"],
)
def test_a_peer_that_no_manifest_can_name_is_not_enrolled(
    service: Service, monkeypatch: pytest.MonkeyPatch, url: str, introduced: Introduction
) -> None:
    """Rather than when a session is frozen, after all its keys were made."""
    monkeypatch.setattr(PeerClient, "introduction", lambda _client: introduced)
    with pytest.raises(StepError) as refused:
        signers.enrol(service, f"{url}#{'0' * 26}")
    assert refused.value.code == "peer-wrong"
    assert signers.peers(service) == ()
    monkeypatch.setattr(PeerClient, "introduction", lambda _client: GOOD)
    signers.enrol(service, f"http://b.example.org#{'0' * 26}")


def test_of_a_witness_alone_no_manifest_tells_the_address(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PeerClient, "introduction", lambda _client: replace(GOOD, signs=False))
    signers.enrol(service, f"http://[::1]:8081#{'0' * 26}")


def made_keys(service: Service) -> list[Path]:
    return list((service.settings.keys / "sessions").rglob("*.key"))


def test_two_witnesses_with_one_key_are_noticed_before_any_key_is_made(
    service: Service, second: SecondSigner, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolled(service, second)
    monkeypatch.setattr(PeerClient, "introduction", lambda _client: GOOD)
    urls = ("http://b.example.org", "http://c.example.org")
    for url in urls:
        signers.enrol(service, f"{url}#{'0' * 26}")
    given = replace(draft(), signer=second.url, witnesses=urls)
    with pytest.raises(StepError) as refused:
        prepare(service, given=given)
    assert refused.value.code == "manifest-invalid"
    assert not made_keys(service)
    assert not list((second.signer.settings.keys / "sessions").rglob("*.key"))


@pytest.mark.parametrize("change", [{"name": "registrar"}, {"key": bytes(32)}])
def test_a_signer_that_no_manifest_can_name_stops_the_freeze_before_our_own_keys_are_made(
    service: Service,
    second: SecondSigner,
    monkeypatch: pytest.MonkeyPatch,
    change: dict[str, Any],
) -> None:
    enrolled(service, second)
    keys = PeerClient.keys

    def changed(client: PeerClient, session: SessionId, *, boxes: int) -> SignerKeys:
        return replace(keys(client, session, boxes=boxes), **change)

    monkeypatch.setattr(PeerClient, "keys", changed)
    with pytest.raises(StepError) as refused:
        prepare(service, given=replace(draft(), signer=second.url))
    assert refused.value.code == "manifest-invalid"
    assert not made_keys(service)


def test_a_service_over_tls_enrols_no_peer_without(service: Service, second: SecondSigner) -> None:
    secure = replace(service, settings=replace(service.settings, base_url="https://a.example"))
    with pytest.raises(StepError) as refused:
        signers.enrol(secure, second.link())
    assert refused.value.code == "signer-insecure"


def test_a_draft_names_enrolled_peers_only(service: Service, second: SecondSigner) -> None:
    for given in (
        replace(draft(), signer=second.url),
        replace(draft(), witnesses=(second.url,)),
    ):
        with pytest.raises(StepError) as refused:
            prepare(service, given=given)
        assert refused.value.code == "peer-unknown"


def test_an_enrolled_peer_is_shown_without_its_secret(
    service: Service, second: SecondSigner
) -> None:
    link = second.link()
    signers.enrol(service, link)
    (shown,) = signers.peers(service)
    assert (shown.url, shown.signs) == (second.url, True)
    secret = link.partition("#")[2]
    assert secret not in repr(shown)
    for file in service.settings.data.iterdir():
        assert not file.is_file() or secret.encode() not in file.read_bytes()
    signers.dismiss(service, second.url)
    assert signers.peers(service) == ()
