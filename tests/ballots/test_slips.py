"""Slip codes: random, typed by hand, hashed; and draw requests that are refused."""

from __future__ import annotations

import hashlib
import json
import os
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.ballots import slips, tokens, voter
from appraisal.ballots.slips import SlipCode
from appraisal.encoding import CROCKFORD, b64encode
from appraisal.errors import Malformed, MalformedError, SlipUnknown, TokenInvalid
from appraisal.manifest import BoxNumber, Fingerprint, SessionId
from tests.world import SESSION, World, make_world, source

CODE = SlipCode("07XK9M4TQWE2H8PAZR5DN")


@pytest.fixture(scope="module")
def world() -> World:
    return make_world()


@given(voter_class=st.integers(0, 31), seed=st.integers(0))
def test_a_code_names_its_class_and_survives_its_printed_form(voter_class: int, seed: int) -> None:
    code = slips.new_code(voter_class, rng=source(seed))
    assert slips.class_of(code) == voter_class
    assert slips.typed_code(slips.grouped(code)) == code
    assert slips.typed_code(slips.grouped(code).lower().replace("-", " ")) == code


def test_the_forms_of_the_specification() -> None:
    assert slips.grouped(CODE) == "0-7XK9M-4TQWE-2H8PA-ZR5DN"
    link = slips.slip_link(
        "https://example.org/", session=SESSION, code=CODE, fingerprint=Fingerprint("F" * 26)
    )
    assert link == f"https://example.org/v/k3m9x7q2wp#{CODE}.{'F' * 26}"


def test_a_hundred_random_bits() -> None:
    """All 20 symbols vary over the whole alphabet."""
    rng = source(5)
    codes = [slips.new_code(0, rng=rng) for _ in range(2000)]
    assert len(set(codes)) == 2000
    for place in range(1, 21):
        assert len({code[place] for code in codes}) == 32


def test_letters_that_look_like_digits() -> None:
    assert slips.typed_code("o-7xk9m-4tqwe-2h8pa-zr5dn") == CODE
    assert slips.typed_code("0-7XK9M-4TQWE-2H8PA-ZRIL1") == "07XK9M4TQWE2H8PAZR111"


@pytest.mark.parametrize(
    "text", ["", CODE[:-1], CODE + "0", CODE[:-1] + "U", CODE[:-1] + "é", CODE[:-1] + "٤"]
)
def test_what_is_no_code(text: str) -> None:
    with pytest.raises(MalformedError, match="21 symbols"):
        slips.typed_code(text)


@pytest.mark.parametrize("text", [CODE.lower(), slips.grouped(CODE), "O" + CODE[1:]])
def test_the_wire_takes_the_plain_form_only(text: str) -> None:
    with pytest.raises(MalformedError):
        slips.parse_code(text)


def test_a_hash_belongs_to_one_session() -> None:
    assert slips.slip_hash(SESSION, CODE) != slips.slip_hash(SessionId("k3m9x7q2wq"), CODE)
    assert len(slips.slip_hash(SESSION, CODE)) == 32


def test_the_credentials_of_the_specification() -> None:
    """Written out once more from §4.2, with nothing of the module's."""
    for signer in (0, 1, 3):
        hashed = b"appraisal/1 credential\0k3m9x7q2wp\0" + bytes([signer]) + CODE.encode()
        number = int.from_bytes(hashlib.sha256(hashed).digest(), "big") >> 256 - 100
        symbols = [CROCKFORD[number >> 5 * place & 31] for place in range(19, -1, -1)]
        assert slips.credential(CODE, session=SESSION, signer=signer) == "0" + "".join(symbols)


@given(voter_class=st.integers(0, 31), seed=st.integers(0))
def test_a_credential_is_a_code_of_its_class_and_of_one_signer(voter_class: int, seed: int) -> None:
    code = slips.new_code(voter_class, rng=source(seed))
    shown = [slips.credential(code, session=SESSION, signer=signer) for signer in range(4)]
    assert len({code, *shown}) == 5
    assert all(slips.parse_code(one) == one for one in shown)
    assert {slips.class_of(one) for one in shown} == {voter_class}


def test_a_draw_request_shows_the_credential_and_never_the_code(world: World) -> None:
    code = slips.new_code(1, rng=os.urandom)
    request = voter.start_drawing(world.manifest, code, rng=os.urandom).request
    assert request.slip == slips.credential(code, session=SESSION, signer=0)
    assert code.encode() not in tokens.encode_draw(request)


def test_a_draw_request_survives_the_wire(world: World) -> None:
    code = slips.new_code(1, rng=os.urandom)
    request = voter.start_drawing(world.manifest, code, rng=os.urandom).request
    assert tokens.decode_draw(tokens.encode_draw(request), world.manifest) == request


def test_any_spelling_of_the_json_is_the_same_request(world: World) -> None:
    code = slips.new_code(1, rng=os.urandom)
    request = voter.start_drawing(world.manifest, code, rng=os.urandom).request
    loose = json.dumps(json.loads(tokens.encode_draw(request)), indent=3).encode()
    assert tokens.decode_draw(loose, world.manifest).hash == request.hash


def change(world: World, **fields: Any) -> bytes:
    good = {"slip": CODE, "blinded": [b64encode(b"\x01" * 256)] * 2}
    return json.dumps(good | fields).encode()


@pytest.mark.parametrize(
    "fields",
    [
        {"slip": 7},
        {"slip": CODE.lower()},
        {"slip": None},
        {"blinded": []},
        {"blinded": [b64encode(b"\x01" * 256)]},
        {"blinded": [b64encode(b"\x01" * 256)] * 3},
        {"blinded": [b64encode(b"\x01" * 255)] * 2},
        {"blinded": ["====", "===="]},
        {"blinded": "no list"},
        {"blinded": [b64encode(b"\xff" * 256)] * 2},
        {"extra": 1},
    ],
)
def test_malformed_draw_requests(world: World, fields: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        tokens.decode_draw(change(world, **fields), world.manifest)


def test_a_code_of_a_class_that_the_session_has_not(world: World) -> None:
    with pytest.raises(SlipUnknown):
        tokens.decode_draw(change(world, slip="9" + CODE[1:]), world.manifest)


def test_a_token_is_for_its_box_key_and_prefix(world: World) -> None:
    blank = world.draw(0, os.urandom)[0]
    key = blank.key.public_key().public_bytes_raw()
    tokens.verify_token(
        blank.tokens[0], manifest=world.manifest, box=BoxNumber(0), key=key, signer=0
    )
    with pytest.raises(TokenInvalid):
        tokens.verify_token(
            blank.tokens[0], manifest=world.manifest, box=BoxNumber(1), key=key, signer=0
        )
    with pytest.raises(TokenInvalid):
        tokens.verify_token(
            blank.tokens[0], manifest=world.manifest, box=BoxNumber(0), key=bytes(32), signer=0
        )
    swapped = tokens.Token(bytes(32), blank.tokens[0].signature)
    with pytest.raises(TokenInvalid):
        tokens.verify_token(swapped, manifest=world.manifest, box=BoxNumber(0), key=key, signer=0)
