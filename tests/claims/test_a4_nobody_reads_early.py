"""Claim A4: in a session with tellers nobody reads a ballot before a quorum acts.

**The attacker** operates the service, with everything that it stores before and after close, and
has the key cards (and passphrases) of fewer tellers than the quorum. They want one ballot's
answers. Where the service is custodian it could read them itself: then every page says so.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from io import BytesIO

import httpx
import openpyxl
import pypdfium2
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from appraisal.ballots import tellers as sharing
from appraisal.ballots.ballot import SpoiltError
from appraisal.ballots.sealing import factor, unseal
from appraisal.documents.report import report_pdf
from appraisal.documents.spreadsheets import results_csv, results_xlsx
from appraisal.errors import CryptoError, NotClosed, StepError
from appraisal.steps import close, opening, publish, setup, slips, voting
from appraisal.steps.report import report_of
from appraisal.steps.service import Service
from appraisal.store.office import Phase
from appraisal.verifier import verify
from appraisal.web.app import create_public
from tests.claims.stolen import loot_of
from tests.live import ROOT
from tests.voting_session import ANSWERS, VotingSession, draft, prepare
from tests.web.office.secretary import Secretary

QUORUM = 2
PLAIN = bytes(ANSWERS)
FRONTEND = ROOT / "frontend" / "src" / "i18n"


@pytest.fixture
def closed(service: Service) -> VotingSession:
    """Three tellers, two to open; three ballots in the large class's box."""
    session = prepare(service, given=draft(tellers=3, quorum=QUORUM))
    for serial in (1, 2, 3):
        session.vote(serial)
    close.close(service, session.id)
    return session


def test_no_tellers_private_key_is_anywhere_in_the_installation(closed: VotingSession) -> None:
    """Neither in the databases nor, opened with the passphrase, in the key folder."""
    public = {teller.key for teller in closed.manifest.opening.tellers}
    keys = closed.service.settings.keys
    strongbox = closed.service.keys._files
    names = [str(path.relative_to(keys)) for path in keys.rglob("*.key")]
    assert not [name for name in names if name.endswith("opening.key")]
    stored = [strongbox.read(name) for name in names]
    private = {card.key.private_bytes_raw() for card in closed.cards}
    assert {card.public for card in closed.cards} == public
    databases = b"".join(loot_of(closed.service.settings).files.values())
    for key in private:
        assert key not in databases
        assert not [one for one in stored if key in one]
    for one in stored:
        if len(one) == 32:
            mine = X25519PrivateKey.from_private_bytes(one).public_key().public_bytes_raw()
            assert mine not in public


@pytest.mark.parametrize("stolen", [0, 1, 2])
def test_one_card_and_everything_else_opens_no_ballot(closed: VotingSession, stolen: int) -> None:
    """The thief guesses the other share in every way that lies at hand."""
    thief = closed.cards[stolen]
    for ballot in closed.service.box.ballots(closed.id):
        mine = factor(ballot.sealed, teller=stolen, key=thief.key)
        assert len(mine) == 32
        others = [other for other in range(3) if other != stolen]
        guesses = [{stolen: mine}]
        for other in others:
            misused = factor(ballot.sealed, teller=other, key=thief.key)
            guesses += [{stolen: mine, other: guess} for guess in (mine, bytes(32), misused)]
        for factors in guesses:
            with pytest.raises(SpoiltError):
                unseal(ballot.sealed, manifest=closed.manifest, box=ballot.box, factors=factors)
        helper = closed.cards[others[0]]
        theirs = factor(ballot.sealed, teller=helper.number, key=helper.key)
        both = {stolen: mine, helper.number: theirs}
        plain = unseal(ballot.sealed, manifest=closed.manifest, box=ballot.box, factors=both)
        assert plain.endswith(PLAIN)


def test_fewer_shares_than_the_quorum_fit_every_content_key() -> None:
    """Nobody breaks this by calculating: beside a stolen share, each value of each byte of the key
    comes of exactly one value of the missing share's."""
    stolen = sharing.split(os.urandom(32), tellers=3, quorum=QUORUM, rng=os.urandom)[0]
    given = [sharing.combine({0: stolen, 1: bytes([value]) * 32}) for value in range(256)]
    for at in range(32):
        assert sorted(key[at] for key in given) == list(range(256))


def test_the_service_opens_nothing_on_its_own(closed: VotingSession) -> None:
    """With one teller's factors handed in, and nothing more to be had."""
    service, session = closed.service, closed.id
    for handed_in in (0, 1):
        if handed_in:
            closed.cards[0].hand_in_factors(closed.manifest)
        with pytest.raises(StepError) as caught:
            opening.open_boxes(service, session)
        assert caught.value.code == "quorum-missing"
        with pytest.raises(CryptoError):
            service.keys.opening_key(session)
    assert not [name for name in loot_of(service.settings).files if "opening" in name]
    closed.cards[1].hand_in_factors(closed.manifest)
    opening.open_boxes(service, session)


def test_nobody_hands_factors_in_before_close(service: Service) -> None:
    session = prepare(service, given=draft(tellers=3, quorum=QUORUM))
    session.vote(1)
    with pytest.raises(NotClosed):
        session.cards[0].hand_in_factors(session.manifest)


