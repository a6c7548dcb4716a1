"""Further signers 第二签发方: enrolled by the office, asked at every step that touches slips.

What a signer answers is checked here as everybody will check it on the board; so a signer that
errs stops a step, and no record. Every request may be repeated, and so may the step.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from appraisal.ballots import board
from appraisal.ballots.slips import SlipCode, SlipHash, credential, slip_hash
from appraisal.ballots.statements import verify_statement
from appraisal.ed25519 import check_key
from appraisal.errors import Busy, CryptoError, MalformedError, StepError
from appraisal.manifest import REGISTRAR, Manifest, SessionId, Signer
from appraisal.manifest_rules import check_signer_url, check_witness_name
from appraisal.peers.client import PeerClient, RefusedByPeerError, UnreachablePeerError
from appraisal.peers.messages import KEYS_AT_ONCE, Introduction, PeerSecret, Printing
from appraisal.steps.board import turnouts
from appraisal.steps.draft import SIGNERS, Draft
from appraisal.steps.service import Service
from appraisal.store.office import Phase
from appraisal.store.peers import Peer, Peers
from appraisal.tally.board_checks import unstated_signers

_LINK: Final = re.compile(r"(https?://[A-Za-z0-9.:\[\]-]{1,180})/?#([0-9A-HJKMNP-TV-Z]{26})")
_SECRETS: Final = "peers"


@dataclass(frozen=True)
class FurtherKeys:
    """A further signer as the manifest names it, and its token keys, a modulus a box."""

    named: Signer
    token_keys: tuple[bytes, ...]


@dataclass(frozen=True)
class Enrolled:
    """An enrolled peer, as the office shows it: nothing of it is secret."""

    url: str
    name: str
    signs: bool
    witness_name: str


def enrol(service: Service, link: str) -> Enrolled:
    """Enrol the peer of an invitation's link; the same peer again gets its new secret."""
    found = _LINK.fullmatch(link.strip())
    if found is None:
        raise StepError("peer-link", "this is no link of an invitation")
    url, secret = found[1], PeerSecret(found[2])
    if service.settings.secure and not url.startswith("https://"):
        raise StepError("signer-insecure", f"{url} is reached without TLS", name=url)
    with asking(url):
        introduction = PeerClient(url, secret).introduction()
        _check_introduction(introduction, url)
    peer = Peer(
        url=url,
        name=introduction.name,
        secret=secret,
        signs=introduction.signs,
        witness_name=introduction.witness.name,
        witness_key=introduction.witness.key,
    )
    stored(service).keep(peer)
    return _shown(peer)


def _check_introduction(introduction: Introduction, url: str) -> None:
    """Refuse at once what no manifest could name, and not when a session's keys are made."""
    check_witness_name(introduction.witness.name)
    check_key(introduction.witness.key)
    if introduction.signs:
        check_signer_url(url)
        if introduction.name in {signer.name for signer in SIGNERS}:
            raise MalformedError(f"{introduction.name!r} is what this service itself is called")


def peers(service: Service) -> tuple[Enrolled, ...]:
    """Every enrolled peer, by name."""
    return tuple(_shown(peer) for peer in stored(service).all())


def dismiss(service: Service, url: str) -> None:
    """Forget a peer; sessions that need it cannot go on until it is enrolled again.

    Refused for the signer of a session that is voting: at close it would not be asked, and nobody
    shall make a session void by striking off a signer that would answer (`close.declare_unstated`).
    """
    for row in service.office.sessions():
        if row.phase is Phase.VOTING:
            manifest = service.registrar_manifests.get(SessionId(row.id))
            if manifest is not None and url in {signer.url for signer in manifest.signers}:
                raise StepError("peer-needed", "a session that is voting needs it to close")
    stored(service).remove(url)


def stored(service: Service) -> Peers:
    """The enrolled peers with their secrets."""
    return Peers(service.office.database, key=service.keys.secret(_SECRETS), rng=service.rng)


def peer_at(service: Service, url: str) -> Peer:
    """The enrolled peer at an address; `StepError` if there is none."""
    peer = stored(service).get(url)
    if peer is None:
        raise StepError("peer-unknown", f"no peer at {url} is enrolled", name=url)
    return peer


def client_of(peer: Peer) -> PeerClient:
    """The connection to a peer."""
    return PeerClient(peer.url, PeerSecret(peer.secret))


@contextmanager
def asking(name: str) -> Iterator[None]:
    """What a peer does not answer, or refuses, as a sentence of the step that asks."""
    try:
        yield
    except UnreachablePeerError as error:
        raise StepError("peer-unreachable", str(error), name=name) from error
    except RefusedByPeerError as error:
        raise StepError(
            "peer-refused", f"{name}: {error}", name=name, detail=str(error), why=error.code
        ) from error
    except (CryptoError, MalformedError) as error:
        raise StepError("peer-wrong", f"{name}: {error}", name=name, detail=str(error)) from error


