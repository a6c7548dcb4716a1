// Each use of a key or hash has its own label (§2), so that nothing made for one use fits another.

import { ascii, join, u16 } from "./encoding.ts";

export const SLIP = "appraisal/1 slip";
export const CREDENTIAL = "appraisal/1 credential";
export const TOKEN = "appraisal/1 token";
export const SHARE = "appraisal/1 share";
export const CONTENT = "appraisal/1 content";
export const BALLOT = "appraisal/1 ballot";
export const RECEIPT = "appraisal/1 receipt";
export const KEY_CHECK = "appraisal/1 key check";
export const KEY_CARD = "appraisal/1 key card";

/** `binding(label, M, box)` of §2: ties a key's use to one box of one session. */
export function binding(label: string, manifestHash: Uint8Array, box: number): Uint8Array {
  return join(ascii(label), Uint8Array.of(0), manifestHash, u16(box));
}

/** label ‖ 0x00 ‖ session: ties a use to a session that has no manifest yet. */
export const ofSession = (label: string, session: string): Uint8Array =>
  join(ascii(label), Uint8Array.of(0), ascii(session));
