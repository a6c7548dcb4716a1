// The frozen manifest 评议书, and whether a card's key is one that it names (§4.13).

import type { TellerProblem } from "../i18n/teller.ts";
import { equal, Malformed } from "../protocol/encoding.ts";
import type { KeyCard } from "../protocol/keycard.ts";
import { decodeManifest, type Manifest } from "../recount/manifest.ts";
import { fetchBytes } from "./service.ts";

/** What keeps this card from being a teller's of this manifest, if anything does. */
export function mismatch(manifest: Manifest, card: KeyCard) {
  const n = card.teller + 1;
  const key = manifest.tellerKeys[card.teller];
  const name = manifest.opening.tellers[card.teller]?.name ?? "";
  if (!key) return { which: "other-teller", values: { n, name } } as const;
  if (!equal(key, card.publicKey)) return { which: "other-card", values: { n, name } } as const;
  const { quorum, tellers } = manifest.opening;
  if (card.tellers !== tellers.length || card.quorum !== quorum) {
    const values = { all: card.tellers, quorum: card.quorum, many: tellers.length, need: quorum };
    return { which: "other-terms", values } as const;
  }
  return undefined;
}

/** What is wrong if the link is that of another teller of this manifest. */
export function otherLink({ opening }: Manifest, card: KeyCard, owner: number) {
  if (owner === card.teller) return undefined;
  const name = (teller: number) => opening.tellers[teller]?.name ?? "";
  return {
    which: "other-link",
    values: { n: card.teller + 1, name: name(card.teller), m: owner + 1, owner: name(owner) },
  } as const;
}

/** The manifest, or why it cannot be had. */
export async function loadManifest(session: string): Promise<Manifest | TellerProblem> {
  const bytes = await fetchBytes(`/v/${session}/manifest.json`);
  if (!bytes) return "unreachable";
  try {
    const manifest = decodeManifest(bytes);
    return manifest.session === session ? manifest : "bad-manifest";
  } catch (error) {
    if (error instanceof Malformed) return "bad-manifest";
    throw error;
  }
}
