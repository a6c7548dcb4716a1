"""A further signer 第二签发方 at work: its registry, its keys, the services that it has invited.

Its registry database has the tables of any installation; those of the office and of the tellers
stay empty, and there is no box.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from appraisal.config import Settings
from appraisal.errors import MalformedError
from appraisal.manifest import Manifest, SessionId
from appraisal.signer.draw import Signing
from appraisal.store.database import REGISTRY, Database
from appraisal.store.keys import KeyFolder
from appraisal.store.locks import locked
from appraisal.store.manifests import Manifests
from appraisal.store.registry import Registry
from appraisal.store.signed import SignedSessions
from appraisal.store.strongbox import passphrase_of
from appraisal.witness.witness import WitnessDesk, open_desk

STATEMENTS: Final = "statements"


@dataclass(frozen=True)
class FurtherSigner:
    """One signer at work; `now` gives aware moments, `rng` a number of random bytes."""

    settings: Settings
    registry: Registry
    sessions: SignedSessions
    keys: KeyFolder
    statement_key: Ed25519PrivateKey = field(repr=False)
    desk: WitnessDesk = field(repr=False)
    signing: Signing = field(repr=False)

    @property
    def name(self) -> str:
        """As manifests name it."""
        return self.settings.known_as

    def number_in(self, manifest: Manifest) -> int:
        """Which of the signers of a manifest that it has taken stands at this address."""
        return self.signing.number_in(manifest)

    @contextmanager
    def step(self, session: SessionId) -> Iterator[None]:
        """One change of a session at a time, in this and in every other process."""
        with locked(self.settings.data / "locks" / session):
            yield

    def close(self) -> None:
        """Finish what is being written and let the database go."""
        self.registry.close()


def open_signer(
    settings: Settings,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC).astimezone(),
    rng: Callable[[int], bytes] = os.urandom,
) -> FurtherSigner:
    """The signer of an installation: makes its folders and brings its tables up to date.

    `SettingsError` if its keys do not open.
    """
    for folder in (settings.data, settings.keys):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = Database(settings.registry_url, name=REGISTRY)
    # Two processes may start at once.
    with locked(settings.data / "locks" / "migrations"):
        database.migrate()
        keys = KeyFolder(settings.keys, passphrase=passphrase_of(settings, rng=rng), rng=rng)
        statements = Ed25519PrivateKey.from_private_bytes(keys.secret(STATEMENTS))
        desk = open_desk(settings, keys=keys, database=database, now=now)
    registry, sessions = Registry(database), SignedSessions(database)
    return FurtherSigner(
        settings=settings,
        registry=registry,
        sessions=sessions,
        keys=keys,
        statement_key=statements,
        desk=desk,
        signing=Signing(
            registry=registry,
            keys=keys,
            manifests=Manifests(sessions.manifest),
            rng=rng,
            number_in=lambda manifest: number_at(settings.base_url, manifest),
        ),
    )


def number_at(url: str, manifest: Manifest) -> int:
    """Which of a manifest's signers stands at an address; `MalformedError` if not just one does."""
    found = [number for number, signer in enumerate(manifest.signers) if signer.url == url]
    if len(found) != 1:
        raise MalformedError(f"the manifest has not one signer at {url}")
    return found[0]
