"""A real server in a process of its own, that a test may kill at any moment."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx

from appraisal.config import Settings
from appraisal.rehearsal.server import environment

ROOT = Path(__file__).parents[1]
SERVE = (
    "import os; from appraisal.config import Settings; from appraisal.web.serve import serve; "
    "serve(Settings.from_environment(os.environ))"
)
SIGN = SERVE.replace("appraisal.web.serve", "appraisal.signer.serve")
START_SECONDS = 60.0


# Below those that the kernel itself gives to whoever asks for any, or connects to somewhere: such a
# port could be gone again before the server takes it.
PORTS = range(20_000, 30_000)
_given: set[int] = set()


def free_port() -> int:
    """A port that nobody listens on, and that no other caller is given."""
    while True:
        port = random.choice(PORTS)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            if port not in _given:
                _given.add(port)
                return port


def on_port(settings: Settings, port: int) -> Settings:
    return replace(settings, port=port, base_url=f"http://127.0.0.1:{port}")


@dataclass
class LiveServer:
    """`start` waits until it answers; `kill` is SIGKILL for the server and its worker."""

    settings: Settings
    program: str = SERVE
    more: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return self.settings.base_url

    @property
    def log_path(self) -> Path:
        return self.settings.data / "server.log"

    @property
    def log(self) -> str:
        return self.log_path.read_text() if self.log_path.exists() else ""

    def start(self) -> LiveServer:
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", self.program],
                cwd=ROOT,
                env={**environment(self.settings), **self.more},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise AssertionError(self.log)
            try:
                if httpx.get(f"{self.url}/healthz", timeout=2).status_code == httpx.codes.OK:
                    return self
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError("the server did not start: " + self.log)

    def kill(self) -> None:
        """No warning, no last words."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        self._signal(signal.SIGTERM)

    def wait(self) -> None:
        """Until the server has died of itself, its worker too."""
        assert self.process is not None
        self.process.wait(60)
        self.process = None

    def _signal(self, number: signal.Signals) -> None:
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
        self.process = None
