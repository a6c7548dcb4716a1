"""Tellers' links and keys (protocol §4.13): what is handed in, by whom, and until when."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from appraisal.encoding import b64encode
from appraisal.errors import (
    AnswerWrong,
    Custodian,
    KeyStanding,
    LinkUnknown,
    Malformed,
    NotDraft,
    Refusal,
    StepError,
    TermsChanged,
    UnknownSession,
)
from appraisal.manifest import SessionId
from appraisal.steps import setup, tellers
from appraisal.steps.service import Service
from appraisal.store.office import Phase
from tests.tellers import KeyCard, invited, with_keys
from tests.voting_session import draft, prepare


def made(service: Service, *, number: int = 3, quorum: int = 2) -> SessionId:
    """A draft with tellers whom nobody has invited yet."""
    given = draft(tellers=number, quorum=quorum)
    organisation = service.office.organisation(given.organisation)
    return setup.create(service, given, organisation_id=organisation)


def code_of(call: Callable[[], Any]) -> str:
    with pytest.raises(StepError) as caught:
        call()
    return caught.value.code


def checked(service: Service, session: SessionId) -> list[bool]:
    return [status.checked for status in tellers.statuses(service, session)]


def test_a_teller_passes_the_key_check_and_the_manifest_names_the_key(
    service_everywhere: Service,
) -> None:
    service = service_everywhere
    session = made(service)
    assert [s.invited for s in tellers.statuses(service, session)] == [False] * 3
    cards = with_keys(service, session)
    assert checked(service, session) == [True] * 3
    manifest = setup.freeze(service, session)
    assert not manifest.opening.custodian
    assert manifest.opening.quorum == 2
    assert [teller.key for teller in manifest.opening.tellers] == [card.public for card in cards]
    keys = service.settings.keys / "sessions" / session
    assert sorted(path.name for path in keys.iterdir()) == ["board.key", "tokens"]


def test_a_session_with_tellers_has_no_opening_key_whatever_was_cut_off_before(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = draft(tellers=2, quorum=2)
    organisation = service.office.organisation(given.organisation)
    session = setup.create(service, draft(), organisation_id=organisation)

    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(service.office, "add_entries", crash)
        with pytest.raises(KeyboardInterrupt):
            setup.freeze(service, session)
    left = service.settings.keys / "sessions" / session / "opening.key"
    assert left.exists()
    setup.save(service, session, given)
    with_keys(service, session)
    setup.freeze(service, session)
    assert not left.exists()


def test_nobody_is_left_out_when_a_session_is_frozen(service: Service) -> None:
    session = made(service)
    invited(service, session, 1).hand_in_key()
    invited(service, session, 2)
    with pytest.raises(StepError) as caught:
        setup.freeze(service, session)
    assert caught.value.code == "tellers-missing"
    assert caught.value.values == {"names": "监票人0、监票人2"}
    assert service.office.phase(session) is Phase.DRAFT


def test_a_key_handed_in_twice_is_the_same_key(service_everywhere: Service) -> None:
    session = made(service_everywhere)
    card = invited(service_everywhere, session, 1)
    assert [card.hand_in_key(), card.hand_in_key()] == [1, 1]


def test_another_key_by_the_same_link_is_refused(service: Service) -> None:
    session = made(service)
    card = invited(service, session, 0)
    card.hand_in_key()
    with pytest.raises(KeyStanding):
        replace(card, key=invited(service, session, 1).key).hand_in_key()


def test_two_tellers_with_one_key_are_refused(service: Service) -> None:
    session = made(service)
    card = invited(service, session, 0)
    card.hand_in_key()
    with pytest.raises(KeyStanding):
        replace(invited(service, session, 1), key=card.key).hand_in_key()


def test_a_new_link_kills_the_old_one_and_forgets_its_key(service_everywhere: Service) -> None:
    service = service_everywhere
    session = made(service)
    old = invited(service, session, 0)
    old.hand_in_key()
    new = invited(service, session, 0)
    assert checked(service, session) == [False] * 3
    with pytest.raises(LinkUnknown):
        old.hand_in_key()
    new.hand_in_key()
    assert checked(service, session) == [True, False, False]


def test_an_answer_belongs_to_one_link_and_one_key(service: Service) -> None:
    session = made(service)
    card, other = invited(service, session, 0), invited(service, session, 1)
    challenge = tellers.challenge(service, session, card.asked())
    for wrong in (
        card.asked(answer=b64encode(bytes(32)), **card.terms),
        card.answered(challenge, secret=other.secret),
        card.answered(challenge, key=b64encode(other.public)),
    ):
        with pytest.raises(AnswerWrong):
            tellers.hand_in_key(service, session, wrong)
    again = replace(card, secret=tellers.invite(service, session, 0))
    with pytest.raises(AnswerWrong):
        tellers.hand_in_key(service, session, again.answered(challenge))
    with pytest.raises(LinkUnknown):
        tellers.hand_in_key(service, session, card.answered(challenge))
    assert checked(service, session) == [False] * 3


@pytest.mark.parametrize(
    "change",
    [
        {"secret": ""},
        {"secret": "0" * 65},
        {"key": ""},
        {"key": b64encode(bytes(31))},
        {"key": b64encode(bytes(32))},
        {"name": "监票人"},
    ],
)
def test_what_is_no_request_is_malformed(service: Service, change: dict[str, str]) -> None:
    session = made(service)
    card = invited(service, session, 0)
    with pytest.raises(Malformed):
        tellers.challenge(service, session, card.asked(**change))


def test_a_guessed_link_opens_nothing(service: Service) -> None:
    session, other = made(service), made(service)
    card = invited(service, session, 0)
    for wrong in (
        replace(card, secret="0" * 26),
        replace(card, secret=card.secret.lower()),
        replace(invited(service, other, 0), session=session),
    ):
        with pytest.raises(LinkUnknown):
            wrong.hand_in_key()
    with pytest.raises(UnknownSession):
        replace(card, session=SessionId("0000000000")).hand_in_key()


def test_keys_are_fixed_once_the_session_is_frozen(service: Service) -> None:
    voting = prepare(service, phase=Phase.FROZEN, given=draft(tellers=2, quorum=1))
    card = voting.cards[0]
    with pytest.raises(NotDraft):
        card.hand_in_key()
    again = invited(service, voting.id, 0)
    with pytest.raises(NotDraft):
        again.hand_in_key()
    assert checked(service, voting.id) == [True, True]


def test_a_session_without_tellers_says_so(service: Service) -> None:
    voting = prepare(service, phase=Phase.FROZEN)
    assert tellers.statuses(service, voting.id) == ()
    assert code_of(lambda: tellers.invite(service, voting.id, 0)) == "custodian"
    with pytest.raises(Custodian):
        replace(invited(service, made(service), 0), session=voting.id).hand_in_key()


def test_links_are_for_tellers_who_exist(service: Service) -> None:
    session = made(service)
    assert code_of(lambda: tellers.invite(service, session, -1)) == "teller-unknown"
    assert code_of(lambda: tellers.invite(service, session, 3)) == "teller-unknown"
    unknown = SessionId("0000000000")
    assert code_of(lambda: tellers.invite(service, unknown, 0)) == "unknown-session"


def test_another_list_of_tellers_keeps_the_links_of_those_who_stand_where_they_stood(
    service_everywhere: Service,
) -> None:
    service = service_everywhere
    session = made(service)
    cards = with_keys(service, session)
    names = draft(tellers=3).tellers
    given = replace(draft(tellers=3, quorum=2), tellers=(names[0], "新监票人", names[1]))
    setup.save(service, session, given)
    assert [s.invited for s in tellers.statuses(service, session)] == [True, False, False]
    with pytest.raises(LinkUnknown):
        cards[1].hand_in_key()
    setup.save(service, session, replace(given, tellers=(names[0],), quorum=1))
    cards[0].made_anew().hand_in_key()
    assert len(setup.freeze(service, session).opening.tellers) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"quorum": 1},
        {"quorum": 3},
        {"tellers": ("监票人0", "监票人1")},
        {"tellers": ("监票人0", "监票人1", "监票人2", "监票人3")},
        {"tellers": ("监票人0", "监票人1", "别人")},
    ],
    ids=["fewer open", "more open", "fewer tellers", "more tellers", "somebody else"],
)
def test_a_key_stands_only_for_as_many_tellers_as_its_card_says(
    service_everywhere: Service, change: dict[str, Any]
) -> None:
    """Cards say "2 of 3 open": nobody's manifest may say otherwise."""
    service = service_everywhere
    session = made(service)
    cards = with_keys(service, session)
    given = replace(draft(tellers=3, quorum=2), **change)
    assert setup.save(service, session, given) == 3
    assert not any(checked(service, session))
    assert code_of(lambda: setup.freeze(service, session)) == "tellers-missing"
    if (len(given.tellers), given.quorum) != (3, 2):
        # Its page was loaded before the change; the link is still good, for a card made anew.
        with pytest.raises(TermsChanged):
            cards[0].hand_in_key()
        assert not any(checked(service, session))
    cards[0].made_anew().hand_in_key()
    assert checked(service, session)[0]


