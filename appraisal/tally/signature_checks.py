"""Every token and every ballot's signature: checks 7 and 8 of protocol §6."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from appraisal.ballots.cast import CastBallot, verify_signature, verify_tokens
from appraisal.errors import Refusal
from appraisal.manifest import Manifest
from appraisal.tally.board_checks import Entries, line
from appraisal.tally.findings import Findings
from appraisal.tally.spread import Cores, borrowed


def signatures(manifest: Manifest, entries: Entries, found: Findings, *, cores: Cores) -> None:
    """Checks 7 and 8: every token, every ballot signature."""
    places = [number for number, e in enumerate(entries) if isinstance(e, CastBallot)]
    ballots = [entry for entry in entries if isinstance(entry, CastBallot)]
    verdicts = false_ballots(manifest, ballots, cores=cores)
    for number, (false_token, false_signature) in zip(places, verdicts, strict=True):
        if false_token:
            zh, en = "盲签名无效", "a token does not verify"
            found.add(7, zh=zh, en=en, where=line(number))
        if false_signature:
            zh, en = "选票签名无效", "the ballot key did not sign this ballot"
            found.add(8, zh=zh, en=en, where=line(number))
    found.made(7, 8)


def false_ballots(
    manifest: Manifest, ballots: Sequence[CastBallot], *, cores: Cores | None = None
) -> list[tuple[bool, bool]]:
    """For each ballot whether its tokens are false, and whether its signature is."""
    with borrowed(cores) as working:
        return working.spread(partial(_verify_part, manifest), ballots)


def _verify_part(manifest: Manifest, ballots: Sequence[CastBallot]) -> list[tuple[bool, bool]]:
    return [
        (_refused(verify_tokens, ballot, manifest), _refused(verify_signature, ballot, manifest))
        for ballot in ballots
    ]


def _refused(
    check: Callable[[CastBallot, Manifest], None], ballot: CastBallot, manifest: Manifest
) -> bool:
    try:
        check(ballot, manifest)
    except Refusal:
        return True
    return False
