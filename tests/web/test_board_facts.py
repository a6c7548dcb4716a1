"""What the board page is told of a session, and the tiles of its tree."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask.testing import FlaskClient

from appraisal import codec
from appraisal.ballots import merkle
from appraisal.ballots.checkpoint import cosign, parse_checkpoint, with_cosignatures
from appraisal.ballots.tiles import tiles_of
from appraisal.manifest import Witness
from appraisal.steps import close, opening, publish
from appraisal.steps.retention import Decision, Destruction
from appraisal.steps.service import Service
from appraisal.store.box import BallotBox
from appraisal.store.office import Phase
from appraisal.web.app import create_public
from appraisal.web.board_facts import board_context
from tests.voting_session import VotingSession, draft, prepare

BEIJING = timezone(timedelta(hours=8))
START = datetime(2010, 6, 20, 23, 59, 31, tzinfo=UTC)


@pytest.fixture
def client(service: Service) -> FlaskClient:
    return create_public(service).test_client()


def ticking(service: Service) -> Service:
    """The service with a clock of its own: seven hours pass from one step to the next."""
    hours = iter(range(0, 700, 7))
    return replace(service, now=lambda: (START + timedelta(hours=next(hours))).astimezone(BEIJING))


def facts(voting: VotingSession) -> dict[str, object]:
    phase = voting.service.office.phase(voting.id)
    assert phase is not None
    head = publish.checkpoint_of(voting.service, voting.id)
    return board_context(voting.service, voting.manifest, phase, head)


def tiles(client: FlaskClient, voting: VotingSession) -> list[bytes]:
    """Every tile of the board, by level and number, as a monitor fetches them."""
    note = client.get(f"/b/{voting.id}/checkpoint")
    assert note.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert note.headers["Cache-Control"] == "no-store"
    found = []
    for tile in tiles_of(parse_checkpoint(note.text)[0].size):
        answer = client.get(f"/b/{voting.id}/tile/{tile.path}")
        assert (answer.status_code, answer.mimetype) == (200, "application/octet-stream")
        assert answer.headers["Cache-Control"] == "public, max-age=604800, immutable"
        found.append(answer.data)
    return found


def test_a_monitor_recomputes_the_head_from_tiles(service: Service, client: FlaskClient) -> None:
    voting = prepare(service, given=draft(slips=(300, 6)))
    for serial in range(1, 11):
        voting.vote(serial)
    early = tiles(client, voting)
    close.close(service, voting.id)
    opening.open_boxes(service, voting.id)
    late = tiles(client, voting)
    for found, size in ((early, 3), (late, 16)):
        assert [len(found), len(found[0])] == [1, 32 * size]
    # The board only grew, and the earlier tile is still there.
    assert late[0].startswith(early[0])
    assert client.get(f"/b/{voting.id}/tile/0/000.p/3").data == early[0]
    leaves = [late[0][at : at + 32] for at in range(0, len(late[0]), 32)]
    head = parse_checkpoint(publish.checkpoint_of(service, voting.id))[0]
    assert merkle.root(leaves) == head.root


@pytest.mark.parametrize(
    "path", ["0/000.p/4", "0/000", "1/000.p/1", "0/0", "0/000.p/0", "0/000.p/256", "entries/000"]
)
def test_there_are_no_other_tiles(session: VotingSession, path: str) -> None:
    reader = create_public(session.service).test_client()
    assert reader.get(f"/b/{session.id}/tile/0/000.p/3").status_code == 200
    assert reader.get(f"/b/{session.id}/tile/{path}").status_code == 404


def test_steps_are_told_to_the_minute_in_the_services_own_time_zone(service: Service) -> None:
    clocked = ticking(service)
    voting = prepare(clocked)
    voting.vote(1)
    close.close(clocked, voting.id)
    opening.open_boxes(clocked, voting.id)
    phases = facts(voting)["phases"]
    assert isinstance(phases, list)
    assert [entry["phase"] for entry in phases] == ["frozen", "begun", "closed", "opened"]
    for entry in phases:
        moment = datetime.fromisoformat(entry["at"]["iso"])
        assert moment.utcoffset() == timedelta(hours=8)
        assert (moment.minute, moment.second) == (59, 0)
        assert entry["at"]["text"] == f"{moment:%Y-%m-%d %H:%M}"


def test_who_opens_and_who_has_handed_in_is_told(service: Service) -> None:
    voting = prepare(service, given=draft(tellers=3, quorum=2))
    assert facts(voting)["opening"] == {
        "custodian": False,
        "quorum": 2,
        "tellers": [{"name": f"监票人{number}", "handed_in": False} for number in range(3)],
    }
    assert facts(prepare(service))["opening"] == {"custodian": True, "quorum": 1, "tellers": []}


def test_figures_come_with_the_close(service: Service) -> None:
    voting = prepare(service, active=6)
    for serial in (1, 2, 3):
        voting.vote(serial)
    signers = facts(voting)["signers"]
    assert signers == [{"name": "registrar", "url": None, "drawn": None}]
    classes = facts(voting)["classes"]
    assert isinstance(classes, list)
    assert classes[0] == {
        "name": {"zh": "党员", "en": "Class 0"},
        "printed": 8,
        **dict.fromkeys(["issued", "drawn", "void", "returned"]),
    }
    close.close(service, voting.id)
    assert facts(voting)["signers"] == [{"name": "registrar", "url": None, "drawn": [3, 0]}]
    classes = facts(voting)["classes"]
    assert isinstance(classes, list)
    assert classes[0] == {
        "name": {"zh": "党员", "en": "Class 0"},
        "printed": 8,
        "issued": 6,
        "drawn": 3,
        "void": 2,
        "returned": 3,
    }


def test_witnesses_are_told_with_the_minute_of_their_cosignature(session: VotingSession) -> None:
    keys = [Ed25519PrivateKey.generate() for _ in range(2)]
    witnesses = tuple(
        Witness(f"witness{number}.example.org", key.public_key().public_bytes_raw())
        for number, key in enumerate(keys)
    )
    manifest = replace(session.manifest, witnesses=witnesses)
    head = publish.checkpoint_of(session.service, session.id)
    line = cosign(
        parse_checkpoint(head)[0],
        name=witnesses[1].name,
        key=keys[1],
        seconds=int(START.timestamp()),
    )
    clocked = ticking(session.service)
    found = board_context(
        clocked, manifest, Phase.VOTING, with_cosignatures(head, line, witnesses)
    )["witnesses"]
    assert found == [
        {"name": "witness0.example.org", "known": "", "cosigned": None},
        {
            "name": "witness1.example.org",
            "known": "",
            "cosigned": {"text": "2010-06-21 07:59", "iso": "2010-06-21T07:59+08:00"},
        },
    ]


def test_a_destroyed_session_keeps_its_page_and_figures_and_no_files(
    service: Service, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    voting = prepare(service)
    for serial in (1, 2, 3):
        voting.vote(serial)
    close.close(service, voting.id)
    opening.open_boxes(service, voting.id)
    files = ("board.bin", "openings.json", "record.zip", "tile/0/000.p/3")
    for name in files:
        assert client.get(f"/b/{voting.id}/{name}", buffered=True).status_code == 200
        assert (
            name.startswith("tile")
            or f"/b/{voting.id}/{name}" in client.get(f"/b/{voting.id}").text
        )
    before = facts(voting)
    decision = Decision("支部委员会", ("甲", "乙"), "丙", "会议室", "")
    destruction = Destruction(decision, "2011-06-20", (3, 0))
    with service.office.database.write() as tx:
        service.office.change(
            tx,
            voting.id,
            phases=[Phase.OPENED],
            openings=None,
            destruction=codec.encode(destruction),
            destroyed_at=START,
        )
    monkeypatch.setattr(BallotBox, "counts", lambda *_: {})
    for name in files:
        assert client.get(f"/b/{voting.id}/{name}").status_code == 410
        assert f"/b/{voting.id}/{name}" not in client.get(f"/b/{voting.id}").text
    for name in (f"/v/{voting.id}/manifest.json", f"/b/{voting.id}/checkpoint.txt"):
        assert client.get(name).status_code == 200
    after = facts(voting)
    assert after.pop("destroyed") is not None
    assert before.pop("destroyed") is None
    assert after == before
