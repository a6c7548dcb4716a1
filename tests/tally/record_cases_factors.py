"""Record vectors of the tellers' decryption factors: check 12 (protocol §4.6, §6)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from appraisal.encoding import b64encode
from appraisal.tally.opening import audited_ballots, audited_factors
from appraisal.tally.openings import VoidReason
from appraisal.tally.record import Record
from tests.tally.held import Held
from tests.tally.record_sessions import (
    bit,
    case,
    changed,
    first_group,
    group_changed,
    merge,
    replaced,
    whole,
    withhold,
)

FILE = "factors.json"
Given = dict[int, tuple[bytes, ...]]


def of_tellers(held: Held, *numbers: int) -> Given:
    """The honest factors of these tellers, of the ballots that auditors may open."""
    audited = audited_ballots(held.openings, held.ballots)
    given = [held.world.factors_for(ballot, *numbers) for ballot in audited]
    return {number: tuple(one[number] for one in given) for number in numbers}


def with_factors(change: Callable[[Given], Given]) -> Record:
    """The audit record of `whole` with other factors of the tellers 0 and 1."""
    held = whole()
    return held.record(audit=True, factors=change(of_tellers(held, 0, 1)))


def first(factors: Given, change: Callable[[tuple[bytes, ...]], Sequence[bytes]]) -> Given:
    """The factors of teller 0 changed."""
    return {**factors, 0: tuple(change(factors[0]))}


@case("valid", "factors of the second and third of three tellers, two of whom open")
def factors_of_others() -> Record:
    held = whole()
    return held.record(audit=True, factors=of_tellers(held, 1, 2))


@case("1", "an audit record without its factors")
def factors_missing() -> Record:
    files = dict(whole().record(audit=True).files)
    del files[FILE]
    return Record(files)


@case("1", "a public record with factors")
def factors_in_public() -> Record:
    held = whole()
    return Record({**held.record().files, FILE: held.record(audit=True).files[FILE]})


@case("1", "factors.json of another format")
def factors_format() -> Record:
    return changed(whole().record(audit=True), FILE, replaced(b"factors/1", b"factors/2"))


@case("1", "a factor of 31 bytes")
def factor_short() -> Record:
    held = whole()
    one = held.factors[0][0]
    shorter = replaced(b64encode(one).encode(), b64encode(one[:31]).encode())
    return changed(held.record(audit=True), FILE, shorter)


@case("12", "a factor with one bit changed")
def factor_bit() -> Record:
    return with_factors(lambda factors: first(factors, lambda own: [bit(own[0], 31), *own[1:]]))


@case("12", "a factor of zeros")
def factor_zero() -> Record:
    return with_factors(lambda factors: first(factors, lambda own: [bytes(32), *own[1:]]))


@case("12", "an empty factor, although the ballot opens with it")
def factor_emptied() -> Record:
    return with_factors(lambda factors: first(factors, lambda own: [b"", *own[1:]]))


@case("valid", "a teller gave no factor for a ballot: it is unreadable, as only that card can show")
def factor_withheld_by_a_teller() -> Record:
    held = whole()
    handed_in = held.world.factors(held.ballots, 0, 1)
    handed_in[0] = (b"", *handed_in[0][1:])
    held.open_with(handed_in)
    factors = audited_factors(held.manifest, held.ballots, held.openings, factors=handed_in)
    return held.record(audit=True, factors=factors)


@case("12", "two factors exchanged")
def factors_exchanged() -> Record:
    return with_factors(lambda factors: first(factors, lambda own: [own[1], own[0], *own[2:]]))


@case("12", "a factor used twice")
def factor_twice() -> Record:
    return with_factors(lambda factors: first(factors, lambda own: [own[0], own[0], *own[2:]]))


@case("12", "one factor too few")
def factors_shortened() -> Record:
    return with_factors(lambda factors: first(factors, lambda own: own[:-1]))


@case("12", "one factor too many: that of a ballot which stayed sealed")
def factors_of_a_sealed_ballot() -> Record:
    held = whole()
    (sealed,) = set(held.ballots) - set(audited_ballots(held.openings, held.ballots))
    factors = of_tellers(held, 0, 1)
    more = held.world.factors_for(sealed, 0, 1)
    given = {teller: (*own, more[teller]) for teller, own in factors.items()}
    return held.record(audit=True, factors=given)


@case("12", "no factors at all")
def factors_of_nobody() -> Record:
    return with_factors(lambda _factors: {})


@case("12", "factors of one teller where two open")
def too_few_tellers() -> Record:
    return with_factors(lambda factors: {0: factors[0]})


@case("12", "factors of three tellers where two open")
def too_many_tellers() -> Record:
    held = whole()
    return held.record(audit=True, factors=of_tellers(held, 0, 1, 2))


@case("12", "one teller's factors twice")
def teller_twice() -> Record:
    return changed(whole().record(audit=True), FILE, replaced(b'"teller":1', b'"teller":0'))


@case("12", "the tellers' factors in another order")
def tellers_reordered() -> Record:
    def change(data: bytes) -> bytes:
        head, one, other = data.split(b'{"factors"')
        one, other = one.removesuffix(b","), other.removesuffix(b"]}")
        return head + b'{"factors"' + other + b',{"factors"' + one + b"]}"

    return changed(whole().record(audit=True), FILE, change)


@case("12", "factors of a teller under another's number")
def factors_under_another_number() -> Record:
    return with_factors(lambda factors: {1: factors[0], 2: factors[1]})


@case("12", "factors of a teller that the session has not")
def teller_unknown() -> Record:
    return with_factors(lambda factors: {0: factors[0], 3: factors[1]})


@case("1", "factors of a teller beyond any number")
def teller_beyond() -> Record:
    return with_factors(lambda factors: {0: factors[0], 9: factors[1]})


@case("12", "the factors of another session")
def factors_of_another_session() -> Record:
    held = merge()
    other = held.world.factors(held.ballots, 0, 1)
    return with_factors(lambda factors: {n: other[n][: len(factors[n])] for n in factors})


@case("12", "the factors of merged boxes, which would tell a box below its floor by itself")
def factors_of_merged_boxes() -> Record:
    held = merge()
    return held.record(audit=True, factors=held.world.factors(held.ballots, 0, 1))


@case("12", "the factors of a custodian's key that is somebody else's")
def factors_by_another_key() -> Record:
    held = withhold()
    held.world = replace(held.world, tellers=whole().world.tellers[:1])
    return held.record(audit=True, factors=of_tellers(held, 0))


@case("12", "factors in a session that was never opened")
def factors_of_an_unopened_session() -> Record:
    held = whole()
    held.reopened(replace(held.openings, groups=(), void=VoidReason.UNOPENED))
    return held.record(audit=True, factors={0: (), 1: ()})


@case("12", "signed: an answer changed and everything put right, tellers and witnesses deceived")
def answer_changed_whole() -> Record:
    held = whole()
    _, ballots = first_group(held)
    forged = replace(ballots[0], answers=(4,))
    return group_changed(held, 0, opened=(forged, *ballots[1:])).record(audit=True)
