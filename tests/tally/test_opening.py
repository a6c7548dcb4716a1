"""Opening: every ballot in plain or spoilt with its reason, in an order that tells nothing."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from appraisal.ballots.ballot import Ballot, Spoilt, encode_ballot
from appraisal.ballots.cast import CastBallot, sign_ballot
from appraisal.ballots.sealing import factor, seal
from appraisal.counting_rules import BelowFloor, EmptyBallot
from appraisal.encoding import Json, canonical
from appraisal.errors import CryptoError, MalformedError
from appraisal.manifest import BoxNumber
from appraisal.tally.opening import (
    audited_ballots,
    audited_factors,
    bad_factors,
    ballots_to_open,
    factors_of,
    open_boxes,
    unopened,
)
from appraisal.tally.openings import (
    FORMAT,
    OpenedBallot,
    OpenedGroup,
    Openings,
    TrackerText,
    VoidReason,
    decode_openings,
    encode_openings,
)
from appraisal.tally.results import GroupStatus
from appraisal.tally.signature_checks import false_ballots
from appraisal.tally.spread import Cores
from tests.world import World, make_world, source

WORLD = make_world(subjects=1)
RNG = source(7)


def ballots(world: World, box: int, *answers: tuple[int, ...]) -> list[CastBallot]:
    return [
        world.vote(world.manifest.boxes[box].voter_class, [choice], RNG)[0] for choice in answers
    ]


def holding(world: World, plain: bytes, box: int = 0) -> CastBallot:
    """A ballot of these plain bytes, as a client that breaks the rules would seal them."""
    (blank,) = world.draw(world.manifest.boxes[box].voter_class, RNG)
    sealed = seal(plain, manifest=world.manifest, box=blank.box, rng=RNG)
    return sign_ballot(
        world.manifest, box=blank.box, key=blank.key, ballot_tokens=blank.tokens, sealed=sealed
    )


def test_ballots_come_out_as_they_went_in_sorted_by_tracker() -> None:
    cast = ballots(WORLD, 0, *[(i, 0, 5) for i in range(6)])
    (group, empty) = open_boxes(
        WORLD.manifest, cast, factors=WORLD.factors(cast), drawn=[6, 0]
    ).groups
    assert group.opened is not None
    assert sorted(ballot.answers for ballot in group.opened) == [(i, 0, 5) for i in range(6)]
    assert list(group.opened) == sorted(group.opened)
    assert (group.boxes, group.ballots, group.spoilt) == ((0,), 6, ())
    assert (empty.status, empty.ballots, empty.opened) == (GroupStatus.WITHHELD, 0, None)


def test_the_order_of_ballots_and_the_number_of_cores_decide_nothing() -> None:
    cast = ballots(WORLD, 0, *[(i % 6, 1, 2) for i in range(9)])
    cast += ballots(WORLD, 1, *[(1, 1, 1)] * 5)
    first = open_boxes(WORLD.manifest, cast, factors=WORLD.factors(cast), drawn=[9, 5])
    Random(3).shuffle(cast)
    with Cores(2) as cores:
        again = open_boxes(
            WORLD.manifest, cast, factors=WORLD.factors(cast), drawn=[9, 5], cores=cores
        )
    assert again == first


def test_a_box_below_the_floor_stays_sealed() -> None:
    cast = ballots(WORLD, 0, *[(1, 1, 1)] * 5) + ballots(WORLD, 1, *[(2, 2, 2)] * 4)
    opened, withheld = open_boxes(
        WORLD.manifest, cast, factors=WORLD.factors(cast), drawn=[5, 4]
    ).groups
    assert opened.status is GroupStatus.OPENED
    assert (withheld.status, withheld.ballots) == (GroupStatus.WITHHELD, 4)
    assert (withheld.opened, withheld.spoilt) == (None, None)


def test_merged_boxes_are_opened_as_one() -> None:
    world = make_world(subjects=1, below_floor=BelowFloor.MERGE)
    cast = ballots(world, 0, *[(1, 1, 1)] * 5) + ballots(world, 1, *[(2, 2, 2)] * 2)
    (group,) = open_boxes(world.manifest, cast, factors=world.factors(cast), drawn=[5, 2]).groups
    assert group.boxes == (0, 1)
    assert group.opened is not None
    assert sorted({ballot.answers for ballot in group.opened}) == [(1, 1, 1), (2, 2, 2)]
    assert list(group.opened) == sorted(group.opened)


def test_more_ballots_than_slips_drawn_and_nothing_is_opened() -> None:
    cast = ballots(WORLD, 0, *[(1, 1, 1)] * 6)
    openings = open_boxes(WORLD.manifest, cast, factors=WORLD.factors(cast), drawn=[5, 0])
    assert openings == Openings(FORMAT, (), VoidReason.OVERFULL)
    assert b'"void":"overfull"' in encode_openings(openings)
    assert decode_openings(encode_openings(unopened())).void is VoidReason.UNOPENED


@pytest.mark.parametrize(
    ("plain", "reason"),
    [
        (b"\x02" + bytes(16) + b"\x01\x01\x01", Spoilt.NOT_A_BALLOT),
        (b"\x01" + bytes(16) + b"\x01\x06\x01", Spoilt.ANSWER_OUT_OF_RANGE),
        (b"\x01" + bytes(16) + b"\x01\xff\x01", Spoilt.ANSWER_OUT_OF_RANGE),
    ],
)
def test_a_ballot_against_the_rules_is_spoilt(plain: bytes, reason: Spoilt) -> None:
    cast = [*ballots(WORLD, 0, *[(1, 1, 1)] * 5), holding(WORLD, plain)]
    group = open_boxes(WORLD.manifest, cast, factors=WORLD.factors(cast), drawn=[6, 0]).groups[0]
    assert group.opened is not None
    assert (len(group.opened), group.spoilt) == (5, (reason,))


@pytest.mark.parametrize("at", [0, 31, 32, 79, 80, 100, 115])
def test_a_sealed_ballot_that_does_not_decrypt_is_spoilt(at: int) -> None:
    (one,) = ballots(WORLD, 0, (1, 1, 1))
    sealed = bytearray(one.sealed)
    sealed[at] ^= 1
    cast = [*ballots(WORLD, 0, *[(1, 1, 1)] * 5), replace(one, sealed=bytes(sealed))]
    group = open_boxes(WORLD.manifest, cast, factors=WORLD.factors(cast), drawn=[6, 0]).groups[0]
    assert group.opened is not None
    assert (len(group.opened), group.spoilt) == (5, (Spoilt.UNREADABLE,))


def test_a_ballot_sealed_for_another_box_does_not_open() -> None:
    (moved,) = ballots(WORLD, 1, (1, 1, 1))
    cast = [*ballots(WORLD, 0, *[(1, 1, 1)] * 5), replace(moved, box=BoxNumber(0))]
    group = open_boxes(WORLD.manifest, cast, factors=WORLD.factors(cast), drawn=[6, 0]).groups[0]
    assert group.opened is not None
    assert (len(group.opened), group.spoilt) == (5, (Spoilt.UNREADABLE,))


def test_voters_who_agree_on_a_tracker_spoil_their_own_ballots_only() -> None:
    same = [holding(WORLD, encode_ballot(Ballot(b"a" * 16, (grade, 1, 1)))) for grade in (1, 1, 4)]
    others = [(2, 2, 2), (3, 3, 3), (4, 4, 4), (5, 5, 5), (0, 0, 0)]
    cast = [*same, *ballots(WORLD, 0, *others)]
    group = open_boxes(WORLD.manifest, cast, factors=WORLD.factors(cast), drawn=[8, 0]).groups[0]
    assert group.opened is not None
    assert sorted(ballot.answers for ballot in group.opened) == sorted(others)
    assert group.spoilt == (Spoilt.TRACKER_REPEATED,) * 3


def test_reasons_stand_in_order() -> None:
    cast = [
        holding(WORLD, b"\x02" + bytes(19)),
        holding(WORLD, b"\x01" + bytes(16) + b"\x09\x09\x09"),
        holding(WORLD, b"\x07" + bytes(19)),
        *ballots(WORLD, 0, *[(1, 1, 1)] * 5),
    ]
    group = open_boxes(WORLD.manifest, cast, factors=WORLD.factors(cast), drawn=[8, 0]).groups[0]
    assert group.status is GroupStatus.OPENED
    assert group.spoilt == (
        Spoilt.ANSWER_OUT_OF_RANGE,
        Spoilt.NOT_A_BALLOT,
        Spoilt.NOT_A_BALLOT,
    )


def test_of_a_group_with_too_few_valid_ballots_nothing_is_told() -> None:
    """Four who cast rubbish beside one ballot must not lay it bare, nor learn that it is empty."""
    world = make_world(subjects=1, empty_ballot=EmptyBallot.SPOILT)
    rubbish = [holding(world, b"\x02" + bytes(19)) for _ in range(3)]
    rubbish.append(holding(world, b"\x01" + bytes(16) + b"\x09\x09\x09"))
    other = ballots(world, 1, *[(2, 2, 2)] * 5)
    found = set()
    for answers in ((1, 1, 1), (4, 5, 0), (0, 0, 0), (6, 6, 6)):
        cast = [*rubbish, *ballots(world, 0, answers), *other]
        openings = open_boxes(world.manifest, cast, factors=world.factors(cast), drawn=[5, 5])
        group, beside = openings.groups
        assert group == OpenedGroup((BoxNumber(0),), 5, GroupStatus.WITHHELD, None, None)
        assert beside.status is GroupStatus.OPENED
        found.add(encode_openings(openings))
    assert len(found) == 1


@pytest.mark.parametrize(("valid", "status"), [(4, "withheld"), (5, "opened"), (6, "opened")])
def test_the_floor_is_one_of_valid_ballots(valid: int, status: str) -> None:
    cast = [holding(WORLD, b"\x02" + bytes(19)), *ballots(WORLD, 0, *[(1, 1, 1)] * valid)]
    group = open_boxes(WORLD.manifest, cast, factors=WORLD.factors(cast), drawn=[7, 0]).groups[0]
    assert group.status is GroupStatus(status)
    told = (None, None) if status == "withheld" else (valid, (Spoilt.NOT_A_BALLOT,))
    assert (group.opened and len(group.opened), group.spoilt) == told


def test_trackers_that_repeat_can_bring_a_group_below_the_floor() -> None:
    same = [holding(WORLD, encode_ballot(Ballot(b"b" * 16, (1, 1, 1)))) for _ in range(2)]
    cast = [*same, *ballots(WORLD, 0, *[(1, 1, 1)] * 4)]
    group = open_boxes(WORLD.manifest, cast, factors=WORLD.factors(cast), drawn=[6, 0]).groups[0]
    assert (group.status, group.opened, group.spoilt) == (GroupStatus.WITHHELD, None, None)


def test_a_merged_group_with_too_few_valid_ballots_is_withheld_as_one() -> None:
    world = make_world(subjects=1, below_floor=BelowFloor.MERGE)
    rubbish = [holding(world, b"\x02" + bytes(19)) for _ in range(2)]
    cast = [*rubbish, *ballots(world, 0, (1, 1, 1)), *ballots(world, 1, *[(2, 2, 2)] * 3)]
    (group,) = open_boxes(world.manifest, cast, factors=world.factors(cast), drawn=[3, 3]).groups
    assert (group.boxes, group.ballots) == ((0, 1), 6)
    assert (group.status, group.opened, group.spoilt) == (GroupStatus.WITHHELD, None, None)


def test_any_quorum_of_tellers_opens_the_same() -> None:
    world = make_world(subjects=1, tellers=3, quorum=2)
    cast = ballots(world, 0, *[(1, 2, 3)] * 5)
    found = [
        open_boxes(world.manifest, cast, factors=world.factors(cast, *numbers), drawn=[5, 0])
        for numbers in ((0, 1), (0, 2), (1, 2), (0, 1, 2))
    ]
    assert found[0].groups[0].opened
    assert found == [found[0]] * 4


def test_of_more_than_a_quorum_those_of_lowest_number_open() -> None:
    world = make_world(subjects=1, tellers=4, quorum=2)
    cast = ballots(world, 0, *[(1, 2, 3)] * 5)
    factors = world.factors(cast, 3, 1, 2)
    openings = open_boxes(world.manifest, cast, factors={**factors, 3: [b""] * 5}, drawn=[5, 0])
    assert openings.groups[0].spoilt == ()
    kept = audited_factors(world.manifest, cast, openings, factors=factors)
    assert kept == {1: factors[1], 2: factors[2]}


@pytest.mark.parametrize(
    ("tellers", "sentence"),
    [
        ((), "0 tellers where 2 open"),
        ((2,), "1 tellers where 2 open"),
        ((0, 3), "a teller that there is not"),
        ((-1, 0), "a teller that there is not"),
    ],
)
def test_fewer_than_a_quorum_open_nothing(tellers: tuple[int, ...], sentence: str) -> None:
    world = make_world(subjects=1, tellers=3, quorum=2)
    cast = ballots(world, 0, *[(1, 1, 1)] * 5)
    factors = dict.fromkeys(tellers, [b""] * 5)
    with pytest.raises(CryptoError, match=sentence):
        open_boxes(world.manifest, cast, factors=factors, drawn=[5, 0])


@pytest.mark.parametrize("number", [0, 4, 6])
def test_there_is_one_factor_a_ballot(number: int) -> None:
    cast = ballots(WORLD, 0, *[(1, 1, 1)] * 5)
    factors = [bytes(32)] * number
    with pytest.raises(CryptoError, match="not one factor a ballot"):
        open_boxes(WORLD.manifest, cast, factors={0: factors}, drawn=[5, 0])
    with pytest.raises(CryptoError, match=f"{number} factors for 5 ballots"):
        bad_factors(WORLD.manifest, cast, teller=0, factors=factors)


def test_factors_stand_by_leaf_hash_for_the_groups_that_are_opened_and_no_others() -> None:
    cast = [*ballots(WORLD, 1, *[(1, 1, 1)] * 4), *ballots(WORLD, 0, *[(2, 2, 2)] * 5)]
    opens = ballots_to_open(WORLD.manifest, cast)
    assert list(opens) == sorted(cast[4:], key=lambda ballot: ballot.leaf_hash)
    (factors,) = WORLD.factors(cast).values()
    assert factors == tuple(
        factor(ballot.sealed, teller=0, key=WORLD.tellers[0]) for ballot in opens
    )
    Random(3).shuffle(cast)
    with Cores(2) as cores:
        key = WORLD.tellers[0]
        assert factors_of(WORLD.manifest, cast, teller=0, key=key, cores=cores) == factors
        assert bad_factors(WORLD.manifest, cast, teller=0, factors=factors, cores=cores) == ()


def test_factors_that_open_nothing_are_named() -> None:
    world = make_world(subjects=1, tellers=3, quorum=2)
    cast = ballots(world, 0, *[(1, 1, 1)] * 6)
    mine, other = list(world.factors(cast, 0)[0]), world.factors(cast, 1)[1]

    def bad(factors: list[bytes], teller: int = 0) -> tuple[int, ...]:
        return bad_factors(world.manifest, cast, teller=teller, factors=factors)

    assert bad(mine) == bad([b""] * 6) == ()
    assert bad([*mine[:2], bytes(32), mine[1], b"", mine[5][:31]]) == (2, 3, 5)
    assert bad([mine[0], *other[1:]]) == (1, 2, 3, 4, 5)
    assert bad(mine, teller=2) == (0, 1, 2, 3, 4, 5)


def test_a_teller_says_nothing_of_a_share_that_does_not_open() -> None:
    (one,) = ballots(WORLD, 0, (1, 1, 1))
    low = replace(one, sealed=bytes(32) + one.sealed[32:])
    torn = replace(one, sealed=one.sealed[:79] + bytes([one.sealed[79] ^ 1]) + one.sealed[80:])
    cast = [*ballots(WORLD, 0, *[(1, 1, 1)] * 5), low, torn]
    (factors,) = WORLD.factors(cast).values()
    opens = ballots_to_open(WORLD.manifest, cast)
    assert {opens[i].leaf_hash for i, one in enumerate(factors) if not one} == {
        low.leaf_hash,
        torn.leaf_hash,
    }


def test_an_empty_factor_leaves_its_ballot_unreadable_and_no_other() -> None:
    cast = ballots(WORLD, 0, *[(1, 1, 1)] * 6)
    (factors,) = WORLD.factors(cast).values()
    given = {0: [b"", *factors[1:]]}
    group = open_boxes(WORLD.manifest, cast, factors=given, drawn=[6, 0]).groups[0]
    assert group.opened is not None
    assert (len(group.opened), group.spoilt) == (5, (Spoilt.UNREADABLE,))


def test_audited_factors_are_those_of_groups_that_were_opened_and_published() -> None:
    rubbish = [holding(WORLD, b"\x02" + bytes(19)) for _ in range(2)]
    cast = [*rubbish, *ballots(WORLD, 0, *[(1, 1, 1)] * 4), *ballots(WORLD, 1, *[(1, 1, 1)] * 5)]
    factors = WORLD.factors(cast)
    openings = open_boxes(WORLD.manifest, cast, factors=factors, drawn=[6, 5])
    assert [group.status.value for group in openings.groups] == ["withheld", "opened"]
    published = audited_ballots(openings, cast)
    assert {ballot.box for ballot in published} == {1}
    (kept,) = audited_factors(WORLD.manifest, cast, openings, factors=factors).values()
    assert kept == tuple(
        factor(ballot.sealed, teller=0, key=WORLD.tellers[0]) for ballot in published
    )
    assert audited_factors(WORLD.manifest, cast, unopened(), factors={}) == {}


def test_false_tokens_and_signatures_are_told_apart() -> None:
    good, token, signature, both = ballots(WORLD, 0, *[(1, 1, 1)] * 4)
    token = sign_ballot(
        WORLD.manifest,
        box=token.box,
        key=Ed25519PrivateKey.generate(),
        ballot_tokens=token.tokens,
        sealed=token.sealed,
    )
    signature = replace(signature, signature=bytes(64))
    both = replace(both, key=signature.key)
    cast = [good, token, signature, both]
    expected = [(False, False), (True, False), (False, True), (True, True)]
    assert false_ballots(WORLD.manifest, cast) == expected
    with Cores(2) as cores:
        assert false_ballots(WORLD.manifest, cast, cores=cores) == expected


def test_openings_as_bytes() -> None:
    tracker = TrackerText("00112233445566778899aabbccddeeff")
    cast = ballots(WORLD, 0, *[(1, 1, 1)] * 5)
    openings = open_boxes(WORLD.manifest, cast, factors=WORLD.factors(cast), drawn=[5, 0])
    group = replace(openings.groups[0], opened=(OpenedBallot(tracker, (1, 2, 0)),), ballots=1)
    data = encode_openings(Openings(FORMAT, (group, openings.groups[1])))
    assert data == (
        b'{"format":"appraisal-openings/1","groups":[{"ballots":1,"boxes":[0],"opened":'
        b'[{"answers":[1,2,0],"tracker":"00112233445566778899aabbccddeeff"}],"spoilt":[],'
        b'"status":"opened"},{"ballots":0,"boxes":[1],"status":"withheld"}]}'
    )
    assert encode_openings(decode_openings(data)) == data


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"format": "appraisal-openings/2"}, "not appraisal-openings/1"),
        ({"groups": [{"boxes": [], "ballots": 0, "status": "withheld"}]}, "0 items"),
        ({"groups": [{"boxes": [0], "ballots": -1, "status": "withheld"}]}, "-1 is not from 0"),
        ({"groups": [{"boxes": [0], "ballots": 0, "status": "closed"}]}, "not one of"),
        ({"groups": [{"boxes": [0], "ballots": 0}]}, "status is missing"),
        ({"more": 1}, "more is not known"),
        ({"void": "lost"}, "not one of"),
        (
            {"groups": [{"boxes": [0], "ballots": 1, "status": "opened", "spoilt": ["torn"]}]},
            "not one of",
        ),
    ],
)
def test_openings_in_another_form_are_refused(change: dict[str, Json], sentence: str) -> None:
    value: dict[str, Json] = {"format": FORMAT, "groups": [], **change}
    with pytest.raises(MalformedError, match=sentence):
        decode_openings(canonical(value))


@pytest.mark.parametrize("tracker", ["0" * 31 + "A", "0" * 31 + "g", "0" * 30, "0" * 34])
def test_a_tracker_has_one_spelling(tracker: str) -> None:
    ballot: Json = {"answers": [1], "tracker": tracker}
    group: Json = {"boxes": [0], "ballots": 1, "status": "opened", "spoilt": [], "opened": [ballot]}
    with pytest.raises(MalformedError):
        decode_openings(canonical({"format": FORMAT, "groups": [group]}))
