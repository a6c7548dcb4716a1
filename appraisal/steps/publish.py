"""Step 9, publish: the board, the results and the record of a session, for everyone."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from appraisal.ballots import board, merkle, tiles
from appraisal.counting_rules import Publication
from appraisal.encoding import base32encode
from appraisal.errors import CryptoError, MalformedError, StepError
from appraisal.manifest import Manifest, SessionId
from appraisal.steps.board import board_entries
from appraisal.steps.factors import unpack
from appraisal.steps.opening import Factors
from appraisal.steps.service import Service
from appraisal.steps.setup import manifest_of
from appraisal.store import tellers
from appraisal.store.office import OVER, SETTLED, Phase, SessionRow
from appraisal.tally.openings import Openings, decode_openings
from appraisal.tally.record import (
    Record,
    RecordKind,
    decode_results,
    make_record,
    publishes_factors,
    write_archive,
)
from appraisal.tally.results import Results

__all__ = [
    "board_entries",
    "checkpoint_of",
    "openings_of",
    "record",
    "results_address",
    "results_key",
    "results_of",
    "results_path",
    "told_to_everyone",
]

PUBLISHED: Final = "published"
"""The folder, below the data, of files that everyone may fetch: SESSION/MARK/NAME."""
LEAVES: Final = "leaves"
"""The file of the leaf hashes, 32 bytes each, which tiles are made of."""
HASH_SIZE: Final = 32
_MARK_SYMBOLS: Final = 32
RESULTS_SECRET: Final = "results"  # noqa: S105 - a name, not a secret
"""The name of the secret in the key folder that results links are made with."""
RESULTS_KEY_BYTES: Final = 16
BY_LINK: Final = (Publication.ON_THE_SPOT, Publication.BRANCH)
"""Whose results are told to whoever has the results link (§5.5)."""


def checkpoint_of(service: Service, session: SessionId) -> str:
    """The signed checkpoint over the entries so far."""
    checkpoint = service.office.checkpoint(session)
    if checkpoint is None:
        phase = service.row(session).phase
        raise StepError(
            "wrong-phase", "the session has not been frozen", phase=phase.value, needed="frozen"
        )
    return checkpoint


def told_to_everyone(service: Service, manifest: Manifest) -> bool:
    """Whether the board page tells results, openings and record to everyone (§5.5).

    A void session has no result to keep back: that it is void, and why, everyone is told.
    """
    if manifest.rules.publication is Publication.PUBLIC:
        return True
    return service.office.phase(manifest.session) is Phase.VOID


def results_key(service: Service, session: SessionId) -> str:
    """The secret of a session's results link, 26 symbols (§4.12)."""
    secret = service.keys.secret(RESULTS_SECRET)
    return base32encode(hmac.digest(secret, session.encode(), "sha256")[:RESULTS_KEY_BYTES])


def results_path(service: Service, manifest: Manifest) -> str | None:
    """Where results, openings and record are told: below the board, or below the results link.

    None if nobody is told more than the own feedback.
    """
    session = manifest.session
    if told_to_everyone(service, manifest):
        return f"/b/{session}"
    if manifest.rules.publication in BY_LINK:
        return f"/b/{session}/r/{results_key(service, session)}"
    return None


def results_address(service: Service, manifest: Manifest) -> str:
    """The address that a report or a screen names: of the results, or else of the board."""
    path = results_path(service, manifest) or f"/b/{manifest.session}"
    return f"{service.settings.base_url}{path}"


def results_of(service: Service, session: SessionId) -> Results:
    """The results of an opened session, or of one that is void; they outlive the ballots."""
    row = service.row(session)
    if row.phase not in OVER or row.results is None:
        raise StepError("not-opened", "the boxes have not been opened")
    return decode_results(row.results)


def openings_of(service: Service, session: SessionId) -> bytes:
    """`openings.json` of an opened session, or of one that is void (§4.10)."""
    _check_kept(service, session)
    return _opened(service, session)[0]


