"""Tellers who follow the protocol, for tests: their keys stay with them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from appraisal.ballots import key_check
from appraisal.encoding import b64encode
from appraisal.manifest import Manifest, SessionId
from appraisal.steps import setup, tellers
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
    tellers: int
    quorum: int

    @property
    def terms(self) -> dict[str, int]:
        """What the card says of how many there are, and how many open."""
        return {"tellers": self.tellers, "quorum": self.quorum}

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes_raw()

    def made_anew(self) -> KeyCard:
        """A card of the same link and key for what the draft says now."""
        draft = setup.draft_of(self.service, self.session)
        return replace(self, tellers=len(draft.tellers), quorum=draft.quorum)

    def asked(self, **other: str | int) -> bytes:
        """The body of a request for a key check."""
        return json.dumps({"secret": self.secret, "key": b64encode(self.public)} | other).encode()

    def answered(self, challenge: bytes, **other: str | int) -> bytes:
        """The body that hands the key in."""
        answer = key_check.open_challenge(
            challenge, session=self.session, teller=self.number, key=self.key
        )
        return self.asked(**self.terms | {"answer": b64encode(answer)} | other)

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
    draft, key = setup.draft_of(service, session), X25519PrivateKey.generate()
    return KeyCard(service, session, number, secret, key, len(draft.tellers), draft.quorum)


def with_keys(service: Service, session: SessionId) -> tuple[KeyCard, ...]:
    """All tellers of a draft, their keys handed in."""
    cards = tuple(
        invited(service, session, status.number) for status in tellers.statuses(service, session)
    )
    for card in cards:
        card.hand_in_key()
    return cards
