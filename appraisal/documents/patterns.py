"""Patterns that tell classes and grades apart on paper without colour.

Drawn as plain shapes, clipped by the viewport of an SVG element: PDF tiling patterns and SVG
masks look different from one printer to the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

EDGE_PATTERNS: Final = 8
"""How many edge patterns there are before marks are added to tell them apart."""


def _steps(length: float, step: float) -> Iterator[float]:
    yield from (i * step for i in range(-1, int(length / step) + 2))


def _diagonal(width: float, height: float) -> str:
    lines = "".join(
        f"M-1 {y + width + 1:.2f}L{width + 1:.2f} {y - 1:.2f}" for y in _steps(height, 2.4)
    )
    return f'<path d="{lines}" stroke="#000" stroke-width=".9"/>'


def _dots(width: float, height: float) -> str:
    return "".join(
        f'<circle cx="{x:.2f}" cy="{y:.2f}" r=".55"/>'
        for x in (width * 0.25, width * 0.75)
        for y in _steps(height, 2)
    )


def _bars(width: float, height: float) -> str:
    return "".join(
        f'<rect x="0" y="{y:.2f}" width="{width}" height="1.4"/>' for y in _steps(height, 3.2)
    )


def _checks(width: float, height: float) -> str:
    half = width / 2
    return "".join(
        f'<rect x="{half * (i % 2):.2f}" y="{y:.2f}" width="{half:.2f}" height="{half:.2f}"/>'
        for i, y in enumerate(_steps(height, half))
    )


def _rails(width: float, height: float) -> str:
    return "".join(
        f'<rect x="{width * x:.2f}" y="0" width="{width * 0.18:.2f}" height="{height}"/>'
        for x in (0.08, 0.41, 0.74)
    )


def _zigzag(width: float, height: float) -> str:
    points = " ".join(
        f"{width * (0.15 if i % 2 else 0.85):.2f},{y:.2f}" for i, y in enumerate(_steps(height, 2))
    )
    return f'<polyline points="{points}" fill="none" stroke="#000" stroke-width=".9"/>'


def _lattice(width: float, height: float) -> str:
    right = width + 1
    lines = "".join(
        f"M-1 {y + right:.2f}L{right} {y - 1:.2f}M-1 {y - 1:.2f}L{right} {y + right:.2f}"
        for y in _steps(height, 2.6)
    )
    return f'<path d="{lines}" stroke="#000" stroke-width=".45"/>'


def _solid(width: float, height: float) -> str:
    return f'<rect width="{width}" height="{height}"/>'


_EDGES: Final[tuple[Callable[[float, float], str], ...]] = (
    _diagonal, _dots, _bars, _checks, _rails, _zigzag, _lattice, _solid,
)  # fmt: skip


def edge(voter_class: int, *, width: float, height: float) -> str:
    """The edge pattern of a class as SVG, in millimetres; from the ninth on with white windows."""
    drawing = _EDGES[voter_class % EDGE_PATTERNS](width, height)
    windows = voter_class // EDGE_PATTERNS
    marks = "".join(
        f'<rect x="0" y="{height / 2 - windows * 4 + i * 8:.2f}" width="{width}" height="4" '
        'fill="#fff" stroke="#000" stroke-width=".4"/>'
        for i in range(windows)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" '
        f'viewBox="0 0 {width} {height}" style="overflow:hidden">{drawing}{marks}</svg>'
    )
