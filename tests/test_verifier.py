"""The verifier: it finds every changed byte, tells it in two languages, and never breaks."""

from __future__ import annotations

import ast
import io
import json
import random
import re
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appraisal import verifier
from appraisal.ballots import board
from appraisal.ballots.ballot import Spoilt
from appraisal.ballots.board import Printed, Turnout
from appraisal.ballots.checkpoint import cosign
from appraisal.codec import CONTROLS
from appraisal.encoding import canonical
from appraisal.errors import RecordError
from appraisal.manifest import decode_manifest
from appraisal.tally.findings import CHECKS, MOST, Findings, Report, State
from appraisal.tally.opening import unopened
from appraisal.tally.record import (
    LIMITS,
    Record,
    RecordKind,
    read_archive,
    read_record,
    write_archive,
    write_folder,
)
from appraisal.tally.results import GroupStatus
from appraisal.tally.spread import Cores
from appraisal.tally.summary import Summary
from appraisal.verifier import verify
from tests.tally.held import Held, hashes, hold, small_world
from tests.tally.record_cases_floor import laid_bare, one_spoilt, valid_ballots
from tests.tally.record_sessions import group_changed, merge, whole, withhold
from tests.world import make_world, source

VOTES = {
    0: [[[1, 2, 0], [3, 3, 3]]] * 7 + [[[5, 5, 5], [1, 1, 1]]],
    1: [[[4, 1, 1], [2, 2, 2]]] * 3,
}
PROTOCOL = Path(__file__).parents[1] / "docs" / "protocol.md"


def small() -> Record:
    """An audit record of about 6 kB."""
    return hold(small_world(), {0: [[[1]], [[2]]]}, stayed_away=0).record(audit=True)


def holds(data: bytes) -> bool:
    """Whether an archive is a record in which nothing is found."""
    try:
        return verify(read_archive(data)).ok
    except RecordError:
        return False


def test_an_honest_record_holds() -> None:
    held = hold(make_world(), VOTES)
    for audit in (False, True):
        report = verify(held.record(audit=audit))
        assert report.ok
        assert report.findings == ()
        last = State.PASSED if audit else State.NEEDS_FACTORS
        assert list(report.states.values()) == [State.PASSED] * 11 + [last]


def test_who_verifies_in_several_processes_finds_the_same() -> None:
    held = hold(make_world(), VOTES)
    held.ballots[3:5] = held.ballots[4:2:-1]
    held.ballots[0] = held.ballots[0].__class__(
        held.ballots[0].box,
        held.ballots[0].key,
        held.ballots[1].tokens,
        held.ballots[0].sealed,
        held.ballots[0].signature,
    )
    held.reopen()
    record = held.record(audit=True)
    assert verify(record, workers=2) == verify(record, workers=1)
    assert {finding.check for finding in verify(record).findings} == {7, 8}


# --- every changed byte -------------------------------------------------------------------------


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
    record = _SMALL
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
    whole = _SMALL.files[name]
    key, value = b'"\\ud800":1', b'"a":"\\udfff"'
    candidates = [b"{" + key + b"}", b"{" + value + b"}", b"{" + key + b"," + value + b"}"]
    candidates += [b"{" + key + b"," + whole[1:], whole[:-1] + b"," + key + b"}"]
    candidates += [re.sub(rb':"[^"]*"', rb':"\\ud800"', whole, count=1)]
    candidates += [b'"\\ud800"', b'["\\udc00"]']
    for data in candidates:
        assert b"\\ud" in data
        record = Record({**_SMALL.files, name: data})
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


# --- what the record cannot hide ----------------------------------------------------------------


def test_a_service_that_drops_a_ballot_before_close_is_convicted_by_the_receipt_alone() -> None:
    """The record holds: that a ballot is missing shows only who has its receipt (A7)."""
    held = withhold()
    (dropped, *held.ballots) = held.ballots
    held.reopen()
    assert verify(held.record(audit=True)).ok
    assert dropped.entry not in held.entries


def test_a_public_record_cannot_show_a_changed_answer_and_says_so() -> None:
    report = verify(withhold().record())
    assert report.ok
    assert report.states[12] is State.NEEDS_FACTORS
    assert "a public record has no decryption factors" in report.text("en")
    assert "公开记录不含解密因子" in report.text("zh")


def test_more_slips_by_a_later_printing_are_right_and_in_one_printing_are_not() -> None:
    held = withhold()
    more = hashes(2, source(5))
    held.printed.append(Printed(0, 1, more))
    held.reopen()
    assert verify(held.record()).ok
    held.printed[1:] = [Printed(0, 1, tuple(sorted([*held.printed[1].slips, *more])))]
    assert [finding.check for finding in verify(held.record()).findings] == [5]


