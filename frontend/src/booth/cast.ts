// Casting 投入票箱 (§3 step 5): sealed and signed on the phone, kept, then sent in one request.

import { castRequest, encodeComment, leafHash, makeEntry, sealEntry } from "../protocol/ballot.ts";
import type { Boxes } from "../protocol/boxes.ts";
import { b64decode, hexDecode, hexEncode, Malformed, type Random } from "../protocol/encoding.ts";
import type { Manifest } from "../protocol/manifest.ts";
import { readReceipts, type Receipt, verifyReceipt } from "../protocol/receipt.ts";
import { TOKEN_SIZE } from "../protocol/token.ts";
import { breathe } from "./draw.ts";
import type { Casting, Filling } from "./store.ts";

/** What must be kept before the cast request is sent: sealed ballots, and no answers any more. */
export async function beginCasting(
  manifest: Manifest,
  { all }: Boxes,
  filling: Filling,
  random: Random,
  onProgress: (done: number) => void,
): Promise<Casting> {
  const entries: Uint8Array[] = [];
  const trackers: Uint8Array[] = [];
  for (const [i, { box }] of all.entries()) {
    onProgress(i + 1);
    await breathe();
    const key = b64decode(filling.keys[i], 32);
    const tokens = b64decode(filling.tokens[i], TOKEN_SIZE * manifest.signers.length);
    const answers = filling.answers[i];
    if (answers) {
      const { entry, tracker } = makeEntry(manifest, box, key, tokens, answers, random);
      entries.push(entry);
      trackers.push(tracker);
    } else {
      // Nothing written is sealed as well: nobody can tell who wrote.
      const comment = encodeComment(filling.comment ?? "", manifest.comments?.length ?? 0);
      entries.push(sealEntry(manifest, box, key, tokens, comment, random));
    }
  }
  const { keys: _k, tokens: _t, answers: _a, comment: _c, at: _at, ...common } = filling;
  return {
    ...common,
    stage: "casting",
    request: castRequest(entries),
    leafHashes: entries.map((entry) => hexEncode(leafHash(entry))),
    trackers: trackers.map(hexEncode),
  };
}

/** The receipts of an answer; undefined if one is for another ballot or not the board's. */
export function finishCasting(
  manifest: Manifest,
  casting: Casting,
  answer: unknown,
): Receipt[] | undefined {
  try {
    const leafHashes = casting.leafHashes.map((hash) => hexDecode(hash, 32));
    const receipts = readReceipts(answer, leafHashes);
    const genuine = receipts.every((r) => verifyReceipt(r, manifest.hash, manifest.boardKey));
    return genuine ? receipts : undefined;
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}
