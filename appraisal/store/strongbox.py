"""The strongbox 保险柜: files that open only with a passphrase which is kept elsewhere.

A file is ``nonce (12) ‖ AES-256-GCM(key, nonce, AAD = its name, data)``; its name is its path in
the folder, so that no file can stand in for another. The key is scrypt's of the passphrase, once a
start; its salt and a proof of the right passphrase stand in the file ``strongbox``. Whoever has one
of folder and passphrase reads nothing; who has both reads everything.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from appraisal.config import Settings, SettingsError
from appraisal.encoding import base32encode
from appraisal.errors import CryptoError

LOCK: Final = "strongbox"
"""The file with the salt and, sealed under the key, nothing: it opens with the right passphrase."""

SALT_SIZE: Final = 16
NONCE_SIZE: Final = 12
TAG_SIZE: Final = 16
KEY_SIZE: Final = 32
SCRYPT_N: Final = 2**15
PASSPHRASE_BYTES: Final = 20
MAX_PASSPHRASE: Final = 4096


class Strongbox:
    """A folder of sealed files, all 0600 in folders of 0700; `SettingsError` if it stays shut."""

    def __init__(self, path: Path, *, passphrase: bytes, rng: Callable[[int], bytes]) -> None:
        self.path = path
        self._rng = rng
        lock = path / LOCK
        first = not lock.exists()
        if first and any(path.rglob("*.key")):
            raise SettingsError(
                f"{path}: there are keys here, but {LOCK!r} is missing, and without it they cannot "
                "be read; restore it from where the keys come from"
            )
        data = rng(SALT_SIZE) if first else lock.read_bytes()
        scrypt = Scrypt(salt=data[:SALT_SIZE], length=KEY_SIZE, n=SCRYPT_N, r=8, p=1)
        self._cipher = AESGCM(scrypt.derive(passphrase))
        if first:
            write(lock, data + self._seal(LOCK, b""))
            return
        try:
            self._open(LOCK, data[SALT_SIZE:])
        except CryptoError:
            raise SettingsError(
                f"{path}: the keys do not open with this passphrase; APPRAISAL_PASSPHRASE_FILE "
                "must name the file that held it when they were made"
            ) from None

    def has(self, name: str) -> bool:
        """Whether there is a file of this name."""
        return (self.path / name).exists()

    def read(self, name: str) -> bytes:
        """What a file holds; `CryptoError` if it is missing or is not the file of this name."""
        try:
            data = (self.path / name).read_bytes()
        except FileNotFoundError:
            raise CryptoError(f"the key {name} is missing") from None
        return self._open(name, data)

    def write(self, name: str, data: bytes) -> None:
        """Keep a file, whole and durable."""
        write(self.path / name, self._seal(name, data))

    def destroy(self, folder: str) -> None:
        """Overwrite and remove every file of a folder, and the folder; nothing if there is none.

        What a disk or a file system keeps of an overwritten block is beyond a program's reach.
        """
        path = self.path / folder
        if not path.exists():
            return
        for file in sorted(path.iterdir()):
            overwrite(file, rng=self._rng)
        path.rmdir()
        _sync(path.parent)

    def remove(self, name: str) -> None:
        """Overwrite and remove a file; nothing if there is none."""
        path = self.path / name
        if path.exists():
            overwrite(path, rng=self._rng)
            _sync(path.parent)

    def _seal(self, name: str, data: bytes) -> bytes:
        nonce = self._rng(NONCE_SIZE)
        return nonce + self._cipher.encrypt(nonce, data, name.encode())

    def _open(self, name: str, data: bytes) -> bytes:
        if len(data) < NONCE_SIZE + TAG_SIZE:
            raise CryptoError(f"the key {name} is cut off")
        try:
            return self._cipher.decrypt(data[:NONCE_SIZE], data[NONCE_SIZE:], name.encode())
        except InvalidTag:
            raise CryptoError(f"the key {name} was altered, or is another's") from None


def passphrase_of(settings: Settings, *, rng: Callable[[int], bytes]) -> bytes:
    """The passphrase of an installation, made at its first start; `SettingsError` if there is none.

    One that the operator keeps elsewhere is never made here: a credential that did not arrive must
    not look like a first start.
    """
    path = settings.passphrase_file
    if path is None:
        path = settings.data / "passphrase"
        if not path.exists():
            write(path, base32encode(rng(PASSPHRASE_BYTES)).encode() + b"\n")
    try:
        with path.open("rb") as file:
            passphrase = file.read(MAX_PASSPHRASE).strip()
    except OSError as error:
        raise SettingsError(
            f"APPRAISAL_PASSPHRASE_FILE: cannot read {path} ({error.strerror})"
        ) from error
    if not passphrase:
        raise SettingsError(f"APPRAISAL_PASSPHRASE_FILE: {path} is empty")
    return passphrase


def write(path: Path, data: bytes) -> None:
    """Write a new file whole and durable, readable by its owner only."""
    for folder in reversed([path.parent, *path.parent.parents]):
        if not folder.exists():
            folder.mkdir(mode=0o700, exist_ok=True)
    part = path.with_name(path.name + ".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
    _sync(path.parent)


def overwrite(file: Path, *, rng: Callable[[int], bytes]) -> None:
    """Overwrite a file with random bytes, durably, and remove it."""
    with file.open("r+b") as opened:
        opened.write(rng(file.stat().st_size))
        opened.flush()
        os.fsync(opened.fileno())
    file.unlink()


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
