"""Step 8 with tellers: who hands in what, what is refused, and what is left of it afterwards."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from appraisal import verifier
from appraisal.encoding import b64encode
from appraisal.errors import (
    Custodian,
    FactorsWrong,
    LinkUnknown,
    Malformed,
    NotClosed,
    Refusal,
    StepError,
)
from appraisal.steps import close, opening, publish, tellers
from appraisal.steps.service import Service
from appraisal.store.office import Phase
from appraisal.store.registry import Registry, SlipTotals
from appraisal.store.tellers import TellerRow
from appraisal.tally.canvass import canvass
from appraisal.tally.opening import bad_factors
from appraisal.tally.opening import open_boxes as opened
from appraisal.tally.openings import OpenedGroup, decode_openings
from appraisal.tally.record import RecordKind
from appraisal.tally.results import GroupStatus, Status
from tests.tellers import invited
from tests.voting_session import VotingSession, draft, prepare

FACTOR = 32


def code_of(call: Callable[[], Any]) -> str:
    with pytest.raises(StepError) as caught:
        call()
    return caught.value.code


def closed(
    service: Service, *, number: int = 3, quorum: int = 2, voters: Sequence[int] = (3, 2)
) -> VotingSession:
    """A closed session; so many of each class have voted, the floor is two."""
    voting = prepare(service, given=draft(tellers=number, quorum=quorum))
    for voter_class, many in enumerate(voters):
        for serial in range(1, many + 1):
            voting.vote(serial, voter_class=voter_class)
    close.close(service, voting.id)
    return voting


def factors(voting: VotingSession, number: int) -> list[bytes]:
    return list(voting.cards[number].factors(voting.manifest))


def hand_in(
    voting: VotingSession, number: int, given: Sequence[bytes] | None = None
) -> tuple[int, int]:
    card = voting.cards[number]
    body = card.handing_in(factors(voting, number) if given is None else given)
    return tellers.hand_in_factors(voting.service, voting.id, body)


def handed_in(voting: VotingSession) -> list[bool]:
    return [status.handed_in for status in tellers.statuses(voting.service, voting.id)]


def kept(voting: VotingSession) -> dict[int, int | None]:
    """How many bytes of factors stand in the database, by teller."""
    with voting.service.office.database.read() as tx:
        rows = tx.execute(select(TellerRow.number, TellerRow.factors))
        return {number: None if found is None else len(found) for number, found in rows}


def groups(voting: VotingSession) -> tuple[OpenedGroup, ...]:
    return decode_openings(publish.openings_of(voting.service, voting.id)).groups


@pytest.mark.parametrize("present", [(0, 1), (1, 2), (2, 0), (0, 1, 2)])
def test_any_two_of_three_open_the_boxes(
    service_everywhere: Service, present: tuple[int, ...]
) -> None:
    voting = closed(service_everywhere)
    for count, number in enumerate(present, start=1):
        assert hand_in(voting, number) == (count, 2)
    assert handed_in(voting) == [number in present for number in range(3)]
    results = opening.open_boxes(service_everywhere, voting.id)
    assert results.status is Status.COUNTED
    assert [len(group.opened or ()) for group in groups(voting)] == [3, 2]
    quorum = sorted(present)[:2]
    audit = publish.record(service_everywhere, voting.id, kind=RecordKind.AUDIT)
    told = json.loads(audit.files["factors.json"])
    assert [teller["teller"] for teller in told["tellers"]] == quorum
    assert not verifier.verify(audit).findings
    assert kept(voting) == {
        number: 5 * FACTOR if number in quorum else 0 if number in present else None
        for number in range(3)
    }
    assert handed_in(voting) == [number in present for number in range(3)]


def test_the_boxes_stay_shut_until_a_quorum_has_handed_in(service: Service) -> None:
    voting = closed(service)
    hand_in(voting, 2)
    with pytest.raises(StepError) as caught:
        opening.open_boxes(service, voting.id)
    assert caught.value.code == "quorum-missing"
    assert caught.value.values == {"have": 1, "need": 2}
    assert service.office.phase(voting.id) is Phase.CLOSED
    hand_in(voting, 0)
    assert opening.open_boxes(service, voting.id).status is Status.COUNTED


def test_one_lost_card_within_the_slack_changes_nothing(service: Service) -> None:
    """Who lost the card cannot make factors with another key."""
    voting = closed(service)
    with pytest.raises(FactorsWrong):
        hand_in(voting, 0, [bytes([1]) * FACTOR] * 5)
    hand_in(voting, 1)
    hand_in(voting, 2)
    assert opening.open_boxes(service, voting.id).status is Status.COUNTED


def test_too_many_lost_cards_make_the_session_void(service_everywhere: Service) -> None:
    service = service_everywhere
    voting = closed(service)
    hand_in(voting, 1)
    results = opening.declare_unopened(service, voting.id)
    assert (results.status, results.contests) == (Status.VOID, ())
    assert service.office.phase(voting.id) is Phase.VOID
    assert json.loads(publish.openings_of(service, voting.id))["void"] == "unopened"
    assert kept(voting) == {0: None, 1: 0, 2: None}
    for kind in RecordKind:
        assert not verifier.verify(publish.record(service, voting.id, kind=kind)).findings
    assert code_of(lambda: opening.open_boxes(service, voting.id)) == "wrong-phase"
    with pytest.raises(NotClosed):
        hand_in(voting, 0)


def test_what_can_be_opened_is_not_declared_unopened(service: Service) -> None:
    voting = closed(service)
    hand_in(voting, 0)
    hand_in(voting, 1)
    assert code_of(lambda: opening.declare_unopened(service, voting.id)) == "quorum-met"
    custodian = prepare(service)
    close.close(service, custodian.id)
    assert code_of(lambda: opening.declare_unopened(service, custodian.id)) == "custodian"
    early = prepare(service, given=draft(tellers=2, quorum=2))
    assert code_of(lambda: opening.declare_unopened(service, early.id)) == "wrong-phase"


def test_where_every_box_is_below_its_floor_nobody_is_needed(service: Service) -> None:
    voting = closed(service, voters=(1, 1))
    assert factors(voting, 0) == []
    assert code_of(lambda: opening.declare_unopened(service, voting.id)) == "quorum-met"
    opening.open_boxes(service, voting.id)
    assert {group.status for group in groups(voting)} == {GroupStatus.WITHHELD}
    assert handed_in(voting) == [False] * 3
    audit = publish.record(service, voting.id, kind=RecordKind.AUDIT)
    assert not verifier.verify(audit).findings


def test_factors_of_a_box_below_its_floor_are_not_taken(service: Service) -> None:
    voting = closed(service, voters=(3, 1))
    assert len(factors(voting, 0)) == 3
    with pytest.raises(Malformed):
        hand_in(voting, 0, [*factors(voting, 0), bytes([1]) * FACTOR])
    hand_in(voting, 0)
    hand_in(voting, 1)
    opening.open_boxes(service, voting.id)
    assert [g.status for g in groups(voting)] == [GroupStatus.OPENED, GroupStatus.WITHHELD]
    assert kept(voting) == {0: 3 * FACTOR, 1: 3 * FACTOR, 2: None}


def test_factors_of_a_group_that_turns_out_below_the_floor_are_dropped(service: Service) -> None:
    """Both tellers find a share unreadable, so that one valid ballot is left: it stays unknown."""
    voting = closed(service)
    ballots = sorted(service.box.ballots(voting.id), key=lambda ballot: ballot.leaf_hash)
    spoilt = next(place for place, ballot in enumerate(ballots) if ballot.box == 1)
    for number in (0, 1):
        given = factors(voting, number)
        given[spoilt] = b""
        hand_in(voting, number, given)
    opening.open_boxes(service, voting.id)
    assert [g.status for g in groups(voting)] == [GroupStatus.OPENED, GroupStatus.WITHHELD]
    assert kept(voting) == {0: 3 * FACTOR, 1: 3 * FACTOR, 2: None}
    audit = publish.record(service, voting.id, kind=RecordKind.AUDIT)
    assert not verifier.verify(audit).findings


@pytest.mark.parametrize(
    ("damage", "wrong"),
    [
        (lambda given, _foreign: [bytes(FACTOR), *given[1:]], 1),
        (lambda given, _foreign: [given[1], given[0], *given[2:]], 2),
        (lambda given, _foreign: [given[0]] * 5, 4),
        (lambda given, _foreign: [bytes([given[0][0] ^ 1]) + given[0][1:], *given[1:]], 1),
        (lambda _given, foreign: foreign, 5),
        (lambda given, _foreign: [b""] * len(given), 5),
    ],
    ids=["zero", "in another order", "one repeated", "damaged", "another teller's", "none"],
)
def test_wrong_factors_are_counted_and_none_is_kept(
    service: Service, damage: Callable[[list[bytes], list[bytes]], list[bytes]], wrong: int
) -> None:
    voting = closed(service)
    with pytest.raises(FactorsWrong) as caught:
        hand_in(voting, 0, damage(factors(voting, 0), factors(voting, 1)))
    assert str(caught.value) == str(wrong)
    assert handed_in(voting) == [False] * 3


@pytest.mark.parametrize(
    "given", ["x", "AAAA", b64encode(bytes(31)), b64encode(bytes(33)), b64encode(bytes(32))[:-1]]
)
def test_what_is_no_factor_is_malformed(service: Service, given: str) -> None:
    voting = closed(service)
    request = json.dumps({"secret": voting.cards[0].secret, "factors": [given] * 5}).encode()
    with pytest.raises(Malformed):
        tellers.hand_in_factors(service, voting.id, request)


def test_too_few_or_too_many_factors_are_malformed(service: Service) -> None:
    voting = closed(service)
    good = factors(voting, 0)
    for given in ([], good[:-1], [*good, good[0]], [*good, b""]):
        with pytest.raises(Malformed):
            hand_in(voting, 0, given)


def test_handing_in_again_adds_and_takes_nothing_away(service_everywhere: Service) -> None:
    voting = closed(service_everywhere)
    good = factors(voting, 0)
    assert hand_in(voting, 0, [*good[:2], b"", b"", b""]) == (1, 2)
    assert hand_in(voting, 0, [b"", b"", *good[2:]]) == (1, 2)
    hand_in(voting, 1)
    opening.open_boxes(service_everywhere, voting.id)
    assert [group.spoilt for group in groups(voting)] == [(), ()]


def test_hand_ins_at_once_all_count(service_everywhere: Service) -> None:
    service = service_everywhere
    voting = closed(service)
    good = [factors(voting, number) for number in range(3)]
    halves = [
        card.handing_in([factor if place % 2 == odd else b"" for place, factor in enumerate(own)])
        for card, own in zip(voting.cards, good, strict=True)
        for odd in (0, 1)
    ]
    ready = threading.Barrier(len(halves))

    def run(request: bytes) -> None:
        ready.wait(20)
        tellers.hand_in_factors(service, voting.id, request)

    threads = [threading.Thread(target=run, args=(half,)) for half in halves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert handed_in(voting) == [True] * 3
    opening.open_boxes(service, voting.id)
    assert [group.spoilt for group in groups(voting)] == [(), ()]


def test_factors_have_their_time(service: Service) -> None:
    voting = prepare(service, given=draft(tellers=2, quorum=1))
    voting.vote(1)
    voting.vote(2)
    with pytest.raises(NotClosed):
        hand_in(voting, 0, [bytes(FACTOR)])
    close.close(service, voting.id)
    hand_in(voting, 0)
    opening.open_boxes(service, voting.id)
    with pytest.raises(NotClosed):
        hand_in(voting, 1)


def test_a_link_replaced_while_factors_are_checked_is_dead(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    voting = closed(service)
    given = voting.cards[0].handing_in(factors(voting, 0))

    def slow(*args: Any, **named: Any) -> tuple[int, ...]:
        tellers.invite(service, voting.id, 0)
        return bad_factors(*args, **named)

    monkeypatch.setattr("appraisal.steps.tellers.bad_factors", slow)
    with pytest.raises(LinkUnknown):
        tellers.hand_in_factors(service, voting.id, given)
    assert handed_in(voting) == [False] * 3


def test_whoever_lost_the_link_hands_in_by_a_new_one_with_the_same_card(service: Service) -> None:
    voting = closed(service)
    given = factors(voting, 0)
    card = replace(voting.cards[0], secret=invited(service, voting.id, 0).secret)
    assert tellers.hand_in_factors(service, voting.id, card.handing_in(given)) == (1, 2)
    with pytest.raises(LinkUnknown):
        hand_in(voting, 0)


def test_a_teller_who_comes_while_the_boxes_are_opened_is_not_lost(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record has the quorum of lowest number: so it is opened again, with that one."""
    voting = closed(service)
    hand_in(voting, 1)
    hand_in(voting, 2)

    def slow(*args: Any, **named: Any) -> Any:
        if not handed_in(voting)[0]:
            hand_in(voting, 0)
        return opened(*args, **named)

    monkeypatch.setattr("appraisal.tally.opening.open_boxes", slow)
    assert code_of(lambda: opening.open_boxes(service, voting.id)) == "changed-meanwhile"
    opening.open_boxes(service, voting.id)
    audit = publish.record(service, voting.id, kind=RecordKind.AUDIT)
    told = json.loads(audit.files["factors.json"])
    assert [teller["teller"] for teller in told["tellers"]] == [0, 1]
    assert not verifier.verify(audit).findings


