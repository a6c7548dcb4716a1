from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from appraisal.ballots.slips import credential, slip_hash
from appraisal.config import Settings
from appraisal.errors import NotOpen, StepError, UnknownSession
from appraisal.manifest import (
    REGISTRAR,
    Manifest,
    SessionId,
    decode_manifest,
)
from appraisal.steps import draft as drafts
from appraisal.steps import publish, setup, slips, voting
from appraisal.steps.cast import cast
from appraisal.steps.draft import Draft, decode_draft, encode_draft
from appraisal.steps.draw import draw
from appraisal.steps.service import Service, open_service
from appraisal.store.office import Phase
from appraisal.store.registry import SlipState
from tests.voting_session import VotingSession, draft, prepare


def incomplete() -> Draft:
    return replace(draft(), title="", organisation="", subjects=(), classes=())


def made(service: Service, given: Draft | None = None) -> SessionId:
    organisation = service.office.organisation("向阳社区党支部")
    return setup.create(service, given or draft(), organisation_id=organisation)


def code_of(call: Callable[[], Any]) -> str:
    with pytest.raises(StepError) as caught:
        call()
    assert str(caught.value)
    return caught.value.code


def test_an_incomplete_draft_is_kept(service: Service) -> None:
    session = made(service, incomplete())
    assert setup.draft_of(service, session) == incomplete()
    setup.save(service, session, draft())
    assert setup.draft_of(service, session) == draft()
    assert decode_draft(encode_draft(draft(subjects=3))) == draft(subjects=3)


def test_freezing_binds_everything(service: Service) -> None:
    session = made(service, draft(subjects=2))
    heard: list[tuple[int, int]] = []
    manifest = setup.freeze(service, session, progress=lambda *at: heard.append(at))
    assert heard == [(n, 4) for n in range(5)]
    assert setup.manifest_of(service, session) == manifest
    assert decode_manifest(manifest.encoded) == manifest
    assert manifest.board.origin == f"{service.settings.authority}/b/{session}"
    assert manifest.opening.custodian
    assert len({box.token_keys for box in manifest.boxes}) == 4
    row = service.row(session)
    assert (row.phase, row.frozen_at is not None) == (Phase.FROZEN, True)
    assert code_of(lambda: setup.freeze(service, session)) == "wrong-phase"
    assert code_of(lambda: setup.save(service, session, draft())) == "wrong-phase"


