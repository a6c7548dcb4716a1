"""The pages' own tests, run by Node; and that what a phone makes is what Python's libraries open.

The second half knows nothing of this project's Python: it is docs/protocol.md read once more with
`cryptography` alone, so that client and service cannot be wrong in the same way unnoticed.
"""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
from collections.abc import Iterator
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa, x25519
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

ROOT = Path(__file__).parent.parent
NODE = ROOT / ".venv" / "bin" / "node"
SESSION = "k3m9x7q2wp"
CODE = "07XK9M4TQWE2H8PAZR5DN"
COMMENT = 30


def test_node_tests() -> None:
    """frontend/tests/*.test.ts under Node's own test runner."""
    files = sorted(str(path) for path in (ROOT / "frontend" / "tests").glob("*.test.ts"))
    run = subprocess.run(
        [NODE, "--test", "--test-reporter=spec", *files],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert files
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]


def test_types() -> None:
    """TypeScript agrees; with it, that both languages have the same sentences."""
    run = subprocess.run(
        [NODE, "node_modules/typescript/bin/tsc", "--noEmit", "-p", "frontend/tsconfig.json"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize(
    ("quorum", "tellers", "signers"), [(1, 1, 1), (1, 3, 1), (2, 3, 2), (3, 3, 1), (5, 9, 3)]
)
def test_what_a_phone_makes_opens_here(quorum: int, tellers: int, signers: int) -> None:
    token_keys = [[_token_key() for _ in range(signers)] for _ in range(3)]
    teller_keys = [x25519.X25519PrivateKey.generate() for _ in range(tellers)]
    manifest = rfc8785.dumps(_manifest(token_keys, teller_keys, quorum))
    digest = hashlib.sha256(manifest).digest()

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
        phone.stdin.write(manifest.decode() + "\n")
        phone.stdin.flush()
        draws = json.loads(phone.stdout.readline())
        answers = [
            {
                "signatures": [
                    _b64(_raw(keys[signer], base64.b64decode(blinded)))
                    for keys, blinded in zip(token_keys, draw["blinded"], strict=True)
                ]
            }
            for signer, draw in enumerate(draws)
        ]
        phone.stdin.write(json.dumps(answers) + "\n")
        phone.stdin.flush()
        cast = json.loads(phone.stdout.readline())

    shown = [draw["slip"] for draw in draws]
    assert shown == [_credential(signer) for signer in range(signers)]
    assert cast["slipHashes"] == [
        _hash(f"appraisal/1 slip\0{SESSION}\0{credential}".encode()) for credential in shown
    ]
    for box, text in enumerate(cast["ballots"]):
        entry = base64.b64decode(text)
        assert cast["leafHashes"][box] == _hash(b"\0" + entry)
        plain = _plain(cast, box)
        # 503 with one signer and one teller for a ballot of three questions (§4.7)
        assert len(entry) == 483 + len(plain) + 288 * (signers - 1) + 80 * (tellers - 1)
        assert entry[:3] == bytes([4, 0, box])
        key, rest, signature = entry[3:35], entry[35:-64], entry[-64:]
        tokens, sealed = rest[: 288 * signers], rest[288 * signers :]

        for signer, token_key in enumerate(token_keys[box]):
            token = tokens[288 * signer : 288 * signer + 288]
            token_key.public_key().verify(
                token[32:],
                token[:32] + _binding("token", digest, box) + key,
                padding.PSS(padding.MGF1(hashes.SHA384()), 48),
                hashes.SHA384(),
            )
        ballot_key = ed25519.Ed25519PublicKey.from_public_bytes(key)
        ballot_key.verify(signature, _binding("ballot", digest, box) + tokens + sealed)

        suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
        shares = {
            teller + 1: suite.decrypt(
                sealed[80 * teller : 80 * teller + 80],
                private,
                info=_binding("share", digest, box) + bytes([teller]),
            )
            for teller, private in enumerate(teller_keys)
        }
        quorate = dict(list(shares.items())[-quorum:])
        content = ChaCha20Poly1305(_combine(quorate)).decrypt(
            bytes(12), sealed[80 * tellers :], _binding("content", digest, box)
        )
        assert content == plain


def _plain(cast: dict[str, Any], box: int) -> bytes:
    """What the phone was told to fill in: two ballots (§4.5), then a comment (§4.14)."""
    if box < len(cast["trackers"]):
        return b"\x01" + bytes.fromhex(cast["trackers"][box]) + bytes([0, 1, 2])
    written = "谢谢".encode()
    return b"\x02" + len(written).to_bytes(2, "big") + written.ljust(COMMENT, b"\0")


def _manifest(
    token_keys: list[list[rsa.RSAPrivateKey]], tellers: list[x25519.X25519PrivateKey], quorum: int
) -> dict[str, Any]:
    grades = [
        {"text": {"zh": f"等次{g}", "en": f"Grade {g}"}, "points": 100 - g, "positive": g < 2}
        for g in range(4)
    ]
    questions = [
        {
            "kind": "grades",
            "text": {"zh": f"题{q}", "en": f"Q{q}"},
            "required": True,
            "options": grades,
        }
        for q in range(3)
    ]
    form = {"id": "i", "title": {"zh": "表", "en": "I"}, "questions": questions, "limits": []}
    return {
        "format": "appraisal-manifest/1",
        "session": SESSION,
        "instruments": [form],
        "subjects": [
            {"kind": "person", "name": f"张{i}", "post": "党员", "commitment": ""} for i in range(2)
        ],
        "contests": [{"subjects": [i], "instrument": 0} for i in range(2)],
        "classes": [{"name": {"zh": "党员", "en": "Members"}, "slips": 9, "weight": 100}],
        "boxes": [
            {
                "contest": i,
                "class": 0,
                "token_keys": [
                    _b64(key.public_key().public_numbers().n.to_bytes(256, "big")) for key in keys
                ],
            }
            for i, keys in enumerate(token_keys)
        ],
        "signers": [
            {"name": "registrar"},
            *(
                {"name": f"签发方{i}", "key": _b64(bytes(32)), "url": f"https://s{i}.example.org"}
                for i in range(1, len(token_keys[0]))
            ),
        ],
        "opening": {
            "custodian": False,
            "quorum": quorum,
            "publish_factors": False,
            "tellers": [
                {"name": f"t{i}", "key": _b64(key.public_key().public_bytes_raw())}
                for i, key in enumerate(tellers)
            ],
        },
        "witnesses": [],
        "rules": {"empty_ballot": "valid", "members": 0, "self_appraisal": True},
        "comments": {"text": {"zh": "意见", "en": "C"}, "length": COMMENT, "readers": ["张"]},
        "board": {"origin": f"example.org/b/{SESSION}", "key": _b64(b"\1" * 32)},
    }


@cache
def _token_keys() -> Iterator[rsa.RSAPrivateKey]:
    """A few keys for all tests, in turn: making one takes a while."""
    return cycle([rsa.generate_private_key(65537, 2048) for _ in range(4)])


def _token_key() -> rsa.RSAPrivateKey:
    return next(_token_keys())


def _credential(signer: int) -> str:
    """§4.2, base32 by arithmetic."""
    bound = f"appraisal/1 credential\0{SESSION}\0".encode() + bytes([signer]) + CODE.encode()
    number = int.from_bytes(hashlib.sha256(bound).digest(), "big")
    symbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    return CODE[0] + "".join(symbols[number >> (256 - 5 * i) & 31] for i in range(1, 21))


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _binding(use: str, manifest_hash: bytes, box: int) -> bytes:
    return f"appraisal/1 {use}\0".encode() + manifest_hash + box.to_bytes(2, "big")


def _raw(key: rsa.RSAPrivateKey, blinded: bytes) -> bytes:
    """RSASP1 of RFC 8017, as plainly as it can be said."""
    numbers = key.private_numbers()
    signed = pow(int.from_bytes(blinded, "big"), numbers.d, numbers.public_numbers.n)
    return signed.to_bytes(256, "big")


def _combine(shares: dict[int, bytes]) -> bytes:
    """Lagrange's interpolation at 0 over GF(2^8)."""

    def times(a: int, b: int) -> int:
        product = 0
        while b:
            product ^= a * (b & 1)
            a = a << 1 ^ (0x11B if a & 0x80 else 0)
            b >>= 1
        return product

    inverse = {a: b for a in range(1, 256) for b in range(1, 256) if times(a, b) == 1}
    key = bytearray(32)
    for x, share in shares.items():
        weight = 1
        for other in shares.keys() - {x}:
            weight = times(weight, times(other, inverse[x ^ other]))
        for i, y in enumerate(share):
            key[i] ^= times(weight, y)
    return bytes(key)
