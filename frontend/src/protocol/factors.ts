// Decryption factors 解密因子 (§4.6): what a teller tells of a ballot that is to be opened, and nothing
// else. A factor opens one share of one ballot and says nothing about the key.

import { x25519 } from "@noble/curves/ed25519.js";
import { join } from "./encoding.ts";
import { openWith } from "./hpke.ts";
import { binding, SHARE } from "./labels.ts";
import type { Manifest } from "./manifest.ts";

/** enc ‖ ct of one teller's share. */
export const SHARE_LENGTH = 80;
const ENC = 32;

type Tellers = Pick<Manifest, "hash" | "tellerKeys">;

/** Teller i's share of a sealed ballot, enc ‖ ct. */
export const shareOf = (sealed: Uint8Array, teller: number): Uint8Array =>
  sealed.subarray(teller * SHARE_LENGTH, (teller + 1) * SHARE_LENGTH);

/** The factor of one ballot; undefined where the teller's share does not open. */
export function factorOf(
  manifest: Tellers,
  box: number,
  teller: number,
  privateKey: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | undefined {
  let factor: Uint8Array;
  try {
    factor = x25519.getSharedSecret(privateKey, shareOf(sealed, teller).subarray(0, ENC));
  } catch {
    return undefined; // a point of low order, with which no share was honestly made
  }
  return openShare(manifest, box, teller, sealed, factor) && factor;
}

/** The share that a factor opens, 32 bytes; undefined if the factor is not good. */
export function openShare(
  { hash, tellerKeys }: Tellers,
  box: number,
  teller: number,
  sealed: Uint8Array,
  factor: Uint8Array,
): Uint8Array | undefined {
  const publicKey = tellerKeys[teller];
  if (!publicKey || factor.every((byte) => byte === 0)) return undefined;
  const info = join(binding(SHARE, hash, box), Uint8Array.of(teller));
  try {
    return openWith(factor, publicKey, info, shareOf(sealed, teller));
  } catch {
    return undefined;
  }
}