@pytest.mark.parametrize("first", [1, 2, 3, 4, 5])
def test_the_first_printing_is_what_the_manifest_says_and_later_ones_add(first: int) -> None:
    """Three slips are said for the second class; two more printings follow the first."""
    held = withhold()
    own = held.printed[1].slips
    extra = hashes(4, source(6))
    printings = [tuple(sorted((*own, *extra)[:first])), extra[2:3], extra[3:]]
    if first < len(own):
        printings.append(tuple(sorted(own[first:])))
    held.printed[1:] = [Printed(0, 1, slips) for slips in printings]
    held.reopen()
    report = verify(held.record(audit=True))
    assert report.ok is (first == 3)
    if not report.ok:
        (finding,) = report.findings
        assert (finding.check, finding.where) == (5, held.manifest.classes[1].name.zh)
        assert finding.text.en == f"the first printing has {first} slips, the manifest says 3"


def test_no_printing_of_a_class_is_found() -> None:
    held = withhold()
    entries = held.entries
    assert entries[2][:3] == b"\x02\x00\x01"
    del entries[2]
    report = verify(held.record(entries=entries))
    assert (5, "the first printing has 0 slips, the manifest says 3") in {
        (finding.check, finding.text.en) for finding in report.findings
    }


# --- the floor for valid ballots ----------------------------------------------------------------


@pytest.mark.parametrize("audit", [False, True])
def test_a_box_with_too_few_valid_ballots_is_withheld_and_the_record_holds(audit: bool) -> None:
    held = laid_bare()
    record = held.record(audit=audit)
    report = verify(record)
    assert (report.ok, report.findings) == (True, ())
    assert json.loads(record.files["openings.json"])["groups"][0] == {
        "ballots": 3,
        "boxes": [0],
        "spoilt": ["answer-out-of-range", "unreadable"],
        "status": "withheld",
    }
    assert json.loads(record.files["results.json"])["contests"][0]["groups"][0] == {
        "classes": [0],
        "issued": 3,
        "questions": [],
        "returned": 3,
        "status": "withheld",
    }


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"spoilt": None}, "do not follow from the ballots in the boxes and the floor"),
        ({"spoilt": ()}, "do not follow from the ballots in the boxes and the floor"),
        (
            {"status": GroupStatus.OPENED, "opened": valid_ballots()},
            "fewer valid ballots than the floor",
        ),
        ({"opened": valid_ballots()}, "a withheld group tells ballots"),
        ({"status": GroupStatus.OPENED}, "an opened group without its ballots"),
        ({"spoilt": (Spoilt.UNREADABLE,) * 4}, "more spoilt ballots than there are ballots"),
        (
            {"spoilt": (Spoilt.UNREADABLE, Spoilt.ANSWER_OUT_OF_RANGE)},
            "spoilt ballots are not sorted by reason",
        ),
    ],
)
def test_a_box_with_too_few_valid_ballots_has_one_form(
    changes: dict[str, Any], sentence: str
) -> None:
    """The cheat put board and results right; anyone sees it, without keys."""
    report = verify(group_changed(laid_bare(), 0, **changes).record())
    (finding,) = report.findings
    assert finding.check == 10
    assert sentence in finding.text.en


def test_enough_valid_ballots_are_not_withheld_for_a_spoilt_one() -> None:
    held = one_spoilt()
    assert verify(held.record(audit=True)).ok
    group = held.openings.groups[0]
    assert (group.status, group.ballots) == (GroupStatus.OPENED, 4)
    withheld = {"status": GroupStatus.WITHHELD, "opened": None}
    report = verify(group_changed(held, 0, **withheld).record())
    assert {finding.check for finding in report.findings} == {10}
    # With as many reasons as would justify it no record shows it: what could would lay bare.
    reasons = (Spoilt.UNREADABLE,) * 3
    changed = group_changed(held, 0, **withheld, spoilt=reasons)
    assert verify(changed.record(audit=True)).ok


def test_a_changed_reason_of_a_published_box_is_found_with_the_factors() -> None:
    held = group_changed(one_spoilt(), 0, spoilt=(Spoilt.NOT_A_BALLOT,))
    assert verify(held.record()).ok
    (finding,) = verify(held.record(audit=True)).findings
    assert (finding.check, finding.where) == (12, "openings.groups[0]")


def test_a_void_session_says_so() -> None:
    held = withhold()
    slips = held.turnout[0].drawn
    held.turnout[0] = Turnout(0, 0, slips[:2], tuple(sorted([*held.turnout[0].void, slips[2]])))
    held.reopen()
    report = verify(held.record(audit=True))
    assert [finding.check for finding in report.findings] == [9]
    assert "本次评议作废" in report.text("zh")
    assert "void, nothing was opened" in report.text("en")


# --- the report ---------------------------------------------------------------------------------


