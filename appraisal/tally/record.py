"""The record of a session: what anyone needs to check and count everything again (protocol §6).

    record.json  manifest.json  board.txt  checkpoint.txt  openings.json  results.json  [keys.json]

A folder, or the one ZIP archive of it (`archive.py`). `results.json` has the fields of
`results.Results`, by the codec's rules. The audit record adds the tellers' keys, with which opening
can be done again. They would open withheld boxes too (`nothing_withheld`); everyone gets it only
where the manifest says `publish_factors` as well (`publishes_keys`).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from appraisal import manifest as manifests
from appraisal.ballots import board
from appraisal.ballots.checkpoint import MAX_SIZE as CHECKPOINT_LIMIT
from appraisal.codec import Range, Size, decode, encode
from appraisal.errors import MalformedError, RecordError
from appraisal.manifest import KEY_SIZE, MAX_TELLERS, Manifest
from appraisal.tally import archive, opening
from appraisal.tally.opening import Openings, encode_openings
from appraisal.tally.results import GroupStatus, Results

FORMAT: Final = "appraisal-record/1"
HEAD, MANIFEST, BOARD, CHECKPOINT = "record.json", "manifest.json", "board.txt", "checkpoint.txt"
OPENINGS, RESULTS, KEYS = "openings.json", "results.json", "keys.json"
LIMITS: Final = {
    HEAD: 1000,
    MANIFEST: manifests.LIMIT,
    BOARD: 2**30,
    CHECKPOINT: CHECKPOINT_LIMIT,
    OPENINGS: opening.LIMIT,
    RESULTS: 2**28,
    KEYS: 10_000,
}
"""Every file a record may have, in the archive's order, with its largest size in bytes."""


class RecordKind(Enum):
    """For everyone, or with the tellers' keys for auditors."""

    PUBLIC = "public"
    AUDIT = "audit"

    @property
    def files(self) -> tuple[str, ...]:
        """The names of exactly the files of this kind, in order."""
        return tuple(name for name in LIMITS if name != KEYS or self is RecordKind.AUDIT)


@dataclass(frozen=True)
class Head:
    """`record.json`: what kind of record this is."""

    format: str
    kind: RecordKind

    def __post_init__(self) -> None:
        """Refuse another format."""
        if self.format != FORMAT:
            raise MalformedError(f"record.format: not {FORMAT}")


@dataclass(frozen=True)
class TellerKey:
    """A teller's X25519 private key (RFC 7748 §5, clamped, 32 bytes) with the teller's number."""

    key: Annotated[bytes, Size(KEY_SIZE)]
    teller: Annotated[int, Range(0, MAX_TELLERS - 1)]

    def __post_init__(self) -> None:
        """Refuse another spelling of the same key: five bits of it have no effect."""
        if self.key != clamped(self.key):
            raise MalformedError("keys: a private key that is not clamped (RFC 7748 §5)")


@dataclass(frozen=True)
class TellerKeys:
    """`keys.json`: the keys that the tellers handed in, by number."""

    tellers: Annotated[tuple[TellerKey, ...], Range(1, MAX_TELLERS)]

    def __post_init__(self) -> None:
        """Refuse another order."""
        if any(a.teller >= b.teller for a, b in pairwise(self.tellers)):
            raise MalformedError("keys: tellers do not stand in order")

    @property
    def private(self) -> dict[int, X25519PrivateKey]:
        """The keys by teller number."""
        return {k.teller: X25519PrivateKey.from_private_bytes(k.key) for k in self.tellers}


@dataclass(frozen=True)
class Record:
    """The files of a record by name, as written or as found.

    `flaws` has a sentence for each thing about folder or archive that is not as it must be; the
    verifier reports them under check 1.
    """

    files: Mapping[str, bytes]
    flaws: tuple[str, ...] = ()


def clamped(key: bytes) -> bytes:
    """An X25519 private key with its five fixed bits set as RFC 7748 §5 decodes them."""
    return bytes([key[0] & 0xF8, *key[1:-1], key[-1] & 0x7F | 0x40])


