"""The record of a session: what anyone needs to check and count everything again (protocol §6).

    record.json manifest.json board.bin checkpoint.txt openings.json results.json [factors.json]

A folder, or the one ZIP archive of it (`archive.py`). `results.json` has the fields of
`results.Results`, by the codec's rules. The audit record adds the decryption factors with which
opening can be done again: those of ballots that were opened and published, of a quorum of tellers.
It opens nothing else; but whoever has it and a voter's receipt reads that voter's ballot, so that
everyone gets it only where the manifest says so (`publishes_factors`).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated, Final

from appraisal import manifest as manifests
from appraisal.ballot_form import Text
from appraisal.ballots import board
from appraisal.ballots.checkpoint import MAX_SIZE as CHECKPOINT_LIMIT
from appraisal.ballots.sealing import FACTOR_SIZE
from appraisal.codec import Range, decode, encode
from appraisal.errors import MalformedError, RecordError
from appraisal.manifest import MAX_TELLERS, Manifest
from appraisal.tally import archive
from appraisal.tally import openings as opened
from appraisal.tally.openings import MANY, Openings, encode_openings
from appraisal.tally.results import Results

FORMAT: Final = "appraisal-record/1"
FACTORS_FORMAT: Final = "appraisal-factors/1"
HEAD, MANIFEST, BOARD, CHECKPOINT = "record.json", "manifest.json", "board.bin", "checkpoint.txt"
OPENINGS, RESULTS, FACTORS = "openings.json", "results.json", "factors.json"
LIMITS: Final = {
    HEAD: 1000,
    MANIFEST: manifests.LIMIT,
    BOARD: 2**30,
    CHECKPOINT: CHECKPOINT_LIMIT,
    OPENINGS: opened.LIMIT,
    RESULTS: 2**28,
    FACTORS: 2**30,
}
"""Every file a record may have, in the archive's order, with its largest size in bytes."""
REPACKED: Final = Text(
    "压缩包不是规定的写法，多半重新打过包",
    "the archive is not the one sequence of bytes that its files make: packed anew, most likely",
)
"""The flaw of an archive whose files may still be as they were."""


class RecordKind(Enum):
    """For everyone, or with the tellers' decryption factors for auditors."""

    PUBLIC = "public"
    AUDIT = "audit"

    @property
    def files(self) -> tuple[str, ...]:
        """The names of exactly the files of this kind, in order."""
        return tuple(name for name in LIMITS if name != FACTORS or self is RecordKind.AUDIT)


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
class TellerFactors:
    """A teller's decryption factors, 32 bytes or empty each, with the teller's number."""

    factors: Annotated[tuple[bytes, ...], Range(0, MANY)]
    teller: Annotated[int, Range(0, MAX_TELLERS - 1)]

    def __post_init__(self) -> None:
        """Refuse a factor of another length."""
        if any(len(factor) not in {0, FACTOR_SIZE} for factor in self.factors):
            raise MalformedError("factors: a factor has 32 bytes or none")


@dataclass(frozen=True)
class Factors:
    """`factors.json`: those of a quorum of tellers, by number, for each published ballot."""

    format: str
    tellers: Annotated[tuple[TellerFactors, ...], Range(0, MAX_TELLERS)]

    def __post_init__(self) -> None:
        """Refuse another format."""
        if self.format != FACTORS_FORMAT:
            raise MalformedError(f"factors.format: not {FACTORS_FORMAT}")


@dataclass(frozen=True)
class Record:
    """The files of a record by name, as written or as found.

    `flaws` has a sentence for each thing about folder or archive that is not as it must be; the
    verifier reports them under check 1.
    """

    files: Mapping[str, bytes]
    flaws: tuple[Text, ...] = ()