def test_a_freeze_cut_off_is_finished_by_freezing_again(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also after the draft was changed, and somebody's stray ballot saw the first manifest."""
    session = made(service)

    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(service.office, "add_entries", crash)
        with pytest.raises(KeyboardInterrupt):
            setup.freeze(service, session)
    assert service.office.phase(session) is Phase.DRAFT
    with pytest.raises(NotOpen):
        cast(service, session, b"{}")
    with pytest.raises(UnknownSession):
        draw(service, session, b"{}")
    setup.save(service, session, replace(draft(), title="2010年下半年民主评议"))
    manifest = setup.freeze(service, session)
    with pytest.raises(NotOpen):
        cast(service, session, b"{}")
    printed = slips.print_slips(service, session)
    for voter_class in (0, 1):
        slips.activate(service, session, voter_class=voter_class, first=1, last=6)
    voting.begin(service, session)
    VotingSession(service, manifest, printed).vote(1)
    assert service.box.manifest(session) == manifest.encoded


def test_every_code_is_in_the_list() -> None:
    """The codes that the steps raise and those of the README are the same."""
    package = Path(drafts.__file__).parents[1]
    sources = "".join(
        path.read_text()
        for folder in ("steps", "store")
        for path in (package / folder).glob("*.py")
    )
    raised = set(re.findall(r'StepError\(\s*"([a-z-]+)"', sources))
    table = (package / "steps" / "README.md").read_text()
    listed = {
        code
        for line in table.splitlines()
        if line.startswith("| `")
        for code in re.findall(r"`([a-z-]+)`", line.split("|")[1])
    }
    assert listed == raised


def test_slips_are_printed_once(service: Service) -> None:
    voting_session = prepare(service, phase=Phase.PRINTED)
    printed = voting_session.slips
    assert [(s.voter_class, s.serial) for s in printed] == [
        *((0, n) for n in range(1, 9)),
        *((1, n) for n in range(1, 7)),
    ]
    assert len({s.code for s in printed}) == 14
    assert code_of(lambda: slips.print_slips(service, voting_session.id)) == "wrong-phase"


def test_codes_are_nowhere_in_the_data(service: Service) -> None:
    voting_session = prepare(service)
    written = b"".join(
        path.read_bytes()
        for folder in (service.settings.data, service.settings.keys)
        for path in folder.rglob("*")
        if path.is_file()
    )
    for slip in voting_session.slips:
        assert slip.code.encode() not in written
        shown = credential(slip.code, session=voting_session.id, signer=REGISTRAR)
        assert shown.encode() not in written
        assert bytes(slip_hash(voting_session.id, shown)) in written


def test_ranges_of_serials(service: Service) -> None:
    session = prepare(service, phase=Phase.PRINTED, active=0).id

    def change(step: Any, voter_class: int, first: int, last: int) -> int:
        found: int = step(service, session, voter_class=voter_class, first=first, last=last)
        return found

    assert change(slips.activate, 0, 1, 5) == 5
    assert change(slips.activate, 0, 4, 6) == 1
    assert change(slips.void, 0, 6, 100) == 3
    assert change(slips.activate, 0, 6, 8) == 0
    assert code_of(lambda: change(slips.activate, 2, 1, 1)) == "class-unknown"
    assert code_of(lambda: change(slips.activate, 0, 0, 1)) == "range-wrong"
    assert code_of(lambda: change(slips.void, 0, 3, 2)) == "range-wrong"
    assert service.registry.serials(session, voter_class=0, state=SlipState.VOID) == (6, 7, 8)


def test_a_lost_sheet_is_printed_again(service: Service) -> None:
    voting_session = prepare(service)
    session = voting_session.id
    voting_session.vote(2)
    again = slips.reprint(service, session, voter_class=0, first=1, last=4)
    # Serial 2 is drawn: it stays, and gets no replacement.
    assert [slip.serial for slip in again] == [9, 10, 11]
    assert service.registry.serials(session, voter_class=0, state=SlipState.VOID) == (1, 3, 4)
    assert (
        code_of(lambda: slips.reprint(service, session, voter_class=0, first=1, last=4))
        == "nothing-to-reprint"
    )
    slips.activate(service, session, voter_class=0, first=9, last=11)
    replaced = replace(voting_session, slips=(*voting_session.slips, *again))
    replaced.vote(9)
    counts = slips.turnout(service, session, exact=True)[0]
    assert (counts.printed, counts.active, counts.drawn, counts.void) == (11, 8, 2, 3)


def test_slips_exist_once_they_are_on_paper(service: Service) -> None:
    """If the type setting fails, the codes would stand nowhere: nothing was printed."""
    voting_session = prepare(service, phase=Phase.FROZEN)
    session = voting_session.id
    sheets: list[tuple[slips.PrintedSlip, ...]] = []

    def fails(_manifest: Manifest, printed: tuple[slips.PrintedSlip, ...]) -> None:
        sheets.append(printed)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        slips.print_slips(service, session, lay_out=fails)
    assert service.office.phase(session) is Phase.FROZEN
    assert [entry[0] for entry in publish.board_entries(service, session)] == [1]
    printed = slips.print_slips(service, session, lay_out=lambda _, new: sheets.append(new))
    assert sheets[-1] == printed
    assert not {slip.code for slip in sheets[0]} & {slip.code for slip in printed}
    with pytest.raises(ZeroDivisionError):
        slips.reprint(service, session, voter_class=0, first=1, last=4, lay_out=fails)
    counts = slips.turnout(service, session, exact=True)[0]
    assert (counts.printed, counts.void) == (8, 0)
    again = slips.reprint(
        service,
        session,
        voter_class=0,
        first=1,
        last=4,
        lay_out=lambda _, new: sheets.append(new),
    )
    assert sheets[-1] == again
    assert [entry[0] for entry in publish.board_entries(service, session)] == [1, 2, 2, 2]


def test_voting_needs_the_floor_in_every_class(service: Service) -> None:
    session = prepare(service, phase=Phase.PRINTED, active=1).id
    assert code_of(lambda: voting.begin(service, session)) == "too-few-active"
    slips.activate(service, session, voter_class=0, first=1, last=8)
    assert code_of(lambda: voting.begin(service, session)) == "too-few-active"
    slips.activate(service, session, voter_class=1, first=1, last=2)
    voting.begin(service, session)
    assert service.office.phase(session) is Phase.VOTING


def test_turnout_moves_in_steps_of_the_floor(service: Service) -> None:
    voting_session = prepare(service, given=draft(slips=(7, 6), floor=3))
    session = voting_session.id
    shown = []
    for serial in range(1, 8):
        voting_session.vote(serial)
        counts = slips.turnout(service, session, exact=False)[0]
        shown.append((counts.drawn, counts.cast))
        exact = slips.turnout(service, session, exact=True)[0]
        assert (exact.drawn, exact.cast) == (serial, serial)
    assert shown == [(0, 0), (0, 0), (3, 3), (3, 3), (3, 3), (6, 6), (7, 7)]


def test_keys_are_for_their_owner_only(service: Service) -> None:
    voting_session = prepare(service)
    service.keys.secret("office")
    for path in [service.settings.keys, *service.settings.keys.rglob("*")]:
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600)
    assert service.keys.secret("office") == service.keys.secret("office")
    assert (service.settings.keys / "sessions" / voting_session.id / "board.key").exists()


def test_time_and_randomness_are_given(settings: Settings) -> None:
    moment = datetime(2010, 6, 20, 8, 30, tzinfo=UTC)
    service = open_service(settings, now=lambda: moment, rng=lambda size: bytes([7]) * size)
    session = made(service)
    assert session == "0w3ge1r70w"
    assert setup.freeze(service, session).frozen == "2010-06-20"
    assert service.row(session).frozen_at == moment
    service.close()


def test_a_draft_may_be_removed_and_a_session_not(service: Service) -> None:
    session = made(service)
    service.office.delete_draft(session)
    assert service.office.phase(session) is None
    frozen = prepare(service, phase=Phase.FROZEN).id
    assert code_of(lambda: service.office.delete_draft(frozen)) == "not-draft"
    assert code_of(lambda: setup.manifest_of(service, session)) == "unknown-session"
    assert code_of(lambda: setup.manifest_of(service, made(service))) == "wrong-phase"