def record(service: Service, session: SessionId, *, kind: RecordKind) -> Record:
    """The record of an opened session; the audit record carries the factors that opened it.

    They open what was published and nothing that stayed sealed (claim A5).
    """
    _check_kept(service, session)
    openings, results = _opened(service, session)
    manifest, opened = manifest_of(service, session), decode_openings(openings)
    return make_record(
        manifest,
        entries=board_entries(service, session),
        checkpoint=checkpoint_of(service, session),
        openings=opened,
        results=decode_results(results),
        factors=_factors(service, manifest, opened) if kind is RecordKind.AUDIT else None,
    )


def public_record(service: Service, session: SessionId) -> Record:
    """The record that everyone gets: with the factors if the manifest publishes them."""
    publishes = publishes_factors(manifest_of(service, session))
    return record(service, session, kind=RecordKind.AUDIT if publishes else RecordKind.PUBLIC)


def board_file(service: Service, session: SessionId) -> Path:
    """`board.bin` of a closed session, as a file."""
    return _made_once(
        service,
        session,
        "board.bin",
        lambda: board.packed(board_entries(service, session)),
    )


def record_file(service: Service, session: SessionId) -> Path:
    """`record.zip` of an opened or void session, as a file: its public record."""
    return _made_once(
        service, session, "record.zip", lambda: write_archive(public_record(service, session))
    )


def tile(service: Service, session: SessionId, path: str) -> bytes | None:
    """The hashes of a tile of the board's tree, by what stands after ``tile/`` in its address.

    None if there is no such tile, or not yet. The tree only grows, so no tile ever changes.
    """
    try:
        return tiles.hashes(_leaves(service, session), tiles.parse_path(path))
    except (MalformedError, CryptoError):
        return None


def _leaves(service: Service, session: SessionId) -> Sequence[bytes]:
    """The leaf hashes of the board so far; those of a closed session are kept in a file."""
    if service.row(session).phase not in SETTLED:
        return _leaf_hashes(service, session)
    path = _made_once(service, session, LEAVES, lambda: b"".join(_leaf_hashes(service, session)))
    return _leaves_in(path)


def _leaf_hashes(service: Service, session: SessionId) -> Sequence[bytes]:
    return [merkle.leaf_hash(entry) for entry in board_entries(service, session)]


@lru_cache(maxsize=4)
def _leaves_in(path: Path) -> Sequence[bytes]:
    # What stands at a path never changes: it has the mark of its board in it.
    data = path.read_bytes()
    return [data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE)]


def _made_once(service: Service, session: SessionId, name: str, make: Callable[[], bytes]) -> Path:
    """A file of bytes that follow from the board; requests that come together make it once.

    The folder's name follows from the checkpoint, which binds every byte: another board, after
    the opening or out of a backup, is another file. Whoever deletes one has it made again.
    """
    _check_kept(service, session)
    while True:
        checkpoint = checkpoint_of(service, session)
        mark = hashlib.sha256(checkpoint.encode()).hexdigest()[:_MARK_SYMBOLS]
        path = service.settings.data / PUBLISHED / session / mark / name
        if path.exists():
            return path
        with service.publishing(session):
            if path.exists():
                return path
            data = make()
            # The boxes may have been opened meanwhile.
            if checkpoint_of(service, session) == checkpoint:
                _write(path, data)
                return path


def _write(path: Path, data: bytes) -> None:
    """Write a new file whole; of a write that is cut off nothing is found."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)


def _factors(service: Service, manifest: Manifest, openings: Openings) -> Factors:
    """A quorum's factors of the published ballots; nobody's in a void session."""
    if openings.void is not None:
        return {}
    with service.office.database.read() as tx:
        kept = tellers.factors_of(tx, manifest.session)
    # Where nothing was published nobody's factors are kept, and everybody's are as good.
    used = {number: unpack(factors) for number, factors in kept.items() if factors}
    return used or dict.fromkeys(range(manifest.opening.quorum), ())


def _check_kept(service: Service, session: SessionId) -> None:
    """Refuse what can be told only with the ballots, once they are destroyed."""
    if service.office.destruction(session) is not None:
        raise StepError("destroyed", "the ballots have been destroyed")


def _opened(service: Service, session: SessionId) -> tuple[bytes, bytes]:
    row: SessionRow = service.row(session)
    if row.phase not in OVER or row.openings is None or row.results is None:
        raise StepError("not-opened", "the boxes have not been opened")
    return row.openings, row.results
