"""Claim A3: GET and HEAD change nothing.

**The attacker** is a link preview, a virus scanner, a prefetching browser, a crawler: whatever
follows every address that it can find or guess, of a session in any phase, as anybody or signed in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import MetaData, select
from werkzeug.routing import Rule
from werkzeug.test import Client

from appraisal.steps import close, opening
from appraisal.steps.service import Service
from appraisal.store.database import Database
from appraisal.store.office import Phase
from appraisal.web.app import create_public
from appraisal.web.office import create_office
from appraisal.web.office.entry import accounts
from tests.voting_session import VotingSession, draft, prepare
from tests.web.office.secretary import Secretary

MADE_WHEN_ASKED = re.compile(r"published/|locks/[a-z0-9]+\.published$|keys/[a-z]+\.key$")
"""Public files and the service's own secrets are made when first needed, whoever needs them."""


def state(service: Service) -> dict[str, object]:
    """Every row of every table, and every file that is no database."""
    found: dict[str, object] = {}
    for database in (service.registry.database, service.box.database):
        found |= dict(_rows(database))
    for folder in (service.settings.data, service.settings.keys):
        for path in sorted(folder.rglob("*")):
            name = str(path.relative_to(folder.parent))
            if path.is_file() and ".sqlite" not in name and not MADE_WHEN_ASKED.search(name):
                found[name] = path.read_bytes()
    return found


def _rows(database: Database) -> Iterator[tuple[str, object]]:
    tables = MetaData()
    tables.reflect(database.engine)
    with database.engine.connect() as connection:
        for table in tables.sorted_tables:
            rows = connection.execute(select(table)).all()
            yield f"{database.name}.{table.name}", sorted(map(repr, rows))


def addresses(app: Flask, voting: VotingSession) -> Iterator[str]:
    """One address for every rule that answers GET, its parts filled in as a guest could."""
    for rule in app.url_map.iter_rules():
        if rule.methods and "GET" in rule.methods:
            yield filled_in(rule, voting)


def filled_in(rule: Rule, voting: VotingSession) -> str:
    values = {"path": "0/000", "role": "voter", "language": "en", "token": "0" * 26}

    def value(match: re.Match[str]) -> str:
        name = match.group(1).split(":")[-1]
        if name in values:
            return values[name]
        return "0" if "int" in match.group(1) else voting.id

    return re.sub(r"<([^>]+)>", value, rule.rule)


def looked_at(client: Client, found: list[str], *, base: str | None = None) -> list[int]:
    """The statuses of a GET, a HEAD and a prefetch of each."""
    statuses = []
    for address in found:
        for headers in ({}, {"Purpose": "prefetch", "User-Agent": "Mozilla/5.0 (Googlebot/2.1)"}):
            for method in ("GET", "HEAD"):
                answer = client.open(address, method=method, headers=headers, base_url=base)
                answer.get_data()
                answer.close()
                statuses.append(answer.status_code)
    return statuses


@pytest.fixture(params=["printed", "voting", "closed", "opened"])
def somewhere(request: pytest.FixtureRequest, service: Service) -> VotingSession:
    """A session in each phase, with slips drawn and ballots cast if it is that far."""
    phase = Phase.PRINTED if request.param == "printed" else Phase.VOTING
    voting = prepare(service, given=draft(subjects=2), phase=phase)
    if phase is Phase.VOTING:
        for serial in (1, 2, 3):
            voting.vote(serial)
        voting.blanks(4)
    if request.param in {"closed", "opened"}:
        close.close(service, voting.id)
    if request.param == "opened":
        opening.open_boxes(service, voting.id)
    return voting


def test_every_public_address_may_be_looked_at(somewhere: VotingSession) -> None:
    app = create_public(somewhere.service)
    found = list(addresses(app, somewhere))
    assert len(found) > 10
    before = state(somewhere.service)
    statuses = looked_at(app.test_client(), found)
    assert state(somewhere.service) == before
    assert 200 in statuses
    assert not [status for status in statuses if status >= 500]


def test_every_office_address_may_be_looked_at_by_a_stranger(somewhere: VotingSession) -> None:
    office = create_office(somewhere.service)
    found = list(addresses(office, somewhere))
    assert len(found) > 20
    before = state(somewhere.service)
    statuses = looked_at(office.test_client(), found)
    assert state(somewhere.service) == before
    assert not [status for status in statuses if status >= 500]


def test_every_office_address_may_be_looked_at_by_an_operator(somewhere: VotingSession) -> None:
    """A browser that fetches ahead of the person who is signed in."""
    service = somewhere.service
    organisation = somewhere.manifest.organisation
    secretary = Secretary.signed_in(service, organisation=organisation, operator=True)
    base = service.settings.base_url
    found = [
        f"/office{address}"
        for address in addresses(create_office(service), somewhere)
        if "logout" not in address
    ]
    before = state(service)
    statuses = looked_at(secretary.client, found, base=base)
    assert state(service) == before
    assert statuses.count(200) > len(found)
    assert not [status for status in statuses if status >= 500]


def test_a_sign_in_link_that_was_previewed_is_still_good(service: Service) -> None:
    link = accounts.invite(service, "li@branch.example.org", "向阳社区党支部")
    preview = Secretary(service)
    before = state(service)
    looked_at(preview.client, [link.removeprefix(service.settings.base_url)] * 3)
    assert state(service) == before
    person = Secretary(service)
    person.use_link(link)
    assert person.get("/office/").status_code == 200