def test_what_the_cards_do_not_say_may_change_and_keys_stand(service: Service) -> None:
    session = made(service)
    with_keys(service, session)
    given = draft(tellers=3, quorum=2, subjects=2, floor=3)
    assert setup.save(service, session, replace(given, title="另一个名称")) == 0
    assert checked(service, session) == [True] * 3


def test_a_removed_draft_takes_its_links_along(service_everywhere: Service) -> None:
    service = service_everywhere
    session = made(service)
    card = invited(service, session, 0)
    service.office.delete_draft(session)
    with pytest.raises(UnknownSession):
        card.hand_in_key()


def test_of_two_keys_by_one_link_at_once_one_stands(service_everywhere: Service) -> None:
    service = service_everywhere
    session = made(service)
    card = invited(service, session, 0)
    rivals = [replace(card, key=invited(service, session, 1).key) for _ in range(4)]
    outcomes: list[bytes | type[Refusal]] = []
    ready = threading.Barrier(len(rivals))

    def run(mine: KeyCard) -> None:
        body = mine.answered(tellers.challenge(service, session, mine.asked()))
        ready.wait(20)
        try:
            tellers.hand_in_key(service, session, body)
            outcomes.append(mine.public)
        except Refusal as refusal:
            outcomes.append(type(refusal))

    threads = [threading.Thread(target=run, args=(rival,)) for rival in rivals]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(KeyStanding) == 3
    for number in (1, 2):
        invited(service, session, number).hand_in_key()
    assert setup.freeze(service, session).opening.tellers[0].key in outcomes


@pytest.mark.parametrize("meanwhile", ["a new link", "another draft"])
def test_what_changes_while_keys_are_made_is_noticed(
    service_everywhere: Service, meanwhile: str
) -> None:
    """Freezing takes minutes with many boxes: nothing that it read may be stale in the end."""
    service = service_everywhere
    session = made(service)
    with_keys(service, session)

    def progress(done: int, total: int) -> None:
        if done == total:
            if meanwhile == "a new link":
                invited(service, session, 2).hand_in_key()
            else:
                setup.save(service, session, draft(tellers=2, quorum=2))

    assert code_of(lambda: setup.freeze(service, session, progress=progress)) == "changed-meanwhile"
    assert service.office.phase(session) is Phase.DRAFT
    with_keys(service, session)
    assert not setup.freeze(service, session).opening.custodian
