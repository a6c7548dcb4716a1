"""A small voting session with all its keys, for the tests of the pure core: no store, no server."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from appraisal.ballot_form import Instrument, Option, Question, QuestionKind, SubjectKind, Text
from appraisal.ballots import blind_rsa, slips, voter
from appraisal.ballots.blind_rsa import PrivateKey
from appraisal.ballots.cast import CastBallot
from appraisal.ballots.sealing import factor
from appraisal.counting_rules import (
    BelowFloor,
    Denominator,
    EmptyBallot,
    EmptyClass,
    Percentages,
    Publication,
    Rules,
    Threshold,
    Ties,
)
from appraisal.manifest import (
    BoardKey,
    Box,
    Contest,
    Manifest,
    Opening,
    Period,
    SessionId,
    Signer,
    Subject,
    Teller,
    VoterClass,
    Witness,
)
from appraisal.tally.opening import factors_of

SESSION = SessionId("k3m9x7q2wp")


def source(seed: int) -> Callable[[int], bytes]:
    """Bytes that repeat with the seed."""
    return random.Random(seed).randbytes


def text(zh: str) -> Text:
    return Text(zh, zh)


def question(zh: str, *grades: str) -> Question:
    points = (100, 80, 60, 40)
    scale = tuple(
        Option(text(name), points=points[i], positive=i < 2, negative=i == 3)
        for i, name in enumerate(grades[:4])
    )
    unknown = Option(text("不了解"), positive=False, negative=False)
    return Question(QuestionKind.GRADES, text(zh), required=True, options=(*scale, unknown))


THREE_QUESTIONS = Instrument(
    "three-key-questions",
    text("三项主要内容"),
    (
        question("党性观念强不强", "强", "较强", "一般", "不强"),
        question("联系服务群众够不够", "够", "较够", "一般", "不够"),
        question("发挥先锋模范作用明显不明显", "明显", "较明显", "一般", "不明显"),
    ),
    limits=(),
)


USUAL = Rules(
    floor=5,
    below_floor=BelowFloor.WITHHOLD,
    empty_class=EmptyClass.RENORMALISE,
    empty_ballot=EmptyBallot.VALID,
    denominator=Denominator.ANSWERS,
    percentages=Percentages.LARGEST_REMAINDER,
    decimals=2,
    trim=0,
    attendance=None,
    turnout=Threshold((1, 2), over=False),
    positive=Threshold((2, 3), over=False),
    negative=None,
    quota=1,
    quota_organisations=None,
    ties=Ties.OPEN,
    members=0,
    self_appraisal=True,
    publication=Publication.PUBLIC,
    award="群众心目中的好党员",
)
"""The rules of a session in tests unless a test says otherwise."""


@cache
def _token_keys() -> tuple[PrivateKey, ...]:
    return tuple(PrivateKey.generate() for _ in range(8))


@dataclass(frozen=True)
class World:
    """A manifest and the private halves of its keys."""

    manifest: Manifest
    token_keys: tuple[tuple[PrivateKey, ...], ...]
    """One a signer, for each box."""
    tellers: tuple[X25519PrivateKey, ...]
    board_key: Ed25519PrivateKey
    signer_keys: tuple[Ed25519PrivateKey, ...] = ()
    """Of the further signers."""
    witness_keys: tuple[Ed25519PrivateKey, ...] = ()

    def draw(self, voter_class: int, rng: Callable[[int], bytes]) -> tuple[voter.BlankBallot, ...]:
        """Step 3 for a fresh slip."""
        code = slips.new_code(voter_class, rng=rng)
        drawing = voter.start_drawing(self.manifest, code, rng=rng)
        boxes = self.manifest.boxes_of_class(voter_class)
        answers = [
            [
                blind_rsa.blind_sign(self.token_keys[box][signer], blinded, rng=rng)
                for box, blinded in zip(boxes, request.blinded, strict=True)
            ]
            for signer, request in enumerate(drawing.requests)
        ]
        return voter.finish_drawing(drawing, *answers)

    def vote(
        self, voter_class: int, answers: Sequence[Sequence[int]], rng: Callable[[int], bytes]
    ) -> tuple[CastBallot, ...]:
        """Steps 3 to 5: the ballots a voter of this class would cast."""
        return voter.fill_in(self.manifest, self.draw(voter_class, rng), answers, rng=rng)

    def factors(self, ballots: Sequence[CastBallot], *numbers: int) -> dict[int, tuple[bytes, ...]]:
        """What tellers of these numbers, or all, hand in for a session's ballots."""
        return {
            number: factors_of(self.manifest, ballots, teller=number, key=self.tellers[number])
            for number in numbers or range(len(self.tellers))
        }

    def factors_for(self, ballot: CastBallot, *numbers: int) -> dict[int, bytes]:
        """What these tellers make for one ballot."""
        return {n: factor(ballot.sealed, teller=n, key=self.tellers[n]) for n in numbers}


def make_world(
    *,
    subjects: int = 2,
    tellers: int = 1,
    quorum: int = 1,
    signers: int = 1,
    witnesses: int = 0,
    **rules: Any,
) -> World:
    """A session of one branch and its members, two classes 60 : 40, floor 5."""
    pool = iter(_token_keys())
    keys = tuple(tuple(next(pool) for _ in range(signers)) for _ in range(subjects * 2))
    signer_keys = tuple(Ed25519PrivateKey.generate() for _ in range(1, signers))
    witness_keys = tuple(Ed25519PrivateKey.generate() for _ in range(witnesses))
    opening_keys = tuple(X25519PrivateKey.generate() for _ in range(tellers))
    board_key = Ed25519PrivateKey.generate()
    people = [Subject(SubjectKind.PERSON, f"党员{i}", "") for i in range(1, subjects)]
    manifest = Manifest(
        session=SESSION,
        title="2010年党员民主评议",
        organisation="中共和平里街道东河沿社区支部委员会",
        sector="街道社区",
        period=Period("2010-04-07", "2010-12-31", "党员作风建设年"),
        frozen="2010-06-20",
        demonstration=False,
        instruments=(THREE_QUESTIONS,),
        subjects=(Subject(SubjectKind.ORGANISATION, "东河沿社区党支部", ""), *people),
        contests=tuple(Contest((i,), 0) for i in range(subjects)),
        classes=(VoterClass(text("党员"), 24, 24, 60), VoterClass(text("群众"), 16, 16, 40)),
        boxes=tuple(
            Box(i // 2, i % 2, tuple(key.public.to_bytes() for key in own))
            for i, own in enumerate(keys)
        ),
        signers=(
            Signer("registrar"),
            *(
                Signer(
                    f"签发方{i}",
                    key.public_key().public_bytes_raw(),
                    f"https://signer{i}.example.org",
                )
                for i, key in enumerate(signer_keys, start=2)
            ),
        ),
        opening=Opening(
            custodian=tellers == 1,
            quorum=quorum,
            publish_factors=False,
            tellers=tuple(
                Teller(f"监票人{i + 1}", key.public_key().public_bytes_raw())
                for i, key in enumerate(opening_keys)
            ),
        ),
        witnesses=tuple(
            Witness(f"witness{i}.example.org", key.public_key().public_bytes_raw())
            for i, key in enumerate(witness_keys, start=1)
        ),
        rules=replace(USUAL, **rules),
        board=BoardKey("example.org/b/k3m9x7q2wp", board_key.public_key().public_bytes_raw()),
    )
    return World(manifest, keys, opening_keys, board_key, signer_keys, witness_keys)
