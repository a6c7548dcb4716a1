"""What is wrong in a form file: the line, and what to write there instead, in two languages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from appraisal.codec import CONTROLS
from appraisal.errors import ManifestError

MAX_FAULTS: Final = 50
"""How many mistakes of one file are told."""

Path: TypeAlias = tuple[str | int, ...]
"""Where a value stands: ``("questions", 1, "options", 0, "points")``, numbers from 0."""


@dataclass(frozen=True)
class Fault:
    """One mistake of a file, in Chinese and in English, without the line's number in the text."""

    line: int
    zh: str
    en: str


@dataclass(frozen=True)
class Misfit:
    """A mistake while it is known by its path only; the line is looked up in the end.

    It is `sure` if it would be one whatever else stood in the file.
    """

    path: Path
    zh: str
    en: str
    sure: bool = True


class InstrumentError(ManifestError):
    """A form file that cannot be used; `faults` are its mistakes in the order of their lines.

    Its text is English, `zh` says the same in Chinese: a line a fault, each with file and line.
    """

    def __init__(self, name: str, faults: Iterable[Fault]) -> None:
        self.name = name
        self.faults = tuple(sorted(set(faults), key=lambda f: (f.line, f.zh))[:MAX_FAULTS])
        self.zh = "\n".join(f"{name} 第 {f.line} 行：{f.zh}" for f in self.faults)
        super().__init__("\n".join(f"{name}, line {f.line}: {f.en}" for f in self.faults))


def quoted(text: str) -> str:
    """What a writer wrote, as it is told back: short, and without what moves a screen about."""
    plain = CONTROLS.sub("\ufffd", text.strip())
    return plain if len(plain) <= 30 else f"{plain[:29]}…"
