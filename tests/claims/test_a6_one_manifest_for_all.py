"""Claim A6: two voters cannot be given different keys unnoticed.

**The attacker** runs the server and wants to know one voter's ballot again: they serve that phone a
manifest with a key of its own. Every slip was printed with the fingerprint of the true one, which
the page compares before it asks for anything (`tests/browser/test_booth_refusals.py` shows a phone
that stops).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from appraisal.ballots.board import unpacked
from appraisal.ballots.slips import slip_link
from appraisal.encoding import b64encode, base32encode
from appraisal.manifest import Manifest, decode_manifest
from appraisal.web.app import create_public
from tests.voting_session import VotingSession
from tests.world import make_world, source

FINGERPRINT_BITS = 128


def keys_in(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where keys stand in a manifest."""
    if isinstance(value, dict):
        for name, part in value.items():
            if name == "key":
                yield (*path, name)
            elif name == "token_keys":
                yield from ((*path, name, at) for at in range(len(part)))
            else:
                yield from keys_in(part, (*path, name))
    elif isinstance(value, list):
        for at, part in enumerate(value):
            yield from keys_in(part, (*path, at))


def with_another(manifest: Manifest, path: tuple[Any, ...]) -> Manifest:
    """The same manifest, one key exchanged; it is as good a manifest as the first."""
    fields = json.loads(manifest.encoded)
    owner: Any = fields
    for part in path[:-1]:
        owner = owner[part]
    # A modulus is odd and has its highest bit set; other keys are points of their curve.
    modulus = b"\xff" + source(1)(254) + b"\x01"
    point = Ed25519PrivateKey.from_private_bytes(source(1)(32)).public_key().public_bytes_raw()
    owner[path[-1]] = b64encode(modulus if "token_keys" in path else point)
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return decode_manifest(text.encode())


TRUE = make_world(tellers=3, quorum=2, signers=2, witnesses=1).manifest
KEYS = list(keys_in(json.loads(TRUE.encoded)))


def test_every_kind_of_key_is_tried() -> None:
    kinds = {path[0] for path in KEYS}
    assert kinds == {"boxes", "signers", "opening", "witnesses", "board"}
    assert len(KEYS) == 4 * 2 + 1 + 3 + 1 + 1


@pytest.mark.parametrize("path", KEYS, ids=lambda path: "-".join(map(str, path)))
def test_whichever_key_is_exchanged_the_slip_shows_it(path: tuple[Any, ...]) -> None:
    false = with_another(TRUE, path)
    assert false.fingerprint != TRUE.fingerprint
    # Also the ten symbols that a person compares who types the code.
    assert false.fingerprint[:10] != TRUE.fingerprint[:10]


def test_the_fingerprint_binds_the_whole_manifest() -> None:
    assert base32encode(TRUE.hash[: FINGERPRINT_BITS // 8]) == TRUE.fingerprint
    assert len(TRUE.fingerprint) == -(-FINGERPRINT_BITS // 5)


def test_every_slip_carries_it_where_no_server_sees_it(session: VotingSession) -> None:
    manifest = session.manifest
    for slip in session.slips:
        link = slip_link(
            "https://example.org",
            session=manifest.session,
            code=slip.code,
            fingerprint=manifest.fingerprint,
        )
        sent, _, kept = link.partition("#")
        assert kept == f"{slip.code}.{manifest.fingerprint}"
        assert slip.code not in sent
        assert manifest.fingerprint not in sent


def test_the_manifest_that_is_served_is_the_one_on_the_board(session: VotingSession) -> None:
    """Whoever looks at the board later sees which manifest it was."""
    client = create_public(session.service).test_client()
    served = decode_manifest(client.get(f"/v/{session.id}/manifest.json").data)
    first, *_ = unpacked(client.get(f"/b/{session.id}/board.bin").data)
    assert first == b"\x01" + served.hash
