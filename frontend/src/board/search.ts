// What the search says: where each ballot of a receipt stands, and what to do if one is missing.

import { type Key, say } from "../i18n/index.ts";
import { get } from "../booth/post.ts";
import { hexEncode, Malformed } from "../protocol/encoding.ts";
import { decodeManifest } from "../protocol/manifest.ts";
import { findReceipts, verifyReceipt } from "../protocol/receipt.ts";
import { h } from "../ui/dom.ts";
import type { View } from "../ui/stage.ts";
import { ballotsOn } from "./find.ts";

export type Receipts = ReturnType<typeof findReceipts>;

export const sentence = (
  key: Key,
  values?: Record<string, number>,
  style?: string,
): HTMLElement => h("p", { class: style }, say(key, values));

export const failed: View = () => [sentence("find.failed", {}, "error")];

/** Looks for the ballots of these receipts; the answer can be said in either language. */
export async function search(
  session: string,
  closed: boolean,
  receipts: Receipts,
): Promise<View> {
  const [board, manifest] = await Promise.all([
    get(`/b/${session}/board.bin`),
    get(`/v/${session}/manifest.json`),
  ]);
  if (!board || !manifest) return failed;
  try {
    const { hash, boardKey } = decodeManifest(manifest);
    const genuine = receipts.every(({ leafHash, signature }) =>
      signature !== undefined && verifyReceipt({ leafHash, signature }, hash, boardKey));
    const signed = receipts.every(({ signature }) => signature !== undefined);
    const proof: Key = !signed
      ? "find.missing-unsigned"
      : genuine
        ? closed ? "find.missing-proof" : "find.early-proof"
        : "find.missing-other";
    if (!closed) return () => [sentence("find.early", {}, "advice"), sentence(proof)];
    const places = ballotsOn(board);
    const found = receipts.map(({ leafHash }) => places.get(hexEncode(leafHash)));
    const missing = found.filter((place) => place === undefined).length;
    const count = { n: missing, all: receipts.length };
    const lines = () => h("ol", {}, ...found.map((place, i) => {
      const where = place === undefined ? say("find.absent") : say("find.there", { n: place + 1 });
      return h("li", {}, `${say("find.line", { n: i + 1 })} ${where}`);
    }));
    if (missing) return () => [sentence("find.missing", count, "error"), sentence(proof), lines()];
    return () => [sentence("find.found", { n: receipts.length }, "advice"), lines()];
  } catch (error) {
    if (error instanceof Malformed) return failed;
    throw error;
  }
}
