"""The certificate of destruction 销毁选票记录: which ballots were destroyed, when, before whom.

One official form on A4, with lines to sign for the two witnesses 监销人 and whoever did it. It says
as well what it does not cover: copies that were handed out before.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

from appraisal.documents import words
from appraisal.documents.listing import ballot_names, contests_in_order
from appraisal.documents.rendering import Typesetter, typesetter, written
from appraisal.documents.typography import headline
from appraisal.manifest import Manifest

VARIANT: Final = "pdf/a-3a"
TITLE_WIDTH: Final = 20
"""Characters of size 2号 in a line."""
ABREAST: Final = 6
"""Classes that stand beside each other; of more, each box has a line of its own."""


@dataclass(frozen=True)
class Certificate:
    """What a certificate is made of.

    `checkpoint` is the board's last signed checkpoint, `ballots` their number in each box,
    `kept_until` the last day of the retention. `witnesses` are two names; `reason` says why the
    ballots were destroyed before that day, and is empty if they were not. `unstated` are the
    further signers without whose turnouts the session was declared void.
    """

    manifest: Manifest
    checkpoint: str
    ballots: Sequence[int]
    closed: datetime.date
    opened: datetime.date
    void: bool
    kept_until: datetime.date
    destroyed: datetime.date
    decided_by: str
    witnesses: Sequence[str]
    operator: str
    place: str
    reason: str
    unstated: Sequence[str] = ()


@dataclass(frozen=True)
class Line:
    """A line of the table: a contest's ballot or a box, and how many ballots."""

    number: int
    name: str
    ballots: tuple[int, ...]

    @property
    def total(self) -> int:
        """The ballots of the line together."""
        return sum(self.ballots)


def certificate_pdf(certificate: Certificate, *, setter: Typesetter | None = None) -> bytes:
    """The certificate as PDF/A."""
    chosen = setter or typesetter()
    return written(
        chosen.lay_out("destruction.html", variant=VARIANT, **_values(certificate)), VARIANT
    )


def _values(certificate: Certificate) -> dict[str, Any]:
    manifest = certificate.manifest
    abreast = len(manifest.classes) <= ABREAST
    return {
        "certificate": certificate,
        "manifest": manifest,
        "words": words,
        "headline": headline(f"{manifest.title}选票销毁记录", width=TITLE_WIDTH),
        "classes": [c.name.zh for c in manifest.classes] if abreast else ["选票"],
        "lines": tuple(_by_ballot(certificate) if abreast else _by_box(certificate)),
        "sums": _sums(certificate) if abreast else (sum(certificate.ballots),),
        "total": sum(certificate.ballots),
        "origin": certificate.checkpoint.splitlines()[0],
        "entries": certificate.checkpoint.splitlines()[1],
        "root": certificate.checkpoint.splitlines()[2],
    }


def _by_ballot(certificate: Certificate) -> Iterator[Line]:
    manifest = certificate.manifest
    for number, (contest, name) in enumerate(_ballots(manifest), 1):
        yield Line(
            number,
            name,
            tuple(
                certificate.ballots[manifest.box(contest=contest, voter_class=voter_class)]
                for voter_class in range(len(manifest.classes))
            ),
        )


def _by_box(certificate: Certificate) -> Iterator[Line]:
    manifest = certificate.manifest
    pairs = product(_ballots(manifest), enumerate(manifest.classes))
    for number, ((contest, name), (voter_class, named)) in enumerate(pairs, 1):
        box = manifest.box(contest=contest, voter_class=voter_class)
        yield Line(number, f"{name}（{named.name.zh}）", (certificate.ballots[box],))


def _ballots(manifest: Manifest) -> Iterator[tuple[int, str]]:
    """Each contest with what its ballot is called; the comment box 意见箱 last."""
    named = ballot_names(manifest)
    for contest in contests_in_order(manifest):
        yield contest, named[contest]
    if manifest.comments:
        yield len(manifest.contests), "意见箱"


def _sums(certificate: Certificate) -> tuple[int, ...]:
    sums = [0] * len(certificate.manifest.classes)
    for box, ballots in zip(certificate.manifest.boxes, certificate.ballots, strict=True):
        sums[box.voter_class] += ballots
    return tuple(sums)
