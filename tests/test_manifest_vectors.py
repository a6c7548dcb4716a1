"""Manifests that break one rule each, for both verifiers: `tests/vectors/manifests.json`.

    python -m tests.test_manifest_vectors      writes the file anew; the test compares

A case changes single fields of a manifest that holds, the browser's verifier runs the same file
(frontend/tests/manifest.test.ts).
"""

from __future__ import annotations

import base64
import copy
import json
from pathlib import Path
from typing import Any, Final

import pytest

from appraisal.encoding import canonical
from appraisal.errors import ManifestError
from appraisal.manifest import decode_manifest
from tests.tally.record_sessions import FOLDER, SESSIONS

FILE: Final = Path(__file__).parent / "vectors" / "manifests.json"

SMALL: Final = base64.b64encode(b"\x01" + bytes(31)).decode()
SPELLED: Final = base64.b64encode(b"\xee" + b"\xff" * 30 + b"\x7f").decode()
"""y = 1 written as p + 1."""


def base() -> dict[str, Any]:
    """The manifest of the session with three tellers, two signers and two witnesses."""
    stored = json.loads((FOLDER / SESSIONS).read_text())["whole"]["manifest"]
    found: dict[str, Any] = json.loads(base64.b64decode(stored))
    return found


def cases(m: dict[str, Any]) -> dict[str, tuple[str, list[list[Any]]]]:
    """What each case is, and what it sets: paths and values; a path to an end of a list adds."""
    further, witness = m["signers"][1], m["witnesses"][0]
    key = m["boxes"][0]["token_keys"][0]
    even = base64.b64encode(base64.b64decode(key)[:-1] + b"\x02").decode()
    short = base64.b64encode(b"\x7f" + base64.b64decode(key)[1:]).decode()
    question = m["instruments"][0]["questions"][0]
    return {
        "holds": ("the manifest as it is", []),
        "sector": ("a sector that there is not", [["sector", "街道"]]),
        "no-such-day": ("30 February", [["period", "from", "2010-02-30"]]),
        "frozen-no-day": ("31 June", [["frozen", "2010-06-31"]]),
        "period-turned": ("the period ends before it begins", [["period", "to", "2009-12-31"]]),
        "period-open": ("a period without an end holds", [["period", "to", ""]]),
        "title-long": ("a title of 201 characters", [["title", "评" * 201]]),
        "title-empty": ("no title", [["title", ""]]),
        "session": ("a session in capitals", [["session", m["session"].upper()]]),
        "decimals": ("seven decimals", [["rules", "decimals", 7]]),
        "floor-low": ("a floor of one", [["rules", "floor", 1]]),
        "floor-high": ("a floor above the slips of a class", [["rules", "floor", 4]]),
        "share-beyond": ("a share above one", [["rules", "positive", [3, 2]]]),
        "share-of-nothing": ("a share of nothing", [["rules", "turnout", [0, 0]]]),
        "instrument-twice": (
            "two instruments of one id",
            [["instruments", 1, copy.deepcopy(m["instruments"][0])]],
        ),
        "grades-order": (
            "a better grade after a worse",
            [["instruments", 0, "questions", 0, "grades", 0, "points", 0]],
        ),
        "no-points": (
            "a question whose grades are all outside the scale",
            [
                [
                    "instruments",
                    0,
                    "questions",
                    0,
                    "grades",
                    [{"positive": False, "text": g["text"]} for g in question["grades"]],
                ]
            ],
        ),
        "contest-twice": ("a contest twice", [["contests", 1, m["contests"][0]]]),
        "contest-of-nobody": ("a subject that there is not", [["contests", 0, "subject", 9]]),
        "weights": ("weights of 99", [["classes", 1, "weight", 39]]),
        "class-twice": (
            "two classes of one name",
            [["classes", 1, "name", m["classes"][0]["name"]]],
        ),
        "boxes-exchanged": (
            "boxes out of order",
            [["boxes", 0, "class", 1], ["boxes", 1, "class", 0]],
        ),
        "token-key-twice": (
            "one token key for two boxes: a token of one is good in the other",
            [["boxes", 1, "token_keys", 0, key]],
        ),
        "token-key-even": ("an even modulus", [["boxes", 0, "token_keys", 0, even]]),
        "token-key-short": ("a modulus of 2047 bits", [["boxes", 0, "token_keys", 0, short]]),
        "token-key-missing": ("one token key for two signers", [["boxes", 0, "token_keys", [key]]]),
        "registrar-elsewhere": (
            "a registrar with an address",
            [["signers", 0, "url", "https://a.cn"]],
        ),
        "signer-without-key": (
            "a further signer without a key",
            [["signers", 1, {"name": "x", "url": "https://a.cn"}]],
        ),
        "signer-name-twice": (
            "two signers of one name",
            [["signers", 1, "name", m["signers"][0]["name"]]],
        ),
        "signer-key-small": ("a signer's key of small order", [["signers", 1, "key", SMALL]]),
        "signer-url-path": (
            "an address with a path",
            [["signers", 1, "url", further["url"] + "/x"]],
        ),
        "signer-url-port": (
            "the usual port, written out, holds",
            [["signers", 1, "url", "https://a.cn:443"]],
        ),
        "signer-url-capital": ("an address in capitals", [["signers", 1, "url", "https://A.cn"]]),
        "quorum": ("a quorum of four among three", [["opening", "quorum", 4]]),
        "quorum-none": ("a quorum of none", [["opening", "quorum", 0]]),
        "teller-key-twice": (
            "one teller's key twice: one person is the quorum",
            [["opening", "tellers", 1, "key", m["opening"]["tellers"][0]["key"]]],
        ),
        "custodian-of-three": ("a custodian beside tellers", [["opening", "custodian", True]]),
        "witness-key-small": ("a witness's key of small order", [["witnesses", 0, "key", SMALL]]),
        "witness-key-spelled": (
            "a witness's key in another spelling",
            [["witnesses", 0, "key", SPELLED]],
        ),
        "witness-key-twice": (
            "two witnesses of one key",
            [["witnesses", 1, "key", witness["key"]]],
        ),
        "witness-name-twice": (
            "two witnesses of one name",
            [["witnesses", 1, "name", witness["name"]]],
        ),
        "witness-is-the-board": (
            "a witness that has the board's key",
            [["witnesses", 0, "key", m["board"]["key"]]],
        ),
        "witness-name-spaced": ("a witness's name with a space", [["witnesses", 0, "name", "a b"]]),
        "origin-plus": ("an origin with a plus sign", [["board", "origin", "a+b"]]),
        "board-key-small": (
            "a board key of small order: anybody signs heads and receipts",
            [["board", "key", SMALL]],
        ),
        "field-unknown": ("a field that there is not", [["rules", "more", 1]]),
    }


