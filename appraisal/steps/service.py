"""The service: what every step is given. Two databases, the key folder, the clock, randomness."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from appraisal.config import Settings
from appraisal.errors import StepError
from appraisal.manifest import SessionId
from appraisal.store.box import BallotBox
from appraisal.store.database import BOX, REGISTRY, Database
from appraisal.store.keys import KeyFolder
from appraisal.store.locks import locked
from appraisal.store.manifests import Manifests
from appraisal.store.office import Office, Phase, SessionRow
from appraisal.store.registry import Registry
from appraisal.store.strongbox import passphrase_of


@dataclass(frozen=True)
class Service:
    """One installation at work; `now` gives aware moments, `rng` a number of random bytes.

    The registrar reads its manifests from the registry's database, the box from its own.
    """

    settings: Settings
    registry: Registry
    box: BallotBox
    office: Office
    keys: KeyFolder
    now: Callable[[], datetime]
    rng: Callable[[int], bytes]
    registrar_manifests: Manifests = field(repr=False)
    box_manifests: Manifests = field(repr=False)

    @contextmanager
    def step(self, session: SessionId) -> Iterator[None]:
        """One step of a session at a time, in this and in every other process."""
        folder = self.settings.data / "locks"
        with locked(folder / session):
            yield

    @contextmanager
    def publishing(self, session: SessionId) -> Iterator[None]:
        """One maker of a session's public files at a time, beside whatever step is taken."""
        with locked(self.settings.data / "locks" / f"{session}.published"):
            yield

    def row(self, session: SessionId, *phases: Phase) -> SessionRow:
        """A session that stands in one of `phases` (any, if none are given), or `StepError`."""
        row = self.office.session(session)
        if row is None:
            raise StepError("unknown-session", "there is no such session", session=session)
        if phases and row.phase not in phases:
            needed = ",".join(phase.value for phase in phases)
            raise StepError(
                "wrong-phase",
                f"the session is {row.phase.value}; this step needs {needed}",
                phase=row.phase.value,
                needed=needed,
            )
        return row

    def local(self, moment: datetime) -> datetime:
        """A moment that was kept, in the time zone of the service's clock."""
        return moment.astimezone(self.now().tzinfo)

    def close(self) -> None:
        """Finish what is being written and let the databases go."""
        self.registry.close()
        self.box.close()


def open_service(
    settings: Settings,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC).astimezone(),
    rng: Callable[[int], bytes] = os.urandom,
) -> Service:
    """The service of an installation: makes its folders and brings its tables up to date.

    `SettingsError` if its keys do not open.
    """
    for folder in (settings.data, settings.keys):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    registry = Database(settings.registry_url, name=REGISTRY)
    box = Database(settings.box_url, name=BOX)
    # Two processes may start at once.
    with locked(settings.data / "locks" / "migrations"):
        keys = KeyFolder(settings.keys, passphrase=passphrase_of(settings, rng=rng), rng=rng)
        registry.migrate()
        box.migrate()
    office, ballot_box = Office(registry), BallotBox(box)
    return Service(
        settings=settings,
        registry=Registry(registry),
        box=ballot_box,
        office=office,
        keys=keys,
        now=now,
        rng=rng,
        registrar_manifests=Manifests(office.manifest),
        box_manifests=Manifests(ballot_box.manifest),
    )
