// The encodings of the protocol (§2): each value has one spelling, every other is refused.

import { bytesToHex, concatBytes, hexToBytes } from "@noble/hashes/utils.js";

export { bytesToHex as hexEncode, concatBytes as join };

/** A source of random bytes. A parameter everywhere, so that published vectors can be run. */
export type Random = (length: number) => Uint8Array;

/** Bytes, text or JSON that is not what the protocol allows. */
export class Malformed extends Error {
  override readonly name = "Malformed";
}

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

export const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/** `u16` of §2: two bytes, big-endian. */
export const u16 = (value: number): Uint8Array => Uint8Array.of(value >> 8, value & 255);

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** Base64 with the standard alphabet and padding (RFC 4648 §4). */
export function b64encode(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** The bytes of canonical base64; `size` is the only length allowed, in bytes. */
export function b64decode(text: unknown, size: number): Uint8Array {
  if (typeof text !== "string" || text.length !== Math.ceil(size / 3) * 4) {
    throw new Malformed(`base64 of ${size} bytes expected`);
  }
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    throw new Malformed("not base64");
  }
  // atob takes missing padding and bits that belong to no byte.
  if (binary.length !== size || btoa(binary) !== text) {
    throw new Malformed("base64 in another spelling");
  }
  return Uint8Array.from(binary, (symbol) => symbol.charCodeAt(0));
}

/** The bytes of lower-case hex, exactly `size` of them. */
export function hexDecode(text: unknown, size: number): Uint8Array {
  if (typeof text !== "string" || text.length !== size * 2 || !/^[0-9a-f]*$/.test(text)) {
    throw new Malformed(`hex of ${size} bytes expected`);
  }
  return hexToBytes(text);
}

/** Crockford's base32, most significant bit first, last symbol filled with zero bits. */
export function base32encode(bytes: Uint8Array): string {
  let text = "";
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += CROCKFORD.charAt((held >> (bits - 5)) & 31);
    held &= (1 << bits) - 1;
  }
  return bits ? text + CROCKFORD.charAt((held << (5 - bits)) & 31) : text;
}

/** The `size` bytes that this base32 encodes; its last symbol must be filled with zero bits. */
export function base32decode(text: string, size: number): Uint8Array {
  if (!isBase32(text) || text.length !== Math.ceil((size * 8) / 5)) {
    throw new Malformed(`base32 of ${size} bytes expected`);
  }
  const bytes = new Uint8Array(size);
  let [held, bits, at] = [0, 0, 0];
  for (const symbol of text) {
    held = (held << 5) | CROCKFORD.indexOf(symbol);
    bits += 5;
    if (bits >= 8) bytes[at++] = held >> (bits -= 8);
    held &= (1 << bits) - 1;
  }
  if (held !== 0) throw new Malformed("base32 in another spelling");
  return bytes;
}

/** What a person typed as base32 in its plain form: upper case, O is 0, I and L are 1. */
export function base32typed(text: string): string {
  return text
    .normalize("NFKC")
    .toUpperCase()
    .replace(/[\s\-‐-―·.]/g, "")
    .replace(/O/g, "0")
    .replace(/[IL]/g, "1");
}

/** The value of one base32 symbol, −1 for any other text. */
export const base32value = (symbol: string): number =>
  symbol.length === 1 ? CROCKFORD.indexOf(symbol) : -1;

export const isBase32 = (text: string): boolean => /^[0-9A-HJKMNP-TV-Z]*$/.test(text);

/** RFC 8785 for the values the protocol has: no fractions, integers within ±(2^53 − 1). */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([k, v]) => `${JSON.stringify(k)}:${canonicalJson(v)}`).join(",")}}`;
  }
  if (typeof value === "number" && !Number.isSafeInteger(value)) {
    throw new Malformed("a number that is not a whole number");
  }
  if (value === null || value === undefined) throw new Malformed("null");
  return JSON.stringify(value);
}