def test_factors_open_the_ballots_that_are_opened_and_no_other(service: Service) -> None:
    """Two of the public stayed below the floor: with all that was handed in, theirs stay sealed."""
    session = prepare(service, given=draft(tellers=3, quorum=QUORUM, floor=3))
    for serial in (1, 2, 3):
        session.vote(serial)
    for serial in (1, 2):
        session.vote(serial, voter_class=1)
    close.close(service, session.id)
    handed_in = {}
    for card in session.cards[:QUORUM]:
        handed_in[card.number] = card.factors(session.manifest)
        card.hand_in_factors(session.manifest)
    opening.open_boxes(service, session.id)
    sealed = [b for b in service.box.ballots(session.id) if b.box == 1]
    assert len(sealed) == 2
    for ballot in sealed:
        for one in handed_in[0]:
            for two in handed_in[1]:
                with pytest.raises(SpoiltError):
                    unseal(
                        ballot.sealed,
                        manifest=session.manifest,
                        box=ballot.box,
                        factors={0: one, 1: two},
                    )


LANGUAGES = ("zh", "en")
MEANS = {"zh": "技术上能看到票面", "en": "could technically read"}
"""What every page and report of a custodian session says, whatever its other words."""
IN_OFFICE: Mapping[Phase, tuple[str, ...]] = {
    Phase.DRAFT: ("", "/freeze"),
    Phase.FROZEN: ("",),
    Phase.PRINTED: ("", "/screen"),
    Phase.VOTING: ("", "/screen"),
    Phase.CLOSED: ("", "/screen"),
    Phase.OPENED: ("", "/screen", "/result"),
}
"""The office's pages of each phase that tell of a session, below its address."""


def spoken(text: str, language: str) -> str:
    """What a page of the public says once its script has put it into a language."""
    texts = (FRONTEND / f"{language}.ts").read_text(encoding="utf-8")
    said = dict(re.findall(r'^  "([a-z.-]+)":\s+"(.*)",$', texts, re.MULTILINE))
    text = re.sub(
        r'<p[^>]* data-say="([a-z.-]+)">[^<]*', lambda tag: said.get(tag[1], tag[0]), text
    )
    return re.sub(
        r'<span data-zh="([^"]*)" data-en="([^"]*)">[^<]*',
        lambda both: both[LANGUAGES.index(language) + 1],
        text,
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_custodian_session_says_what_that_means_on_every_public_page(
    service: Service, language: str
) -> None:
    """The voter's page and the board's in every phase."""
    client = create_public(service).test_client()
    session = prepare(service, phase=Phase.PRINTED)

    def check() -> None:
        for page in (f"/v/{session.id}", f"/b/{session.id}"):
            answer = client.get(f"{page}?lang={language}")
            assert answer.status_code == httpx.codes.OK
            tag = "en" if language == "en" else "zh-Hans"
            assert f'<html lang="{tag}">' in answer.text
            assert MEANS[language] in spoken(answer.text, language), (page, service.row(session.id))

    check()
    voting.begin(service, session.id)
    for serial in (1, 2, 3):
        session.vote(serial)
    check()
    close.close(service, session.id)
    check()
    opening.open_boxes(service, session.id)
    check()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_custodian_session_says_what_that_means_on_every_page_of_the_office(
    service: Service, language: str
) -> None:
    """Before it is frozen, while it runs, on the wall of the room, and with the result."""
    given = draft()
    office = Secretary.signed_in(service, organisation=given.organisation)
    office.send("/office/language", {"language": language, "back": "/"})
    organisation = service.office.organisation(given.organisation)
    session = setup.create(service, given, organisation_id=organisation)

    def check(phase: Phase) -> None:
        assert service.office.phase(session) is phase
        for page in IN_OFFICE[phase]:
            answer = office.get(f"/office/sessions/{session}{page}")
            assert answer.status_code == httpx.codes.OK
            assert MEANS[language] in answer.text, (phase, page)

    check(Phase.DRAFT)
    setup.freeze(service, session)
    check(Phase.FROZEN)
    slips.print_slips(service, session)
    check(Phase.PRINTED)
    for voter_class in (0, 1):
        slips.activate(service, session, voter_class=voter_class, first=1, last=4)
    voting.begin(service, session)
    check(Phase.VOTING)
    close.close(service, session)
    check(Phase.CLOSED)
    opening.open_boxes(service, session)
    check(Phase.OPENED)


def test_a_custodian_session_says_what_that_means_in_whatever_is_taken_home(
    session: VotingSession,
) -> None:
    """The report, the table in both its forms, and what a verifier says of the record."""
    service = session.service
    for serial in (1, 2, 3):
        session.vote(serial)
    close.close(service, session.id)
    opening.open_boxes(service, session.id)
    results = publish.results_of(service, session.id)
    with pypdfium2.PdfDocument(report_pdf(report_of(service, session.id))) as report:
        text = "".join(page.get_textpage().get_text_range() for page in report)
    assert "参评人须信任系统管理方未提前开箱" in re.sub(r"\s", "", text)
    assert MEANS["zh"] in results_csv(session.manifest, results)
    book = openpyxl.load_workbook(BytesIO(results_xlsx(session.manifest, results)))
    assert MEANS["zh"] in str(book.worksheets[0]["A1"].value)
    verified = verify(publish.public_record(service, session.id))
    assert MEANS["zh"] in verified.text("zh")
    assert MEANS["en"] in verified.text("en")


def test_a_session_with_tellers_says_no_such_thing(closed: VotingSession) -> None:
    """So that what is found above is said of custodians only."""
    client = create_public(closed.service).test_client()
    for language in LANGUAGES:
        for page in (f"/v/{closed.id}", f"/b/{closed.id}"):
            text = client.get(f"{page}?lang={language}").text
            assert MEANS[language] not in spoken(text, language)
