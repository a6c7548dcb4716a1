"""Build the standalone verifier: one file with exactly what `appraisal verify` imports.

    .venv/bin/python scripts/verifier.py dist/appraisal-verify.pyz

The same sources give the same bytes. It runs with Python and `cryptography` alone.
"""

from __future__ import annotations

import ast
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "appraisal"
START = "appraisal.verify_command"
BUNDLED = "rfc8785"
SHEBANG = b"#!/usr/bin/env python3\n"
MAIN = (
    f"import sys\n\nfrom {START} import main\n\nif __name__ == '__main__':\n    sys.exit(main())\n"
)
DATED = (1980, 1, 1, 0, 0, 0)


def file_of(module: str) -> Path | None:
    """The file of a module of the package; None for a name that is no module."""
    path = PACKAGE.joinpath(*module.split(".")[1:])
    found = (path.with_suffix(".py"), path / "__init__.py")
    return next((file for file in found if file.is_file()), None)


def imported(file: Path) -> set[str]:
    """The modules of the package that a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in names if name.split(".")[0] == "appraisal" and file_of(name)}


def needed() -> dict[str, Path]:
    """Every module that the command imports, with the packages they stand in."""
    found: dict[str, Path] = {}
    waiting = [START]
    while waiting:
        module = waiting.pop()
        file = file_of(module)
        if module in found or file is None:
            continue
        found[module] = file
        parents = {module.rpartition(".")[0]} - {""}
        waiting += imported(file) | parents
    return found


def bundled() -> dict[str, Path]:
    """The files of the one small library that goes with it, by name in the archive."""
    spec = find_spec(BUNDLED)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{BUNDLED} is not installed")
    folder = Path(spec.origin).parent
    return {f"{BUNDLED}/{path.name}": path for path in sorted(folder.glob("*.py"))}


def build(target: Path) -> None:
    """Write the archive, which Python runs."""
    files = {f"{file.relative_to(PACKAGE.parent)}": file for file in needed().values()} | bundled()
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as out:
        out.write(SHEBANG)
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(zipfile.ZipInfo("__main__.py", DATED), MAIN)
            for name, file in sorted(files.items()):
                info = zipfile.ZipInfo(name, DATED)
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, file.read_bytes())
    target.chmod(0o755)


if __name__ == "__main__":
    build(Path(sys.argv[1]))
