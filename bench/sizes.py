"""Bytes a ballot of the record: with the service as custodian, three tellers, and a second signer.

Sessions of one subject, each slip a ballot; whole archives divided by ballots, so slip lists,
openings and everything else are in them. The reference is 1,000 bytes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Final

from appraisal.config import Settings
from appraisal.rehearsal.server import free_settings
from appraisal.steps.close import close
from appraisal.steps.opening import open_boxes
from appraisal.steps.publish import public_record
from appraisal.steps.service import open_service
from appraisal.tally.record import write_archive
from tests import two_signers
from tests.second_signer import enrolled, second_signer, settings_in
from tests.voting_session import draft, prepare

BALLOTS: Final = 400
BYTES: Final = 1000
PARTIES: Final = {
    "the service as custodian": (0, False),
    "three tellers": (3, False),
    "three tellers and a second signer": (3, True),
}


def run() -> Iterator[dict[str, object]]:
    """The metrics: one a set of parties."""
    for parties, (tellers, signed_twice) in PARTIES.items():
        with tempfile.TemporaryDirectory() as folder:
            size = _archive_size(Path(folder), tellers=tellers, signed_twice=signed_twice) / BALLOTS
        yield {
            "name": f"a ballot in the record, {parties}",
            "value": round(size),
            "unit": "B",
            "reference": BYTES,
            "ratio": round(size / BYTES, 2),
            "target": BYTES,
            "met": size <= BYTES,
        }


def _archive_size(folder: Path, *, tellers: int, signed_twice: bool) -> int:
    settings: Settings = free_settings(folder / "service")
    service = open_service(settings)
    wanted = draft(slips=(BALLOTS,), tellers=tellers, quorum=2 if tellers else 0)
    with ExitStack() as stack:
        if signed_twice:
            second = stack.enter_context(second_signer(settings_in(folder / "second")))
            enrolled(service, second)
            session = prepare(service, given=replace(wanted, signer=second.url))
            for serial in range(1, BALLOTS + 1):
                two_signers.vote(session, second, serial)
        else:
            session = prepare(service, given=wanted)
            for serial in range(1, BALLOTS + 1):
                session.vote(serial)
        close(service, session.id)
        for card in session.cards[:2]:
            card.hand_in_factors(session.manifest)
        open_boxes(service, session.id)
        archive = write_archive(public_record(service, session.id))
    service.close()
    return len(archive)
