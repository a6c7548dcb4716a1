"""A service in a process of its own, as `appraisal serve` starts it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from appraisal.config import Settings
from appraisal.rehearsal.booth import Booth, UnreachableError

START_SECONDS: Final = 30
STOP_SECONDS: Final = 10


def free_settings(folder: Path) -> Settings:
    """Settings of a service that lives in one folder, on a free port, whatever the environment."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    given = {
        "APPRAISAL_DATA": str(folder / "data"),
        "APPRAISAL_KEYS": str(folder / "keys"),
        "APPRAISAL_PORT": str(port),
    }
    return Settings.from_environment(given)


def environment(settings: Settings) -> dict[str, str]:
    """The process environment that gives a child these settings."""
    return os.environ | {
        "APPRAISAL_DATA": str(settings.data),
        "APPRAISAL_KEYS": str(settings.keys),
        "APPRAISAL_REGISTRY_URL": settings.registry_url,
        "APPRAISAL_BOX_URL": settings.box_url,
        "APPRAISAL_BASE_URL": settings.base_url,
        "APPRAISAL_HOST": settings.host,
        "APPRAISAL_PORT": str(settings.port),
        "APPRAISAL_THREADS": str(settings.threads),
        "APPRAISAL_PASSPHRASE_FILE": str(settings.passphrase_file or ""),
    }


@contextmanager
def serving(settings: Settings, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """The running service; it is stopped at the end. `UnreachableError` if it does not start.

    `command`: another command of `appraisal` than ``serve``.
    """
    process = subprocess.Popen(  # noqa: S603 - this program itself
        [sys.executable, "-m", "appraisal", *(command or ("serve",)), "--quiet"],
        env=environment(settings),
    )
    try:
        _wait(process, f"http://{settings.host}:{settings.port}")
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def signing(folder: Path) -> Iterator[str]:
    """A second signer that lives in one folder, in a process of its own; the link to enrol it."""
    settings = free_settings(folder)
    with serving(settings, "signer", "serve"):
        invited = subprocess.run(
            [sys.executable, "-m", "appraisal", "signer", "invite", "演练"],
            env=environment(settings),
            check=True,
            capture_output=True,
            text=True,
        )
        yield invited.stdout.strip()


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not Booth(url).alive():
        if process.poll() is not None:
            raise UnreachableError(f"the service ended with status {process.returncode}")
        if time.monotonic() > deadline:
            raise UnreachableError(f"the service did not answer within {START_SECONDS} seconds")
        time.sleep(0.05)
