// RFC 9474 appendix A, unchanged, and what must be refused.

import assert from "node:assert/strict";
import { test } from "node:test";
import { i2osp, inverse, os2ip, power65537 } from "../src/protocol/modular.ts";
import { blind, BlindSignatureError, finalize, prepare, SALT } from "../src/protocol/rfc9474.ts";
import { counting, hex, readVectors, scripted } from "./vectors.ts";

interface Vector {
  readonly name: string;
  readonly p: string;
  readonly q: string;
  readonly n: string;
  readonly e: string;
  readonly d: string;
  readonly msg: string;
  readonly msg_prefix: string;
  readonly input_msg: string;
  readonly salt: string;
  readonly sLen: string;
  readonly is_randomized: string;
  readonly inv: string;
  readonly blinded_msg: string;
  readonly blind_sig: string;
  readonly sig: string;
}

const vectors = readVectors<Vector[]>("rfc9474.json");
const integer = (text: string): bigint => BigInt(text.startsWith("0x") ? text : `0x${text}`);

test("all four variants are here", () => {
  assert.deepEqual(vectors.map((v) => v.name), [
    "RSABSSA-SHA384-PSS-Randomized",
    "RSABSSA-SHA384-PSSZERO-Randomized",
    "RSABSSA-SHA384-PSS-Deterministic",
    "RSABSSA-SHA384-PSSZERO-Deterministic",
  ]);
});

for (const v of vectors) {
  const n = integer(v.n);
  const modulus = i2osp(n, hex(v.blinded_msg).length);
  const saltLength = Number(v.sLen);

  test(`${v.name}: prepare`, () => {
    const prefix = hex(v.msg_prefix);
    const prepared = prefix.length ? prepare(hex(v.msg), scripted(prefix)) : hex(v.msg);
    assert.deepEqual(prepared, hex(v.input_msg));
  });

  test(`${v.name}: blind`, () => {
    const r = i2osp(inverse(integer(v.inv), n) as bigint, modulus.length);
    const random = scripted(hex(v.salt), r);
    const blinded = blind(modulus, hex(v.input_msg), random, saltLength);
    assert.deepEqual(blinded.message, hex(v.blinded_msg));
    assert.equal(os2ip(blinded.inverse), integer(v.inv));
  });

  test(`${v.name}: finalize`, () => {
    const inverseOfBlind = i2osp(integer(v.inv), modulus.length);
    const input = hex(v.input_msg);
    const signature = finalize(modulus, input, hex(v.blind_sig), inverseOfBlind, saltLength);
    assert.deepEqual(signature, hex(v.sig));
  });

  test(`${v.name}: every bit of the blind signature counts`, () => {
    const inverseOfBlind = i2osp(integer(v.inv), modulus.length);
    for (const at of [0, 1, 128, 254, 255]) {
      const wrong = hex(v.blind_sig);
      wrong[at] = (wrong[at] ?? 0) ^ 1;
      assert.throws(
        () => finalize(modulus, hex(v.input_msg), wrong, inverseOfBlind, saltLength),
        new BlindSignatureError("invalid signature"),
      );
    }
  });
}

const [vector] = vectors as [Vector];
const n = integer(vector.n);
const modulus = i2osp(n, 512);

test("a signature of another length is refused", () => {
  assert.throws(
    () => finalize(modulus, hex(vector.input_msg), hex(vector.blind_sig).slice(1), modulus),
    new BlindSignatureError("unexpected input size"),
  );
});

test("a signature over another message is refused", () => {
  const inverseOfBlind = i2osp(integer(vector.inv), 512);
  const other = hex(vector.input_msg);
  other[40] = (other[40] ?? 0) ^ 1;
  assert.throws(
    () => finalize(modulus, other, hex(vector.blind_sig), inverseOfBlind),
    new BlindSignatureError("invalid signature"),
  );
});

test("r is drawn again until it lies below the modulus", () => {
  const r = i2osp(5n, 512);
  const tooLarge = new Uint8Array(512).fill(255);
  const zero = new Uint8Array(512);
  const random = scripted(new Uint8Array(SALT), tooLarge, zero, r);
  const { inverse: inverseOfBlind } = blind(modulus, hex(vector.input_msg), random);
  assert.equal((os2ip(inverseOfBlind) * 5n) % n, 1n);
});

test("an r that shares a factor with the modulus is refused", () => {
  const p = i2osp(integer(vector.p), 512);
  assert.throws(
    () => blind(modulus, hex(vector.input_msg), scripted(new Uint8Array(SALT), p)),
    new BlindSignatureError("invalid input"),
  );
});

test("a whole round with fresh randomness", () => {
  const random = counting();
  const prepared = prepare(Uint8Array.of(1, 2, 3), random);
  const { message, inverse: inverseOfBlind } = blind(modulus, prepared, random);
  let [base, exponent, blindSignature] = [os2ip(message), integer(vector.d), 1n];
  for (; exponent; exponent >>= 1n, base = (base * base) % n) {
    if (exponent & 1n) blindSignature = (blindSignature * base) % n;
  }
  const signature = finalize(modulus, prepared, i2osp(blindSignature, 512), inverseOfBlind);
  assert.equal(os2ip(signature) < n, true);
});

test("inverse: every residue of every small modulus", () => {
  for (let m = 2n; m < 120n; m++) {
    for (let a = 0n; a < m; a++) {
      let expected: bigint | undefined;
      for (let b = 0n; b < m; b++) if ((a * b) % m === 1n) expected = b;
      assert.equal(inverse(a, m), expected, `${a} modulo ${m}`);
    }
  }
});

test("inverse: large and awkward numbers", () => {
  const awkward = [1n, 2n, n - 1n, n - 2n, n >> 1n, 1n << 2047n, (1n << 1024n) - 1n, n >> 1990n];
  for (const a of awkward) assert.equal(((inverse(a, n) as bigint) * a) % n, 1n);
  // Neighbours of Fibonacci's sequence make Euclid's algorithm take the most steps.
  let [f, g] = [1n, 2n];
  while (g < n) [f, g] = [g, f + g];
  assert.equal(((inverse(f, g) as bigint) * f) % g, 1n);
  assert.equal(inverse(integer(vector.p), n), undefined);
});

test("power65537", () => {
  let expected = 1n;
  for (let i = 0; i < 65537; i++) expected = (expected * 3n) % 1000003n;
  assert.equal(power65537(3n, 1000003n), expected);
});
