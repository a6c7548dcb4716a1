"""What the board page says of a session, without a word of its layout: phases, parties, figures.

Everything here is public already: on the board, in the manifest, or a step that everybody in the
room sees. Until close nothing tells who or how many have drawn or cast.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from appraisal.ballot_form import Text
from appraisal.ballots.board import Turnout as StatedTurnout
from appraisal.ballots.checkpoint import verify_checkpoint
from appraisal.documents.rules import dividing, rule_lines
from appraisal.manifest import Manifest
from appraisal.steps import close, publish, retention, signers, tellers, witnesses
from appraisal.steps.board import turnouts
from appraisal.steps.service import Service
from appraisal.steps.slips import Turnout, turnout
from appraisal.store.office import OVER, SETTLED, Phase, SessionRow
from appraisal.tally.openings import VoidReason
from appraisal.web.booth import PUBLIC_PHASE
from appraisal.web.result_words import FLAGS, ORGANS_DECIDE
from appraisal.web.results_view import results_view

FINGERPRINT_GROUP: Final = 5


def board_context(
    service: Service, manifest: Manifest, phase: Phase, head: str, *, told: bool = True
) -> dict[str, Any]:
    """The facts of a board page by name; `head` is the signed checkpoint.

    `told`: whether this page tells the results (protocol §5.5).

    - `phases`: those that were reached, each with its minute: frozen, begun, closed, opened or void
    - `opening`: `custodian`, `quorum`, `tellers` (name, handed_in; none for a custodian)
    - `signers`: name, url (none of the registrar), `drawn` (one number a class, from close on)
    - `witnesses`: name, what it is enrolled as (or nothing), and the minute of its cosignature of
      this head, or none
    - `classes`: name, printed; from close on issued, drawn, void, returned
    - `rules`: the counting rules, each by name and as a sentence; `dividing` is one of them, what
      shares and scores are divided by, and empty where there are none
    - `publication`: whom the results are told
    - `results`: none before the opening, and where they are not told
    - `void`: why the session is void, as openings have it; empty if it is not
    - `unstated`: further signers whose turnout closing waits for, or was given up for
    - `destroyed`: the minute, once the ballots are destroyed
    """
    session = manifest.session
    row = service.row(session)
    settled = phase in SETTLED
    reason = retention.void_reason(service, session) if phase in OVER else None
    ended = reason is VoidReason.UNSTATED or close.unfinished(service, session)
    return {
        "session": session,
        "title": manifest.title,
        "organisation": manifest.organisation,
        "phase": PUBLIC_PHASE[phase],
        "custodian": manifest.opening.custodian,
        "demonstration": manifest.demonstration,
        "phases": _phases(service, row, reason),
        "void": reason.value if reason else "",
        "unstated": signers.unstated(service, manifest) if ended else (),
        "opening": _opening(service, manifest),
        "signers": _signers(service, manifest, settled=settled),
        "witnesses": _witnesses(service, manifest, head),
        "classes": [
            _class(manifest, counts, settled=settled)
            for counts in turnout(service, session, exact=False)
        ],
        "checkpoint": head,
        "fingerprint": grouped(manifest.fingerprint),
        "results": (
            results_view(manifest, publish.results_of(service, session))
            if told and phase in OVER
            else None
        ),
        "rules": rules_in_words(manifest),
        "dividing": Text(dividing(manifest, "zh"), dividing(manifest, "en")),
        "decide": ORGANS_DECIDE,
        "flags_called": FLAGS,
        "publication": manifest.rules.publication.value,
        "destroyed": None if row.destroyed_at is None else _minute(service, row.destroyed_at),
    }


def grouped(fingerprint: str) -> str:
    """A fingerprint in groups of five, as it stands on slips and in the report."""
    starts = range(0, len(fingerprint), FINGERPRINT_GROUP)
    return "-".join(fingerprint[start : start + FINGERPRINT_GROUP] for start in starts)


def rules_in_words(manifest: Manifest) -> tuple[tuple[Text, Text], ...]:
    """The counting rules, each by name and as a sentence, in both languages."""
    lines = zip(rule_lines(manifest, "zh"), rule_lines(manifest, "en"), strict=True)
    return tuple(
        (Text(name_zh, name_en), Text(said_zh, said_en))
        for (name_zh, said_zh), (name_en, said_en) in lines
    )


def _minute(service: Service, moment: datetime) -> dict[str, str]:
    """A moment to the minute, for people and for machines."""
    local = service.local(moment)
    return {
        "text": f"{local:%Y-%m-%d %H:%M}",
        "iso": local.replace(second=0, microsecond=0).isoformat(timespec="minutes"),
    }


def _phases(service: Service, row: SessionRow, reason: VoidReason | None) -> list[dict[str, Any]]:
    # Without every signer's turnout voting has ended, and no box was closed.
    closed_at = None if reason is VoidReason.UNSTATED else row.closed_at
    reached = (
        ("frozen", row.frozen_at),
        ("begun", row.begun_at),
        ("closed", closed_at),
        ("void" if row.phase is Phase.VOID else "opened", row.opened_at),
    )
    return [{"phase": name, "at": _minute(service, at)} for name, at in reached if at is not None]


def _opening(service: Service, manifest: Manifest) -> dict[str, Any]:
    return {
        "custodian": manifest.opening.custodian,
        "quorum": manifest.opening.quorum,
        "tellers": [
            {"name": teller.name, "handed_in": teller.handed_in}
            for teller in tellers.statuses(service, manifest.session)
        ],
    }


def _signers(service: Service, manifest: Manifest, *, settled: bool) -> list[dict[str, Any]]:
    stated: Sequence[StatedTurnout] = turnouts(service, manifest) if settled else ()
    return [
        {
            "name": signer.name,
            "url": signer.url,
            "drawn": [len(turn.drawn) for turn in stated if turn.signer == number] or None,
        }
        for number, signer in enumerate(manifest.signers)
    ]


def _witnesses(service: Service, manifest: Manifest, head: str) -> list[dict[str, Any]]:
    given = dict(verify_checkpoint(head, manifest.board, manifest.witnesses).cosigned)
    enrolled = witnesses.enrolled_names(service, manifest)
    return [
        {
            "name": witness.name,
            "known": enrolled[number],
            "cosigned": (
                _minute(service, datetime.fromtimestamp(given[number], tz=UTC))
                if number in given
                else None
            ),
        }
        for number, witness in enumerate(manifest.witnesses)
    ]


def _class(manifest: Manifest, counts: Turnout, *, settled: bool) -> dict[str, Any]:
    """The figures of a class; until close only what the board says already."""
    name = manifest.classes[counts.voter_class].name
    return {
        "name": {"zh": name.zh, "en": name.en},
        "printed": counts.printed,
        "issued": counts.printed - counts.void if settled else None,
        "drawn": counts.drawn if settled else None,
        "void": counts.void if settled else None,
        "returned": counts.cast if settled else None,
    }
