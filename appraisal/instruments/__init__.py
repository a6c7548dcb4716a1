"""Instruments 测评表 as files: one TOML file a ballot form, and the forms that come along.

docs/instruments.md says how a file is written. Whatever is wrong with one is told with its line
and what to write instead (`InstrumentError`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from appraisal.ballot_form import Instrument
from appraisal.ballot_form_rules import check_instrument
from appraisal.errors import ManifestError
from appraisal.instruments.faults import Fault, InstrumentError, Misfit
from appraisal.instruments.positions import Positions
from appraisal.instruments.reading import Reader
from appraisal.instruments.syntax import Reading, read_toml
from appraisal.instruments.writing import write

__all__ = [
    "FOLDER",
    "LIMIT",
    "SHIPPED",
    "Fault",
    "InstrumentError",
    "available",
    "decode",
    "load",
    "parse",
    "source",
    "write",
]

FOLDER: Final = Path(__file__).parent
LIMIT: Final = 2**20
"""The size of a form's file in bytes, at most: as many questions and options as there may be."""
SHIPPED: Final = (
    "three-key-questions",
    "five-good",
    "five-lead",
    "five-strive",
    "central-2011-organisations",
    "central-2011-members",
    "overall-grade",
    "four-grades",
    "satisfaction",
    "approve",
    "score-100",
    "problems",
    "select-persons",
    "select-organisations",
    "select-exactly",
)
"""The forms that come along, in the order in which they are offered."""


@cache
def load(identifier: str) -> Instrument:
    """The shipped form of this id; `ManifestError` if there is none."""
    return parse(source(identifier), name=f"{identifier}.toml")


@cache
def available() -> tuple[Instrument, ...]:
    """Every shipped form, in the order in which they are offered."""
    return tuple(load(identifier) for identifier in SHIPPED)


def source(identifier: str) -> str:
    """The text of a shipped form's file, with its comments."""
    if identifier not in SHIPPED:
        raise ManifestError(f"no instrument {identifier!r}")
    return (FOLDER / f"{identifier}.toml").read_text("utf-8")


def decode(data: bytes, *, name: str) -> Instrument:
    """The form of a file's bytes, UTF-8 with or without a mark at its beginning."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fault = Fault(
            data.count(b"\n", 0, error.start) + 1,
            "文件不是 UTF-8 编码；请在记事本中“另存为”，编码选 UTF-8",
            "the file is not in UTF-8; save it anew with that encoding",
        )
        raise InstrumentError(name, [fault]) from error
    return parse(text, name=name)


def parse(text: str, *, name: str) -> Instrument:
    """The form of a file's text; `InstrumentError` has all that is wrong, `name` is the file's."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if len(text.encode(errors="replace")) > LIMIT:
        fault = Fault(
            1,
            f"文件超过 {LIMIT // 2**20} MB；一张测评表用不了这么大，请检查是否选错了文件",
            f"the file has more than {LIMIT // 2**20} MB; no form needs as many, choose another",
        )
        raise InstrumentError(name, [fault])
    reading = read_toml(text)
    reader = Reader()
    instrument = reader.form(reading.table)
    if reading.faults or instrument is None:
        raise InstrumentError(name, [*reading.faults, *_placed(reader.misfits, reading)])
    check_instrument(instrument)
    return instrument


def _placed(misfits: list[Misfit], reading: Reading) -> Iterator[Fault]:
    """Misfits with their lines; only those that no line which was left out could mend."""
    positions = Positions(reading.text)
    for misfit in misfits:
        if misfit.sure or reading.complete:
            yield Fault(positions.line(misfit.path), misfit.zh, misfit.en)
