"""The verifier finds every changed byte of a record, and nothing that stands in one breaks it."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appraisal.codec import CONTROLS
from appraisal.tally.findings import State
from appraisal.tally.record import (
    LIMITS,
    Record,
    RecordKind,
    read_record,
    write_archive,
    write_folder,
)
from appraisal.tally.spread import Cores
from appraisal.verifier import verify
from tests.tally.record_sessions import merge, of_forms, withhold
from tests.verifying import SMALL, holds, lines_of, small


def unseen(data: bytes, places: Sequence[int]) -> list[int]:
    """At which of these places a changed bit is not found."""
    found = []
    for at in places:
        changed = bytearray(data)
        changed[at] ^= 1 << random.Random(at).randrange(8)
        if holds(bytes(changed)):
            found.append(at)
    return found


@pytest.mark.slow
def test_every_byte_of_an_archive_counts() -> None:
    data = write_archive(small())
    assert holds(data)
    with Cores(2) as cores:
        assert cores.spread(partial(unseen, data), range(len(data))) == []


def test_every_bit_of_chosen_bytes_of_each_file_counts() -> None:
    record = small()
    chance = random.Random(2)
    for name, data in record.files.items():
        for at in chance.sample(range(len(data)), min(len(data), 6)):
            for number in range(8):
                changed = bytearray(data)
                changed[at] ^= 1 << number
                report = verify(Record({**record.files, name: bytes(changed)}))
                assert not report.ok, (name, at, number)


def test_every_bit_of_a_factor_counts() -> None:
    record = small()
    data = record.files["factors.json"]
    for at in range(len(data)):
        for number in range(8):
            changed = bytearray(data)
            changed[at] ^= 1 << number
            assert not verify(Record({**record.files, "factors.json": bytes(changed)})).ok


def test_a_changed_byte_in_a_folder_counts(tmp_path: Path) -> None:
    record = small()
    write_folder(record, tmp_path)
    chance = random.Random(3)
    for name, data in record.files.items():
        at = chance.randrange(len(data))
        (tmp_path / name).write_bytes(data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :])
        assert not verify(read_record(tmp_path)).ok
        (tmp_path / name).write_bytes(data)
    assert verify(read_record(tmp_path)).ok


def test_every_truncation_and_every_longer_archive_is_found() -> None:
    data = write_archive(small())
    lengths = {*range(0, len(data), 23), *range(len(data) - 60, len(data))}
    assert not any(holds(data[:length]) for length in lengths)
    assert not any(holds(data + more) for more in (b"\n", b"PK", data, bytes(100)))


def test_a_byte_put_in_or_taken_out_is_found() -> None:
    record = small()
    chance = random.Random(4)
    for name, data in record.files.items():
        for at in chance.sample(range(len(data)), min(len(data), 20)):
            for changed in (data[:at] + data[at + 1 :], data[:at] + data[at : at + 1] + data[at:]):
                if changed != data:
                    assert not verify(Record({**record.files, name: changed})).ok, (name, at)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_whatever_stands_in_a_file_nothing_is_raised(data: st.DataObject) -> None:
    record = SMALL
    name = data.draw(st.sampled_from(sorted(record.files)))
    content = data.draw(
        st.one_of(
            st.binary(max_size=80),
            st.just(b""),
            st.sampled_from(sorted(record.files.values())),
            st.sampled_from([b"{}", b"[]", b"null", b"\n", b"AAAA\n", b"BA==\n", b"[" * 3000]),
        )
    )
    report = verify(Record({**record.files, name: content}))
    assert report.ok is (content == record.files[name])
    assert report.text("zh")
    assert report.text("en")


@pytest.mark.parametrize("name", [name for name in LIMITS if name.endswith(".json")])
def test_half_a_character_neither_breaks_nor_passes(name: str) -> None:
    """JSON may escape a surrogate without its other half, which no UTF-8 can write."""
    whole = SMALL.files[name]
    key, value = b'"\\ud800":1', b'"a":"\\udfff"'
    candidates = [b"{" + key + b"}", b"{" + value + b"}", b"{" + key + b"," + value + b"}"]
    candidates += [b"{" + key + b"," + whole[1:], whole[:-1] + b"," + key + b"}"]
    candidates += [re.sub(rb':"[^"]*"', rb':"\\ud800"', whole, count=1)]
    candidates += [b'"\\ud800"', b'["\\udc00"]']
    for data in candidates:
        assert b"\\ud" in data
        record = Record({**SMALL.files, name: data})
        report = verify(record)
        assert not report.ok
        assert (1, name) in {(finding.check, finding.where) for finding in report.findings}
        assert all(not CONTROLS.search(line) for line in lines_of(report))
        assert not holds(write_archive(record))


@pytest.mark.parametrize("kind", RecordKind)
def test_a_missing_file_is_found(kind: RecordKind) -> None:
    record = withhold().record(audit=kind is RecordKind.AUDIT)
    for name in kind.files:
        rest = {other: data for other, data in record.files.items() if other != name}
        report = verify(Record(rest))
        assert report.states[1] is State.FAILED
        assert name in {finding.where for finding in report.findings}


def test_a_file_of_another_session_is_found() -> None:
    mine, other = withhold().record(), merge().record()
    for name in mine.files:
        if name != "record.json":
            assert not verify(Record({**mine.files, name: other.files[name]})).ok


@pytest.mark.parametrize("name", ["openings.json", "results.json", "manifest.json"])
def test_every_bit_of_chosen_bytes_of_a_session_of_many_forms_counts(name: str) -> None:
    """Answers of every kind, limits and rules: no byte of them is without meaning."""
    record = of_forms("kinds").record()
    data = record.files[name]
    chance = random.Random(5)
    for at in chance.sample(range(len(data)), 40):
        changed = bytearray(data)
        changed[at] ^= 1 << chance.randrange(8)
        assert not verify(Record({**record.files, name: bytes(changed)})).ok, at
