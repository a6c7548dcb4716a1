"""Tellers who follow the protocol, for tests: their keys stay with them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from appraisal.ballots import key_check
from appraisal.encoding import b64encode
from appraisal.manifest import Manifest, SessionId
from appraisal.steps import tellers
from appraisal.steps.service import Service
from appraisal.tally.opening import factors_of


@dataclass(frozen=True)
class KeyCard:
    """A teller with a link and a key of their own."""

    service: Service
    session: SessionId
    number: int
    secret: str
    key: X25519PrivateKey

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes_raw()

    def asked(self, **other: str) -> bytes:
        """The body of a request for a key check."""
        return json.dumps({"secret": self.secret, "key": b64encode(self.public)} | other).encode()

    def answered(self, challenge: bytes, **other: str) -> bytes:
        """The body that hands the key in."""
        answer = key_check.open_challenge(
            challenge, session=self.session, teller=self.number, key=self.key
        )
        return self.asked(**{"answer": b64encode(answer)} | other)

    def hand_in_key(self) -> int:
        challenge = tellers.challenge(self.service, self.session, self.asked())
        return tellers.hand_in_key(self.service, self.session, self.answered(challenge))

    def factors(self, manifest: Manifest) -> tuple[bytes, ...]:
        """What the browser works out of the closed session's ballots, by leaf hash."""
        ballots = self.service.box.ballots(self.session)
        return factors_of(manifest, ballots, teller=self.number, key=self.key)

    def handing_in(self, factors: Sequence[bytes]) -> bytes:
        """The body that hands factors in."""
        texts = [b64encode(factor) if factor else "" for factor in factors]
        return json.dumps({"secret": self.secret, "factors": texts}).encode()

    def hand_in_factors(self, manifest: Manifest) -> tuple[int, int]:
        body = self.handing_in(self.factors(manifest))
        return tellers.hand_in_factors(self.service, self.session, body)


def invited(service: Service, session: SessionId, number: int) -> KeyCard:
    secret = tellers.invite(service, session, number)
    return KeyCard(service, session, number, secret, X25519PrivateKey.generate())


def with_keys(service: Service, session: SessionId) -> tuple[KeyCard, ...]:
    """All tellers of a draft, their keys handed in."""
    cards = tuple(
        invited(service, session, status.number) for status in tellers.statuses(service, session)
    )
    for card in cards:
        card.hand_in_key()
    return cards