HOLDS: Final = {"holds", "period-open", "signer-url-port"}


def applied(manifest: dict[str, Any], changes: list[list[Any]]) -> dict[str, Any]:
    """The manifest with these fields set."""
    found: Any = copy.deepcopy(manifest)
    for *path, last, value in changes:
        place = found
        for step in path:
            place = place[step]
        if isinstance(place, list) and last == len(place):
            place.append(value)
        else:
            place[last] = value
    return dict(found)


def written() -> str:
    m = base()
    listed = [
        {
            "name": name,
            "comment": comment,
            "expect": "read" if name in HOLDS else "refused",
            "set": changes,
        }
        for name, (comment, changes) in cases(m).items()
    ]
    return json.dumps({"base": m, "cases": listed}, ensure_ascii=False, indent=1) + "\n"


def test_the_file_is_the_one_that_is_made() -> None:
    assert FILE.read_text() == written()


@pytest.mark.parametrize("case", json.loads(FILE.read_text())["cases"], ids=lambda c: c["name"])
def test_a_manifest_is_read_or_refused(case: dict[str, Any]) -> None:
    data = canonical(applied(base(), case["set"]))
    if case["expect"] == "read":
        assert decode_manifest(data).encoded == data
    else:
        with pytest.raises(ManifestError):
            decode_manifest(data)


if __name__ == "__main__":
    FILE.write_text(written())
