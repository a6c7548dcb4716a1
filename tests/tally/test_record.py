"""The record as folder and archive: one form each, read strictly, written without leftovers."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.codec import decode, encode
from appraisal.encoding import Json, b64encode, canonical
from appraisal.errors import MalformedError, RecordError
from appraisal.tally import archive
from appraisal.tally.opening import audited_ballots
from appraisal.tally.record import (
    LIMITS,
    REPACKED,
    Head,
    Record,
    RecordKind,
    decode_factors,
    publishes_factors,
    read_archive,
    read_record,
    write_archive,
    write_folder,
)
from tests.tally.record_cases_floor import laid_bare, one_spoilt
from tests.tally.record_sessions import merge, withhold
from tests.world import make_world

PUBLIC = withhold().record()
AUDIT = withhold().record(audit=True)


def test_the_files_of_each_kind() -> None:
    common = (
        "record.json",
        "manifest.json",
        "board.bin",
        "checkpoint.txt",
        "openings.json",
        "results.json",
    )
    assert RecordKind.PUBLIC.files == common == tuple(PUBLIC.files)
    assert RecordKind.AUDIT.files == (*common, "factors.json") == tuple(AUDIT.files)
    assert PUBLIC.files["record.json"] == b'{"format":"appraisal-record/1","kind":"public"}'


def test_factors_stand_by_teller() -> None:
    data = merge().record(audit=True).files["factors.json"]
    factors = decode_factors(data)
    assert [one.teller for one in factors.tellers] == [0, 1]
    assert encode(factors) == data
    assert json.loads(data)["format"] == "appraisal-factors/1"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"format": "appraisal-factors/2"}, "not appraisal-factors/1"),
        ({"tellers": [{"factors": [], "teller": 9}]}, "9 is not from 0 to 8"),
        ({"tellers": [{"factors": []}]}, "teller is missing"),
        ({"tellers": [{"factors": [b64encode(bytes(31))], "teller": 0}]}, "32 bytes or none"),
        ({"tellers": [{"factors": [b64encode(bytes(33))], "teller": 0}]}, "32 bytes or none"),
        ({"tellers": [{"factors": [7], "teller": 0}]}, "tellers"),
        ({"tellers": [{"factors": [], "teller": 0}] * 10}, "10 items"),
        ({"more": 1}, "more is not known"),
    ],
)
def test_factors_in_another_form_are_refused(change: dict[str, Json], sentence: str) -> None:
    value: dict[str, Json] = {"format": "appraisal-factors/1", "tellers": [], **change}
    with pytest.raises(MalformedError, match=sentence):
        decode_factors(canonical(value))


def test_the_head_in_another_form_is_refused() -> None:
    for data in (
        b'{"format":"appraisal-record/2","kind":"public"}',
        b'{"format":"appraisal-record/1","kind":"private"}',
        b'{"format":"appraisal-record/1"}',
        b'{"kind":"public","format":"appraisal-record/1"}',
    ):
        with pytest.raises(MalformedError):
            decode(Head, data, limit=100)


@pytest.mark.parametrize("publish", [True, False])
def test_factors_are_for_everyone_where_the_manifest_says_so(publish: bool) -> None:
    manifest = make_world(subjects=1).manifest
    opening = replace(manifest.opening, publish_factors=publish)
    assert publishes_factors(replace(manifest, opening=opening)) is publish


def test_an_audit_record_holds_no_factor_of_a_ballot_that_stayed_sealed() -> None:
    for held in (laid_bare(), withhold(), one_spoilt(), merge()):
        published = audited_ballots(held.openings, held.ballots)
        sealed = [ballot for ballot in held.ballots if ballot not in published]
        data = held.record(audit=True).files["factors.json"].decode()
        for ballot in sealed:
            for factor in held.world.factors_for(ballot, 0).values():
                assert b64encode(factor) not in data
        for one in decode_factors(data.encode()).tellers:
            assert len(one.factors) == len(published)


# --- the archive --------------------------------------------------------------------------------


def test_an_archive_byte_for_byte() -> None:
    assert archive.write([("a", b"hello")]) == bytes.fromhex(
        "504b0304 0a00 0000 0000 0000 2100 86a61036 05000000 05000000 0100 0000"
        "61 68656c6c6f"
        "504b0102 0a00 0a00 0000 0000 0000 2100 86a61036 05000000 05000000 0100 0000 0000"
        "0000 0000 00000000 00000000 61"
        "504b0506 0000 0000 0100 0100 2f000000 24000000 0000"
    )


def test_any_zip_program_reads_it() -> None:
    with zipfile.ZipFile(io.BytesIO(write_archive(AUDIT))) as opened:
        assert opened.testzip() is None
        assert opened.namelist() == list(AUDIT.files)
        assert {info.date_time for info in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {name: opened.read(name) for name in opened.namelist()} == AUDIT.files


def test_archive_and_record_are_one() -> None:
    for record in (PUBLIC, AUDIT):
        assert read_archive(write_archive(record)) == record
        assert write_archive(read_archive(write_archive(record))) == write_archive(record)


@given(st.lists(st.tuples(st.text("abc.", max_size=9), st.binary(max_size=50)), max_size=5))
def test_files_come_out_of_an_archive_as_they_went_in(files: list[tuple[str, bytes]]) -> None:
    assert archive.read(archive.write(files)) == files


@given(st.binary(max_size=200))
def test_what_is_no_archive_is_refused_and_nothing_else_is_raised(data: bytes) -> None:
    for candidate in (data, b"PK\x03\x04" + data, b"PK\x05\x06" + data):
        try:
            read_archive(candidate)
        except RecordError:
            continue
        raise AssertionError("a record in random bytes")


FLAWED: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("one sequence of bytes", lambda data: data + b"\x00"),
    ("one sequence of bytes", lambda data: data[:-1]),
    ("one sequence of bytes", lambda data: data[:-22]),
    ("one sequence of bytes", lambda data: data[:10] + b"\x01" + data[11:]),
    ("stands twice", lambda data: data[: data.index(b"PK\x01\x02")] + data),
]


@pytest.mark.parametrize(("sentence", "change"), FLAWED)
def test_an_archive_that_write_did_not_make_has_a_flaw(
    sentence: str, change: Callable[[bytes], bytes]
) -> None:
    found = read_archive(change(write_archive(PUBLIC)))
    assert found.files == PUBLIC.files
    assert any(sentence in flaw.en for flaw in found.flaws)


def test_an_archive_repacked_by_another_program_must_be_unpacked() -> None:
    for method, refused in ((zipfile.ZIP_DEFLATED, True), (zipfile.ZIP_STORED, False)):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", method) as repacked:
            for name, data in PUBLIC.files.items():
                repacked.writestr(name, data)
        if refused:
            with pytest.raises(RecordError, match="give the folder"):
                read_archive(file.getvalue())
        else:
            assert read_archive(file.getvalue()).flaws == (REPACKED,)


# --- the folder ---------------------------------------------------------------------------------


def test_folder_and_record_are_one(tmp_path: Path) -> None:
    for record in (AUDIT, PUBLIC):
        write_folder(record, tmp_path / "a" / "record")
        assert read_record(tmp_path / "a" / "record") == record


def test_factors_are_for_their_owner_alone(tmp_path: Path) -> None:
    write_folder(AUDIT, tmp_path)
    assert (tmp_path / "factors.json").stat().st_mode & 0o777 == 0o600


def test_an_audit_records_factors_do_not_stay_beside_a_public_record(tmp_path: Path) -> None:
    write_folder(AUDIT, tmp_path)
    write_folder(PUBLIC, tmp_path)
    assert not (tmp_path / "factors.json").exists()


def test_foreign_things_in_a_folder_are_flaws(tmp_path: Path) -> None:
    write_folder(PUBLIC, tmp_path)
    (tmp_path / "notes.txt").write_text("hello")
    (tmp_path / "more").mkdir()
    found = read_record(tmp_path)
    assert found.files == PUBLIC.files
    assert [flaw.en for flaw in found.flaws] == [
        "'more' does not belong in a record",
        "'notes.txt' does not belong in a record",
    ]
    assert [flaw.zh for flaw in found.flaws] == [
        "记录里不应有 'more'",
        "记录里不应有 'notes.txt'",
    ]


def test_a_link_is_no_file_of_a_record(tmp_path: Path) -> None:
    write_folder(PUBLIC, tmp_path / "record")
    (tmp_path / "record" / "results.json").rename(tmp_path / "elsewhere")
    (tmp_path / "record" / "results.json").symlink_to(tmp_path / "elsewhere")
    found = read_record(tmp_path / "record")
    assert "results.json" not in found.files
    assert [flaw.en for flaw in found.flaws] == ["results.json is not a plain file"]


def test_what_is_not_there_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="cannot be read: No such file"):
        read_record(tmp_path / "nowhere")
    with pytest.raises(RecordError, match="no file of a record"):
        read_record(tmp_path)


def test_files_beyond_their_largest_size_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_folder(PUBLIC, tmp_path / "folder")
    (tmp_path / "a.zip").write_bytes(write_archive(PUBLIC))
    assert read_record(tmp_path / "folder") == read_record(tmp_path / "a.zip")
    monkeypatch.setitem(LIMITS, "board.bin", 1000)
    for path in (tmp_path / "folder", tmp_path / "a.zip"):
        with pytest.raises(RecordError, match=r"board\.bin has more than 1000 bytes"):
            read_record(path)
    monkeypatch.setattr(archive, "LIMIT", 5000)
    with pytest.raises(RecordError, match="more than 5000 bytes"):
        read_record(tmp_path / "a.zip")
    with pytest.raises(RecordError, match="do not fit"):
        write_archive(PUBLIC)


def test_a_record_keeps_its_flaws_out_of_what_it_writes() -> None:
    assert write_archive(Record(PUBLIC.files, (REPACKED,))) == write_archive(PUBLIC)
