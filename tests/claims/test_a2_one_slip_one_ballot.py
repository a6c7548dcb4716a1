"""Claim A2: a slip yields at most one ballot a box, whatever happens; and whoever lost the
connection finishes from the same phone.

**The attacker** is a voter with one slip and fifty phones, who sends everything at once, again and
again; or a power cut. The stores' own tests are in `tests/steps/test_once_only.py` and
`tests/steps/test_kill.py` (a kill at each point of a step); here it is a server on each database.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from functools import partial

import httpx
import pytest

from appraisal.ballots import voter
from appraisal.ballots.cast import encode_cast
from appraisal.config import Settings
from appraisal.encoding import b64decode
from tests.live import LiveServer
from tests.steps import test_kill as kill
from tests.steps.test_kill import Voters, counted, post, set_up
from tests.steps.test_once_only import PARALLEL, at_once
from tests.voting_session import draw_body

VOTERS = 16
KILLS = 2


def errors(answers: list[httpx.Response]) -> Counter[str]:
    return Counter(a.json().get("error", "accepted") for a in answers)


def test_fifty_phones_with_one_slip_get_one_ballot(
    settings_everywhere: Settings, start_server: Callable[..., LiveServer]
) -> None:
    voting = set_up(settings_everywhere)
    server = start_server(settings_everywhere)
    address = f"/v/{voting.id}"
    drawings = [voting.start() for _ in range(PARALLEL)]
    draws = [partial(post, server, f"{address}/draw", draw_body(d)) for d in drawings]
    answers = at_once(draws)
    assert errors(answers) == {"accepted": 1, "slip-drawn": PARALLEL - 1}
    won = next(i for i, answer in enumerate(answers) if answer.status_code == httpx.codes.OK)
    signatures = [b64decode(text) for text in answers[won].json()["signatures"]]
    blanks = voter.finish_drawing(drawings[won], signatures)
    bodies = [encode_cast(voting.fill_in(blanks)) for _ in range(PARALLEL)]
    answers = at_once([partial(post, server, f"{address}/cast", body) for body in bodies])
    assert errors(answers) == {"accepted": 1, "key-used": PARALLEL - 1}
    # Once more: the one that won gets the same answer, and nothing is added.
    accepted = next(i for i, answer in enumerate(answers) if answer.status_code == httpx.codes.OK)
    again = post(server, f"{address}/cast", bodies[accepted])
    assert again.content == answers[accepted].content
    assert draws[won]().content == draws[won]().content
    server.stop()
    assert counted(voting) == (1, 1)


@pytest.mark.parametrize("settings_everywhere", ["postgresql"], indirect=True)
@pytest.mark.postgresql
def test_a_server_killed_again_and_again_loses_and_doubles_nothing(
    settings_everywhere: Settings,
    start_server: Callable[..., LiveServer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every phone goes on asking with what it has stored, and everyone's ballot counts once.

    The same on SQLite: `test_kills_at_random_moments_under_load`.
    """
    monkeypatch.setattr(kill, "VOTERS", VOTERS)
    voting = set_up(settings_everywhere, slips=VOTERS)
    server = start_server(settings_everywhere)
    voters = Voters(voting, server)
    voters.start()
    moments = random.Random(20100407)
    for _ in range(KILLS):
        time.sleep(moments.uniform(0.05, 0.3))
        server.kill()
        server.start()
    voters.join()
    assert len(voters.acknowledged) == VOTERS
    for body in voters.acknowledged.values():
        assert post(server, f"/v/{voting.id}/cast", body).status_code == httpx.codes.OK
    server.stop()
    assert counted(voting) == (VOTERS, VOTERS)