def keys_for_freeze(
    service: Service,
    draft: Draft,
    session: SessionId,
    boxes: int,
    *,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> tuple[FurtherKeys, ...]:
    """The keys of each further signer that a draft names, one token key a box."""
    found: list[FurtherKeys] = []
    for url in filter(None, [draft.signer]):
        peer = peer_at(service, url)
        if not peer.signs:
            raise StepError(
                "peer-refused",
                f"{peer.name} does not sign",
                name=peer.name,
                detail="does not sign",
                why="does-not-sign",
            )
        client = client_of(peer)
        with asking(peer.name):
            for more in range(KEYS_AT_ONCE, boxes, KEYS_AT_ONCE):
                client.keys(session, boxes=more)
                progress(more, boxes)
            keys = client.keys(session, boxes=boxes)
            progress(boxes, boxes)
            if len(keys.token_keys) != boxes:
                raise CryptoError(f"{len(keys.token_keys)} token keys for {boxes} boxes")
        found.append(FurtherKeys(Signer(keys.name, keys.key, url), keys.token_keys))
    return tuple(found)


def fix_manifest(service: Service, manifest: Manifest) -> None:
    """Bind every further signer to the manifest."""
    for _, peer in _signers(service, manifest):
        with asking(peer.name):
            client_of(peer).fix_manifest(manifest.session, manifest.encoded)


def print_statements(
    service: Service, manifest: Manifest, codes: Mapping[int, Sequence[SlipCode]]
) -> tuple[board.Printed, ...]:
    """The printings of further signers, by signer and class, each with its statement.

    `codes` are those of every class by number; the signer gets the hashes of its credentials.
    """
    fix_manifest(service, manifest)
    found: list[board.Printed] = []
    for number, peer in _signers(service, manifest):
        client = client_of(peer)
        for voter_class, given in sorted(codes.items()):
            slips = tuple(sorted(_hash(manifest, code, signer=number) for code in given))
            with asking(peer.name):
                statement = client.printed(
                    manifest.session, Printing(voter_class, tuple(slip.hex() for slip in slips))
                )
                printed = board.Printed(number, voter_class, slips, statement)
                verify_statement(printed, manifest)
            found.append(printed)
    return tuple(found)


def begin(service: Service, manifest: Manifest) -> None:
    """Let every further signer sign."""
    for _, peer in _signers(service, manifest):
        with asking(peer.name):
            client_of(peer).begin(manifest.session)


def close(
    service: Service, manifest: Manifest, printed: Sequence[board.Printed]
) -> tuple[board.Turnout, ...]:
    """The turnouts of further signers, by signer and class; their token keys are destroyed.

    `printed` are the printings on the board.
    """
    found: list[board.Turnout] = []
    for number in _further(manifest):
        found += _closed(service, manifest, printed, number=number)
    return tuple(found)


def close_those_that_answer(
    service: Service, manifest: Manifest, printed: Sequence[board.Printed]
) -> tuple[tuple[board.Turnout, ...], tuple[str, ...]]:
    """The turnouts of the further signers that state them, and the names of the others.

    `StepError` for one that is there and has something else to do at the moment.
    """
    found: list[board.Turnout] = []
    missing: list[str] = []
    for number in _further(manifest):
        try:
            found += _closed(service, manifest, printed, number=number)
        except StepError as error:
            if error.values.get("why") == Busy.code:
                raise
            missing.append(manifest.signers[number].name)
    return tuple(found), tuple(missing)


def unstated(service: Service, manifest: Manifest) -> tuple[str, ...]:
    """The names of further signers that have stated no turnout; all of them before close."""
    missing = unstated_signers(manifest, turnouts(service, manifest))
    return tuple(manifest.signers[number].name for number in sorted(missing))


def least_drawn(service: Service, manifest: Manifest, registrar: Sequence[int]) -> tuple[int, ...]:
    """How many ballots a box of each class may hold: the least slips drawn with any signer.

    `registrar` are those drawn with the registrar, by class; the others' turnouts are on the board.
    """
    least = list(registrar)
    for entry in turnouts(service, manifest):
        if entry.signer != REGISTRAR:
            least[entry.voter_class] = min(least[entry.voter_class], len(entry.drawn))
    return tuple(least)


def _closed(
    service: Service, manifest: Manifest, printed: Sequence[board.Printed], *, number: int
) -> tuple[board.Turnout, ...]:
    """The turnouts of one further signer, by class."""
    peer = peer_at(service, manifest.signers[number].url or "")
    with asking(peer.name):
        entries = client_of(peer).close(
            manifest.session, slips=sum(len(entry.slips) for entry in printed)
        )
        if len(entries) != len(manifest.classes):
            raise CryptoError("not one turnout a class")
        return tuple(
            _turnout(
                manifest,
                data,
                signer=number,
                voter_class=voter_class,
                slips={
                    slip
                    for entry in printed
                    if (entry.signer, entry.voter_class) == (number, voter_class)
                    for slip in entry.slips
                },
            )
            for voter_class, data in enumerate(entries)
        )


def _turnout(
    manifest: Manifest, data: bytes, *, signer: int, voter_class: int, slips: set[SlipHash]
) -> board.Turnout:
    entry = board.decode(data, manifest)
    if not isinstance(entry, board.Turnout):
        raise CryptoError("an entry that is no turnout")
    if (entry.signer, entry.voter_class, entry.void) != (signer, voter_class, ()):
        raise CryptoError("a turnout of another signer or class")
    if not slips.issuperset(entry.drawn):
        raise CryptoError("a slip drawn that was not printed with it")
    verify_statement(entry, manifest)
    return entry


def _signers(service: Service, manifest: Manifest) -> Iterator[tuple[int, Peer]]:
    """Every further signer of a manifest, by its number."""
    for number in _further(manifest):
        yield number, peer_at(service, manifest.signers[number].url or "")


def _further(manifest: Manifest) -> range:
    """The numbers of the further signers."""
    return range(REGISTRAR + 1, len(manifest.signers))


def _hash(manifest: Manifest, code: SlipCode, *, signer: int) -> SlipHash:
    shown = credential(code, session=manifest.session, signer=signer)
    return slip_hash(manifest.session, shown)


def _shown(peer: Peer) -> Enrolled:
    return Enrolled(peer.url, peer.name, peer.signs, peer.witness_name)
