"""The verifier: what it finds in a record, and how it tells it in two languages.

That it finds every changed byte, and never breaks, is tested in `test_verifier_bytes.py`.
"""

from __future__ import annotations

import ast
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from appraisal import verifier
from appraisal.ballots import board
from appraisal.ballots.ballot import Spoilt
from appraisal.ballots.board import Printed, Turnout
from appraisal.ballots.checkpoint import cosign
from appraisal.codec import CONTROLS
from appraisal.encoding import canonical
from appraisal.manifest import decode_manifest
from appraisal.tally.findings import CHECKS, MOST, Findings, State
from appraisal.tally.opening import unopened
from appraisal.tally.record import (
    LIMITS,
    Record,
    RecordKind,
    read_archive,
)
from appraisal.tally.results import GroupStatus
from appraisal.tally.summary import Summary
from appraisal.verifier import verify
from tests.tally.held import Held, hashes, hold
from tests.tally.record_cases_floor import REASONS, laid_bare, one_spoilt, valid_ballots
from tests.tally.record_sessions import group_changed, merge, whole, withhold
from tests.verifying import SMALL, lines_of
from tests.world import make_world, source

VOTES = {
    0: [[[1, 2, 0], [3, 3, 3]]] * 7 + [[[5, 5, 5], [1, 1, 1]]],
    1: [[[4, 1, 1], [2, 2, 2]]] * 3,
}
PROTOCOL = Path(__file__).parents[1] / "docs" / "protocol.md"


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
        "status": "withheld",
    }
    assert json.loads(record.files["results.json"])["contests"][0]["groups"][0] == {
        "classes": [0],
        "issued": 3,
        "returned": 3,
        "status": "withheld",
        "subjects": [],
    }


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"status": GroupStatus.OPENED, "opened": valid_ballots(), "spoilt": REASONS},
            "fewer valid ballots than the floor",
        ),
        ({"status": GroupStatus.OPENED}, "an opened group without its ballots"),
        ({"opened": valid_ballots()}, "a withheld group tells what its ballots are"),
        ({"spoilt": REASONS}, "a withheld group tells what its ballots are"),
        ({"spoilt": ()}, "a withheld group tells what its ballots are"),
        ({"ballots": 2}, "do not follow from the ballots in the boxes and the floor"),
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


def test_that_a_box_was_rightly_withheld_no_record_shows_and_the_report_says_so() -> None:
    """What could show it would lay its ballots bare."""
    held = one_spoilt()
    group = held.openings.groups[0]
    assert (group.status, group.ballots) == (GroupStatus.OPENED, 4)
    said = "withheld, since fewer of their ballots than the floor are valid: 1, with ballots: 4;"
    report = verify(held.record(audit=True))
    assert report.ok
    assert said not in report.text("en")
    withheld = {"status": GroupStatus.WITHHELD, "opened": None, "spoilt": None}
    report = verify(group_changed(held, 0, **withheld).record(audit=True))
    assert report.ok
    assert said in report.text("en")
    assert "不公布的票箱 1 组，有选票 4 张" in report.text("zh")


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
        few_valid=(),
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
    value = json.loads(SMALL.files[name])
    value["z" + HOSTILE.replace("\ud800", "").replace("\udfff", "")] = 1
    report = verify(Record({**SMALL.files, name: canonical(value)}))
    assert any("is not known" in finding.text.en for finding in report.findings)
    assert not [line for line in lines_of(report) if CONTROLS.search(line)]


def test_a_hostile_title_is_refused_before_it_is_told() -> None:
    value = json.loads(SMALL.files["manifest.json"])
    value["title"] = "评议\u202e\x1b]0;"
    report = verify(Record({**SMALL.files, "manifest.json": canonical(value)}))
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
