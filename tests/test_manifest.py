"""The manifest: one byte form, and every contradiction named."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from appraisal.ballot_form import Option, Question, QuestionKind, SubjectKind, Text
from appraisal.ballots.cast import entry_size
from appraisal.encoding import b64encode, canonical
from appraisal.errors import MalformedError, ManifestError
from appraisal.manifest import (
    LIMIT,
    Box,
    BoxNumber,
    Contest,
    Manifest,
    Signer,
    Subject,
    Witness,
    decode_manifest,
)
from appraisal.manifest_rules import ENTRY_SIZES
from tests.manifest_cases import base, modulus
from tests.tally.record_forms import SELECTION
from tests.world import make_world

MANIFEST = make_world().manifest
WIDE = base()
"""A manifest with every field that may be absent but comments."""


def changed(change: Callable[[dict[str, Any]], None], of: Manifest = MANIFEST) -> bytes:
    value = json.loads(of.encoded)
    change(value)
    return canonical(value)


def test_round_trip() -> None:
    assert decode_manifest(MANIFEST.encoded) == MANIFEST
    assert decode_manifest(MANIFEST.encoded).encoded == MANIFEST.encoded


def test_fingerprint_is_half_the_hash() -> None:
    assert len(MANIFEST.fingerprint) == 26
    assert len(MANIFEST.hash) == 32


def test_boxes_contest_by_contest() -> None:
    assert MANIFEST.box(contest=1, voter_class=0) == 2
    assert MANIFEST.boxes_of_class(1) == (1, 3)


def put(*path: Any, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(found: Any) -> None:
        for step in path[:-1]:
            found = found[step]
        found[path[-1]] = value

    return change


def drop(*path: Any) -> Callable[[dict[str, Any]], None]:
    def change(found: Any) -> None:
        for step in path[:-1]:
            found = found[step]
        del found[path[-1]]

    return change


MODULUS = json.loads(MANIFEST.encoded)["boxes"][0]["token_keys"][0]
KEY, OTHER_KEY = b64encode(b"\1" * 32), b64encode(b"\2" * 32)


def signer(name: str, *, key: str = KEY, url: str = "https://b.example.org") -> dict[str, str]:
    return {"name": name, "key": key, "url": url}


def signers(*further: dict[str, str]) -> Callable[[dict[str, Any]], None]:
    """The registrar and further signers, each box with a modulus of each."""

    def change(found: dict[str, Any]) -> None:
        found["signers"] += further
        moduli = iter(range(1, 100))
        for box in found["boxes"]:
            for _ in further:
                box["token_keys"].append(b64encode(b"\xff" * 255 + bytes([2 * next(moduli) + 1])))

    return change


def witness(name: str, key: bytes = b"\1" * 32) -> dict[str, str]:
    return {"name": name, "key": b64encode(key)}


def test_a_second_signer_and_a_witness_belong_in_a_manifest() -> None:
    def change(found: dict[str, Any]) -> None:
        signers(signer("区委组织部", url="http://localhost:8081"))(found)
        found["witnesses"] = [witness("witness.example.org")]

    manifest = decode_manifest(changed(change))
    assert manifest.signers[1] == Signer("区委组织部", b"\1" * 32, "http://localhost:8081")
    assert manifest.witnesses == (Witness("witness.example.org", b"\1" * 32),)
    assert all(len(box.token_keys) == 2 for box in manifest.boxes)


WRONG: list[tuple[str, Callable[[dict[str, Any]], None]]] = [
    ("format", put("format", value="appraisal-manifest/2")),
    ("session", put("session", value="K3M9X7Q2WP")),
    ("session", put("session", value="short")),
    ("title is missing", drop("title")),
    ("title", put("title", value="")),
    ("title", put("title", value="长" * 201)),
    ("title", put("title", value=7)),
    ("extra is not known", put("extra", value=1)),
    ("sector", put("sector", value="海外")),
    ("frozen", put("frozen", value="2010-6-20")),
    ("frozen", put("frozen", value="2010-02-30")),
    ("period.to is before", put("period", "to", value="2010-01-01")),
    ("demonstration", put("demonstration", value=0)),
    ("instruments", put("instruments", value=[])),
    ("no id", put("instruments", 0, "id", value="Three Questions")),
    ("best first", put("instruments", 0, "questions", 1, "options", 0, "points", value=1)),
    ("points", put("instruments", 0, "questions", 0, "options", 0, "points", value=1001)),
    ("points", put("instruments", 0, "questions", 0, "options", 0, "points", value=True)),
    (
        "neither good nor bad",
        put("instruments", 0, "questions", 0, "options", 4, "positive", value=True),
    ),
    (
        "no grade carries",
        put(
            "instruments",
            0,
            "questions",
            0,
            "options",
            value=[{"text": {"zh": "a", "en": "a"}, "positive": False, "negative": False}],
        ),
    ),
    ("questions", put("instruments", 0, "questions", value=[])),
    ("en is missing", drop("instruments", 0, "title", "en")),
    ("kind", put("subjects", 0, "kind", value="committee")),
    ("name", put("subjects", 1, "name", value="")),
    ("points outside", put("contests", 0, "subjects", value=[9])),
    ("stands twice", put("contests", 1, "subjects", value=[0])),
    ("subject is not known", put("contests", 0, "subject", value=0)),
    ("weights", put("classes", 0, "weight", value=59)),
    ("fewer slips", put("classes", 1, "slips", value=4)),
    ("name stands twice", put("classes", 1, "name", "zh", value="党员")),
    ("boxes", drop("boxes", 3)),
    ("in order", put("boxes", 0, "class", value=1)),
    ("one token key a signer", put("boxes", 0, "token_keys", value=[MODULUS, MODULUS])),
    ("token key stands twice", put("boxes", 1, "token_keys", value=[MODULUS])),
    ("modulus", put("boxes", 0, "token_keys", value=[b64encode(bytes(256))])),
    ("255 bytes where 256", put("boxes", 0, "token_keys", value=[b64encode(bytes(255))])),
    ("signers", put("signers", value=[])),
    ("with a name only", put("signers", 0, "key", value=KEY)),
    ("with a name only", put("signers", 0, "url", value="https://example.org")),
    *(
        (sentence, signers(*further))
        for sentence, further in (
            ("no key or no url", [{"name": "b"}]),
            ("no key or no url", [{"name": "b", "key": KEY}]),
            ("no key or no url", [{"name": "b", "url": "https://b.example.org"}]),
            ("32", [{"name": "b", "key": "AA==", "url": "https://b.example.org"}]),
            ("scheme and host", [signer("b", url="https://b.example.org/")]),
            ("scheme and host", [signer("b", url="https://b.example.org/v")]),
            ("scheme and host", [signer("b", url="ftp://b.example.org")]),
            ("scheme and host", [signer("b", url="https://u@b.example.org")]),
            ("scheme and host", [signer("b", url="https://B.example.org")]),
            ("name stands twice", [signer("registrar")]),
            ("key stands twice", [signer("b"), signer("c", url="https://c.example.org")]),
            ("url stands twice", [signer("b"), signer("c", key=OTHER_KEY)]),
        )
    ),
    ("witnesses is missing", drop("witnesses")),
    ("witnesses", put("witnesses", value=[witness(f"w{n}", bytes([n] * 32)) for n in range(5)])),
    ("spaces and plus", put("witnesses", value=[witness("a b")])),
    ("spaces and plus", put("witnesses", value=[witness("a+b")])),
    ("spaces and plus", put("witnesses", value=[witness("见证方")])),
    ("is the board's", put("witnesses", value=[witness(MANIFEST.board.origin)])),
    ("is the board's", put("witnesses", value=[witness("w", MANIFEST.board.key)])),
    ("name stands twice", put("witnesses", value=[witness("w"), witness("w", b"\2" * 32)])),
    ("key stands twice", put("witnesses", value=[witness("v"), witness("w")])),
    ("quorum", put("opening", "quorum", value=2)),
    ("quorum", put("opening", "quorum", value=0)),
    (
        "one teller",
        put(
            "opening",
            "tellers",
            value=[
                {"name": "a", "key": b64encode(bytes(32))},
                {"name": "b", "key": b64encode(b"\1" * 32)},
            ],
        ),
    ),
    (
        "key stands twice",
        put(
            "opening",
            "tellers",
            value=[
                {"name": "a", "key": b64encode(bytes(32))},
                {"name": "b", "key": b64encode(bytes(32))},
            ],
        ),
    ),
    ("floor", put("rules", "floor", value=1)),
    ("below_floor", put("rules", "below_floor", value="publish")),
    *(
        (f"rules.{name}", put("rules", name, value=value))
        for name in ("attendance", "turnout", "positive", "negative")
        for value in (
            {"share": [3, 2], "over": False},
            {"share": [0, 0], "over": False},
            {"share": [1], "over": False},
            {"share": ["1", "2"], "over": False},
            {"share": [1, 1], "over": True},
            {"share": [1, 2]},
            [1, 2],
        )
    ),
    ("decimals", put("rules", "decimals", value=7)),
    ("origin", put("board", "origin", value="a b")),
    ("origin", put("board", "origin", value="a+b")),
    ("key", put("board", "key", value="AA==")),
]


@pytest.mark.parametrize(("sentence", "change"), WRONG)
def test_each_contradiction_is_named(
    sentence: str, change: Callable[[dict[str, Any]], None]
) -> None:
    with pytest.raises(ManifestError, match=sentence):
        decode_manifest(changed(change))


TEXTS: list[tuple[Any, ...]] = [
    ("title",),
    ("organisation",),
    ("period", "theme"),
    ("instruments", 0, "title", "zh"),
    ("instruments", 0, "instruction", "en"),
    ("instruments", 0, "notes", "title", "zh"),
    ("instruments", 0, "notes", "items", 1, "zh"),
    ("instruments", 0, "questions", 0, "note", "zh"),
    ("instruments", 0, "questions", 1, "text", "en"),
    ("instruments", 0, "questions", 2, "options", 1, "text", "zh"),
    ("subjects", 1, "name"),
    ("subjects", 1, "post"),
    ("subjects", 0, "commitment"),
    ("classes", 1, "name", "en"),
    ("signers", 0, "name"),
    ("opening", "tellers", 0, "name"),
    ("rules", "award"),
]
CONTROLS = {
    "end of text": "\x00",
    "tab": "\t",
    "line feed": "\n",
    "carriage return": "\r",
    "terminal escape": "\x1b",
    "delete": "\x7f",
    "next line": "\x85",
    "C1 escape": "\x9b",
    "line separator": "\u2028",
    "paragraph separator": "\u2029",
    "embedding": "\u202b",
    "override": "\u202e",
    "isolate": "\u2066",
    "end of isolate": "\u2069",
}


def named(path: tuple[Any, ...]) -> str:
    """The field as an error names it: ``manifest.subjects[1].name``."""
    return "manifest" + "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in path)


@pytest.mark.parametrize("path", TEXTS, ids=named)
@pytest.mark.parametrize("character", CONTROLS.values(), ids=CONTROLS)
def test_a_control_character_is_refused_in_every_text(
    path: tuple[Any, ...], character: str
) -> None:
    for value in (f"先进{character}党支部", character, f"党支部{character}"):
        with pytest.raises(ManifestError, match=re.escape(f"{named(path)}: a control character")):
            decode_manifest(changed(put(*path, value=value), WIDE))


@pytest.mark.parametrize("path", TEXTS, ids=named)
def test_half_a_character_has_no_form(path: tuple[Any, ...]) -> None:
    value = json.loads(WIDE.encoded)
    put(*path, value="\ud800")(value)
    with pytest.raises(ManifestError, match="no canonical JSON"):
        decode_manifest(json.dumps(value, separators=(",", ":"), sort_keys=True).encode())
    with pytest.raises(MalformedError, match="no canonical JSON"):
        _ = replace(MANIFEST, title="\ud800").encoded


@pytest.mark.parametrize(
    "title", ["“七·一”民主评议 — 2010", "😀", "Tōhō  a\u00a0b", "\u200fא", "　评议"]
)
def test_other_characters_belong_in_a_title(title: str) -> None:
    assert decode_manifest(changed(put("title", value=title))).title == title


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        MANIFEST.encoded + b"\n",
        MANIFEST.encoded[:-1],
        b" " * (LIMIT + 1),
    ],
)
def test_bytes_that_are_no_manifest(data: bytes) -> None:
    with pytest.raises(ManifestError):
        decode_manifest(data)


def test_every_changed_byte_changes_the_hash_or_is_refused() -> None:
    for i in range(0, len(MANIFEST.encoded), 7):
        data = bytearray(MANIFEST.encoded)
        data[i] ^= 0x01
        try:
            assert decode_manifest(bytes(data)).hash != MANIFEST.hash
        except ManifestError:
            continue


def test_a_contradiction_cannot_be_built_either() -> None:
    with pytest.raises(ManifestError, match="weights"):
        replace(MANIFEST, classes=MANIFEST.classes[:1])


def test_a_grade_outside_the_scale_has_no_points_field() -> None:
    grade = json.loads(MANIFEST.encoded)["instruments"][0]["questions"][0]["options"][4]
    name = {"zh": "不了解", "en": "不了解"}
    assert grade == {"text": name, "positive": False, "negative": False}


def test_what_is_absent_has_no_field() -> None:
    value = json.loads(MANIFEST.encoded)
    assert set(value["rules"]) & {"attendance", "negative", "quota_organisations"} == set()
    assert "comments" not in value
    (instrument,) = value["instruments"]
    assert set(instrument) == {"id", "title", "questions", "limits"}
    assert set(instrument["questions"][0]) == {"kind", "text", "required", "options"}


def test_every_contest_has_its_form() -> None:
    every_kind, selection, problems = WIDE.forms
    assert (every_kind.subjects, every_kind.size, every_kind.bounds) == (1, 5, ())
    assert (selection.subjects, selection.size) == (4, 8)
    assert [(b.subjects, b.least, b.most) for b in selection.bounds] == [
        ((0, 1, 2, 3), 0, 2),
        ((0, 1, 2, 3), 2, 2),
    ]
    assert (problems.size, problems.empty_spoils) == (3, True)
    assert [WIDE.form_of(box.contest * 2 + box.voter_class) for box in WIDE.boxes] == [
        *(every_kind, every_kind),
        *(selection, selection),
        *(problems, problems),
    ]


def test_a_subject_stands_at_its_place_in_each_of_its_contests() -> None:
    contests = (*WIDE.contests[:1], replace(WIDE.contests[1], subjects=(4, 2, 1, 3)))
    manifest = replace(WIDE, contests=(*contests, WIDE.contests[2]))
    assert manifest.stands == (((0, 0),), ((1, 2),), ((1, 1),), ((1, 3),), ((1, 0),), ((2, 0),))
    assert [manifest.contests_of(subject) for subject in (0, 3, 5)] == [(0,), (1,), (2,)]


# --- sizes ----------------------------------------------------------------------------------------


def large(count: int, *, options: int = 1, lists: int = 1, whole: bool = False) -> Manifest:
    """So many persons, each with a ballot, or all on one, and lists of so many items."""
    items = [Option(Text(str(i), str(i)), positive=False, negative=False) for i in range(options)]
    ticks = Question(QuestionKind.TICKS, Text("问题", "Q"), required=False, options=tuple(items))
    subjects = tuple(Subject(SubjectKind.PERSON, f"{i}", "") for i in range(count))
    instrument = replace(SELECTION, questions=(*SELECTION.questions, *(ticks,) * lists))
    if not whole:
        instrument = replace(instrument, limits=())
    numbers = [tuple(range(count))] if whole else [(i,) for i in range(count)]
    voter_class = replace(MANIFEST.classes[0], weight=100)
    return replace(
        MANIFEST,
        instruments=(instrument,),
        subjects=subjects,
        contests=tuple(Contest(own, 0) for own in numbers),
        classes=(voter_class,),
        boxes=tuple(
            Box(i, 0, tuple(modulus(len(MANIFEST.signers) * i + j) for j in range(1)))
            for i in range(len(numbers))
        ),
        rules=replace(MANIFEST.rules, members=9 if whole else 0),
    )


def test_two_thousand_subjects_have_a_ballot_each() -> None:
    """132 bytes of an entry, 288 a signer, 80 a teller, and the answers: about a megabyte."""
    assert len(large(2000).contests) == 2000
    with pytest.raises(ManifestError, match=r"^contests: a voter's ballots do not fit in one"):
        large(2000, options=250, lists=5)


def test_two_thousand_subjects_on_one_ballot() -> None:
    assert large(2000, whole=True, options=8).forms[0].size == 20_000
    with pytest.raises(
        ManifestError, match=r"^contests\[0\]: more than 20000 answers on a ballot$"
    ):
        large(2000, whole=True, options=9)


def test_the_size_of_all_entries_is_that_of_the_protocol() -> None:
    own, a_signer, a_teller = ENTRY_SIZES
    for signers_, tellers in ((1, 1), (2, 3)):
        manifest = make_world(signers=signers_, tellers=tellers, subjects=2).manifest
        besides = own + a_signer * signers_ + a_teller * tellers
        assert entry_size(manifest, BoxNumber(0)) == besides + manifest.forms[0].size


def test_type_of_a_decoded_manifest() -> None:
    assert isinstance(decode_manifest(MANIFEST.encoded), Manifest)
