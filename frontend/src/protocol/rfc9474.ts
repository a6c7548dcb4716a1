// The client of RFC 9474, RSA blind signatures: prepare, blind, finalize.
//
// Only BigInt and SHA-384: WebCrypto is missing on plain http, where a branch's laptop may serve.
// The hash is SHA-384 and the public exponent 65537 throughout, as the protocol has them (§4.3).

import { sha384 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";
import { equal, type Random } from "./encoding.ts";
import { i2osp, inverse, os2ip, power65537 } from "./modular.ts";

const HASH = 48;
const PREFIX = 32;
/** RSABSSA-SHA384-PSS: the salt's length in bytes. */
export const SALT = 48;

/** A signature or key that RFC 9474 refuses, by the name of its error. */
export class BlindSignatureError extends Error {
  override readonly name = "BlindSignatureError";
}

export interface Blinded {
  /** What the signer sees: uniformly random, whatever the message. */
  readonly message: Uint8Array;
  /** What takes the blinding off again; secret. */
  readonly inverse: Uint8Array;
}

/** PrepareRandomize, RFC 9474 §4.1: 32 random bytes before the message. */
export function prepare(message: Uint8Array, random: Random): Uint8Array {
  return concatBytes(random(PREFIX), message);
}

/** Blind, RFC 9474 §4.2. Draws the salt, then r, each as many bytes as it takes. */
export function blind(
  modulus: Uint8Array,
  prepared: Uint8Array,
  random: Random,
  saltLength = SALT,
): Blinded {
  const n = os2ip(modulus);
  const m = os2ip(encodePss(prepared, random(saltLength), n));
  let r: bigint;
  do r = os2ip(random(modulus.length));
  while (r === 0n || r >= n);
  // One inversion serves for two: that of m·r exists only if both m and r are invertible, and
  // m·(m·r)⁻¹ is r⁻¹.
  const both = inverse((m * r) % n, n);
  if (both === undefined) throw new BlindSignatureError("invalid input");
  return {
    message: i2osp((m * power65537(r, n)) % n, modulus.length),
    inverse: i2osp((m * both) % n, modulus.length),
  };
}

/** Finalize, RFC 9474 §4.4: the signature, unblinded and verified over the prepared message. */
export function finalize(
  modulus: Uint8Array,
  prepared: Uint8Array,
  blindSignature: Uint8Array,
  inverseOfBlind: Uint8Array,
  saltLength = SALT,
): Uint8Array {
  if (blindSignature.length !== modulus.length) {
    throw new BlindSignatureError("unexpected input size");
  }
  const n = os2ip(modulus);
  const s = (os2ip(blindSignature) * os2ip(inverseOfBlind)) % n;
  if (!verifyPss(prepared, power65537(s, n), n, saltLength)) {
    throw new BlindSignatureError("invalid signature");
  }
  return i2osp(s, modulus.length);
}

const bitLength = (n: bigint): number => n.toString(2).length;

/** EMSA-PSS-ENCODE, RFC 8017 §9.1.1, for a modulus of n's length. */
function encodePss(message: Uint8Array, salt: Uint8Array, n: bigint): Uint8Array {
  const bits = bitLength(n) - 1;
  const length = Math.ceil(bits / 8);
  const h = sha384(concatBytes(new Uint8Array(8), sha384(message), salt));
  const db = new Uint8Array(length - HASH - 1);
  db[db.length - salt.length - 1] = 1;
  db.set(salt, db.length - salt.length);
  const masked = unmask(db, h, bits);
  return concatBytes(masked, h, Uint8Array.of(0xbc));
}

/** EMSA-PSS-VERIFY, RFC 8017 §9.1.2, of the integer that a signature opens to. */
function verifyPss(message: Uint8Array, opened: bigint, n: bigint, saltLength: number): boolean {
  const bits = bitLength(n) - 1;
  const length = Math.ceil(bits / 8);
  if (bitLength(opened) > bits) return false;
  const encoded = i2osp(opened, length);
  const h = encoded.subarray(length - HASH - 1, length - 1);
  const db = unmask(encoded.subarray(0, length - HASH - 1), h, bits);
  // The salt says how the message was encoded; encoding again must give the very same bytes.
  const salt = db.slice(db.length - saltLength);
  return equal(encodePss(message, salt, n), encoded);
}

/** db xor MGF1(h), with the bits cleared that the modulus has no room for. */
function unmask(db: Uint8Array, h: Uint8Array, bits: number): Uint8Array {
  const mask = mgf1(h, db.length);
  const result = db.map((byte, i) => byte ^ (mask[i] ?? 0));
  result[0] = (result[0] ?? 0) & (0xff >> ((8 - (bits % 8)) % 8));
  return result;
}

/** MGF1 with SHA-384, RFC 8017 appendix B.2.1. */
function mgf1(seed: Uint8Array, length: number): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (let i = 0; i * HASH < length; i++) {
    blocks.push(sha384(concatBytes(seed, Uint8Array.of(0, 0, i >> 8, i & 255))));
  }
  return concatBytes(...blocks).subarray(0, length);
}
