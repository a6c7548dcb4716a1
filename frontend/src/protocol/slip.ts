// A slip's code 凭证码 and the link that its QR code holds (§4.2).

import { sha256 } from "@noble/hashes/sha2.js";
import { ascii, base32encode, base32typed, base32value, isBase32, join } from "./encoding.ts";
import { CREDENTIAL, ofSession, SLIP } from "./labels.ts";

export interface Link {
  readonly code: string;
  /** Absent when the code was typed: then people compare it on screen. */
  readonly fingerprint?: string;
}

/** The plain form of a code as typed, or undefined if it cannot be one. */
export function readCode(typed: string): string | undefined {
  const code = base32typed(typed);
  return code.length === 21 && isBase32(code) ? code : undefined;
}

/** `CODE.FINGERPRINT` or `CODE` from a link's fragment; undefined if it is neither. */
export function readFragment(fragment: string): Link | undefined {
  const [first = "", second, ...more] = fragment.replace(/^#/, "").split(".");
  const code = readCode(first);
  if (code === undefined || more.length) return undefined;
  if (second === undefined) return { code };
  const fingerprint = base32typed(second);
  if (fingerprint.length !== 26 || !isBase32(fingerprint)) return undefined;
  return { code, fingerprint };
}

/** The number of the voter's class: the code's first symbol. */
export const classOf = (code: string): number => base32value(code.charAt(0));

/** What a signer (from 0) is shown of a code, and no other signer can use; never the code itself. */
export function credential(code: string, session: string, signer: number): string {
  const bound = join(ofSession(CREDENTIAL, session), Uint8Array.of(0, signer), ascii(code));
  return code.charAt(0) + base32encode(sha256(bound)).slice(0, 20);
}

/** The hash by which a signer and the board know a slip, from that signer's credential. */
export function slipHash(session: string, shown: string): Uint8Array {
  return sha256(join(ofSession(SLIP, session), Uint8Array.of(0), ascii(shown)));
}

/** The hash by which the registrar knows the slip with this code. */
export const registeredHash = (session: string, code: string): Uint8Array =>
  slipHash(session, credential(code, session, 0));

/** A code as people read it: `0-7XK9M-4TQWE-2H8PA-ZR5DN`. */
export const grouped = (code: string): string =>
  [code.slice(0, 1), ...(code.slice(1).match(/.{1,5}/g) ?? [])].join("-");
