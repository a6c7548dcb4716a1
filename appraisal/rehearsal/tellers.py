"""The tellers of a rehearsal: each has a key that nobody else sees (protocol §4.13).

They do over HTTP what a teller's browser does, from the key check to the decryption factors.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from appraisal.ballots import board, key_check
from appraisal.ballots.cast import CastBallot
from appraisal.encoding import b64decode, b64encode
from appraisal.manifest import Manifest, SessionId
from appraisal.rehearsal.booth import Booth
from appraisal.tally.opening import factors_of


@dataclass(frozen=True)
class KeyHolder:
    """A teller with the secret of a link, and the key made on opening it."""

    session: SessionId
    number: int
    secret: str
    key: X25519PrivateKey

    def hand_in_key(self, booth: Booth) -> None:
        """Passes the key check, so that the session can be frozen."""
        asked = {"secret": self.secret, "key": b64encode(self.key.public_key().public_bytes_raw())}
        answer = booth.post(f"/t/{self.session}/challenge", _json(asked))
        opened = key_check.open_challenge(
            b64decode(cast("str", answer["challenge"])),
            session=self.session,
            teller=self.number,
            key=self.key,
        )
        handed = asked | {"answer": b64encode(opened)} | booth.terms(self.session)
        booth.post(f"/t/{self.session}/key", _json(handed))

    def hand_in_factors(self, booth: Booth, manifest: Manifest) -> None:
        """Opens this teller's share of every ballot on the closed board that is to be opened."""
        found = (board.decode(entry, manifest) for entry in booth.board(self.session))
        ballots = tuple(entry for entry in found if isinstance(entry, CastBallot))
        factors = factors_of(manifest, ballots, teller=self.number, key=self.key)
        texts = [b64encode(factor) if factor else "" for factor in factors]
        body = _json({"secret": self.secret, "factors": texts})
        booth.post(f"/t/{self.session}/factors", body)


def holders(booth: Booth, session: SessionId, secrets: Sequence[str]) -> tuple[KeyHolder, ...]:
    """Every teller of a draft, the key made and handed in; `secrets` in order of teller."""
    found = tuple(
        KeyHolder(session, number, secret, X25519PrivateKey.from_private_bytes(os.urandom(32)))
        for number, secret in enumerate(secrets)
    )
    for holder in found:
        holder.hand_in_key(booth)
    return found


def _json(value: object) -> bytes:
    return json.dumps(value).encode()
