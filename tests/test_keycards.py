"""Key cards (docs/protocol.md §4.13), read once more from the specification, `cryptography` alone.

The vectors in tests/vectors/keycards.json are what these functions make, and frontend/tests runs
the page's code against the same file: both cannot be wrong in the same way unnoticed. Only pages
make and read cards; the service never sees one. `python -m tests.test_keycards` writes the file.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

FILE = Path(__file__).parent / "vectors" / "keycards.json"
BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CASES = (
    ("plain letters", "k3m9x7q2wp", (0, 3, 2), 1, "correct horse"),
    ("Chinese", "k3m9x7q2wp", (1, 2, 1), 2, "向阳社区第三支部的钥匙"),
    ("full width is the same as half", "0000000000", (8, 9, 9), 3, "Ａｂｃ１２３４５"),
)


def card(session: str, terms: tuple[int, int, int], private: bytes, passphrase: str) -> bytes:
    """82 bytes: version, terms (teller, tellers, quorum), public key, sealed private key."""
    teller, tellers, quorum = terms
    public = X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
    head = bytes([1 << 4 | tellers, teller << 4 | quorum]) + public
    text = unicodedata.normalize("NFKC", passphrase).encode()
    key = Scrypt(salt=public, length=32, n=2**15, r=8, p=1).derive(text)
    bound = f"appraisal/1 key card\0{session}\0".encode() + head
    return head + ChaCha20Poly1305(key).encrypt(bytes(12), private, bound)


def base32(data: bytes) -> str:
    """Crockford's, most significant bit first, the last symbol filled with zero bits."""
    bits = "".join(f"{byte:08b}" for byte in data)
    bits += "0" * (-len(bits) % 5)
    return "".join(BASE32[int(bits[at : at + 5], 2)] for at in range(0, len(bits), 5))


def lines(symbols: str, secret: str) -> list[str]:
    """Six lines of 22 symbols, one of the link's 26, each with its check symbol."""
    parts = [*(symbols[at : at + 22] for at in range(0, 132, 22)), secret]
    return [checked(part, number) for number, part in enumerate(parts, 1)]


def checked(symbols: str, number: int) -> str:
    """A line of this number with its check symbol."""
    digest = hashlib.sha256(bytes([number]) + symbols.encode()).digest()
    return symbols + BASE32[digest[0] & 31]


def vectors() -> list[dict[str, object]]:
    """One card a case; private keys are not clamped, RFC 7748 does that in use."""
    made = []
    for comment, session, terms, seed, passphrase in CASES:
        private = hashlib.sha256(bytes([seed])).digest()
        symbols = base32(card(session, terms, private, passphrase))
        secret = base32(hashlib.sha256(private).digest()[:16])
        made.append(
            {
                "comment": comment,
                "session": session,
                **dict(zip(("teller", "tellers", "quorum"), terms, strict=True)),
                "privateKey": private.hex(),
                "passphrase": passphrase,
                "card": symbols,
                "secret": secret,
                "lines": lines(symbols, secret),
            }
        )
    return made


def written() -> str:
    return json.dumps(vectors(), ensure_ascii=False, indent=1) + "\n"


def test_the_vectors_are_what_the_specification_says() -> None:
    assert FILE.read_text(encoding="utf-8") == written()


def test_lengths_are_those_of_the_specification() -> None:
    for vector in vectors():
        assert len(str(vector["card"])) == 132
        written_lines = lines(str(vector["card"]), str(vector["secret"]))
        assert [len(line) for line in written_lines] == [23] * 6 + [27]


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
