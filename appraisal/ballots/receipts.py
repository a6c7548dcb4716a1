"""Receipts: the board's signed word that a ballot was accepted (protocol §4.7).

A receipt names the ballot by its leaf hash. It shows nothing of its content; together with a board
that lacks the ballot it convicts whoever runs the service.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from appraisal.ballots.merkle import LeafHash
from appraisal.ballots.signatures import verifies
from appraisal.encoding import b64encode
from appraisal.errors import CryptoError
from appraisal.manifest import Manifest, ManifestHash

LABEL: Final = b"appraisal/1 receipt"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The leaf hash of an accepted ballot and the board key's Ed25519 signature, 64 bytes."""

    ballot: LeafHash
    signature: bytes

    def to_json(self) -> dict[str, str]:
        """The JSON value of a receipt."""
        return {"ballot": self.ballot.hex(), "signature": b64encode(self.signature)}


def _message(manifest_hash: ManifestHash, ballot: LeafHash) -> bytes:
    return LABEL + b"\x00" + manifest_hash + ballot


def sign_receipt(
    ballot: LeafHash, *, manifest_hash: ManifestHash, key: Ed25519PrivateKey
) -> Receipt:
    """A receipt, the same each time."""
    return Receipt(ballot, key.sign(_message(manifest_hash, ballot)))


def verify_receipt(receipt: Receipt, manifest: Manifest) -> None:
    """Raise `CryptoError` unless the board signed this receipt."""
    message = _message(manifest.hash, receipt.ballot)
    if not verifies(manifest.board.key, receipt.signature, message):
        raise CryptoError("the receipt's signature does not verify")
