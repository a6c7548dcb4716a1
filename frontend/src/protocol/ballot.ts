// A ballot 选票: encoded at fixed length (§4.5), sealed, signed and made an entry (§4.7).

import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { b64encode, join, Malformed, type Random, u16 } from "./encoding.ts";
import { BALLOT, binding } from "./labels.ts";
import type { Manifest } from "./manifest.ts";
import { sealBallot } from "./sealing.ts";

export const TRACKER = 16;

/** 弃权: no answer. */
export const BLANK = 0;

export interface CastBallot {
  readonly entry: Uint8Array;
  /** 核对号: the voter's own number inside the ballot; it shows how they voted. */
  readonly tracker: Uint8Array;
}

/** The plaintext: u8 1 ‖ tracker ‖ one byte a place. */
export function encodeBallot(tracker: Uint8Array, answers: readonly number[]): Uint8Array {
  return join(Uint8Array.of(1), tracker, Uint8Array.from(answers));
}

/** The plaintext of a comment 意见: u8 2 ‖ u16 n ‖ n bytes of UTF-8 ‖ zeros, always of one length. */
export function encodeComment(text: string, length: number): Uint8Array {
  const written = new TextEncoder().encode(text);
  if (written.length > length) throw new Malformed("too long for a comment");
  const rest = new Uint8Array(length - written.length);
  return join(Uint8Array.of(2), u16(written.length), written, rest);
}

/** The board entry of one box: `tokens` of every signer in order, sealed, signed by the ballot key. */
export function sealEntry(
  manifest: Pick<Manifest, "hash" | "opening" | "tellerKeys">,
  box: number,
  ballotKey: Uint8Array,
  tokens: Uint8Array,
  plaintext: Uint8Array,
  random: Random,
): Uint8Array {
  const sealed = sealBallot(manifest, box, plaintext, random);
  const bound = join(binding(BALLOT, manifest.hash, box), tokens, sealed);
  const signature = ed25519.sign(bound, ballotKey);
  const publicKey = ed25519.getPublicKey(ballotKey);
  return join(Uint8Array.of(4), u16(box), publicKey, tokens, sealed, signature);
}

/** A ballot's entry, with the tracker that was drawn for it. */
export function makeEntry(
  manifest: Pick<Manifest, "hash" | "opening" | "tellerKeys">,
  box: number,
  ballotKey: Uint8Array,
  tokens: Uint8Array,
  answers: readonly number[],
  random: Random,
): CastBallot {
  const tracker = random(TRACKER);
  const plaintext = encodeBallot(tracker, answers);
  return { entry: sealEntry(manifest, box, ballotKey, tokens, plaintext, random), tracker };
}

/** RFC 6962 §2.1: the hash by which the board and a receipt know an entry. */
export const leafHash = (entry: Uint8Array): Uint8Array =>
  sha256(join(Uint8Array.of(0), entry));

/** The cast request's exact bytes: kept, so that a repetition is the same request. */
export function castRequest(entries: readonly Uint8Array[]): string {
  return JSON.stringify({ ballots: entries.map(b64encode) });
}
