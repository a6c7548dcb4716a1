"""A second signer beside the service under test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.second_signer import SecondSigner, second_signer, settings_in


@pytest.fixture
def second(tmp_path: Path) -> Iterator[SecondSigner]:
    with second_signer(settings_in(tmp_path / "second")) as running:
        yield running
