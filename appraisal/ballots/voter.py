"""The voter's side of steps 3 to 5, as the phone does it: draw, fill in, cast.

Used by the rehearsal, the tests and the benchmarks; the phone has its own in `frontend/`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from appraisal.ballots import blind_rsa, tokens
from appraisal.ballots.ballot import TRACKER_SIZE, Ballot, encode_ballot
from appraisal.ballots.blind_rsa import PREFIX_SIZE
from appraisal.ballots.cast import CastBallot, sign_ballot
from appraisal.ballots.sealing import seal
from appraisal.ballots.slips import SlipCode, class_of
from appraisal.ballots.tokens import DrawRequest, Token
from appraisal.manifest import BoxNumber, Manifest


@dataclass(frozen=True)
class _Blank:
    """One ballot key on its way to a token."""

    box: BoxNumber
    key: Ed25519PrivateKey
    prepared: bytes
    blinded: blind_rsa.Blinded


@dataclass(frozen=True)
class Drawing:
    """What a voter keeps between asking for tokens and getting them."""

    manifest: Manifest
    slip: SlipCode
    blanks: tuple[_Blank, ...]

    @property
    def request(self) -> DrawRequest:
        """The draw request."""
        return DrawRequest(self.slip, tuple(blank.blinded.message for blank in self.blanks))


@dataclass(frozen=True)
class BlankBallot:
    """A ballot key with its token: the right to one anonymous ballot in one box."""

    box: BoxNumber
    key: Ed25519PrivateKey
    token: Token


def start_drawing(manifest: Manifest, slip: SlipCode, *, rng: Callable[[int], bytes]) -> Drawing:
    """Step 3: a fresh ballot key per box of the slip's class, blinded."""
    return Drawing(
        manifest,
        slip,
        tuple(_blank(manifest, box, rng) for box in manifest.boxes_of_class(class_of(slip))),
    )


def _blank(manifest: Manifest, box: BoxNumber, rng: Callable[[int], bytes]) -> _Blank:
    key = Ed25519PrivateKey.from_private_bytes(rng(32))
    message = tokens.message(manifest, box, key.public_key().public_bytes_raw())
    prepared = blind_rsa.prepare(message, rng=rng)
    public = tokens.token_key(manifest.boxes[box].token_keys[0])
    return _Blank(box, key, prepared, blind_rsa.blind(public, prepared, rng=rng))


def finish_drawing(drawing: Drawing, signatures: Sequence[bytes]) -> tuple[BlankBallot, ...]:
    """Step 3, the answer: unblinds and verifies every token; `CryptoError` if one is false."""
    found = []
    for blank, blind_signature in zip(drawing.blanks, signatures, strict=True):
        public = tokens.token_key(drawing.manifest.boxes[blank.box].token_keys[0])
        signature = blind_rsa.finalize(
            public, blank.prepared, blind_signature, blank.blinded.inverse
        )
        found.append(
            BlankBallot(blank.box, blank.key, Token(blank.prepared[:PREFIX_SIZE], signature))
        )
    return tuple(found)


def fill_in(
    manifest: Manifest,
    blanks: Sequence[BlankBallot],
    answers: Sequence[Sequence[int]],
    *,
    rng: Callable[[int], bytes],
) -> tuple[CastBallot, ...]:
    """Steps 4 and 5: the sealed, signed ballots, one contest's answers each."""
    return tuple(
        sign_ballot(
            manifest,
            box=blank.box,
            key=blank.key,
            ballot_tokens=(blank.token,),
            sealed=seal(
                encode_ballot(Ballot(rng(TRACKER_SIZE), tuple(choice))),
                manifest=manifest,
                box=blank.box,
                rng=rng,
            ),
        )
        for blank, choice in zip(blanks, answers, strict=True)
    )
