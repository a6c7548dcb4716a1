"""Opening, verifying and counting, against what the arithmetic alone costs.

Reference, per ballot: one RSA-2048 PSS verification, one Ed25519 verification and one X25519 by
OpenSSL, with keys loaded beforehand, over the very tokens and signatures of these ballots.
Reading and writing the record's JSON is in neither.
Measured: `false_ballots` (every token and signature), `open_boxes` and `canvass`, as the verifier
and the office do them; on all cores the reference runs on all cores too, and the work's time
includes starting the processes. Both take turns; values are medians of the turns, in seconds of
one core.

Counting alone: `count` over opened ballots that lie decoded in memory, on one core. Its reference
is to look at each of them once, its answers joined to one byte string.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final, TypeAlias, cast

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from appraisal.ballot_form import BallotForm
from appraisal.ballots import tokens
from appraisal.ballots.ballot import Ballot, encode_ballot
from appraisal.ballots.cast import CastBallot, sign_ballot, signed_part
from appraisal.ballots.sealing import seal
from appraisal.ballots.tokens import Token
from appraisal.manifest import BoxNumber, Manifest
from appraisal.tally.canvass import canvass
from appraisal.tally.counting import count
from appraisal.tally.opening import factors_of, open_boxes
from appraisal.tally.openings import OpenedBallot, TrackerText
from appraisal.tally.results import SlipCount
from appraisal.tally.signature_checks import false_ballots
from appraisal.tally.spread import Cores
from tests.tally.record_forms import EVERY_KIND, SELECTION
from tests.world import THREE_QUESTIONS, World, make_world, source

BALLOTS = 1000
ROUNDS = 7
TARGET = 1.6
MANY = 20
"""How often the ballots are repeated where all cores work."""
OPENED = 200_000
"""Opened ballots that are counted alone."""
A_SECOND = 1_000_000
"""Opened ballots a second at least."""
FORMS: Final = {
    "3 questions": BallotForm(THREE_QUESTIONS, 1, bounds=(), empty_spoils=False),
    "every kind of question": BallotForm(EVERY_KIND, 1, bounds=(), empty_spoils=False),
    "20 persons, two questions each": BallotForm(SELECTION, 20, bounds=(), empty_spoils=False),
}

Clock: TypeAlias = Callable[[], float]
_PSS = padding.PSS(padding.MGF1(hashes.SHA384()), 48)


def run() -> Iterator[dict[str, object]]:
    """The metrics: core time a ballot, on one core and on all."""
    world = make_world(subjects=1)
    ballots = _ballots(world)
    key = world.tellers[0].private_bytes_raw()
    # On one core the processor's own clock: others on the machine do not show in it.
    reference = partial(_reference, world.manifest, key, time.process_time)
    alone = [
        (
            _timed(lambda: _work(world, ballots, workers=1), time.process_time),
            sum(reference(ballots)),
        )
        for _ in range(ROUNDS)
    ]
    name = "open, verify and count a ballot of 3 questions, one core"
    yield _metric(name, alone, len(ballots))
    cores = len(os.sched_getaffinity(0))
    many = ballots * MANY
    reference = partial(_reference, world.manifest, key, time.perf_counter)
    together = [
        (
            _timed(lambda: _work(world, many, workers=cores), time.perf_counter) * cores,
            _on(cores, reference, many),
        )
        for _ in range(3)
    ]
    name = f"the same for {len(many)} ballots on {cores} cores, starting processes included"
    yield _metric(name, together, len(many))
    for what, form in FORMS.items():
        yield _counting(what, form)


def _counting(what: str, form: BallotForm) -> dict[str, object]:
    """Opened ballots a second, counted and looked at."""
    chance = random.Random(1)
    ballots = [
        OpenedBallot(
            TrackerText(chance.randbytes(16).hex()),
            tuple(chance.randint(0, most) for most in form.places),
        )
        for _ in range(OPENED)
    ]
    turns = [
        (
            _timed(lambda: count(form, ballots), time.process_time),
            _timed(lambda: b"".join(bytes(b.answers) for b in ballots), time.process_time),
        )
        for _ in range(ROUNDS)
    ]
    mine, theirs = (OPENED / statistics.median(column) for column in zip(*turns, strict=True))
    return {
        "name": f"opened ballots counted, {what}, one core",
        "value": round(mine),
        "unit": "ballots a second",
        "reference": round(theirs),
        "ratio": round(mine / theirs, 2),
        "target": A_SECOND,
        "met": mine >= A_SECOND,
    }


def _on(
    cores: int, job: Callable[[Sequence[CastBallot]], list[float]], ballots: Sequence[CastBallot]
) -> float:
    with Cores(cores) as working:
        return sum(working.spread(job, ballots))


def _metric(name: str, turns: Sequence[tuple[float, float]], ballots: int) -> dict[str, object]:
    """Core time a ballot; a turn has the core seconds of the work and of the reference."""
    mine = statistics.median(turn[0] for turn in turns) / ballots * 1e6
    theirs = statistics.median(turn[1] for turn in turns) / ballots * 1e6
    return {
        "name": name,
        "value": round(mine, 1),
        "unit": "µs of one core",
        "reference": round(theirs, 1),
        "ratio": round(mine / theirs, 2),
        "target": TARGET,
        "met": mine <= TARGET * theirs,
    }


def _work(world: World, ballots: Sequence[CastBallot], *, workers: int) -> None:
    count = len(ballots)
    with Cores(workers) as cores:
        verdicts = false_ballots(world.manifest, ballots, cores=cores)
        if any(token or signature for token, signature in verdicts):
            raise SystemExit("a ballot of the benchmark does not verify")
        key = world.tellers[0]
        factors = {0: factors_of(world.manifest, ballots, teller=0, key=key, cores=cores)}
        openings = open_boxes(
            world.manifest, ballots, factors=factors, drawn=[count, count], cores=cores
        )
    canvass(world.manifest, [SlipCount(count, count, count, 0)] * 2, openings)


def _reference(
    manifest: Manifest, key: bytes, clock: Clock, ballots: Sequence[CastBallot]
) -> list[float]:
    """The seconds of OpenSSL's part of it, everything being loaded."""
    moduli = [tokens.token_key(box.token_keys[0]).verifier for box in manifest.boxes]
    prepared = [
        (
            moduli[b.box],
            b.tokens[0].signature,
            b.tokens[0].prefix + tokens.message(manifest, b.box, b.key),
            Ed25519PublicKey.from_public_bytes(b.key),
            b.signature,
            signed_part(manifest, box=b.box, ballot_tokens=b.tokens, sealed=b.sealed),
            X25519PublicKey.from_public_bytes(b.sealed[:32]),
        )
        for b in ballots
    ]
    private, digest = X25519PrivateKey.from_private_bytes(key), hashes.SHA384()
    start = clock()
    for token_key, token, message, ballot_key, signature, part, share in prepared:
        token_key.verify(token, message, _PSS, digest)
        ballot_key.verify(signature, part)
        private.exchange(share)
    return [clock() - start]


def _ballots(world: World) -> list[CastBallot]:
    """Valid ballots; their tokens are signed by OpenSSL in the open, which no verifier can tell."""
    rng, manifest = source(1), world.manifest
    signers = [
        cast("RSAPrivateKey", serialization.load_der_private_key(key.to_der(), None))
        for (key,) in world.token_keys
    ]
    found = []
    for number in range(BALLOTS):
        box, key = BoxNumber(number % 2), Ed25519PrivateKey.from_private_bytes(rng(32))
        message = tokens.message(manifest, box, key.public_key().public_bytes_raw())
        prefix = rng(32)
        token = Token(prefix, signers[box].sign(prefix + message, _PSS, hashes.SHA384()))
        plain = encode_ballot(Ballot(rng(16), tuple(byte % 6 for byte in rng(3))))
        sealed = seal(plain, manifest=manifest, box=box, rng=rng)
        found.append(sign_ballot(manifest, box=box, key=key, ballot_tokens=(token,), sealed=sealed))
    return found


def _timed(work: Callable[[], object], clock: Clock) -> float:
    start = clock()
    work()
    return clock() - start
