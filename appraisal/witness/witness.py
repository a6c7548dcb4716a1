"""A witness of c2sp.org/tlog-witness: what it takes, what it cosigns, what it refuses.

A board's key is known from its manifest, which an invited service brings once; one key an origin,
for ever. A head is kept durably before its cosignature leaves, and replaces exactly the head that
its proof starts from.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from appraisal.ballots.checkpoint import (
    Checkpoint,
    cosign,
    key_id,
    parse_checkpoint,
    verify_checkpoint,
)
from appraisal.ballots.merkle import RootHash, root, verify_consistency
from appraisal.config import Settings
from appraisal.encoding import b64decode
from appraisal.errors import AppraisalError, CryptoError, MalformedError
from appraisal.manifest import BoardKey, Witness, decode_manifest
from appraisal.peers.messages import PeerRefusal
from appraisal.peers.tlog import AddCheckpoint, decode_add_checkpoint
from appraisal.store.database import Database
from appraisal.store.invitations import Invitations
from appraisal.store.keys import KeyFolder
from appraisal.store.witnessed import WitnessedBoard, WitnessedBoards

KEY_NAME: Final = "witness"
_ID_SIZE: Final = 4


class NotCosigned(AppraisalError):  # noqa: N818 - the field's word: a head is not cosigned
    """A checkpoint that is not cosigned; `status` is the specification's."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class OtherSize(NotCosigned):
    """The request starts from another head than the last one cosigned, which has `size` entries."""

    def __init__(self, size: int) -> None:
        super().__init__(409, f"the last head cosigned has {size} entries")
        self.size = size


@dataclass(frozen=True)
class WitnessDesk:
    """The witness of one installation: name and key, boards that it knows, services invited."""

    name: str
    key: Ed25519PrivateKey
    boards: WitnessedBoards
    invitations: Invitations
    now: Callable[[], datetime]

    @property
    def public(self) -> Witness:
        """As manifests name it."""
        return Witness(self.name, self.key.public_key().public_bytes_raw())

    def add_log(self, manifest: bytes) -> None:
        """Know a board's key from now on; `PeerRefusal` if its origin has another for ever."""
        try:
            found = decode_manifest(manifest)
        except MalformedError as error:
            raise PeerRefusal(422, "manifest-wrong", str(error)) from error
        if self.public not in found.witnesses:
            raise PeerRefusal(422, "manifest-wrong", f"the manifest does not name {self.name}")
        board = self.boards.add(
            WitnessedBoard(found.board.origin, found.board.key, 0, root([]), None)
        )
        if not hmac.compare_digest(board.key, found.board.key):
            raise PeerRefusal(409, "key-standing", "this origin has another key for ever")

    def add_checkpoint(self, data: bytes) -> str:
        """The cosignature line for a request; raises `NotCosigned`."""
        try:
            request = decode_add_checkpoint(data)
            checkpoint, signatures = parse_checkpoint(request.checkpoint)
        except MalformedError as error:
            raise NotCosigned(400, str(error)) from error
        board = self.boards.get(checkpoint.origin)
        if board is None:
            raise NotCosigned(404, "no such board here")
        own = _own_line(signatures, BoardKey(board.origin, board.key))
        signed = _signed(checkpoint, own, BoardKey(board.origin, board.key))
        if request.old > checkpoint.size:
            raise NotCosigned(400, "the old size is beyond the new one")
        if request.old != board.size:
            raise OtherSize(board.size)
        _continues(request, board, checkpoint)
        line = cosign(checkpoint, name=self.name, key=self.key, seconds=int(self.now().timestamp()))
        if not self.boards.advance(
            board, size=checkpoint.size, root=checkpoint.root, checkpoint=signed + line
        ):
            # Somebody was faster; what was signed here has not left and never will.
            last = self.boards.get(checkpoint.origin)
            raise OtherSize(last.size if last else 0)
        return line


def open_desk(
    settings: Settings, *, keys: KeyFolder, database: Database, now: Callable[[], datetime]
) -> WitnessDesk:
    """The witness of an installation, named by its address; its key is made on first use."""
    return WitnessDesk(
        name=settings.authority,
        key=Ed25519PrivateKey.from_private_bytes(keys.secret(KEY_NAME)),
        boards=WitnessedBoards(database),
        invitations=Invitations(database),
        now=now,
    )


def _own_line(signatures: str, board: BoardKey) -> str:
    """The signature line of the board's own key; `NotCosigned` if there is none.

    Lines of other names or keys are nobody's business here (c2sp.org/signed-note).
    """
    prefix = f"— {board.origin} "
    for line in signatures.split("\n"):
        if not line.startswith(prefix):
            continue
        try:
            found = b64decode(line.removeprefix(prefix))
        except MalformedError:
            continue
        if found[:_ID_SIZE] == key_id(board):
            return line
    raise NotCosigned(403, "the board's key has not signed this checkpoint")


def _signed(checkpoint: Checkpoint, line: str, board: BoardKey) -> str:
    """The checkpoint with the board's own signature alone, verified."""
    text = f"{checkpoint.text}\n{line}\n"
    try:
        verify_checkpoint(text, board, ())
    except (CryptoError, MalformedError) as error:
        raise NotCosigned(403, str(error)) from error
    return text


def _continues(request: AddCheckpoint, board: WitnessedBoard, new: Checkpoint) -> None:
    """Refuse a head that does not continue the last one cosigned."""
    if not board.size:
        if request.proof:
            raise NotCosigned(422, "nothing is to be proved of an empty tree")
        if not new.size and new.root != root([]):
            raise NotCosigned(422, "an empty tree with another root")
        return
    try:
        verify_consistency(
            first=board.size,
            second=new.size,
            first_root=RootHash(board.root),
            second_root=new.root,
            proof=request.proof,
        )
    except CryptoError as error:
        raise NotCosigned(422, str(error)) from error
