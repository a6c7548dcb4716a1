"""A session counted by the program: plaintexts through the real decoding, opening and canvass."""

from __future__ import annotations

import json
from typing import Any

from appraisal.ballots.ballot import Spoilt, SpoiltError, decode_ballot
from appraisal.codec import encode
from appraisal.manifest import Manifest
from appraisal.tally import opening
from appraisal.tally.canvass import canvass
from appraisal.tally.disclosure import Group, groups, overfull
from appraisal.tally.findings import Findings
from appraisal.tally.opening_checks import fit
from appraisal.tally.openings import FORMAT, OpenedGroup, Openings, VoidReason, encode_openings
from tests.reference.count import count
from tests.reference.plain import Plain
from tests.reference.sessions import Session


def by_program(session: Session) -> tuple[bytes, bytes]:
    """`openings.json` and `results.json`, by the package; only encryption is left out."""
    manifest = session.manifest
    openings = openings_of(session)
    return encode_openings(openings), encode(canvass(manifest, session.slips, openings))


def by_reference(session: Session) -> tuple[bytes, bytes]:
    """`openings.json` and `results.json`, by the reference count."""
    manifest: dict[str, Any] = json.loads(session.manifest.encoded)
    slips = [
        {"printed": s.printed, "issued": s.issued, "drawn": s.drawn, "void": s.void}
        for s in session.slips
    ]
    return count(manifest, slips, session.boxes, unopened=session.unopened)


def openings_of(session: Session) -> Openings:
    """As `open_boxes` opens them, from where the ballots are in plain; they pass check 10."""
    manifest = session.manifest
    returned = [len(box) for box in session.boxes]
    # Comments are no ballots: their boxes count none.
    returned += [0] * (len(manifest.boxes) - len(returned))
    if overfull(manifest, returned=returned, drawn=[slip.drawn for slip in session.slips]):
        return Openings(FORMAT, (), VoidReason.OVERFULL)
    if session.unopened:
        return opening.unopened()
    formed = groups(manifest, returned)
    openings = Openings(FORMAT, tuple(_opened(session, group) for group in formed))
    assert fit(manifest, formed, openings, Findings(), overfull=False)
    return openings


def _opened(session: Session, group: Group) -> OpenedGroup:
    manifest = session.manifest
    plain = [_plain(manifest, box, data) for box in group.boxes for data in session.boxes[box]]
    return opening._opened(group, plain, floor=manifest.rules.floor)


def _plain(manifest: Manifest, box: int, data: Plain) -> opening.Plain:
    if data is None:
        return Spoilt.UNREADABLE
    try:
        return decode_ballot(data, manifest.form_of(box))
    except SpoiltError as error:
        return error.reason
