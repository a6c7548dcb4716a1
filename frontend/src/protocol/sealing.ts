// Sealing 密封: a ballot that only a quorum of tellers can read (§4.6).

import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { join, type Random } from "./encoding.ts";
import { seal } from "./hpke.ts";
import { binding, CONTENT, SHARE } from "./labels.ts";
import type { Manifest } from "./manifest.ts";
import { split } from "./shamir.ts";

/** share_0 ‖ … ‖ share_(n−1) ‖ content, for the tellers of this manifest. */
export function sealBallot(
  manifest: Pick<Manifest, "hash" | "opening" | "tellerKeys">,
  box: number,
  ballot: Uint8Array,
  random: Random,
): Uint8Array {
  const { hash, opening, tellerKeys } = manifest;
  const contentKey = random(32);
  const shares = split(contentKey, opening.quorum, tellerKeys.length, random);
  const sealedShares = tellerKeys.map((key, teller) => {
    const info = join(binding(SHARE, hash, box), Uint8Array.of(teller));
    return seal(key, info, shares[teller] as Uint8Array, random);
  });
  // The all-zero nonce is right: each content key encrypts once.
  const cipher = chacha20poly1305(contentKey, new Uint8Array(12), binding(CONTENT, hash, box));
  return join(...sealedShares, cipher.encrypt(ballot));
}
