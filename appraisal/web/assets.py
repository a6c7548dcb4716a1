"""Where pages come from: the templates, and the built front end with its integrity hashes.

`appraisal/static/assets.json` is the front-end build's own list:

    {"booth.js": {"file": "booth.0123456789ab.js", "sha256": "…", "integrity": "sha384-…", …}, …}
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from appraisal.errors import AppraisalError

PACKAGE: Final = Path(__file__).parent.parent
STATIC: Final = PACKAGE / "static"
STATIC_URL: Final = "/static/"
HASHED_NAME: Final = re.compile(r"^.+\.[0-9a-f]{12}\.[^.]+$")
"""A file whose name carries its hash: it may be cached for ever."""


class AssetError(AppraisalError):
    """A file of the front end that the build has not made."""


@dataclass(frozen=True)
class Asset:
    """A built file: its address on this host, and its hash for the ``integrity`` attribute."""

    url: str
    integrity: str


class Assets:
    """The files of the built front end by the names that templates use."""

    def __init__(self, known: Mapping[str, Asset]) -> None:
        self._known = known

    @classmethod
    def load(cls, folder: Path = STATIC) -> Assets:
        """The files that `assets.json` in this folder names; none if nothing was built yet."""
        path = folder / "assets.json"
        listed = json.loads(path.read_bytes()) if path.exists() else {}
        return cls(
            {
                name: Asset(STATIC_URL + entry["file"], entry["integrity"])
                for name, entry in listed.items()
            }
        )

    def __call__(self, name: str) -> Asset:
        """The file of this name; `AssetError` if the build has not made it."""
        try:
            return self._known[name]
        except KeyError:
            raise AssetError(f"{name} has not been built: run `make run` or `make test`") from None


def template_folder() -> Path:
    """The templates: inside the package where it is installed, beside it in the work tree."""
    installed = PACKAGE / "templates"
    return installed if installed.is_dir() else PACKAGE.parent / "templates"
