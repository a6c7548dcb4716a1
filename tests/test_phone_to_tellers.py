"""What a phone's own code seals, the product's own code admits and a quorum of tellers opens."""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any

import pytest

from appraisal.ballots import blind_rsa, sealing
from appraisal.ballots.ballot import decode_ballot
from appraisal.ballots.cast import CastBallot, decode_cast, verify_signature, verify_tokens
from appraisal.encoding import b64decode, b64encode
from appraisal.errors import AppraisalError
from tests.live import ROOT
from tests.world import World, make_world

NODE = ROOT / ".venv" / "bin" / "node"


def cast_by_a_phone(world: World) -> tuple[tuple[CastBallot, ...], dict[str, Any]]:
    """The ballots of a phone that drew from every signer, as the box admits them."""
    boxes = world.manifest.boxes_of_class(0)
    with subprocess.Popen(
        [NODE, "frontend/tests/interop.ts"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as phone:
        assert phone.stdin is not None
        assert phone.stdout is not None
        phone.stdin.write(world.manifest.encoded.decode() + "\n")
        phone.stdin.flush()
        answers = [
            {
                "signatures": [
                    b64encode(
                        blind_rsa.blind_sign(
                            world.token_keys[box][signer], b64decode(blinded), rng=os.urandom
                        )
                    )
                    for box, blinded in zip(boxes, draw["blinded"], strict=True)
                ]
            }
            for signer, draw in enumerate(json.loads(phone.stdout.readline()))
        ]
        phone.stdin.write(json.dumps(answers) + "\n")
        phone.stdin.flush()
        told: dict[str, Any] = json.loads(phone.stdout.readline())
    body = json.dumps({"ballots": told["ballots"]}).encode()
    return decode_cast(body, world.manifest), told


@pytest.mark.parametrize(
    ("quorum", "tellers", "signers"), [(1, 1, 1), (2, 3, 1), (2, 3, 2), (5, 9, 2)]
)
def test_a_phones_ballots_are_admitted_and_opened(quorum: int, tellers: int, signers: int) -> None:
    world = make_world(quorum=quorum, tellers=tellers, signers=signers)
    ballots, told = cast_by_a_phone(world)
    assert len(ballots) == 2
    for ballot, tracker in zip(ballots, told["trackers"], strict=True):
        verify_tokens(ballot, world.manifest)
        verify_signature(ballot, world.manifest)
        factors = {
            number: sealing.factor(ballot.sealed, teller=number, key=world.tellers[number])
            for number in range(tellers)
        }
        for chosen in (range(quorum), range(tellers - quorum, tellers)):
            opened = sealing.unseal(
                ballot.sealed,
                manifest=world.manifest,
                box=ballot.box,
                factors={number: factors[number] for number in chosen},
            )
            content = decode_ballot(opened, world.manifest.form_of(ballot.box))
            assert (content.tracker.hex(), content.answers) == (tracker, (0, 1, 2))


def test_one_teller_fewer_opens_nothing() -> None:
    world = make_world(quorum=5, tellers=9)
    (ballot, _), _ = cast_by_a_phone(world)
    few = {
        number: sealing.factor(ballot.sealed, teller=number, key=world.tellers[number])
        for number in range(4)
    }
    with pytest.raises(AppraisalError):
        sealing.unseal(ballot.sealed, manifest=world.manifest, box=ballot.box, factors=few)
