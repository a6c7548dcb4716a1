"""The key folder: every private key of the service, and nothing else that is secret.

    keys/strongbox                        what the passphrase is tried on
    keys/office.key                       the office's own secret
    keys/results.key                      what results links are made with
    keys/sessions/SESSION/board.key       Ed25519: checkpoints and receipts
    keys/sessions/SESSION/opening.key     X25519: the custodian's opening key
    keys/sessions/SESSION/tokens/N.key    RSA-2048: the token key of box N, until close

Every file is sealed in the strongbox (`appraisal.store.strongbox`). A key is on the disk before
anything public names it.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from appraisal.ballots import blind_rsa
from appraisal.errors import CryptoError
from appraisal.manifest import BoxNumber, SessionId
from appraisal.store.strongbox import Strongbox

SECRET_SIZE: Final = 32
_NAME: Final = re.compile(r"[a-z0-9-]+")


class KeyFolder:
    """The private keys by session; those in use are kept in memory until their session closes.

    `SettingsError` if the passphrase is not the one that the folder was made with.
    """

    def __init__(self, path: Path, *, passphrase: bytes, rng: Callable[[int], bytes]) -> None:
        self._files = Strongbox(path, passphrase=passphrase, rng=rng)
        self._rng = rng
        self._lock = threading.Lock()
        self._tokens: dict[tuple[SessionId, BoxNumber], blind_rsa.PrivateKey] = {}
        self._boards: dict[SessionId, Ed25519PrivateKey] = {}

    def secret(self, name: str) -> bytes:
        """32 random bytes by name, made on first use."""
        if not _NAME.fullmatch(name):
            raise CryptoError(f"{name!r} is no name of a secret")
        file = f"{name}.key"
        with self._lock:
            if not self._files.has(file):
                self._files.write(file, self._rng(SECRET_SIZE))
            return self._files.read(file)

    def make_board_key(self, session: SessionId) -> bytes:
        """The public board key of a session, made if there is none yet (32 bytes)."""
        name = _board(session)
        if not self._files.has(name):
            self._files.write(name, Ed25519PrivateKey.generate().private_bytes_raw())
        return self.board_key(session).public_key().public_bytes_raw()

    def make_opening_key(self, session: SessionId) -> bytes:
        """The custodian's public key of a session, made if there is none yet (32 bytes)."""
        name = _opening(session)
        if not self._files.has(name):
            self._files.write(name, X25519PrivateKey.generate().private_bytes_raw())
        return self.opening_key(session).public_key().public_bytes_raw()

    def make_token_key(self, session: SessionId, box: BoxNumber) -> bytes:
        """The public token key of a box, made if there is none yet (the modulus, 256 bytes)."""
        name = f"{_tokens(session)}/{box}.key"
        if not self._files.has(name):
            self._files.write(name, blind_rsa.PrivateKey.generate().to_der())
        return self._load_token(session, box).public.to_bytes()

    def has_token_key(self, session: SessionId, box: BoxNumber) -> bool:
        """Whether the token key of a box has been made, and not yet destroyed."""
        return self._files.has(f"{_tokens(session)}/{box}.key")

    def board_key(self, session: SessionId) -> Ed25519PrivateKey:
        """The board key: signs checkpoints and receipts, after close too."""
        known = self._boards.get(session)
        if known is not None:
            return known
        key = Ed25519PrivateKey.from_private_bytes(self._files.read(_board(session)))
        self._boards[session] = key
        return key

    def opening_key(self, session: SessionId) -> X25519PrivateKey:
        """The custodian's opening key; never kept in memory."""
        return X25519PrivateKey.from_private_bytes(self._files.read(_opening(session)))

    def token_keys(
        self, session: SessionId, boxes: Sequence[BoxNumber]
    ) -> tuple[blind_rsa.PrivateKey, ...]:
        """The token keys of boxes; `CryptoError` once they have been destroyed."""
        found = [self._tokens.get((session, box)) for box in boxes]
        if None in found:
            with self._lock:
                for box in boxes:
                    if (session, box) not in self._tokens:
                        self._tokens[session, box] = self._load_token(session, box)
            found = [self._tokens.get((session, box)) for box in boxes]
        keys = tuple(key for key in found if key is not None)
        if len(keys) != len(boxes):
            raise CryptoError("the token keys have been destroyed")
        return keys

    def destroy_tokens(self, session: SessionId) -> None:
        """Overwrite and remove the token keys of a session, and forget them in memory."""
        with self._lock:
            for key in [key for key in self._tokens if key[0] == session]:
                del self._tokens[key]
            self._files.destroy(_tokens(session))

    def destroy_opening_key(self, session: SessionId) -> None:
        """Overwrite and remove the custodian's opening key; nothing if there is none."""
        self._files.remove(_opening(session))

    def _load_token(self, session: SessionId, box: BoxNumber) -> blind_rsa.PrivateKey:
        return blind_rsa.PrivateKey.from_der(self._files.read(f"{_tokens(session)}/{box}.key"))


def _board(session: SessionId) -> str:
    return f"sessions/{session}/board.key"


def _opening(session: SessionId) -> str:
    return f"sessions/{session}/opening.key"


def _tokens(session: SessionId) -> str:
    return f"sessions/{session}/tokens"
