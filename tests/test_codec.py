"""The one JSON form of a dataclass: what is read, and the path that every refusal names."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Annotated, NewType

import pytest

from appraisal import codec
from appraisal.codec import Named, Range, Size
from appraisal.encoding import Json, json_parse
from appraisal.errors import MalformedError

Name = NewType("Name", str)


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True)
class Leaf:
    number: Annotated[int, Range(1, 9)]
    flags: tuple[bool, ...] = ()


@dataclass(frozen=True)
class Tree:
    name: Name
    colour: Colour
    key: Annotated[bytes, Size(2)]
    pair: tuple[int, int]
    rows: Annotated[tuple[tuple[Annotated[str, Range(0, 3)], ...], ...], Range(0, 2)]
    leaves: Annotated[tuple[Leaf, ...], Range(1, 3), Named("leaf")]
    best: Leaf | None = None


def sound() -> dict[str, Json]:
    return {
        "name": "oak",
        "colour": "red",
        "key": "AAE=",
        "pair": [1, 2],
        "rows": [["", "abc"], []],
        "leaf": [{"number": 1, "flags": [True]}, {"number": 9, "flags": []}],
        "best": {"number": 2, "flags": [False, True]},
    }


TREE = Tree(
    name=Name("oak"),
    colour=Colour.RED,
    key=b"\0\1",
    pair=(1, 2),
    rows=(("", "abc"), ()),
    leaves=(Leaf(1, (True,)), Leaf(9)),
    best=Leaf(2, (False, True)),
)


def test_what_is_read_is_written_the_same() -> None:
    assert codec.from_json(Tree, sound(), where="tree") == TREE
    assert codec.to_json(TREE) == sound()
    assert codec.decode(Tree, codec.encode(TREE), limit=1000) == TREE


def test_what_may_be_left_out_is_none() -> None:
    value = sound()
    del value["best"]
    assert codec.from_json(Tree, value, where="tree").best is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": 7}, "tree.name: a text belongs here"),
        ({"name": ""}, "tree.name: a text of 1 to 4000 characters"),
        ({"name": "o\u202eak"}, "tree.name: a control character"),
        ({"colour": "green"}, "tree.colour: 'green' is not one of red, blue"),
        ({"key": 1}, "tree.key: base64 belongs here"),
        ({"key": "AAF="}, "tree.key: base64 in another spelling"),
        ({"key": "AA=="}, "tree.key: 1 bytes where 2 belong"),
        ({"pair": [1]}, "tree.pair: 1 items, not 2 to 2"),
        ({"pair": [1, "2"]}, "tree.pair[1]: an integer belongs here"),
        ({"pair": [True, 2]}, "tree.pair[0]: an integer belongs here"),
        ({"rows": [[], [], []]}, "tree.rows: 3 items, not 0 to 2"),
        ({"rows": {}}, "tree.rows: a list belongs here"),
        ({"rows": [[], ["a", "long"]]}, "tree.rows[1][1]: a text of 0 to 3 characters"),
        ({"leaf": [{"number": 1, "flags": []}, []]}, "tree.leaf[1]: an object belongs here"),
        ({"leaf": [{"number": 1}]}, "tree.leaf[0].flags is missing"),
        ({"leaf": [{"number": 0, "flags": []}]}, "tree.leaf[0].number: 0 is not from 1 to 9"),
        ({"best": {"number": 1, "flags": [0]}}, "tree.best.flags[0]: true or false belongs here"),
        ({"best": {"number": 1, "flags": [], "x": 1}}, "tree.best.x is not known"),
        ({"leaves": []}, "tree.leaves is not known"),
    ],
)
def test_a_refusal_names_the_path(change: dict[str, Json], said: str) -> None:
    with pytest.raises(MalformedError) as caught:
        codec.from_json(Tree, sound() | change, where="tree")
    assert str(caught.value) == said


def test_what_is_no_object_is_named_by_where_it_stands() -> None:
    with pytest.raises(MalformedError, match=r"^request: an object belongs here$"):
        codec.from_json(Tree, [], where="request")


def test_the_last_of_many_items_is_named() -> None:
    rows = json_parse(b'{"flags":[' + b"true," * 99_999 + b'1],"number":1}', limit=10**6)
    with pytest.raises(MalformedError, match=r"^leaf\.flags\[99999\]: true or false"):
        codec.from_json(Leaf, rows, where="leaf")
