"""The demonstration: one finished session, one left open, all of it real and marked as such.

35 ballots are cast over HTTP into the first session, which is closed, opened, counted and reported
by the same steps as any other. The second stands open, with unused slips for the visitor.

    DATA/demonstration/finished/  report.pdf, record/, results.csv, slips.pdf, summary.json
    DATA/demonstration/open/      slips.pdf, links.txt
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from appraisal.ballots.slips import slip_link
from appraisal.manifest import SessionId
from appraisal.rehearsal import drafts
from appraisal.steps import setup, slips, voting
from appraisal.steps.service import Service
from appraisal.store.office import Phase
from appraisal.store.registry import SlipState

FINISHED: Final = "银杏社区党支部2010年上半年党员民主评议"
OPEN: Final = "银杏社区党支部2010年下半年党员民主评议"
SLIPS: Final = (24, 16)
CASTING: Final = (22, 13)
SEED: Final = 2010


@dataclass(frozen=True)
class Demonstration:
    """Where everything is that a visitor may open."""

    finished: SessionId
    report: Path
    open: SessionId
    slips: Path
    voter_link: str


def prepare(
    service: Service, url: str, *, progress: Callable[[str, int, int], None]
) -> Demonstration:
    """The demonstration's sessions, made on the first start; a service must answer at `url`."""
    folder = service.settings.data / "demonstration"
    organisation_id = service.office.organisation(drafts.ORGANISATION)
    known = {row.title: SessionId(row.id) for row in service.office.sessions(organisation_id)}
    finished = known.get(FINISHED)
    if finished is None or not (folder / "finished" / "summary.json").exists():
        finished = _finish(service, url, organisation_id, folder / "finished", progress)
    links = folder / "open" / "links.txt"
    opened = _still_open(service, links) or _open(service, organisation_id, links.parent)
    return Demonstration(
        finished=finished,
        report=folder / "finished" / "report.pdf",
        open=opened,
        slips=links.parent / "slips.pdf",
        voter_link=_unused_link(service, opened, links),
    )


def _still_open(service: Service, links: Path) -> SessionId | None:
    """The open session, unless a visitor has closed it or the service has moved."""
    if not links.exists():
        return None
    address, _, session = links.read_text().partition("#")[0].rpartition("/v/")
    here = address == service.settings.base_url
    voting = service.office.phase(SessionId(session)) is Phase.VOTING
    return SessionId(session) if here and voting else None


def _finish(
    service: Service,
    url: str,
    organisation_id: int,
    out: Path,
    progress: Callable[[str, int, int], None],
) -> SessionId:
    from appraisal.rehearsal.session import Crowd, Rehearsal  # noqa: PLC0415 - the type setting

    rehearsal = Rehearsal(
        service=service,
        url=url,
        draft=drafts.draft(title=FINISHED, slips=SLIPS, demonstration=True),
        crowd=Crowd(casting=CASTING, gave_up=1, away=2, seed=SEED),
        organisation_id=organisation_id,
        progress=progress,
    )
    return SessionId(rehearsal.run(out)["session"])


def _open(service: Service, organisation_id: int, out: Path) -> SessionId:
    from appraisal.documents.slips import slips_pdf  # noqa: PLC0415 - the type setting

    out.mkdir(parents=True, exist_ok=True)
    draft = drafts.draft(title=OPEN, slips=SLIPS, demonstration=True)
    session = setup.create(service, draft, organisation_id=organisation_id)
    manifest = setup.freeze(service, session)
    printed = slips.print_slips(service, session)
    base_url = service.settings.base_url
    (out / "slips.pdf").write_bytes(slips_pdf(manifest, printed, base_url=base_url))
    for voter_class, count in enumerate(SLIPS):
        slips.activate(service, session, voter_class=voter_class, first=1, last=count)
    voting.begin(service, session)
    links = [
        slip_link(base_url, session=session, code=slip.code, fingerprint=manifest.fingerprint)
        for slip in printed
    ]
    # A demonstration's slips are for anyone; those of a real session exist on paper only.
    (out / "links.txt").write_text("\n".join(links) + "\n")
    return session


def _unused_link(service: Service, session: SessionId, links: Path) -> str:
    """The first slip as printed that nobody has drawn yet; the last one if all are used."""
    found = links.read_text().split()
    before = 0
    for voter_class, count in enumerate(SLIPS):
        active = service.registry.serials(session, voter_class=voter_class, state=SlipState.ACTIVE)
        for serial in sorted(active):
            if serial <= count:
                return found[before + serial - 1]
        before += count
    return found[-1]
