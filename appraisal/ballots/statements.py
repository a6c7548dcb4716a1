"""What a further signer states of its slips on the board, and signs (protocol §4.8).

statement = Ed25519 over "appraisal/1 signer" ‖ 0x00 ‖ M ‖ the entry without the statement

A *printed* entry states which slips it will sign for, a *turnout* which it has signed for, and that
its token keys of this session have been destroyed. So the registrar can neither add slips behind
its back nor leave any out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from appraisal.ballots import board
from appraisal.ballots.board import Printed, Turnout
from appraisal.ballots.signatures import verifies
from appraisal.errors import CryptoError
from appraisal.manifest import Manifest, ManifestHash

LABEL: Final = b"appraisal/1 signer"

Stated = TypeVar("Stated", Printed, Turnout)


def _signed_part(entry: Printed | Turnout, manifest_hash: ManifestHash) -> bytes:
    return LABEL + b"\x00" + manifest_hash + board.encode(replace(entry, statement=b""))


def sign_statement(entry: Stated, *, manifest_hash: ManifestHash, key: Ed25519PrivateKey) -> Stated:
    """The entry of a further signer with its statement."""
    return replace(entry, statement=key.sign(_signed_part(entry, manifest_hash)))


def verify_statement(entry: Printed | Turnout, manifest: Manifest) -> None:
    """Raise `CryptoError` unless the entry's signer stated it; the registrar states nothing."""
    key = manifest.signers[entry.signer].key
    if key is None:
        if entry.statement:
            raise CryptoError("the registrar makes no statements")
        return
    if not verifies(key, entry.statement, _signed_part(entry, manifest.hash)):
        raise CryptoError("the signer has not stated this")