def make_record(
    manifest: Manifest,
    *,
    entries: Sequence[bytes],
    checkpoint: str,
    openings: Openings,
    results: Results,
    keys: Mapping[int, X25519PrivateKey] | None = None,
) -> Record:
    """The public record; with the tellers' `keys` by number the audit record.

    `entries` are all encoded board entries, `checkpoint` the signed note over them.
    """
    kind = RecordKind.PUBLIC if keys is None else RecordKind.AUDIT
    files = {
        HEAD: encode(Head(FORMAT, kind)),
        MANIFEST: manifest.encoded,
        BOARD: board.lines(entries).encode("ascii"),
        CHECKPOINT: checkpoint.encode(),
        OPENINGS: encode_openings(openings),
        RESULTS: encode(results),
    }
    if keys is not None:
        files[KEYS] = encode(
            TellerKeys(
                tuple(
                    TellerKey(clamped(key.private_bytes_raw()), number)
                    for number, key in sorted(keys.items())
                )
            )
        )
    return Record(files)


def nothing_withheld(openings: Openings) -> bool:
    """Whether every box was opened and published, so that the keys can tell nothing more.

    Not so if a group is withheld, opened or unopened, nor in a void session, which opens nothing.
    """
    opened = [group.status is GroupStatus.OPENED for group in openings.groups]
    return bool(opened) and all(opened)


def publishes_keys(manifest: Manifest, openings: Openings) -> bool:
    """Whether everyone may have the audit record: the manifest says so and nothing is withheld."""
    return manifest.opening.publish_factors and nothing_withheld(openings)


def decode_results(data: bytes) -> Results:
    """The results of canonical JSON; `MalformedError` names the field that is wrong."""
    return decode(Results, data, limit=LIMITS[RESULTS])


def write_archive(record: Record) -> bytes:
    """The record's one archive."""
    return archive.write((name, record.files[name]) for name in LIMITS if name in record.files)


def write_folder(record: Record, folder: Path) -> None:
    """The record's files in a folder, which is made; a record that is there is replaced.

    `keys.json` can be read by its owner alone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in LIMITS:
        # An audit record's keys must not stay beside a public record.
        (folder / name).unlink(missing_ok=True)
    for name, data in record.files.items():
        mode = 0o600 if name == KEYS else 0o644
        with os.fdopen(
            os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb"
        ) as file:
            file.write(data)


def read_record(path: Path) -> Record:
    """The record in a folder or archive; `RecordError` if there is none that can be read."""
    try:
        if path.is_dir():
            return _read_folder(path)
        if path.stat().st_size > archive.LIMIT:
            raise RecordError(f"more than {archive.LIMIT} bytes")
        return read_archive(path.read_bytes())
    except OSError as error:
        raise RecordError(f"cannot be read: {error.strerror}") from error


def read_archive(data: bytes) -> Record:
    """The record in an archive's bytes; `RecordError` for what is no archive of a record."""
    files: dict[str, bytes] = {}
    flaws: list[str] = []
    for name, content in archive.read(data):
        if name in files:
            flaws.append(f"{name} stands twice in the archive")
        elif name not in LIMITS:
            flaws.append(f"{name!r} does not belong in a record")
        else:
            files[name] = _limited(name, content)
    record = Record(_recognised(files), tuple(flaws))
    if write_archive(record) != data:
        flaws.append("the archive is not the one sequence of bytes that its files make")
    return Record(files, tuple(flaws))


def _read_folder(folder: Path) -> Record:
    files: dict[str, bytes] = {}
    flaws: list[str] = []
    for path in sorted(folder.iterdir()):
        mode = path.lstat().st_mode
        if path.name not in LIMITS:
            flaws.append(f"{path.name!r} does not belong in a record")
        elif not stat.S_ISREG(mode):
            flaws.append(f"{path.name} is not a plain file")
        else:
            if path.stat().st_size > LIMITS[path.name]:
                raise RecordError(f"{path.name} has more than {LIMITS[path.name]} bytes")
            files[path.name] = path.read_bytes()
    return Record(_recognised(files), tuple(flaws))


def _recognised(files: dict[str, bytes]) -> dict[str, bytes]:
    if not files:
        raise RecordError("no file of a record is in it")
    return files


def _limited(name: str, data: bytes) -> bytes:
    if len(data) > LIMITS[name]:
        raise RecordError(f"{name} has more than {LIMITS[name]} bytes")
    return data
