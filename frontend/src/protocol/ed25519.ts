// Ed25519 signatures as every verifier checks them (§2): strictly, and without the cofactor.

import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { equal, join } from "./encoding.ts";

const { Point } = ed25519;
const ORDER = Point.Fn.ORDER;

const number = (littleEndian: Uint8Array): bigint =>
  littleEndian.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

/** The point that these 32 bytes are the one spelling of; undefined if it is none or of small order. */
function pointOf(key: Uint8Array) {
  try {
    const point = Point.fromBytes(key);
    return point.isSmallOrder() ? undefined : point;
  } catch {
    return undefined; // another spelling, or no point of the curve
  }
}

/** Whether these 32 bytes are a key. */
export const isKey = (key: Uint8Array): boolean => pointOf(key) !== undefined;

/** Whether `signature`, 64 bytes, of `message` is that of this key. */
export function verifies(signature: Uint8Array, message: Uint8Array, key: Uint8Array): boolean {
  const point = pointOf(key);
  if (!point) return false;
  const r = signature.subarray(0, 32);
  const s = number(signature.subarray(32));
  if (s >= ORDER) return false;
  const k = number(sha512(join(r, key, message))) % ORDER;
  const expected = Point.BASE.multiplyUnsafe(s).subtract(point.multiplyUnsafe(k));
  return equal(expected.toBytes(), r);
}
