"""Recounting on the board's page: seconds, and what a proof of inclusion costs.

A custodian session of one subject with 1,000 ballots, voted through the steps; its record is
recounted in desktop Chromium as a reader does it, by a tap, download included. The reference is the
Python verifier on the same record, on one core. Proofs of inclusion are those of the board's
entries, checked by the page's own code under Node.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, sync_playwright

from appraisal.ballots import tokens, voter
from appraisal.ballots.cast import encode_cast
from appraisal.config import Settings
from appraisal.manifest import Manifest, SessionId
from appraisal.rehearsal import drafts
from appraisal.rehearsal.server import free_settings, serving
from appraisal.steps import setup, slips, voting
from appraisal.steps.cast import cast
from appraisal.steps.close import close
from appraisal.steps.draw import draw
from appraisal.steps.opening import open_boxes
from appraisal.steps.publish import public_record
from appraisal.steps.service import Service, open_service
from appraisal.tally.record import Record
from appraisal.verifier import verify
from bench.page import ARGUMENTS, CHROMIUM

CLASSES: Final = (400, 600)
BALLOTS: Final = sum(CLASSES)
TURNS: Final = 3
SECONDS, PROOF_MS = 10, 1
ROOT: Final = Path(__file__).parent.parent


def run() -> Iterator[dict[str, object]]:
    """The metrics of recounting."""
    with tempfile.TemporaryDirectory() as folder:
        settings = free_settings(Path(folder))
        service = open_service(settings)
        session = _voted(service)
        record = public_record(service, session)
        with serving(settings), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
            page = browser.new_page(locale="zh-CN")
            turns = [_recounted(page, settings, session) for _ in range(TURNS)]
            browser.close()
        service.close()
    verified = statistics.median(_verified(record) for _ in range(TURNS))
    seconds = statistics.median(turns)
    name = f"{BALLOTS} ballots recounted in the browser, download included"
    yield _metric(name, seconds, "s", verified, SECONDS)
    yield _metric("a proof of inclusion checked", _proof_ms(record), "ms", PROOF_MS, PROOF_MS)


def _metric(
    name: str, value: float, unit: str, reference: float, target: float
) -> dict[str, object]:
    return {
        "name": name,
        "value": round(value, 3),
        "unit": unit,
        "reference": round(reference, 3),
        "ratio": round(value / reference, 2),
        "target": target,
        "met": value <= target,
    }


def _voted(service: Service) -> SessionId:
    """A session whose every slip became a ballot, opened."""
    draft = drafts.draft(title="测速", slips=CLASSES, contests=1, demonstration=True)
    organisation = service.office.organisation(drafts.ORGANISATION)
    session = setup.create(service, draft, organisation_id=organisation)
    manifest = setup.freeze(service, session)
    printed = slips.print_slips(service, session)
    for voter_class, last in enumerate(CLASSES):
        slips.activate(service, session, voter_class=voter_class, first=1, last=last)
    voting.begin(service, session)
    for number, slip in enumerate(printed):
        _vote(service, manifest, slip, number)
    close(service, session)
    open_boxes(service, session)
    return session


def _vote(service: Service, manifest: Manifest, slip: slips.PrintedSlip, number: int) -> None:
    drawing = voter.start_drawing(manifest, slip.code, rng=os.urandom)
    signatures = draw(service, manifest.session, tokens.encode_draw(drawing.request))
    blanks = voter.finish_drawing(drawing, signatures)
    answers = [[1 + (number + q) % 4 for q in range(3)] for _ in blanks]
    ballots = voter.fill_in(manifest, blanks, answers, rng=os.urandom)
    cast(service, manifest.session, encode_cast(ballots))


def _recounted(page: Page, settings: Settings, session: SessionId) -> float:
    """Seconds from the tap to the verdict, which must be that everything holds."""
    page.goto(f"{settings.base_url}/b/{session}")
    began = time.perf_counter()
    page.click("#recount-go")
    page.wait_for_selector("#recounted .verdict", timeout=120_000)
    seconds = time.perf_counter() - began
    if page.locator("#recounted .wrong, #recounted .failed").count():
        raise RuntimeError(page.inner_text("#recounted"))
    return seconds


def _verified(record: Record) -> float:
    began = time.perf_counter()
    if not verify(record, workers=1).ok:
        raise RuntimeError("the record does not hold")
    return time.perf_counter() - began


def _proof_ms(record: Record) -> float:
    done = subprocess.run(
        [ROOT / ".venv" / "bin" / "node", "bench/inclusion.ts"],
        cwd=ROOT,
        input=record.files["board.bin"],
        check=True,
        capture_output=True,
    )
    return float(done.stdout)
