"""Claim A10: a stray page load, link preview or headless browser does not use up a slip.

**The attacker** is no attacker: a chat program, a mail filter, a crawler that got hold of a slip's
link. Over HTTP they see what stands before the `#`. Those that run the page's script are in
`tests/browser/test_booth.py`: only a person's tap draws.
"""

from __future__ import annotations

from itertools import product

from appraisal.store.registry import SlipState
from appraisal.web.app import create_public
from tests.voting_session import VotingSession, draw_body
from tests.web.test_booth import PREVIEWS, posted, states

METHODS = ("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE")


def test_no_bot_uses_a_slip_up_whatever_it_asks_for(session: VotingSession) -> None:
    """Also one that sends the fragment along, as no browser does, in every place of an address."""
    client = create_public(session.service).test_client()
    slip = f"{session.code()}.{session.manifest.fingerprint}"
    page = f"/v/{session.id}"
    addresses = (
        page,
        f"{page}?{slip}",
        f"{page}/{slip}",
        f"{page}%23{slip}",
        f"{page}/draw?slip={slip}",
    )
    before = states(session.service)
    for agent, address, method in product(PREVIEWS, addresses, METHODS):
        client.open(address, method=method, headers={"User-Agent": agent}).close()
    assert states(session.service) == before
    assert SlipState.DRAWN not in before
    assert posted(client, f"{page}/draw", draw_body(session.start())).status_code == 200


def test_a_form_that_a_bot_submits_draws_nothing(session: VotingSession) -> None:
    """Forms of other sites send no JSON without asking first, and get no leave when they ask."""
    client = create_public(session.service).test_client()
    before = states(session.service)
    body = draw_body(session.start())
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        answer = client.post(f"/v/{session.id}/draw", data=body, content_type=kind)
        assert answer.status_code == 415
    asked = client.options(
        f"/v/{session.id}/draw",
        headers={"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"},
    )
    assert "Access-Control-Allow-Origin" not in asked.headers
    assert states(session.service) == before


def test_the_page_itself_holds_no_way_to_draw_without_its_script(session: VotingSession) -> None:
    """No form, no address that draws: whoever follows or submits everything draws nothing."""
    text = create_public(session.service).test_client().get(f"/v/{session.id}").text
    assert "<form" not in text
    assert "/draw" not in text
    assert "http-equiv" not in text.lower().replace('http-equiv="content-type"', "")
