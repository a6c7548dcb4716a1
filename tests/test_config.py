from __future__ import annotations

import re
from pathlib import Path

import pytest

import appraisal.config
from appraisal.config import Settings, SettingsError

DOCUMENT = (Path(__file__).parents[1] / "docs" / "settings.md").read_text()


def test_everything_has_a_default() -> None:
    settings = Settings.from_environment({})
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.registry_url == f"sqlite:///{Path('var').absolute()}/registry.sqlite"
    assert settings.box_url == f"sqlite:///{Path('var').absolute()}/box.sqlite"
    assert settings.authority == "127.0.0.1:8000"
    assert not settings.secure


def test_an_empty_variable_is_none() -> None:
    assert Settings.from_environment({"APPRAISAL_PORT": ""}).port == 8000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("APPRAISAL_PORT", "0"),
        ("APPRAISAL_PORT", "65536"),
        ("APPRAISAL_PORT", "8_0"),
        ("APPRAISAL_PORT", " 80"),
        ("APPRAISAL_PORT", "٨٠"),
        ("APPRAISAL_THREADS", "513"),
        ("APPRAISAL_THREADS", "-1"),
        ("APPRAISAL_BASE_URL", "example.org"),
        ("APPRAISAL_BASE_URL", "https://example.org/vote"),
        ("APPRAISAL_BASE_URL", "https://example.org?x=1"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment({name: value})


def test_registry_and_box_are_two_databases() -> None:
    same = "postgresql://localhost/appraisal"
    with pytest.raises(SettingsError, match="two databases"):
        Settings.from_environment({"APPRAISAL_REGISTRY_URL": same, "APPRAISAL_BOX_URL": same})


def test_every_setting_is_documented_and_no_other() -> None:
    package = Path(appraisal.config.__file__).parent
    source = "".join(path.read_text() for path in package.rglob("*.py"))
    used = set(re.findall(r'"(APPRAISAL_[A-Z_]+)"', source))
    documented = set(re.findall(r"^## `(APPRAISAL_[A-Z_]+)`", DOCUMENT, re.MULTILINE))
    assert used == documented
