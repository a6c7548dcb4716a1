"""Instruments 测评表: the questionnaires that the service brings along, one TOML file each.

A file holds the fields of `appraisal.manifest.Instrument` and no others, and is named by its id.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Final, cast

from appraisal.ballot_form import Instrument
from appraisal.ballot_form_rules import check_instrument
from appraisal.codec import from_json
from appraisal.encoding import Json
from appraisal.errors import MalformedError, ManifestError

FOLDER: Final = Path(__file__).parent
LIMIT: Final = 2**18
"""The size of an instrument's file in bytes, at most."""


@cache
def load(identifier: str) -> Instrument:
    """The instrument of this id; `ManifestError` if there is none or its file is wrong."""
    if identifier not in _identifiers():
        raise ManifestError(f"no instrument {identifier!r}")
    return read(FOLDER / f"{identifier}.toml")


@cache
def available() -> tuple[Instrument, ...]:
    """Every instrument, by id."""
    return tuple(load(identifier) for identifier in _identifiers())


def read(path: Path) -> Instrument:
    """The instrument of one file; `ManifestError` names the file, the place and what is wrong."""
    try:
        table = tomllib.loads(_bytes(path).decode("utf-8"))
        instrument = from_json(Instrument, cast("Json", table), where=path.name)
    except UnicodeDecodeError as error:
        raise ManifestError(f"{path.name} is not UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise ManifestError(f"{path.name} is not TOML: {error}") from error
    except MalformedError as error:
        raise ManifestError(str(error)) from error
    check_instrument(instrument)
    if instrument.id != path.stem:
        raise ManifestError(f"{path.name}: the id {instrument.id!r} is not the file's name")
    return instrument


@cache
def _identifiers() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def _bytes(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ManifestError(f"{path.name} cannot be read: {error.strerror}") from error
    if len(data) > LIMIT:
        raise ManifestError(f"{path.name}: more than {LIMIT} bytes")
    return data
