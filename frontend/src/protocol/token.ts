// Tokens 盲签名: ballot keys that every signer signs without seeing them (§4.3, §4.4).

import { ed25519 } from "@noble/curves/ed25519.js";
import type { OwnBox } from "./boxes.ts";
import { b64decode, b64encode, join, Malformed, type Random } from "./encoding.ts";
import { binding, TOKEN } from "./labels.ts";
import { blind, finalize, prepare } from "./rfc9474.ts";

/** Bytes of a token: prefix ‖ signature. */
export const TOKEN_SIZE = 288;

/** What a phone keeps between asking one signer for a token and having it; secret but `blinded`. */
export interface Blinding {
  readonly prefix: Uint8Array;
  readonly inverse: Uint8Array;
  readonly blinded: Uint8Array;
}

/** One box: its ballot key's private half, and a blinding for each signer. */
export interface PendingToken {
  readonly key: Uint8Array;
  readonly blindings: readonly Blinding[];
}

const message = (manifestHash: Uint8Array, box: number, key: Uint8Array): Uint8Array =>
  join(binding(TOKEN, manifestHash, box), ed25519.getPublicKey(key));

/** A fresh ballot key for this box, its token message blinded for each signer anew. */
export function askForToken(
  manifestHash: Uint8Array,
  own: OwnBox,
  random: Random,
): PendingToken {
  const key = random(32);
  const bound = message(manifestHash, own.box, key);
  const blindings = own.tokenKeys.map((modulus) => {
    const prepared = prepare(bound, random);
    const { inverse, message: blinded } = blind(modulus, prepared, random);
    return { prefix: prepared.slice(0, 32), inverse, blinded };
  });
  return { key, blindings };
}

/** A signer's token, prefix ‖ signature; throws if its answer does not verify. */
export function takeToken(
  manifestHash: Uint8Array,
  own: OwnBox,
  signer: number,
  key: Uint8Array,
  { prefix, inverse }: Omit<Blinding, "blinded">,
  blindSignature: Uint8Array,
): Uint8Array {
  const modulus = own.tokenKeys[signer] as Uint8Array;
  const prepared = join(prefix, message(manifestHash, own.box, key));
  return join(prefix, finalize(modulus, prepared, blindSignature, inverse));
}

/** A draw request's exact bytes: kept, so that a repetition is the same request. */
export function drawRequest(
  credential: string,
  signer: number,
  pending: readonly PendingToken[],
): string {
  const blinded = pending.map(({ blindings }) => b64encode((blindings[signer] as Blinding).blinded));
  return JSON.stringify({ slip: credential, blinded });
}

/** The blind signatures of a draw answer, one a box. */
export function readSignatures(answer: unknown, count: number): Uint8Array[] {
  const { signatures } = answer as { signatures?: unknown };
  if (!Array.isArray(signatures) || signatures.length !== count) {
    throw new Malformed("not one signature a box");
  }
  return signatures.map((signature) => b64decode(signature, 256));
}
