// Tokens 盲签名: ballot keys that the registrar signs without seeing them (§4.3, §4.4).

import { ed25519 } from "@noble/curves/ed25519.js";
import { b64decode, b64encode, join, Malformed, type Random } from "./encoding.ts";
import { binding, TOKEN } from "./labels.ts";
import type { Contest } from "./manifest.ts";
import { blind, finalize, prepare } from "./rfc9474.ts";

/** What a phone keeps of one box between asking for a token and having it; all of it secret. */
export interface PendingToken {
  /** The Ed25519 ballot key's private half. */
  readonly key: Uint8Array;
  readonly prefix: Uint8Array;
  readonly inverse: Uint8Array;
  readonly blinded: Uint8Array;
}

const message = (manifestHash: Uint8Array, box: number, key: Uint8Array): Uint8Array =>
  join(binding(TOKEN, manifestHash, box), ed25519.getPublicKey(key));

/** A fresh ballot key for this box, and its token message blinded. */
export function askForToken(
  manifestHash: Uint8Array,
  contest: Contest,
  random: Random,
): PendingToken {
  const key = random(32);
  const prepared = prepare(message(manifestHash, contest.box, key), random);
  const blinded = blind(contest.tokenKey, prepared, random);
  const prefix = prepared.slice(0, 32);
  return { key, prefix, inverse: blinded.inverse, blinded: blinded.message };
}

/** prefix ‖ signature, 288 bytes; throws if the registrar's answer does not verify. */
export function takeToken(
  manifestHash: Uint8Array,
  contest: Contest,
  pending: PendingToken,
  blindSignature: Uint8Array,
): Uint8Array {
  const prepared = join(pending.prefix, message(manifestHash, contest.box, pending.key));
  const signature = finalize(contest.tokenKey, prepared, blindSignature, pending.inverse);
  return join(pending.prefix, signature);
}

/** The draw request's exact bytes: kept, so that a repetition is the same request. */
export function drawRequest(code: string, pending: readonly PendingToken[]): string {
  return JSON.stringify({ slip: code, blinded: pending.map(({ blinded }) => b64encode(blinded)) });
}

/** The blind signatures of a draw answer, one a box. */
export function readSignatures(answer: unknown, count: number): Uint8Array[] {
  const { signatures } = answer as { signatures?: unknown };
  if (!Array.isArray(signatures) || signatures.length !== count) {
    throw new Malformed("not one signature a box");
  }
  return signatures.map((signature) => b64decode(signature, 256));
}
