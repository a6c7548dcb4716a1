"""The plan of the house as a test: imports point down, who and what never meet, files stay small.

Every file of the package is walked, so that a new module cannot escape.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "appraisal"
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))

SHARED = {
    *("errors", "encoding", "codec", "ed25519"),
    *("ballot_form", "ballot_form_rules", "counting_rules", "manifest", "manifest_rules"),
}
"""The words that everything shares: the standard library and RFC 8785 only."""

PURE_OUTSIDE = {"cryptography", "gmpy2", "rfc8785"}
MAY_IMPORT = {
    "ballots": SHARED | {"ballots"},
    "tally": SHARED | {"ballots", "tally"},
    "verifier": SHARED | {"ballots", "tally", "verifier"},
    "live_board": SHARED | {"ballots", "tally", "live_board"},
    "verify_command": SHARED | {"tally", "verifier", "live_board", "verify_command"},
    "config": SHARED | {"config"},
    "instruments": SHARED | {"instruments"},
    "store": SHARED | {"ballots", "config", "store"},
    "documents": SHARED | {"ballots", "tally", "documents"},
    "serving": SHARED | {"config", "serving"},
    "peers": SHARED | {"ballots", "peers"},
    "witness": SHARED | {"ballots", "store", "config", "serving", "peers", "witness"},
    "signer": SHARED | {"ballots", "store", "config", "serving", "peers", "witness", "signer"},
    "steps": SHARED
    | {"ballots", "tally", "store", "documents", "config", "instruments", "peers", "signer"}
    | {"steps"},
    "web": SHARED
    | {"ballots", "tally", "store", "config", "instruments", "steps", "documents", "serving"}
    | {"witness", "web"},
    "rehearsal": SHARED
    | {"ballots", "tally", "verifier", "config", "steps", "documents", "rehearsal"},
    "cli": SHARED
    | {"verify_command", "config", "instruments", "steps", "web", "rehearsal", "demonstration"}
    | {"signer", "witness", "cli"},
    "demonstration": SHARED
    | {"ballots", "store", "steps", "documents", "rehearsal"}
    | {"demonstration"},
} | dict.fromkeys(SHARED, SHARED)
CORE = {"ballots", "tally", "verifier", "live_board", "verify_command", *SHARED}


def room(path: Path) -> str:
    """The first-level name a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """The full names of the modules a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def names(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


@pytest.mark.parametrize("path", MODULES, ids=names)
def test_imports_point_down(path: Path) -> None:
    if room(path) in {"__init__", "__main__"}:  # the package itself, and its command
        return
    rooms = {name.split(".")[1] for name in imports(path) if name.startswith("appraisal.")}
    assert rooms <= MAY_IMPORT[room(path)]


@pytest.mark.parametrize("path", [p for p in MODULES if room(p) in CORE], ids=names)
def test_the_core_is_pure(path: Path) -> None:
    import sys  # the list of standard modules belongs to this check alone

    outside = {name.split(".")[0] for name in imports(path)} - {"appraisal"}
    assert outside <= sys.stdlib_module_names | PURE_OUTSIDE


@pytest.mark.parametrize("path", [p for p in MODULES if room(p) == "store"], ids=names)
def test_who_and_what_never_meet(path: Path) -> None:
    """No module of the store imports both databases, and neither imports the other."""
    found = {name for name in imports(path) if name.startswith("appraisal.store.")}
    registry = any(name.startswith("appraisal.store.registry") for name in found)
    box = any(name.startswith("appraisal.store.box") for name in found)
    assert not (registry and box)
    assert not (path.stem == "registry" and box)
    assert not (path.stem == "box" and registry)


@pytest.mark.parametrize(
    "path", [p for p in MODULES if room(p) in {"peers", "signer", "witness"}], ids=names
)
def test_a_further_signer_has_neither_box_nor_office(path: Path) -> None:
    """Nor has the registrar's draw, which is every signer's."""
    strange = {f"appraisal.store.{name}" for name in ("box", "office", "tellers", "peers")}
    assert not imports(path) & strange


OFFICE_MAY_IMPORT = {
    "entry": {"entry"},
    "setup": {"entry", "setup"},
    "instruments": {"entry", "setup", "instruments"},
    "running": {"entry", "setup", "running"},
    "results": {"entry", "setup", "running", "results"},
}
"""The rooms of the office, each above those that it may import."""
OFFICE = PACKAGE / "web" / "office"


@pytest.mark.parametrize("path", sorted(OFFICE.rglob("*.py")), ids=names)
def test_the_rooms_of_the_office_stand_on_each_other(path: Path) -> None:
    if path == OFFICE / "__init__.py":  # which puts them together
        return
    own = path.relative_to(OFFICE).parts[0]
    found = {name.split(".")[3] for name in imports(path) if name.count(".") >= 3}
    rooms = {name for name in found if (OFFICE / name).is_dir()}
    # What all rooms share knows accounts and no other room.
    assert rooms <= OFFICE_MAY_IMPORT.get(own, {"entry"})


def test_verifying_knows_no_private_key() -> None:
    """The verifier's own module signs nothing and draws no random bytes."""
    text = (PACKAGE / "verifier.py").read_text()
    assert "random" not in text
    assert ".sign(" not in text


@pytest.mark.parametrize("path", MODULES, ids=names)
def test_files_stay_small(path: Path) -> None:
    limit = 300 if room(path) in CORE else 500
    assert len(path.read_text().splitlines()) <= limit


def test_no_drawer() -> None:
    drawers = {"utils", "util", "helpers", "common", "misc"}
    assert not [p for p in PACKAGE.rglob("*") if p.stem in drawers]


@pytest.mark.parametrize("folder", ["ballots", "tally"])
def test_a_pure_folder_says_so(folder: str) -> None:
    readme = (PACKAGE / folder / "README.md").read_text().strip().splitlines()
    assert len(readme) <= 6
    assert "never" in " ".join(readme).lower() or "Nothing" in " ".join(readme)