def make_record(
    manifest: Manifest,
    *,
    entries: Sequence[bytes],
    checkpoint: str,
    openings: Openings,
    results: Results,
    factors: Mapping[int, Sequence[bytes]] | None = None,
) -> Record:
    """The public record; with `factors` the audit record.

    `entries` are all encoded board entries, `checkpoint` the signed note over them; `factors` are
    those of `opening.audited_factors`, by teller.
    """
    kind = RecordKind.PUBLIC if factors is None else RecordKind.AUDIT
    files = {
        HEAD: encode(Head(FORMAT, kind)),
        MANIFEST: manifest.encoded,
        BOARD: board.packed(entries),
        CHECKPOINT: checkpoint.encode(),
        OPENINGS: encode_openings(openings),
        RESULTS: encode(results),
    }
    if factors is not None:
        tellers = (TellerFactors(tuple(own), number) for number, own in sorted(factors.items()))
        files[FACTORS] = encode(Factors(FACTORS_FORMAT, tuple(tellers)))
    return Record(files)


def publishes_factors(manifest: Manifest) -> bool:
    """Whether everyone gets the audit record."""
    return manifest.opening.publish_factors


def decode_factors(data: bytes) -> Factors:
    """The factors of canonical JSON; `MalformedError` names the field that is wrong."""
    return decode(Factors, data, limit=LIMITS[FACTORS])


def decode_results(data: bytes) -> Results:
    """The results of canonical JSON; `MalformedError` names the field that is wrong."""
    return decode(Results, data, limit=LIMITS[RESULTS])


def write_archive(record: Record) -> bytes:
    """The record's one archive."""
    return archive.write((name, record.files[name]) for name in LIMITS if name in record.files)


def write_folder(record: Record, folder: Path) -> None:
    """The record's files in a folder, which is made; a record that is there is replaced.

    `factors.json` can be read by its owner alone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in LIMITS:
        # An audit record's factors must not stay beside a public record.
        (folder / name).unlink(missing_ok=True)
    for name, data in record.files.items():
        mode = 0o600 if name == FACTORS else 0o644
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
            raise _too_large("the archive", "ZIP 文件", archive.LIMIT)
        return read_archive(path.read_bytes())
    except OSError as error:
        reason = error.strerror
        raise RecordError(f"cannot be read: {reason}", zh=f"读不出来（{reason}）") from error


def read_archive(data: bytes) -> Record:
    """The record in an archive's bytes; `RecordError` for what is no archive of a record."""
    files: dict[str, bytes] = {}
    flaws: list[Text] = []
    for name, content in archive.read(data):
        if name in files:
            flaws.append(Text(f"压缩包里有两个 {name}", f"{name} stands twice in the archive"))
        elif name not in LIMITS:
            flaws.append(_foreign(name))
        else:
            files[name] = _limited(name, content)
    record = Record(_recognised(files), tuple(flaws))
    if write_archive(record) != data:
        flaws.append(REPACKED)
    return Record(files, tuple(flaws))


def _read_folder(folder: Path) -> Record:
    files: dict[str, bytes] = {}
    flaws: list[Text] = []
    for path in sorted(folder.iterdir()):
        mode = path.lstat().st_mode
        if path.name not in LIMITS:
            flaws.append(_foreign(path.name))
        elif not stat.S_ISREG(mode):
            flaws.append(Text(f"{path.name} 不是普通文件", f"{path.name} is not a plain file"))
        else:
            if path.stat().st_size > LIMITS[path.name]:
                raise _too_large(path.name, path.name, LIMITS[path.name])
            files[path.name] = path.read_bytes()
    return Record(_recognised(files), tuple(flaws))


def _recognised(files: dict[str, bytes]) -> dict[str, bytes]:
    if not files:
        raise RecordError("no file of a record is in it", zh="里面没有评议记录的文件")
    return files


def _limited(name: str, data: bytes) -> bytes:
    if len(data) > LIMITS[name]:
        raise _too_large(name, name, LIMITS[name])
    return data


def _foreign(name: str) -> Text:
    return Text(f"记录里不应有 {name!r}", f"{name!r} does not belong in a record")


def _too_large(what: str, zh: str, limit: int) -> RecordError:
    return RecordError(f"{what} has more than {limit} bytes", zh=f"{zh} 超过 {limit} 字节")
