"""A second signer on a port of its own, for tests: the real application, served in a thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from werkzeug.serving import make_server

from appraisal.config import Settings
from appraisal.signer.routes import create_signer
from appraisal.signer.signer import FurtherSigner, open_signer
from appraisal.steps import signers
from appraisal.steps.service import Service
from appraisal.store.office import Phase
from appraisal.witness.invite import invite
from tests.live import free_port, on_port
from tests.voting_session import VotingSession, draft, prepare

NAME = "区委组织部"


def settings_in(folder: Path) -> Settings:
    """An installation of its own in a folder."""
    given = {
        "APPRAISAL_DATA": str(folder / "var"),
        "APPRAISAL_KEYS": str(folder / "keys"),
        "APPRAISAL_NAME": NAME,
    }
    return on_port(Settings.from_environment(given), free_port())


@dataclass
class SecondSigner:
    """A signer that answers over HTTP between `start` and `stop`."""

    signer: FurtherSigner

    @property
    def url(self) -> str:
        return self.signer.settings.base_url

    def link(self, name: str = "向阳社区党支部") -> str:
        return invite(self.signer.desk, name, url=self.url)

    def start(self) -> SecondSigner:
        app = create_signer(self.signer)
        self._server = make_server("127.0.0.1", self.signer.settings.port, app, threaded=True)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Nobody answers meanwhile."""
        self.stop()
        yield
        self.start()


@contextmanager
def second_signer(settings: Settings) -> Iterator[SecondSigner]:
    """A signer with these settings, answering; stopped in the end."""
    signer = open_signer(settings)
    running = SecondSigner(signer).start()
    yield running
    running.stop()
    signer.close()


def enrolled(service: Service, *others: SecondSigner) -> None:
    for other in others:
        signers.enrol(service, other.link())


def prepare_with(
    service: Service,
    second: SecondSigner,
    *,
    slips: Sequence[int] = (4, 3),
    phase: Phase = Phase.VOTING,
) -> VotingSession:
    """A session that the second signer signs for and witnesses."""
    enrolled(service, second)
    wanted = replace(draft(slips=slips), signer=second.url, witnesses=(second.url,))
    return prepare(service, given=wanted, phase=phase)