def tampered() -> Held:
    """Three ballots changed: one finding each."""
    held = hold(make_world(), VOTES)
    for number in range(3):
        ballot = held.ballots[number]
        changed = ballot.signature[:-1] + bytes([ballot.signature[-1] ^ 1])
        held.ballots[number] = type(ballot)(
            ballot.box, ballot.key, ballot.tokens, ballot.sealed, changed
        )
    held.reopen()
    return held


def test_a_report_names_check_place_and_reason() -> None:
    report = verify(tampered().record())
    assert report.states[8] is State.FAILED
    english = report.text("en")
    assert (
        len(
            re.findall(r"^\[8\] board\.bin:\d+: the ballot key did not sign", english, re.MULTILINE)
        )
        == 3
    )
    assert "Result: 3 findings." in english
    assert "✗  8 every ballot's signature verifies" in english
    assert "结论：发现 3 处问题。" in report.text("zh")


def test_a_report_says_whose_record_it_is() -> None:
    held = withhold()
    text = verify(held.record()).text("zh")
    assert held.manifest.title in text
    assert held.manifest.organisation in text
    assert held.manifest.fingerprint in text
    assert "选票 4 张" in text


def test_the_board_root_is_spelt_as_in_the_checkpoint_and_in_the_report() -> None:
    held = withhold()
    root = held.record().files["checkpoint.txt"].decode().splitlines()[2]
    report = verify(held.record())
    assert f"公示板根 {root}" in report.text("zh").splitlines()
    assert f"board root   {root}" in report.text("en").splitlines()


