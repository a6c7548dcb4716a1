"""The cases of `tests/vectors/manifests.json`: a manifest that holds, and what breaks one rule.

A case sets single fields: a path and a value; a path to the end of a list adds. Of ballot forms and
counting rules the cases are in `manifest_form_cases`.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final, TypeAlias

from appraisal.ballot_form import Notes
from appraisal.encoding import b64decode
from appraisal.manifest import Box, Manifest, decode_manifest
from tests.tally.record_sessions import FOLDER, SESSIONS
from tests.world import text

Json: TypeAlias = Any
Change: TypeAlias = list[Json]
"""A path, then the value."""

SMALL: Final = base64.b64encode(b"\x01" + bytes(31)).decode()
SPELLED: Final = base64.b64encode(b"\xee" + b"\xff" * 30 + b"\x7f").decode()
"""y = 1 written as p + 1."""
NOWHERE: Final = base64.b64encode(b"\x02" + bytes(31)).decode()
"""y = 2, which no point of the curve has."""


@dataclass(frozen=True)
class Case:
    """One case: the fields it sets, and the sentence of a refusal; none if the manifest holds."""

    name: str
    comment: str
    sentence: str
    changes: tuple[Change, ...]


def case(name: str, comment: str, sentence: str, *changes: Change) -> Case:
    return Case(name, comment, sentence, changes)


def at(*path_and_value: Json) -> Change:
    return list(path_and_value)


@cache
def base() -> Manifest:
    """Three tellers, two signers, two witnesses; every kind of question, and limits.

    Of two sessions of the record vectors; its token keys are made up.
    """
    stored = json.loads((FOLDER / SESSIONS).read_bytes())
    whole, kinds = (
        decode_manifest(b64decode(stored[name]["manifest"])) for name in ("whole", "kinds")
    )
    every_kind, *others = kinds.instruments
    noted = replace(
        every_kind,
        instruction=text("请逐题作答"),
        notes=Notes(text("反向情形"), (text("理想信念不坚定"), text("工作消极懈怠"))),
        questions=(
            replace(every_kind.questions[0], note=text("看日常工作")),
            *every_kind.questions[1:],
        ),
    )
    return replace(
        whole,
        instruments=(noted, *others),
        subjects=kinds.subjects,
        contests=kinds.contests,
        boxes=tuple(
            Box(box.contest, box.voter_class, (modulus(2 * n), modulus(2 * n + 1)))
            for n, box in enumerate(kinds.boxes)
        ),
        rules=kinds.rules,
        classes=kinds.classes,
    )


def modulus(number: int) -> bytes:
    """An odd number of 2048 bits; whether it is a product of two primes no manifest shows."""
    drawn = hashlib.shake_256(b"modulus %d" % number).digest(256)
    return bytes([drawn[0] | 0x80]) + drawn[1:-1] + bytes([drawn[-1] | 1])


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def base_json() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(base().encoded)
    return found


def description() -> tuple[Case, ...]:
    session = base().session
    return (
        case("holds", "the manifest as it is", ""),
        case(
            "sector",
            "a sector that there is not",
            "sector: '街道' is not one of the seven sectors",
            at("sector", "街道"),
        ),
        case(
            "no-such-day",
            "30 February",
            "period.from: '2010-02-30' is not a date such as 2010-04-07",
            at("period", "from", "2010-02-30"),
        ),
        case(
            "frozen-no-day",
            "31 June",
            "frozen: '2010-06-31' is not a date such as 2010-04-07",
            at("frozen", "2010-06-31"),
        ),
        case(
            "period-turned",
            "the period ends before it begins",
            "period.to is before period.from",
            at("period", "to", "2009-12-31"),
        ),
        case("period-open", "a period without an end holds", "", at("period", "to", "")),
        case(
            "title-long",
            "a title of 201 characters",
            "manifest.title: a text of 1 to 200 characters",
            at("title", "评" * 201),
        ),
        case(
            "title-empty",
            "no title",
            "manifest.title: a text of 1 to 200 characters",
            at("title", ""),
        ),
        case(
            "session",
            "a session in capitals",
            "session: ten symbols of lower-case base32 belong here",
            at("session", session.upper()),
        ),
        case(
            "field-unknown",
            "a field that there is not",
            "manifest.rules.more is not known",
            at("rules", "more", 1),
        ),
        case(
            "commitment",
            "a public commitment of 500 characters holds",
            "",
            at("subjects", 0, "commitment", "诺" * 500),
        ),
        case(
            "commitment-long",
            "a public commitment of 501 characters",
            "manifest.subjects[0].commitment: a text of 0 to 500 characters",
            at("subjects", 0, "commitment", "诺" * 501),
        ),
    )


def classes_and_boxes() -> tuple[Case, ...]:
    m = base_json()
    key = m["boxes"][0]["token_keys"][0]
    even = b64(base64.b64decode(key)[:-1] + b"\x02")
    short = b64(b"\x7f" + base64.b64decode(key)[1:])
    boxes = [
        at("boxes", 6 + n, {"contest": 3, "class": n, "token_keys": [b64(modulus(i)) for i in own]})
        for n, own in enumerate(((12, 13), (14, 15)))
    ]
    comments = {"text": {"zh": "意见", "en": "Comment"}, "length": 600, "readers": ["书记"]}
    return (
        case(
            "weights",
            "weights of 99",
            "classes: the weights do not sum to 100",
            at("classes", 1, "weight", 39),
        ),
        case(
            "class-twice",
            "two classes of one name",
            "classes: a name stands twice",
            at("classes", 1, "name", m["classes"][0]["name"]),
        ),
        case(
            "entitled-none",
            "nobody is entitled to vote",
            "manifest.classes[0].entitled: 0 is not from 1 to 1000000",
            at("classes", 0, "entitled", 0),
        ),
        case(
            "entitled-fewer",
            "fewer entitled than slips: some are spare; it holds",
            "",
            at("classes", 0, "entitled", 3),
        ),
        case(
            "boxes-exchanged",
            "boxes out of order",
            "boxes: not one for every contest and class, in order",
            at("boxes", 0, "class", 1),
            at("boxes", 1, "class", 0),
        ),
        case(
            "token-key-twice",
            "one token key for two boxes: a token of one is good in the other",
            "boxes: a token key stands twice",
            at("boxes", 1, "token_keys", 0, key),
        ),
        case(
            "token-key-even",
            "an even modulus",
            "boxes: a token key is no RSA-2048 modulus",
            at("boxes", 0, "token_keys", 0, even),
        ),
        case(
            "token-key-short",
            "a modulus of 2047 bits",
            "boxes: a token key is no RSA-2048 modulus",
            at("boxes", 0, "token_keys", 0, short),
        ),
        case(
            "token-key-missing",
            "one token key for two signers",
            "boxes: not one token key a signer",
            at("boxes", 0, "token_keys", [key]),
        ),
        case("comments", "a comment box a class holds", "", at("comments", comments), *boxes),
        case(
            "comments-without-boxes",
            "comments without a box for them",
            "boxes: not one for every contest and class, in order",
            at("comments", comments),
        ),
        case(
            "boxes-without-comments",
            "a comment box where nobody asks for comments",
            "boxes: not one for every contest and class, in order",
            *boxes,
        ),
        case(
            "comments-reader-twice",
            "one reader of the comments twice",
            "comments.readers: a name stands twice",
            at("comments", comments | {"readers": ["书记", "书记"]}),
            *boxes,
        ),
        case(
            "comments-short",
            "comments of 29 bytes",
            "manifest.comments.length: 29 is not from 30 to 3000",
            at("comments", comments | {"length": 29}),
            *boxes,
        ),
    )


def keys() -> tuple[Case, ...]:
    m = base_json()
    further, witness = m["signers"][1], m["witnesses"][0]
    small = "an Ed25519 key of small order"
    return (
        case(
            "registrar-elsewhere",
            "a registrar with an address",
            "signers: the first is the registrar, with a name only",
            at("signers", 0, "url", "https://a.cn"),
        ),
        case(
            "signer-without-key",
            "a further signer without a key",
            "signers: x has no key or no url",
            at("signers", 1, {"name": "x", "url": "https://a.cn"}),
        ),
        case(
            "signer-name-twice",
            "two signers of one name",
            "signers: a name stands twice",
            at("signers", 1, "name", m["signers"][0]["name"]),
        ),
        case(
            "signer-key-small",
            "a signer's key of small order",
            f"signers: 签发方2: {small}",
            at("signers", 1, "key", SMALL),
        ),
        case(
            "signer-url-path",
            "an address with a path",
            "signers: 'https://signer2.example.org/x' is not scheme and host alone",
            at("signers", 1, "url", further["url"] + "/x"),
        ),
        case(
            "signer-url-port",
            "the usual port, written out, holds",
            "",
            at("signers", 1, "url", "https://a.cn:443"),
        ),
        case(
            "signer-url-capital",
            "an address in capitals",
            "signers: 'https://A.cn' is not scheme and host alone",
            at("signers", 1, "url", "https://A.cn"),
        ),
        case(
            "opening-quorum",
            "a quorum of four among three",
            "opening.quorum: more than there are tellers",
            at("opening", "quorum", 4),
        ),
        case(
            "opening-quorum-none",
            "a quorum of none",
            "manifest.opening.quorum: 0 is not from 1 to 9",
            at("opening", "quorum", 0),
        ),
        case(
            "teller-key-twice",
            "one teller's key twice: one person is the quorum",
            "opening.tellers: a key stands twice",
            at("opening", "tellers", 1, "key", m["opening"]["tellers"][0]["key"]),
        ),
        case(
            "custodian-of-three",
            "a custodian beside tellers",
            "opening: a custodian session has one teller, the service",
            at("opening", "custodian", True),
        ),
        case(
            "witness-key-small",
            "a witness's key of small order",
            f"witnesses: witness1.example.org: {small}",
            at("witnesses", 0, "key", SMALL),
        ),
        case(
            "witness-key-spelled",
            "a witness's key in another spelling",
            "witnesses: witness1.example.org: an Ed25519 key in another spelling",
            at("witnesses", 0, "key", SPELLED),
        ),
        case(
            "witness-key-nowhere",
            "a witness's key that is no point",
            "witnesses: witness1.example.org: an Ed25519 key that is no point of the curve",
            at("witnesses", 0, "key", NOWHERE),
        ),
        case(
            "witness-key-twice",
            "two witnesses of one key",
            "witnesses: a key stands twice, or is the board's",
            at("witnesses", 1, "key", witness["key"]),
        ),
        case(
            "witness-name-twice",
            "two witnesses of one name",
            "witnesses: a name stands twice, or is the board's",
            at("witnesses", 1, "name", witness["name"]),
        ),
        case(
            "witness-is-the-board",
            "a witness that has the board's key",
            "witnesses: a key stands twice, or is the board's",
            at("witnesses", 0, "key", m["board"]["key"]),
        ),
        case(
            "witness-name-spaced",
            "a witness's name with a space",
            "witnesses: a name without spaces and plus signs belongs here",
            at("witnesses", 0, "name", "a b"),
        ),
        case(
            "origin-plus",
            "an origin with a plus sign",
            "board.origin: a name without spaces and plus signs belongs here",
            at("board", "origin", "a+b"),
        ),
        case(
            "board-key-small",
            "a board key of small order: anybody signs heads and receipts",
            f"board.key: {small}",
            at("board", "key", SMALL),
        ),
    )
