"""kill -9 of a real server: what was acknowledged is kept, what is retried is not doubled."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable

import httpx
import pytest

from appraisal.ballots import voter
from appraisal.ballots.cast import CastBallot, decode_cast, encode_cast
from appraisal.config import Settings
from appraisal.encoding import b64decode
from appraisal.steps import close, setup, tellers
from appraisal.steps.service import open_service
from appraisal.steps.slips import turnout
from tests.live import LiveServer
from tests.steps.dying_server import POINTS, TELLER_POINTS
from tests.tellers import invited
from tests.voting_session import VotingSession, draft, draw_body, prepare

JSON = {"Content-Type": "application/json"}
PROGRAM = (
    "import os; from appraisal.config import Settings; from appraisal.web import serve; "
    "serve.TARGET = 'tests.steps.dying_server:application'; "
    "serve.serve(Settings.from_environment(os.environ))"
)
ROUNDS = 5
VOTERS = 80


def post(server: LiveServer, address: str, body: bytes) -> httpx.Response:
    return httpx.post(server.url + address, content=body, headers=JSON, timeout=20)


def set_up(settings: Settings, **options: int) -> VotingSession:
    """A session that is voting; its service is closed again, so that only the server writes."""
    service = open_service(settings)
    voting = prepare(service, given=draft(slips=(options.get("slips", 8), 2)))
    service.close()
    return voting


def counted(voting: VotingSession) -> tuple[int, int]:
    """Slips drawn and ballots cast, as the files say."""
    service = open_service(voting.service.settings)
    counts = turnout(service, voting.id, exact=True)[0]
    service.close()
    return counts.drawn, counts.cast


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_between_two_steps_loses_and_doubles_nothing(
    settings: Settings, start_server: Callable[..., LiveServer], point: str
) -> None:
    voting = set_up(settings)
    drawing = voting.start()
    address = f"/v/{voting.id}"
    more = {"DIE_AT": point}
    dying = start_server(settings, program=PROGRAM, more=more)
    if point.startswith("cast"):
        answer = post(dying, f"{address}/draw", draw_body(drawing))
    else:
        with pytest.raises(httpx.TransportError):
            post(dying, f"{address}/draw", draw_body(drawing))
        dying.wait()
        dying = start_server(settings, program=PROGRAM)
        answer = post(dying, f"{address}/draw", draw_body(drawing))
    assert answer.status_code == 200
    signatures = [b64decode(text) for text in answer.json()["signatures"]]
    body = encode_cast(voting.fill_in(voter.finish_drawing(drawing, signatures)))
    if point.startswith("cast"):
        with pytest.raises(httpx.TransportError):
            post(dying, f"{address}/cast", body)
        dying.wait()
        dying = start_server(settings, program=PROGRAM)
    first = post(dying, f"{address}/cast", body)
    again = post(dying, f"{address}/cast", body)
    assert (first.status_code, first.content) == (200, again.content)
    assert post(dying, f"{address}/draw", draw_body(drawing)).json() == answer.json()
    dying.stop()
    assert counted(voting) == (1, 1)


@pytest.mark.parametrize("point", TELLER_POINTS)
def test_a_teller_whose_server_is_killed_sends_the_same_again(
    settings: Settings, start_server: Callable[..., LiveServer], point: str
) -> None:
    service = open_service(settings)
    if point.startswith("key"):
        given = draft(tellers=1, quorum=1)
        organisation = service.office.organisation(given.organisation)
        card = invited(service, setup.create(service, given, organisation_id=organisation), 0)
        # The answer follows from link and key, so it is as good after the restart.
        body = card.answered(tellers.challenge(service, card.session, card.asked()))
        address, answer = f"/t/{card.session}/key", {"teller": 0}
    else:
        voting = prepare(service, given=draft(tellers=2, quorum=2))
        voting.vote(1)
        voting.vote(2)
        close.close(service, voting.id)
        card = voting.cards[1]
        body = card.handing_in(card.factors(voting.manifest))
        address, answer = f"/t/{voting.id}/factors", {"handed_in": 1, "quorum": 2}
    service.close()
    dying = start_server(settings, program=PROGRAM, more={"DIE_AT": point})
    with pytest.raises(httpx.TransportError):
        post(dying, address, body)
    dying.wait()
    living = start_server(settings, program=PROGRAM)
    for _ in range(2):
        again = post(living, address, body)
        assert (again.status_code, again.json()) == (200, answer)


class Voters:
    """People who draw and cast at once, and never give up: what their phones do."""

    def __init__(self, voting: VotingSession, server: LiveServer) -> None:
        self.voting = voting
        self.server = server
        self.acknowledged: dict[int, bytes] = {}
        self._waiting = list(range(1, VOTERS + 1))
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(6)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        for thread in self._threads:
            thread.join(60)

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    return
                serial = self._waiting.pop()
            body = self._vote(serial)
            with self._lock:
                self.acknowledged[serial] = body

    def _vote(self, serial: int) -> bytes:
        drawing = self.voting.start(serial)
        answer = self._persist("draw", draw_body(drawing))
        signatures = [b64decode(text) for text in answer.json()["signatures"]]
        body = encode_cast(self.voting.fill_in(voter.finish_drawing(drawing, signatures)))
        assert self._persist("cast", body).status_code == httpx.codes.OK
        return body

    def _persist(self, name: str, body: bytes) -> httpx.Response:
        """The same request again, until there is an answer."""
        while True:
            try:
                answer = post(self.server, f"/v/{self.voting.id}/{name}", body)
            except httpx.TransportError:
                time.sleep(0.05)
            else:
                if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                    return answer


@pytest.mark.slow
def test_kills_at_random_moments_under_load(
    settings: Settings, start_server: Callable[..., LiveServer]
) -> None:
    """Voters draw and cast while the server is killed again and again, and started again."""
    voting = set_up(settings, slips=VOTERS)
    server = start_server(settings, program=PROGRAM)
    voters = Voters(voting, server)
    voters.start()
    moments = random.Random(20100407)
    for _ in range(ROUNDS):
        time.sleep(moments.uniform(0.05, 0.4))
        before = list(voters.acknowledged.values())
        server.kill()
        kept = {ballot.leaf_hash for ballot in _ballots(voting)}
        for body in before:
            assert {b.leaf_hash for b in decode_cast(body, voting.manifest)} <= kept
        server.start()
    voters.join()
    assert len(voters.acknowledged) == VOTERS
    for body in list(voters.acknowledged.values())[:20]:
        assert post(server, f"/v/{voting.id}/cast", body).status_code == httpx.codes.OK
    server.stop()
    assert counted(voting) == (VOTERS, VOTERS)


def _ballots(voting: VotingSession) -> tuple[CastBallot, ...]:
    service = open_service(voting.service.settings)
    found = service.box.ballots(voting.id)
    service.close()
    return found
