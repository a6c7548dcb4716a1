"""The key folder: every private key of the service, and nothing else that is secret.

    keys/office.secret                    the office's own secrets, one file each
    keys/sessions/SESSION/board.der       Ed25519: checkpoints and receipts
    keys/sessions/SESSION/opening.der     X25519: the custodian's opening key
    keys/sessions/SESSION/tokens/N.der    RSA-2048: the token key of box N, until close

Folders are 0700 and files 0600. A key is on the disk before anything public names it.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from appraisal.ballots import blind_rsa
from appraisal.errors import CryptoError
from appraisal.manifest import BoxNumber, SessionId

SECRET_SIZE: Final = 32
_NAME: Final = re.compile(r"[a-z0-9-]+")


class KeyFolder:
    """The private keys by session; those in use are kept in memory until their session closes."""

    def __init__(self, path: Path, *, rng: Callable[[int], bytes]) -> None:
        self.path = path
        self._rng = rng
        self._lock = threading.Lock()
        self._tokens: dict[tuple[SessionId, BoxNumber], blind_rsa.PrivateKey] = {}
        self._boards: dict[SessionId, Ed25519PrivateKey] = {}

    def secret(self, name: str) -> bytes:
        """32 random bytes by name, made on first use."""
        if not _NAME.fullmatch(name):
            raise CryptoError(f"{name!r} is no name of a secret")
        path = self.path / f"{name}.secret"
        with self._lock:
            if not path.exists():
                _write(path, self._rng(SECRET_SIZE))
            return path.read_bytes()

    def make_board_key(self, session: SessionId) -> bytes:
        """The public board key of a session, made if there is none yet (32 bytes)."""
        path = self._folder(session) / "board.der"
        if not path.exists():
            _write(path, _der(Ed25519PrivateKey.generate()))
        return self.board_key(session).public_key().public_bytes_raw()

    def make_opening_key(self, session: SessionId) -> bytes:
        """The custodian's public key of a session, made if there is none yet (32 bytes)."""
        path = self._folder(session) / "opening.der"
        if not path.exists():
            _write(path, _der(X25519PrivateKey.generate()))
        return self.opening_key(session).public_key().public_bytes_raw()

    def make_token_key(self, session: SessionId, box: BoxNumber) -> bytes:
        """The public token key of a box, made if there is none yet (the modulus, 256 bytes)."""
        path = self._token_path(session, box)
        if not path.exists():
            _write(path, blind_rsa.PrivateKey.generate().to_der())
        return blind_rsa.PrivateKey.from_der(path.read_bytes()).public.to_bytes()

    def board_key(self, session: SessionId) -> Ed25519PrivateKey:
        """The board key: signs checkpoints and receipts, after close too."""
        known = self._boards.get(session)
        if known is not None:
            return known
        key = _read(self._folder(session) / "board.der")
        if not isinstance(key, Ed25519PrivateKey):
            raise CryptoError("a board key that is not Ed25519")
        self._boards[session] = key
        return key

    def opening_key(self, session: SessionId) -> X25519PrivateKey:
        """The custodian's opening key; never kept in memory."""
        key = _read(self._folder(session) / "opening.der")
        if not isinstance(key, X25519PrivateKey):
            raise CryptoError("an opening key that is not X25519")
        return key

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
        """Overwrite and remove the token keys of a session, and forget them in memory.

        What a disk or a file system keeps of an overwritten block is beyond a program's reach.
        """
        with self._lock:
            for key in [key for key in self._tokens if key[0] == session]:
                del self._tokens[key]
            folder = self._folder(session) / "tokens"
            if not folder.exists():
                return
            for path in sorted(folder.iterdir()):
                size = path.stat().st_size
                with path.open("r+b") as file:
                    file.write(self._rng(size))
                    file.flush()
                    os.fsync(file.fileno())
                path.unlink()
            folder.rmdir()
            _sync(folder.parent)

    def _folder(self, session: SessionId) -> Path:
        return self.path / "sessions" / session

    def _token_path(self, session: SessionId, box: BoxNumber) -> Path:
        return self._folder(session) / "tokens" / f"{box}.der"

    def _load_token(self, session: SessionId, box: BoxNumber) -> blind_rsa.PrivateKey:
        try:
            return blind_rsa.PrivateKey.from_der(self._token_path(session, box).read_bytes())
        except FileNotFoundError:
            raise CryptoError("the token keys have been destroyed") from None


def _der(key: Ed25519PrivateKey | X25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _read(path: Path) -> object:
    try:
        return serialization.load_der_private_key(path.read_bytes(), None)
    except FileNotFoundError:
        raise CryptoError(f"the key {path.name} of this session is missing") from None


def _write(path: Path, data: bytes) -> None:
    """Write a new file whole and durable, readable by its owner only."""
    for folder in reversed([path.parent, *path.parent.parents]):
        if not folder.exists():
            folder.mkdir(mode=0o700, exist_ok=True)
    part = path.with_suffix(".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
