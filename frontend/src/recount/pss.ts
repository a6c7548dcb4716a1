// RSASSA-PSS (RFC 8017 §8.1.2) with SHA-384, salt 48 and e = 65537, for moduli of 2048 bits.

import { sha384 } from "@noble/hashes/sha2.js";
import { equal, join } from "../protocol/encoding.ts";
import { i2osp, os2ip, power65537 } from "../protocol/modular.ts";

const LENGTH = 256;
const HASH = 48;
const SALT = 48;
const DB = LENGTH - HASH - 1;
const EIGHT = new Uint8Array(8);

/** Whether `signature`, 256 bytes, is of this message under the modulus n. */
export function verifyPss(n: bigint, message: Uint8Array, signature: Uint8Array): boolean {
  const s = os2ip(signature);
  if (s >= n) return false;
  // EMSA-PSS-VERIFY, RFC 8017 §9.1.2, with emBits = 2047: by its steps.
  const encoded = i2osp(power65537(s, n), LENGTH);
  if (encoded[LENGTH - 1] !== 0xbc || (encoded[0] as number) & 0x80) return false; // 4, 6
  const h = encoded.subarray(DB, LENGTH - 1); // 5
  const db = masked(encoded.subarray(0, DB), h); // 7, 8
  db[0] = (db[0] as number) & 0x7f; // 9
  const start = DB - SALT - 1;
  if (db.subarray(0, start).some((byte) => byte !== 0) || db[start] !== 1) return false; // 10
  const salt = db.subarray(start + 1); // 11
  return equal(h, sha384(join(EIGHT, sha384(message), salt))); // 12–14
}

/** bytes xor MGF1(seed), RFC 8017 appendix B.2.1. */
function masked(bytes: Uint8Array, seed: Uint8Array): Uint8Array {
  const result = bytes.slice();
  for (let block = 0; block * HASH < bytes.length; block++) {
    const mask = sha384(join(seed, Uint8Array.of(0, 0, 0, block)));
    for (let i = 0; i < HASH && block * HASH + i < bytes.length; i++) {
      result[block * HASH + i] = (result[block * HASH + i] as number) ^ (mask[i] as number);
    }
  }
  return result;
}
