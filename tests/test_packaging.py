"""What is shipped is whole: the wheel, the locks, the list of targets."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements-setup", "requirements", "requirements-build", "requirements-dev")
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def files_below(folder: Path) -> set[str]:
    """The files of a source folder, without what Python leaves there."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=60,
    )
    (path,) = folder.glob("*.whl")
    return path


def test_wheel_carries_the_package_the_templates_and_the_front_end(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {f"appraisal/{name}" for name in files_below(ROOT / "appraisal")}
    wanted |= {f"appraisal/templates/{name}" for name in files_below(ROOT / "templates")}
    assert "appraisal/static/assets.json" in wanted, "the front end is not built"
    assert sorted(wanted - names) == []


def test_wheel_carries_a_compiled_catalogue_for_each_translation(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    catalogues = {f"appraisal/{n}" for n in files_below(ROOT / "appraisal") if n.endswith(".po")}
    assert {name.removesuffix(".po") + ".mo" for name in catalogues} <= names


def test_wheel_carries_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} == {
        "appraisal",
        f"appraisal-{PROJECT['project']['version']}.dist-info",
    }
    private = re.compile(r"\.(pem|key|sqlite|otf|ttc|ttf|pyc)$|__pycache__")
    assert [name for name in names if private.search(name)] == []


def test_wheel_works_away_from_the_work_tree(wheel: Path, tmp_path: Path) -> None:
    """The command starts from the wheel's own files, with the locked packages beside it."""
    zipfile.ZipFile(wheel).extractall(tmp_path)
    run = subprocess.run(
        [
            sys.executable,
            "-c",
            "import appraisal.cli, sys; print(appraisal.__file__); appraisal.cli.main(['--help'])",
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    origin, help_text = run.stdout.split("\n", 1)
    assert Path(origin).is_relative_to(tmp_path)
    assert "verify" in help_text


def test_assets_name_what_is_there() -> None:
    static = ROOT / "appraisal" / "static"
    assets = json.loads((static / "assets.json").read_text("utf-8"))
    assert assets
    for name, asset in assets.items():
        path = static / asset["file"]
        assert path.stat().st_size == asset["bytes"], name
        assert asset["sha256"][:12] in path.name
    wanted = {asset["file"] for asset in assets.values()} | {"assets.json"}
    found = {re.sub(r"\.(br|gz)$", "", name) for name in files_below(static)}
    assert found == wanted


def locked(lock: str) -> dict[str, tuple[set[str], int]]:
    """Name -> its pins (several where markers part them) and the number of their hashes."""
    entries: dict[str, tuple[set[str], int]] = {}
    text = (ROOT / f"{lock}.lock").read_text("utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        specification, *hashes = re.split(r"\s+--hash=sha256:", line.strip())
        requirement = Requirement(specification)
        pins, count = entries.get(requirement.name, (set(), 0))
        assert re.fullmatch(r"==[^*,]+", str(requirement.specifier)), line
        assert hashes, f"{requirement.name} has no hash in {lock}.lock"
        entries[requirement.name] = (pins | {str(requirement)}, count + len(hashes))
    return entries


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_pins_and_hashes_everything_and_names_no_registry(lock: str) -> None:
    assert locked(lock)
    text = (ROOT / f"{lock}.lock").read_text("utf-8")
    assert re.findall(r"https?:|--[a-z-]*index|--find-links|--trusted-host| @ ", text) == []


def test_locks_agree() -> None:
    widest = locked("requirements-dev")
    for lock in LOCKS:
        for name, entry in locked(lock).items():
            assert widest[name] == entry, f"{name} differs in {lock}.lock; run make lock"


def test_locks_hold_what_the_project_asks_for() -> None:
    groups = PROJECT["dependency-groups"]
    asked = {
        "requirements": PROJECT["project"]["dependencies"],
        "requirements-setup": groups["setup"],
        "requirements-build": groups["build"],
        "requirements-dev": groups["dev"],
    }
    for lock, requirements in asked.items():
        pins = locked(lock)
        for text in requirements:
            if not isinstance(text, str):
                continue  # {include-group = …}
            requirement = Requirement(text)
            for pin in pins[canonicalize_name(requirement.name)][0]:
                version = str(Requirement(pin).specifier).removeprefix("==")
                assert requirement.specifier.contains(version), f"{text}: {pin} in {lock}.lock"


def test_npm_lock_has_hashes_and_no_registry() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    packages = {path: entry for path, entry in lock["packages"].items() if path}
    assert packages
    for path, entry in packages.items():
        assert entry["integrity"].startswith("sha512-"), path
        assert "resolved" not in entry, path


def test_npm_packages_are_pinned_exactly() -> None:
    package = json.loads((ROOT / "package.json").read_text("utf-8"))
    for name, version in (package["dependencies"] | package["devDependencies"]).items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), name


def test_every_target_is_explained() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    declared = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert declared
    shown = subprocess.run(
        ["make", "help"], cwd=ROOT, check=True, capture_output=True, text=True, timeout=10
    ).stdout
    explained = re.findall(r"^  make (\S+) +\S", shown, re.MULTILINE)
    assert sorted(explained) == sorted(declared[1].split())
    assert sorted(explained) == sorted(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))


def test_every_silenced_check_has_its_reason() -> None:
    lines = (ROOT / "pyproject.toml").read_text("utf-8").splitlines()
    start, stop = lines.index("[tool.ruff.lint]"), lines.index("[tool.mypy]")
    silenced = [line for line in lines[start:stop] if re.match(r'\s+"[A-Z]+\d*",', line)]
    assert silenced
    assert [line for line in silenced if not re.search(r"# \S", line)] == []
