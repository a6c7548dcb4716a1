"""What a further signer states on the board: for this signer, session and lists, and no other."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from appraisal.ballots import board
from appraisal.ballots.board import Printed, Turnout
from appraisal.ballots.slips import SlipHash
from appraisal.ballots.statements import sign_statement, verify_statement
from appraisal.errors import CryptoError
from appraisal.manifest import ManifestHash
from tests.world import make_world

WORLD = make_world(subjects=1, signers=3)
M = WORLD.manifest
SECOND, THIRD = WORLD.signer_keys
HASHES = tuple(SlipHash(bytes([i]) * 32) for i in range(1, 6))
PRINTED = sign_statement(Printed(1, 0, HASHES), manifest_hash=M.hash, key=SECOND)
TURNOUT = sign_statement(Turnout(1, 0, HASHES[:2], ()), manifest_hash=M.hash, key=SECOND)


def test_a_statement_is_one_signature_over_the_entry_without_it() -> None:
    for entry in (PRINTED, TURNOUT):
        encoded = board.encode(entry)
        assert encoded.endswith(entry.statement)
        part = b"appraisal/1 signer\x00" + M.hash + encoded[:-64]
        SECOND.public_key().verify(entry.statement, part)
        verify_statement(entry, M)
        assert board.decode(encoded, M) == entry


@pytest.mark.parametrize(
    "entry",
    [
        replace(PRINTED, slips=HASHES[:4]),
        replace(PRINTED, voter_class=1),
        replace(PRINTED, signer=2),
        replace(PRINTED, statement=bytes(64)),
        replace(PRINTED, statement=TURNOUT.statement),
        replace(PRINTED, statement=b""),
        replace(TURNOUT, drawn=HASHES[:1]),
        replace(TURNOUT, void=HASHES[3:]),
        replace(TURNOUT, signer=2),
        sign_statement(Printed(1, 0, HASHES), manifest_hash=M.hash, key=THIRD),
        sign_statement(Printed(1, 0, HASHES), manifest_hash=ManifestHash(bytes(32)), key=SECOND),
    ],
)
def test_what_the_signer_has_not_stated(entry: Printed | Turnout) -> None:
    with pytest.raises(CryptoError, match="has not stated"):
        verify_statement(entry, M)


def test_the_registrar_states_nothing() -> None:
    verify_statement(Printed(0, 0, HASHES), M)
    signed = sign_statement(
        Printed(0, 0, HASHES), manifest_hash=M.hash, key=Ed25519PrivateKey.generate()
    )
    with pytest.raises(CryptoError, match="no statements"):
        verify_statement(signed, M)
