"""The standalone verifier: one file that runs with Python and `cryptography` alone."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from appraisal.tally.record import read_archive, read_record, write_folder
from appraisal.verifier import verify

ROOT = Path(__file__).parents[1]
VECTORS = ROOT / "tests" / "vectors" / "records"
ALLOWED = ("cryptography", "cffi", "_cffi_backend")


@pytest.fixture(scope="module")
def standalone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built file."""
    target = tmp_path_factory.mktemp("dist") / "appraisal-verify.pyz"
    script = ROOT / "scripts" / "verifier.py"
    subprocess.run([sys.executable, script, target], check=True)
    return target


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of packages with `cryptography` and what it stands on, nothing else."""
    folder = tmp_path_factory.mktemp("site")
    for name in ALLOWED:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            continue
        origin = Path(spec.origin)
        found = origin.parent if origin.name == "__init__.py" else origin
        (folder / found.name).symlink_to(found)
    return folder


def run(
    file: Path | str, *arguments: str | Path, site: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Python without its installed packages, in an empty environment."""
    return subprocess.run(
        [sys.executable, "-S", file, *arguments],
        env={"PYTHONPATH": str(site), **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        cwd=site,
    )


def record_of(vector: str, folder: Path) -> tuple[str, Path]:
    """What a record vector expects, and its archive as a file."""
    head, _, archive = (VECTORS / f"{vector}.vector").read_bytes().partition(b"\n\n")
    path = folder / f"{vector}.zip"
    path.write_bytes(archive)
    return head.decode().splitlines()[0].removeprefix("expect: "), path


EVERY_RECORD = """
import contextlib, io, json, pathlib, sys

file, folder = sys.argv[1:]
sys.path.insert(0, file)
from appraisal import verify_command

assert verify_command.__file__.startswith(file)
found = {}
for path in sorted(pathlib.Path(folder).glob("*.zip")):
    raw = io.BytesIO()
    with contextlib.redirect_stdout(io.TextIOWrapper(raw)) as out, \\
            contextlib.redirect_stderr(io.TextIOWrapper(io.BytesIO())):
        status = verify_command.main([str(path), "--lang", "en"])
        out.flush()
    found[path.stem] = status, raw.getvalue().decode()
json.dump(found, sys.stdout)
"""
"""The command for each archive of a folder, in one process."""


def test_every_record_vector_gets_its_verdict(standalone: Path, bare: Path, tmp_path: Path) -> None:
    """Valid, failing exactly these checks, or not readable: with nothing but `cryptography`."""
    names = sorted(path.stem for path in VECTORS.glob("*.vector"))
    expected = {name: record_of(name, tmp_path)[0] for name in names}
    assert len(names) > 150
    answer = run("-c", EVERY_RECORD, str(standalone), tmp_path, site=bare)
    assert answer.stderr == ""
    found = {
        name: verdict(status, said) for name, (status, said) in json.loads(answer.stdout).items()
    }
    assert found == expected


def verdict(status: int, said: str) -> str:
    """What the exit status and the marks of the report come to."""
    failed = ",".join(re.findall(r"^✗ +([0-9]+) ", said, re.MULTILINE))
    assert bool(failed) == (status == 1)
    return failed or {0: "valid", 2: "unreadable"}[status]


def test_the_environment_is_bare(bare: Path) -> None:
    """Otherwise the other tests would show nothing."""
    for name in ("gmpy2", "rfc8785", "click", "flask", "appraisal"):
        found = run("-c", f"import {name}", site=bare)
        assert "ModuleNotFoundError" in found.stderr


@pytest.mark.parametrize("vector", ["audit", "public", "token-bit"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_says_what_the_verifier_says(
    standalone: Path, bare: Path, tmp_path: Path, vector: str, language: str
) -> None:
    expected, path = record_of(vector, tmp_path)
    report = verify(read_record(path))
    found = run(standalone, path, "--lang", language, site=bare)
    assert found.stderr == ""
    assert found.stdout == report.text("zh" if language == "zh" else "en")
    assert found.returncode == (0 if expected == "valid" else 1)


def test_a_folder_is_as_good_as_an_archive(standalone: Path, bare: Path, tmp_path: Path) -> None:
    _, path = record_of("public", tmp_path)
    write_folder(read_archive(path.read_bytes()), tmp_path / "record")
    folder = run(standalone, tmp_path / "record", site=bare)
    assert folder.returncode == 0
    assert folder.stdout == run(standalone, path, site=bare).stdout


@pytest.mark.parametrize("name", ["nothing", "empty.zip"])
def test_what_is_no_record_has_its_own_status(
    standalone: Path, bare: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / "empty.zip").touch()
    found = run(standalone, tmp_path / name, site=bare)
    assert found.returncode == 2
    assert found.stdout == ""
    assert len(found.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("locale", "said"),
    [("zh_CN.UTF-8", "评议记录验证"), ("C", "Verification"), ("", "Verification")],
)
def test_it_speaks_the_locales_language(
    standalone: Path, bare: Path, tmp_path: Path, locale: str, said: str
) -> None:
    _, path = record_of("public", tmp_path)
    assert run(standalone, path, site=bare, LANG=locale).stdout.startswith(said)


def test_the_same_sources_give_the_same_bytes(standalone: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.pyz"
    script = ROOT / "scripts" / "verifier.py"
    # Another time, another order of hashes.
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    subprocess.run([sys.executable, script, again], check=True, env=environment)
    assert again.read_bytes() == standalone.read_bytes()
