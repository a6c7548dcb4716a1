"""The small sessions that our record vectors are made of, and the tools of a cheat.

Three have one question; those of `record_forms` have every kind of question, limits and counting
rule. `sessions.json` holds their keys and ballots: HPKE's ephemeral keys come from OpenSSL, so
that a ballot sealed anew would never be the same bytes twice.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any, Final, TypeAlias

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from appraisal.ballots.blind_rsa import PrivateKey
from appraisal.ballots.board import Printed, Turnout
from appraisal.ballots.cast import CastBallot, decode_entry, sign_ballot
from appraisal.ballots.sealing import seal
from appraisal.counting_rules import BelowFloor
from appraisal.encoding import b64decode, b64encode
from appraisal.manifest import REGISTRAR, Manifest, VoterClass, decode_manifest
from appraisal.tally.openings import OpenedBallot, OpenedGroup
from appraisal.tally.record import Record, write_archive
from tests.tally.held import Held, hashes, held_of, stated
from tests.tally.record_forms import PLANS, Plan, plain
from tests.world import THREE_QUESTIONS, World, make_world, source

FOLDER = Path(__file__).parents[1] / "vectors" / "records"
SESSIONS = "sessions.json"
Making: TypeAlias = Callable[[], Record | bytes]


@dataclass(frozen=True)
class Case:
    """A case: its name, the verdict, a sentence, and how to make the record."""

    name: str
    expect: str
    comment: str
    make: Making

    @property
    def vector(self) -> bytes:
        """The file of the case: two header lines, an empty line, the archive."""
        made = self.make()
        data = made if isinstance(made, bytes) else write_archive(made)
        return f"expect: {self.expect}\ncomment: {self.comment}\n\n".encode() + data


CASES: list[Case] = []


def case(expect: str, comment: str) -> Callable[[Making], Making]:
    """Register a function as a case of its own name."""

    def register(make: Making) -> Making:
        CASES.append(Case(make.__name__.replace("_", "-"), expect, comment, make))
        return make

    return register


# --- the three sessions ---------------------------------------------------------------------------


def withhold() -> Held:
    """Members: 4 slips, 3 drawn and cast, 1 void. Public: 3 slips, 2 drawn, 1 cast: withheld."""
    return _held("withhold")


def merge() -> Held:
    """The same under `merge`, with three tellers of whom two open."""
    return _held("merge")


def whole() -> Held:
    """The same with three tellers of whom two open, a second signer and two witnesses."""
    return _held("whole")


def of_forms(name: str) -> Held:
    """One of the sessions of `record_forms`."""
    return _held(name)


def spare(name: str, session: str = "withhold") -> CastBallot:
    """A ballot for a box of the first class that was not cast."""
    return _stored_session(session).spares[name]


@dataclass(frozen=True)
class _Session:
    """A session as `sessions.json` has it."""

    world: World
    drawn: tuple[int, ...]
    ballots: tuple[CastBallot, ...]
    spares: Mapping[str, CastBallot]


@cache
def _stored_session(name: str) -> _Session:
    value = json.loads((FOLDER / SESSIONS).read_bytes())[name]
    manifest = decode_manifest(b64decode(value["manifest"]))
    world = World(
        manifest,
        tuple(
            tuple(PrivateKey.from_der(b64decode(key)) for key in own) for own in value["token_keys"]
        ),
        tuple(X25519PrivateKey.from_private_bytes(b64decode(key)) for key in value["tellers"]),
        Ed25519PrivateKey.from_private_bytes(b64decode(value["board_key"])),
        *(
            tuple(Ed25519PrivateKey.from_private_bytes(b64decode(key)) for key in value[kind])
            for kind in ("signer_keys", "witness_keys")
        ),
    )
    return _Session(
        world,
        tuple(value["drawn"]),
        tuple(decode_entry(b64decode(entry), manifest) for entry in value["ballots"]),
        {name: decode_entry(b64decode(e), manifest) for name, e in value["spare"].items()},
    )


def _held(name: str) -> Held:
    session = _stored_session(name)
    world, rng = session.world, source(1)
    printed: list[Printed] = []
    turnout: list[Turnout] = []
    for signer in range(len(world.manifest.signers)):
        slips = [hashes(voter_class.slips, rng) for voter_class in world.manifest.classes]
        printed += [stated(world, Printed(signer, i, own)) for i, own in enumerate(slips)]
        for number, drawn in enumerate(session.drawn):
            void = slips[number][drawn:] if signer == REGISTRAR else ()
            closing = Turnout(signer, number, slips[number][:drawn], void)
            turnout.append(stated(world, closing))
    return held_of(world, printed, turnout, list(session.ballots))


def new_sessions(*names: str) -> bytes:
    """The sessions with fresh keys and ballots: those of these names, or all."""
    made: dict[str, Callable[[], dict[str, Any]]] = {
        "withhold": _withhold,
        "merge": lambda: _stored(Plan(_small(BelowFloor.MERGE, 3, 2), SMALL_DRAWN, SMALL_VOTES)),
        "whole": lambda: _stored(
            Plan(
                _small(BelowFloor.WITHHOLD, 3, 2, signers=2, witnesses=2), SMALL_DRAWN, SMALL_VOTES
            )
        ),
        **{name: partial(lambda plan: _stored(plan()), plan) for name, plan in PLANS.items()},
    }
    kept = json.loads((FOLDER / SESSIONS).read_bytes()) if names else {}
    sessions = {n: make() if n in (names or made) else kept[n] for n, make in made.items()}
    return (json.dumps(sessions, indent=1) + "\n").encode()


def _withhold() -> dict[str, Any]:
    world = _small(BelowFloor.WITHHOLD, 1, 1)
    spares = {
        "good": plain(0x50, 3),
        "no-ballot": b"\x02" + bytes(17),
        "beyond": plain(0x51, 6),
        "same": plain(0x52, 1),
        "same-again": plain(0x52, 4),
    }
    stored = _stored(
        Plan(world, SMALL_DRAWN, SMALL_VOTES, {name: (0, data) for name, data in spares.items()})
    )
    good = decode_entry(b64decode(stored["spare"]["good"]), world.manifest)
    broken = good.sealed[:-1] + bytes([good.sealed[-1] ^ 1])
    stored["spare"] |= {
        "good-key-again": _b64(_sealed(world, 0, spares["same"], seed=0)),
        "torn": _b64(_sealed(world, 0, spares["good"], seed=9, sealed=broken)),
    }
    return stored


SMALL_DRAWN: Final = (3, 2)
SMALL_VOTES: Final = ((0, [[1]]), (0, [[2]]), (0, [[5]]), (1, [[1]]))


def _small(
    below: BelowFloor, tellers: int, quorum: int, *, signers: int = 1, witnesses: int = 0
) -> World:
    world = make_world(
        subjects=1,
        tellers=tellers,
        quorum=quorum,
        signers=signers,
        witnesses=witnesses,
        floor=2,
        below_floor=below,
        decimals=1,
    )
    base = world.manifest
    names = [voter_class.name for voter_class in base.classes]
    manifest = replace(
        base,
        instruments=(replace(THREE_QUESTIONS, questions=THREE_QUESTIONS.questions[:1]),),
        classes=(VoterClass(names[0], 4, 4, 60), VoterClass(names[1], 3, 3, 40)),
    )
    return replace(world, manifest=manifest)


def _sealed(
    world: World, contest: int, data: bytes, *, seed: int, sealed: bytes = b""
) -> CastBallot:
    """A ballot of the first class with these plain bytes, or with another sealed part."""
    rng = source(seed)
    blank = world.draw(0, rng)[contest]
    sealed = sealed or seal(data, manifest=world.manifest, box=blank.box, rng=rng)
    return sign_ballot(
        world.manifest, box=blank.box, key=blank.key, ballot_tokens=blank.tokens, sealed=sealed
    )


def _b64(ballot: CastBallot) -> str:
    return b64encode(ballot.entry)


def _stored(plan: Plan) -> dict[str, Any]:
    world, rng = plan.world, source(22)
    cast = [ballot for number, own in plan.votes for ballot in world.vote(number, own, rng)]
    ballots = [ballot for ballot in cast if not world.manifest.is_comment(ballot.box)]
    return {
        "manifest": b64encode(world.manifest.encoded),
        "token_keys": [[b64encode(key.to_der()) for key in own] for own in world.token_keys],
        "tellers": [b64encode(key.private_bytes_raw()) for key in world.tellers],
        "board_key": b64encode(world.board_key.private_bytes_raw()),
        "signer_keys": [b64encode(key.private_bytes_raw()) for key in world.signer_keys],
        "witness_keys": [b64encode(key.private_bytes_raw()) for key in world.witness_keys],
        "drawn": list(plan.drawn),
        "ballots": [_b64(ballot) for ballot in ballots],
        "spare": {
            name: _b64(_sealed(world, contest, data, seed=seed))
            for seed, (name, (contest, data)) in enumerate(plan.spares.items())
        },
    }


# --- tools of a cheat ---------------------------------------------------------------------------


def changed(record: Record, name: str, change: Callable[[bytes], bytes]) -> Record:
    """The record with one file changed and nothing put right."""
    return Record({**record.files, name: change(record.files[name])})


def replaced(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """A change of the first place where `old` stands."""

    def change(data: bytes) -> bytes:
        if old not in data:
            raise ValueError(f"{old!r} is not there")
        return data.replace(old, new, 1)

    return change


def bit(data: bytes, at: int) -> bytes:
    """The bytes with the lowest bit of one of them changed."""
    found = bytearray(data)
    found[at] ^= 1
    return bytes(found)


def group_changed(held: Held, number: int, **changes: Any) -> Held:
    """Other openings for one group; board and results follow (signed)."""
    groups = list(held.openings.groups)
    groups[number] = replace(groups[number], **changes)
    held.reopened(replace(held.openings, groups=tuple(groups)))
    return held


def first_group(held: Held) -> tuple[OpenedGroup, tuple[OpenedBallot, ...]]:
    """The first group, which is opened."""
    group = held.openings.groups[0]
    if group.opened is None:
        raise ValueError("the first group is withheld")
    return group, group.opened


def ballot_entries(held: Held) -> tuple[list[bytes], list[bytes], list[bytes]]:
    """The board in three parts: before the ballots, the ballots, after."""
    entries = held.entries
    is_ballot = [entry[:1] == b"\x04" for entry in entries]
    start = is_ballot.index(True)
    end = start + sum(is_ballot)
    return entries[:start], entries[start:end], entries[end:]


def signed_ballot(manifest: Manifest, ballot: CastBallot, **parts: Any) -> CastBallot:
    """A ballot with other parts, signed by a key of the service's own."""
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    box, own, sealed = ballot.box, ballot.tokens, ballot.sealed
    return sign_ballot(
        manifest,
        box=parts.get("box", box),
        key=key,
        ballot_tokens=parts.get("tokens", own),
        sealed=parts.get("sealed", sealed),
    )


def roomy() -> Held:
    """`withhold` with four slips more in the first class, all of them drawn."""
    return with_room(withhold(), 4)


def with_room(held: Held, slips: int) -> Held:
    """So many slips more in the first class, all of them drawn."""
    more = hashes(slips, source(8))
    drawn = tuple(sorted([*held.turnout[0].drawn, *more]))
    held.printed.append(Printed(0, 0, more))
    held.turnout[0] = replace(held.turnout[0], drawn=drawn)
    held.reopen()
    return held


def answer_changed() -> Held:
    held = withhold()
    _, ballots = first_group(held)
    changed_ballot = replace(ballots[0], answers=(4,))
    return group_changed(held, 0, opened=(changed_ballot, *ballots[1:]))
