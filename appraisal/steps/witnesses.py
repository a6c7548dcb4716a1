"""Witnesses 见证方: asked for their cosignature whenever a board has a new head.

A witness that is away stops nothing: it is asked again later. One that has cosigned another history
of this board will not cosign this one, and says so; that is what it is for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from appraisal.ballots import board, merkle
from appraisal.ballots.checkpoint import parse_checkpoint, verify_checkpoint, with_cosignatures
from appraisal.errors import CryptoError, MalformedError
from appraisal.manifest import Manifest, SessionId, Witness
from appraisal.peers.client import (
    OtherHeadError,
    PeerClient,
    RefusedByPeerError,
    UnknownBoardError,
    UnreachablePeerError,
)
from appraisal.peers.tlog import AddCheckpoint
from appraisal.steps.board import board_entries
from appraisal.steps.draft import Draft
from appraisal.steps.service import Service
from appraisal.steps.signers import client_of, peer_at, stored

OTHER_HISTORY: Final = "other-history"
"""Why a witness refuses that has cosigned another history of the board."""
_TRIES: Final = 4
"""To be known, to learn its last head, to prove; and once more if the head moved meanwhile."""


class Cosigning(Enum):
    """What came of asking a witness."""

    COSIGNED = "cosigned"
    AWAY = "away"
    REFUSED = "refused"


@dataclass(frozen=True)
class WitnessStatus:
    """A witness of a session: whether it has cosigned the last head, and why not.

    `name` is that of its key, as in the manifest; `enrolled` is what the office calls it, empty if
    it is not enrolled (any more). `why` is the code of a refusal.
    """

    name: str
    cosigning: Cosigning
    detail: str = ""
    enrolled: str = ""
    why: str = ""


def of_draft(service: Service, draft: Draft) -> tuple[Witness, ...]:
    """The witnesses that a draft names by address, as its manifest will."""
    found = [peer_at(service, url) for url in draft.witnesses]
    return tuple(Witness(peer.witness_name, peer.witness_key) for peer in found)


def statuses(service: Service, session: SessionId) -> tuple[WitnessStatus, ...]:
    """What stands under the last head of a session's board; nobody is asked."""
    manifest, text = service.registrar_manifests.get(session), service.office.checkpoint(session)
    if manifest is None or text is None:
        return ()
    given, enrolled = _given(text, manifest), enrolled_names(service, manifest)
    return tuple(
        WitnessStatus(
            witness.name,
            Cosigning.COSIGNED if number in given else Cosigning.AWAY,
            enrolled=enrolled[number],
        )
        for number, witness in enumerate(manifest.witnesses)
    )


def enrolled_names(service: Service, manifest: Manifest) -> tuple[str, ...]:
    """What the office calls each witness of a manifest; empty for one that is not enrolled."""
    if not manifest.witnesses:
        return ()
    known = stored(service).witness_names()
    return tuple(known.get((witness.name, witness.key), "") for witness in manifest.witnesses)


def ask_witnesses(service: Service, session: SessionId) -> tuple[WitnessStatus, ...]:
    """Ask every witness that has not cosigned the last head, and keep what is given.

    No lock is held meanwhile: cosignatures of a head that is no more the last are dropped.
    """
    manifest, text = service.registrar_manifests.get(session), service.office.checkpoint(session)
    if manifest is None or text is None or not manifest.witnesses:
        return ()
    entries = board_entries(service, session)
    if board.head(entries, origin=manifest.board.origin) != parse_checkpoint(text)[0]:
        return ()
    with_lines, found = cosigned(service, manifest, entries, text)
    with service.office.database.write() as tx:
        row = service.office.hold(tx, session)
        if row is not None and row.checkpoint == text != with_lines:
            service.office.change(tx, session, phases=[row.phase], checkpoint=with_lines)
    return found


def cosigned(
    service: Service, manifest: Manifest, entries: Sequence[bytes], text: str
) -> tuple[str, tuple[WitnessStatus, ...]]:
    """A checkpoint over these entries with every cosignature that could be got, and how it went."""
    leaves = [merkle.leaf_hash(entry) for entry in entries]
    enrolled = {(peer.witness_name, peer.witness_key): peer for peer in stored(service).all()}
    given = _given(text, manifest)
    found: list[WitnessStatus] = []
    for number, witness in enumerate(manifest.witnesses):
        peer = enrolled.get((witness.name, witness.key))
        cosigning, detail, why = Cosigning.COSIGNED, "", ""
        if number not in given and peer is None:
            cosigning, detail = Cosigning.AWAY, "not enrolled"
        elif number not in given and peer is not None:
            try:
                text = _with_cosignature(client_of(peer), manifest, leaves, text, number=number)
            except UnreachablePeerError as error:
                cosigning, detail = Cosigning.AWAY, str(error)
            except RefusedByPeerError as error:
                cosigning, detail, why = Cosigning.REFUSED, str(error), error.code
            except OtherHeadError as error:
                cosigning, detail, why = Cosigning.REFUSED, str(error), OTHER_HISTORY
            except (CryptoError, MalformedError) as error:
                cosigning, detail = Cosigning.REFUSED, str(error)
        name = peer.name if peer is not None else ""
        found.append(WitnessStatus(witness.name, cosigning, detail, enrolled=name, why=why))
    return text, tuple(found)


def _with_cosignature(
    client: PeerClient,
    manifest: Manifest,
    leaves: Sequence[merkle.LeafHash],
    text: str,
    *,
    number: int,
) -> str:
    """The checkpoint with the cosignature of this witness; `CryptoError` if it is not one."""
    found = with_cosignatures(text, _ask(client, manifest, leaves, text), manifest.witnesses)
    if number not in _given(found, manifest):
        raise CryptoError("an answer without its cosignature")
    return found


def _ask(
    client: PeerClient, manifest: Manifest, leaves: Sequence[merkle.LeafHash], text: str
) -> str:
    """The cosignature lines of one witness, which first tells what it knows."""
    old = 0
    for _ in range(_TRIES):
        proof = merkle.consistency_proof(leaves, old) if old else ()
        try:
            return client.add_checkpoint(AddCheckpoint(old, proof, text))
        except UnknownBoardError:
            client.add_log(manifest.encoded)
        except OtherHeadError as error:
            # Beyond this board, or where we started from: it has cosigned another history.
            if error.size > len(leaves) or error.size == old:
                raise
            old = error.size
    raise UnreachablePeerError(f"{client.url} does not settle on a head")


def _given(text: str, manifest: Manifest) -> set[int]:
    head = verify_checkpoint(text, manifest.board, manifest.witnesses)
    return {number for number, _ in head.cosigned}