def one_drawn_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The registry claims that two members drew; three ballots of theirs lie in the box."""
    totals = Registry.totals

    def fewer(self: Registry, *args: Any) -> dict[int, SlipTotals]:
        found = totals(self, *args)
        found[0] = SlipTotals(0, inactive=0, undrawn=6, drawn=2, void=0)
        return found

    monkeypatch.setattr(Registry, "totals", fewer)


def test_an_overfull_session_is_void_for_that_and_for_nothing_else(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A record that gave the tellers as the reason would fail with every verifier."""
    voting = closed(service)
    one_drawn_fewer(monkeypatch)
    assert opening.may_open(service, voting.id)
    assert code_of(lambda: opening.declare_unopened(service, voting.id)) == "overfull"
    assert service.office.phase(voting.id) is Phase.CLOSED
    opening.open_boxes(service, voting.id)
    assert json.loads(publish.openings_of(service, voting.id))["void"] == "overfull"


def test_the_teller_who_comes_while_others_give_up_is_not_too_late(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    voting = closed(service)
    hand_in(voting, 0)

    def slow(*args: Any) -> Any:
        hand_in(voting, 1)
        return canvass(*args)

    with monkeypatch.context() as patch:
        patch.setattr("appraisal.steps.opening.canvass", slow)
        refused = code_of(lambda: opening.declare_unopened(service, voting.id))
    assert refused == "changed-meanwhile"
    assert opening.open_boxes(service, voting.id).status is Status.COUNTED


def test_an_overfull_session_is_void_whoever_has_handed_in(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """收回多于发出，无效: the registry is made to claim one draw fewer than there were."""
    voting = closed(service)
    hand_in(voting, 0)
    one_drawn_fewer(monkeypatch)
    assert opening.open_boxes(service, voting.id).status is Status.VOID
    assert json.loads(publish.openings_of(service, voting.id))["void"] == "overfull"
    assert kept(voting) == {0: 0, 1: None, 2: None}


def test_an_opening_cut_off_loses_no_factors(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    voting = closed(service)
    hand_in(voting, 0)
    hand_in(voting, 1)

    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(service.office, "change", crash)
        with pytest.raises(KeyboardInterrupt):
            opening.open_boxes(service, voting.id)
    assert kept(voting) == {0: 5 * FACTOR, 1: 5 * FACTOR, 2: None}
    assert opening.open_boxes(service, voting.id).status is Status.COUNTED


def test_a_custodian_opens_by_factors_too(service_everywhere: Service) -> None:
    service = service_everywhere
    voting = prepare(service)
    for serial in (1, 2, 3):
        voting.vote(serial)
    voting.vote(1, voter_class=1)
    close.close(service, voting.id)
    with pytest.raises(Custodian):
        tellers.hand_in_factors(service, voting.id, b'{"secret":"0","factors":[]}')
    opening.open_boxes(service, voting.id)
    assert kept(voting) == {0: 3 * FACTOR}
    audit = publish.record(service, voting.id, kind=RecordKind.AUDIT)
    assert not verifier.verify(audit).findings
    # What the audit record holds opens nothing that stayed sealed (claim A5).
    key = service.keys.opening_key(voting.id).private_bytes_raw()
    assert not any(key in data for data in audit.files.values())
    assert len(json.loads(audit.files["factors.json"])["tellers"][0]["factors"]) == 3


def test_every_refusal_leaves_the_link_alive(service: Service) -> None:
    voting = closed(service)
    for given in ([], [bytes(FACTOR)] * 5):
        with pytest.raises(Refusal):
            hand_in(voting, 0, given)
    assert hand_in(voting, 0) == (1, 2)
