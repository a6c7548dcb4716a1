import assert from "node:assert/strict";
import { test } from "node:test";
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { x25519 } from "@noble/curves/ed25519.js";
import { seal } from "../src/protocol/hpke.ts";
import { multiply, split } from "../src/protocol/shamir.ts";
import { sealBallot } from "../src/protocol/sealing.ts";
import { counting, hex, readVectors, scripted } from "./vectors.ts";

interface Vector {
  readonly info: string;
  readonly pkRm: string;
  readonly skEm: string;
  readonly enc: string;
  readonly encryptions: readonly { aad: string; ct: string; pt: string; nonce: string }[];
  readonly key: string;
}

test("RFC 9180 A.2.1: key schedule and encapsulation", () => {
  for (const vector of readVectors<Vector[]>("rfc9180.json")) {
    const [first] = vector.encryptions as [Vector["encryptions"][0]];
    const random = scripted(hex(vector.skEm));
    const sealed = seal(hex(vector.pkRm), hex(vector.info), hex(first.pt), random);
    assert.deepEqual(sealed.slice(0, 32), hex(vector.enc));
    // The vector has associated data and the protocol none: the same stream, another tag.
    const text = hex(first.pt).length;
    assert.deepEqual(sealed.slice(32, 32 + text), hex(first.ct).slice(0, text));
    const opened = chacha20poly1305(hex(vector.key), hex(first.nonce)).decrypt(sealed.slice(32));
    assert.deepEqual(opened, hex(first.pt));
  }
});

test("a key of low order is refused", () => {
  assert.throws(() => seal(new Uint8Array(32), hex("00"), hex("00"), counting()));
});

test("GF(2^8): the field of AES", () => {
  assert.equal(multiply(0x57, 0x83), 0xc1); // FIPS 197 §4.2
  assert.equal(multiply(0x57, 0x13), 0xfe);
  for (let a = 1; a < 256; a++) {
    const products = new Set(Array.from({ length: 256 }, (_, b) => multiply(a, b)));
    assert.equal(products.size, 256);
  }
});

/** Lagrange at x = 0 over the shares of these tellers. */
function combine(shares: readonly Uint8Array[], tellers: readonly number[]): Uint8Array {
  const inverse = (a: number) => Array.from({ length: 256 }, (_, b) => b).find((b) => multiply(a, b) === 1) ?? 0;
  return (shares[0] as Uint8Array).map((_, i) =>
    tellers.reduce((sum, t) => {
      const weight = tellers.reduce((w, o) => (o === t ? w : multiply(w, multiply(o + 1, inverse((o + 1) ^ (t + 1))))), 1);
      return sum ^ multiply(shares[t]?.[i] ?? 0, weight);
    }, 0),
  );
}

test("any threshold of the tellers make the key, for every t and n up to 5", () => {
  const secret = counting()(32);
  for (let count = 1; count <= 5; count++) {
    for (let threshold = 1; threshold <= count; threshold++) {
      const shares = split(secret, threshold, count, counting());
      for (let chosen = 1; chosen < 1 << count; chosen++) {
        const tellers = Array.from({ length: count }, (_, t) => t).filter((t) => chosen & (1 << t));
        if (tellers.length < threshold) continue;
        assert.deepEqual(combine(shares, tellers), secret);
      }
    }
  }
});

test("fewer than the threshold do not", () => {
  const secret = counting()(32);
  const shares = split(secret, 3, 5, (length) => new Uint8Array(length).fill(7));
  assert.notDeepEqual(combine(shares, [0, 1]), secret);
});

test("with a quorum of one every share is the key itself", () => {
  const secret = counting()(32);
  for (const share of split(secret, 1, 3, scripted())) assert.deepEqual(share, secret);
});

test("a sealed ballot has the length that the manifest gives", () => {
  const tellerKeys = [1, 2, 3].map((n) => x25519.getPublicKey(new Uint8Array(32).fill(n)));
  const opening = { custodian: false, quorum: 2, publish_factors: false, tellers: [] };
  const manifest = { hash: new Uint8Array(32), opening, tellerKeys };
  assert.equal(sealBallot(manifest, 0, new Uint8Array(20), counting()).length, 3 * 80 + 36);
});