def repacked(files: Mapping[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """What another program makes of a record's files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return file.getvalue()


def test_a_record_that_was_only_packed_anew_fails_check_1_and_is_told_apart() -> None:
    report = verify(read_archive(repacked(withhold().record().files)))
    assert [check for check, state in report.states.items() if state is State.FAILED] == [1]
    assert not report.ok
    assert "结论：内容没有变，核对都无误，只是文件的装法不同" in report.text("zh")
    assert "Result: the content is unchanged and holds" in report.text("en")
    assert not re.search(r"[a-z]{3,}", re.sub(r"(?m)^\D.*$", "", report.text("zh")))


def test_a_record_that_was_packed_anew_and_changed_is_not() -> None:
    for record in (
        tampered().record(),
        Record({**withhold().record().files, "results.json": b"{}"}),
    ):
        report = verify(read_archive(repacked(record.files)))
        assert not report.only_repacked
        assert "内容没有变" not in report.text("zh")
        assert "unchanged" not in report.text("en")


def test_a_report_says_who_had_a_part_in_it() -> None:
    held = whole()
    report = verify(held.record(audit=True))
    assert report.ok
    english, chinese = report.text("en"), report.text("zh")
    for line in (
        "signers      registrar, 签发方2",
        "token keys stated destroyed by registrar, 签发方2",
        "tellers      监票人1, 监票人2, 监票人3 (2 of 3 open)",
        "witness      witness1.example.org, 2010-06-20 02:13 UTC",
        "witness      witness2.example.org, 2010-06-20 02:13 UTC",
    ):
        assert line in english.splitlines()
    assert "签发方 评议系统、签发方2" in chinese
    assert "声明盲签名钥匙已销毁 评议系统、签发方2" in chinese
    assert "监票人 监票人1、监票人2、监票人3（3 人中 2 人开箱）" in chinese
    assert "见证方 witness2.example.org，2010-06-20 02:13 UTC" in chinese
    alone = verify(withhold().record()).text("en")
    assert "custodian, no tellers: before it, whoever runs the service could" in alone
    assert "witnesses    none" in alone


def test_a_session_that_its_tellers_could_not_open_says_so() -> None:
    held = whole()
    held.reopened(unopened())
    report = verify(held.record(audit=True))
    assert report.ok
    assert "Too few tellers could open the boxes: void" in report.text("en")
    assert "监票人不足，无法开箱" in report.text("zh")


def test_a_time_beyond_every_calendar_is_told_as_a_number() -> None:
    held = whole()
    head = board.head(held.entries, origin=held.manifest.board.origin)
    text = held.cosigned(head).splitlines(keepends=True)[:-1]
    key, name = held.world.witness_keys[1], held.manifest.witnesses[1].name
    late = cosign(head, name=name, key=key, seconds=2**62)
    files = {**held.record().files, "checkpoint.txt": "".join([*text, late]).encode()}
    assert f"witness      {name}, {2**62} s" in verify(Record(files)).text("en")


def test_checks_that_cannot_be_made_are_told_apart_from_those_that_hold() -> None:
    record = withhold().record()
    rest = {name: data for name, data in record.files.items() if name != "openings.json"}
    report = verify(Record(rest))
    assert [report.states[n] for n in (9, 10, 11)] == [State.PASSED, *[State.UNREACHED] * 2]
    assert "? 10 " in report.text("en")
    assert "(not reached)" in report.text("en")


def test_without_a_manifest_little_can_be_said() -> None:
    record = withhold().record()
    report = verify(Record({**record.files, "manifest.json": b"{}"}))
    assert report.summary is None
    assert set(report.states.values()) == {State.FAILED, State.UNREACHED, State.NEEDS_FACTORS}
    assert report.text("zh").startswith("评议记录验证")


HOSTILE = "".join(map(chr, [*range(32), *range(127, 160), 0x2028, 0x2029, 0xD800, 0xDFFF]))
HOSTILE += "".join(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]))


def lines_of(report: Report) -> list[str]:
    """The report in both languages, line by line; each can be printed."""
    both = report.text("zh") + report.text("en")
    assert both.encode("utf-8")
    return both.split("\n")


def test_no_control_character_of_a_title_reaches_the_report() -> None:
    # No manifest that was decoded holds any; the report does not lean on that.
    manifest = decode_manifest(withhold().manifest.encoded)
    assert manifest.fingerprint  # worked out, and kept, before the title changes
    object.__setattr__(manifest, "title", f"{HOSTILE}评议\nResult: every check holds.")
    object.__setattr__(manifest, "organisation", f"\x1b[2J{HOSTILE}")
    object.__setattr__(manifest.signers[0], "name", HOSTILE)
    summary = Summary(
        manifest,
        root=bytes(32),
        ballots=1,
        cosigned=(),
        destroyed=(0,),
        overfull=False,
        void=None,
    )
    found = Findings()
    found.add(1, zh=f"错误{HOSTILE}", en=f"wrong{HOSTILE}", where=f"file{HOSTILE}")
    plain = replace(summary, manifest=merge().manifest)
    lines = lines_of(found.report(RecordKind.PUBLIC, summary))
    assert len(lines) == len(lines_of(found.report(RecordKind.PUBLIC, plain)))
    assert not [line for line in lines if CONTROLS.search(line)]
    kinds = {unicodedata.category(character) for line in lines for character in line}
    assert not kinds & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert "Result: every check holds." not in lines


@pytest.mark.parametrize("name", [name for name in LIMITS if name.endswith(".json")])
def test_no_control_character_of_a_field_reaches_the_report(name: str) -> None:
    value = json.loads(_SMALL.files[name])
    value["z" + HOSTILE.replace("\ud800", "").replace("\udfff", "")] = 1
    report = verify(Record({**_SMALL.files, name: canonical(value)}))
    assert any("is not known" in finding.text.en for finding in report.findings)
    assert not [line for line in lines_of(report) if CONTROLS.search(line)]


def test_a_hostile_title_is_refused_before_it_is_told() -> None:
    value = json.loads(_SMALL.files["manifest.json"])
    value["title"] = "评议\u202e\x1b]0;"
    report = verify(Record({**_SMALL.files, "manifest.json": canonical(value)}))
    assert report.summary is None
    assert "manifest.title: a control character" in report.text("en")


def test_many_findings_of_one_check_are_told_in_part_and_counted_in_full() -> None:
    found = Findings()
    for number in range(MOST + 5):
        found.add(7, zh="盲签名无效", en="a token does not verify", where=str(number))
    report = found.report(RecordKind.PUBLIC, None)
    assert len(report.findings) == MOST
    assert "[7] and 5 more" in report.text("en")
    assert "[7] 另有 5 处" in report.text("zh")
    assert f"{MOST + 5} findings" in report.text("en")


# --- the list of checks -------------------------------------------------------------------------


def test_the_twelve_checks_are_those_of_the_protocol() -> None:
    text = PROTOCOL.read_text()
    section = text[text.index("A verifier MUST make these checks") :].split("\n## ")[0]
    numbered = re.findall(r"^(\d+)\. (.*)$", section, re.MULTILINE)
    assert [int(number) for number, _ in numbered] == list(CHECKS) == list(range(1, 13))
    listed = " ".join(str(verifier.__doc__).split())
    for number, sentence in numbered:
        assert f"{number}. {sentence.split(';')[0].split('; ')[0]}" in listed


def test_every_number_of_the_list_stands_at_a_line_that_does_it() -> None:
    source_text = Path(str(verifier.__file__)).read_text()
    run = next(
        node
        for node in ast.walk(ast.parse(source_text))
        if isinstance(node, ast.FunctionDef) and node.name == "run"
    )
    lines = source_text.splitlines()[run.lineno - 1 : run.end_lineno]
    numbers = {int(n) for line in lines for n in re.findall(r"\d+", line.partition("  # ")[2])}
    assert numbers == set(range(1, 13))


_SMALL = small()
