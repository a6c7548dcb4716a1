"""The voter's side of steps 3 to 5, as the phone does it: draw, fill in, cast.

Used by the rehearsal, the tests and the benchmarks; the phone has its own in `frontend/`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from appraisal.ballots import blind_rsa, tokens
from appraisal.ballots.ballot import TRACKER_SIZE, Ballot, encode_ballot
from appraisal.ballots.cast import CastBallot, sign_ballot
from appraisal.ballots.comment import encode_comment
from appraisal.ballots.rsa_pss import PREFIX_SIZE
from appraisal.ballots.sealing import seal
from appraisal.ballots.slips import SlipCode, class_of, credential
from appraisal.ballots.tokens import DrawRequest, Token
from appraisal.manifest import BoxNumber, Manifest


@dataclass(frozen=True)
class _Blinding:
    """One token on its way: the message as prepared for a signer, and blinded."""

    prepared: bytes
    blinded: blind_rsa.Blinded


@dataclass(frozen=True)
class _Blank:
    """One ballot key on its way to its tokens, one a signer."""

    box: BoxNumber
    key: Ed25519PrivateKey
    blindings: tuple[_Blinding, ...]


@dataclass(frozen=True)
class Drawing:
    """What a voter keeps between asking for tokens and getting them."""

    manifest: Manifest
    slip: SlipCode
    blanks: tuple[_Blank, ...]

    @property
    def request(self) -> DrawRequest:
        """The draw request to the registrar, the first signer."""
        return self.requests[0]

    @property
    def requests(self) -> tuple[DrawRequest, ...]:
        """The draw requests, one a signer, each with that signer's credential."""
        session = self.manifest.session
        return tuple(
            DrawRequest(
                credential(self.slip, session=session, signer=signer),
                tuple(blank.blindings[signer].blinded.message for blank in self.blanks),
            )
            for signer in range(len(self.manifest.signers))
        )


@dataclass(frozen=True)
class BlankBallot:
    """A ballot key with a token of every signer: the right to one anonymous ballot in one box."""

    box: BoxNumber
    key: Ed25519PrivateKey
    tokens: tuple[Token, ...]


def start_drawing(manifest: Manifest, slip: SlipCode, *, rng: Callable[[int], bytes]) -> Drawing:
    """Step 3: a fresh ballot key per box of the slip's class, blinded once for each signer."""
    return Drawing(
        manifest,
        slip,
        tuple(_blank(manifest, box, rng) for box in manifest.boxes_of_class(class_of(slip))),
    )


def _blank(manifest: Manifest, box: BoxNumber, rng: Callable[[int], bytes]) -> _Blank:
    key = Ed25519PrivateKey.from_private_bytes(rng(32))
    message = tokens.message(manifest, box, key.public_key().public_bytes_raw())
    blindings = []
    for modulus in manifest.boxes[box].token_keys:
        prepared = blind_rsa.prepare(message, rng=rng)
        blinded = blind_rsa.blind(tokens.token_key(modulus), prepared, rng=rng)
        blindings.append(_Blinding(prepared, blinded))
    return _Blank(box, key, tuple(blindings))


def finish_drawing(drawing: Drawing, *signatures: Sequence[bytes]) -> tuple[BlankBallot, ...]:
    """Step 3, the answers: unblinds and verifies every token; `CryptoError` if one is false.

    `signatures` are one signer's answer each, in order of signer.
    """
    return tuple(
        BlankBallot(
            blank.box,
            blank.key,
            tuple(
                _token(modulus, blinding, blind_signature)
                for modulus, blinding, blind_signature in zip(
                    drawing.manifest.boxes[blank.box].token_keys,
                    blank.blindings,
                    answers,
                    strict=True,
                )
            ),
        )
        for blank, *answers in zip(drawing.blanks, *signatures, strict=True)
    )


def _token(modulus: bytes, blinding: _Blinding, blind_signature: bytes) -> Token:
    signature = blind_rsa.finalize(
        tokens.token_key(modulus), blinding.prepared, blind_signature, blinding.blinded.inverse
    )
    return Token(blinding.prepared[:PREFIX_SIZE], signature)


def fill_in(
    manifest: Manifest,
    blanks: Sequence[BlankBallot],
    answers: Sequence[Sequence[int]],
    *,
    rng: Callable[[int], bytes],
    comment: str = "",
) -> tuple[CastBallot, ...]:
    """Steps 4 and 5: the sealed, signed ballots, one contest's answers each, and the comment."""
    plain = [encode_ballot(Ballot(rng(TRACKER_SIZE), tuple(choice))) for choice in answers]
    if manifest.comments is not None:
        plain.append(encode_comment(comment, length=manifest.comments.length))
    return tuple(
        sign_ballot(
            manifest,
            box=blank.box,
            key=blank.key,
            ballot_tokens=blank.tokens,
            sealed=seal(
                data,
                manifest=manifest,
                box=blank.box,
                rng=rng,
            ),
        )
        for blank, data in zip(blanks, plain, strict=True)
    )
