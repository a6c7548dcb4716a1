"""The settings of one installation, from the environment (docs/settings.md has one entry each)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from appraisal.errors import AppraisalError

MAX_THREADS: Final = 512
MAX_NAME: Final = 100


class SettingsError(AppraisalError):
    """A setting that cannot be used; the sentence names it."""


@dataclass(frozen=True)
class Settings:
    """Where the data, the keys and the service are.

    `registry_url` and `box_url` are SQLAlchemy URLs of two different databases; `base_url` is what
    voters reach, without a slash at its end; `threads` is how many requests are worked on at once;
    `office_proxies` is how many proxies in front of the office write down who asks;
    `passphrase_file` holds what opens the private keys, None for one in the data folder; `name` is
    what other installations call this one, empty for its address.
    """

    data: Path
    keys: Path
    registry_url: str
    box_url: str
    base_url: str
    host: str
    port: int
    threads: int
    office_proxies: int = 0
    passphrase_file: Path | None = None
    name: str = ""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Settings:
        """The settings of ``APPRAISAL_…`` variables; `SettingsError` names a wrong one."""
        given = {name: value for name, value in environ.items() if value}
        data = Path(given.get("APPRAISAL_DATA", "var")).absolute()
        host = given.get("APPRAISAL_HOST", "127.0.0.1")
        passphrase = given.get("APPRAISAL_PASSPHRASE_FILE")
        port = _integer(given, "APPRAISAL_PORT", default=8000, high=65535)
        return cls(
            data=data,
            keys=Path(given.get("APPRAISAL_KEYS", "keys")).absolute(),
            registry_url=given.get("APPRAISAL_REGISTRY_URL", f"sqlite:///{data}/registry.sqlite"),
            box_url=given.get("APPRAISAL_BOX_URL", f"sqlite:///{data}/box.sqlite"),
            base_url=given.get("APPRAISAL_BASE_URL", f"http://{host}:{port}").rstrip("/"),
            host=host,
            port=port,
            threads=_integer(given, "APPRAISAL_THREADS", default=64, high=MAX_THREADS),
            office_proxies=_integer(given, "APPRAISAL_OFFICE_PROXIES", default=0, low=0, high=9),
            passphrase_file=Path(passphrase).absolute() if passphrase else None,
            name=given.get("APPRAISAL_NAME", ""),
        )

    def __post_init__(self) -> None:
        """Refuse what cannot work."""
        address = urlsplit(self.base_url)
        if address.scheme not in {"http", "https"} or not address.netloc or address.query:
            raise SettingsError(
                f"APPRAISAL_BASE_URL: {self.base_url!r} is no address such as https://example.org"
            )
        if address.path:
            raise SettingsError("APPRAISAL_BASE_URL: the service stands at the top of its host")
        if len(self.name) > MAX_NAME or not self.name.isprintable():
            raise SettingsError(f"APPRAISAL_NAME: a line of at most {MAX_NAME} characters")
        if self.registry_url == self.box_url:
            raise SettingsError(
                "APPRAISAL_REGISTRY_URL and APPRAISAL_BOX_URL: registry and box are two databases"
            )

    @property
    def authority(self) -> str:
        """Host and port of `base_url`, as in the origin of a board."""
        return urlsplit(self.base_url).netloc

    @property
    def known_as(self) -> str:
        """What other installations call this one."""
        return self.name or self.authority

    @property
    def secure(self) -> bool:
        """Whether voters reach the service over TLS."""
        return self.base_url.startswith("https://")


def _integer(given: Mapping[str, str], name: str, *, default: int, high: int, low: int = 1) -> int:
    text = given.get(name, str(default))
    # int() would also take '4_2', ' 42' and other alphabets' digits.
    if not re.fullmatch(r"[0-9]{1,6}", text) or not low <= int(text) <= high:
        raise SettingsError(f"{name}: {text!r} is not a number from {low} to {high}")
    return int(text)
