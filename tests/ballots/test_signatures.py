"""Which keys are keys and which signatures hold: protocol §2, where libraries differ."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from appraisal.ballots.signatures import verifies
from appraisal.ed25519 import SMALL_ORDER, P, check_key
from appraisal.errors import MalformedError
from tests.tally.record_cases_keys import EIGHTH, ONE, add, read, spelled

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()


def test_the_points_of_small_order_are_eight_and_have_five_ordinates() -> None:
    point = eighth = read(EIGHTH)
    found = [point]
    while (point := add(point, eighth)) != eighth:
        found.append(point)
    assert len(found) == 8
    assert {y for _, y in found} == SMALL_ORDER
    for one in found:
        with pytest.raises(MalformedError, match="small order"):
            check_key(spelled(one))


@pytest.mark.parametrize("y", range(P, 2**255))
def test_a_point_has_one_spelling(y: int) -> None:
    with pytest.raises(MalformedError, match="spelling"):
        check_key(y.to_bytes(32, "little"))


def test_a_good_signature_holds_and_no_other() -> None:
    signature = KEY.sign(b"ballot")
    assert verifies(PUBLIC, signature, b"ballot")
    assert not verifies(PUBLIC, signature, b"another")
    assert not verifies(PUBLIC, signature[:-1], b"ballot")
    assert not verifies(bytes(31), signature, b"ballot")


def test_the_neutral_point_signs_nothing() -> None:
    """OpenSSL alone takes this signature of it for every message."""
    assert not verifies(ONE, ONE + bytes(32), b"ballot")
