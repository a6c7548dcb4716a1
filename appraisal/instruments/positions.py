"""On which line of a TOML text each value stands, which tomllib does not tell."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Final

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

from appraisal.instruments.faults import Path

_LANGUAGE: Final = Language(tree_sitter_toml.language())
_KEYS: Final = {"bare_key", "quoted_key", "dotted_key"}


class Positions:
    """The lines, from 1, of everything that stands in one text."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {(): 1}
        self._lists: dict[Path, int] = {}
        for node in Parser(_LANGUAGE).parse(text.encode()).root_node.named_children:
            match node.type:
                case "pair":
                    self._pair(node, ())
                case "table" | "table_array_element":
                    self._table(node)
                case _:  # a comment, or what could not be read
                    pass

    def line(self, path: Path) -> int:
        """The line of this place, or of the nearest one around it."""
        while path not in self._lines:
            path = path[:-1]
        return self._lines[path]

    def _table(self, node: Node) -> None:
        """A section with its header; a name in it means the last item of a list ``[[…]]``."""
        key, *rest = node.named_children
        path: Path = ()
        for part in _parts(key):
            path = (*path, part)
            if path in self._lists and part is not None:
                path = (*path, self._lists[path])
        if node.type == "table_array_element":
            if path and isinstance(path[-1], int):
                path = path[:-1]
            self._lists[path] = self._lists.get(path, -1) + 1
            self._note(path, node)
            path = (*path, self._lists[path])
        self._note(path, node)
        for child in rest:
            if child.type == "pair":
                self._pair(child, path)

    def _pair(self, node: Node, path: Path) -> None:
        key, *values = (child for child in node.named_children if child.type != "comment")
        for part in _parts(key):
            path = (*path, part)
            self._note(path, node)
        for value in values:
            self._value(value, path)

    def _value(self, node: Node, path: Path) -> None:
        if node.type == "inline_table":
            for child in node.named_children:
                if child.type == "pair":
                    self._pair(child, path)
        elif node.type == "array":
            items = (child for child in node.named_children if child.type != "comment")
            for number, item in enumerate(items):
                self._note((*path, number), item)
                self._value(item, (*path, number))

    def _note(self, path: Path, node: Node) -> None:
        self._lines.setdefault(path, node.start_point.row + 1)


def _parts(key: Node) -> Iterator[str]:
    """The names of a key: a dotted one has several."""
    if key.type not in _KEYS:
        return
    for node in key.named_children if key.type == "dotted_key" else (key,):
        if node.type == "dotted_key":
            yield from _parts(node)
        elif node.type == "quoted_key" and node.text is not None:
            yield from tomllib.loads(f"{node.text.decode()} = 0")
        elif node.text is not None:
            yield node.text.decode()
