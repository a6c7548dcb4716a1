// Drawing 领取选票 (§3 step 3): keys and blinded messages are made on the phone, kept, then sent.

import { b64decode, b64encode, hexEncode, Malformed, type Random } from "../protocol/encoding.ts";
import type { Contest, Manifest } from "../protocol/manifest.ts";
import { BlindSignatureError } from "../protocol/rfc9474.ts";
import { classOf, slipHash } from "../protocol/slip.ts";
import {
  askForToken, drawRequest, type PendingToken, readSignatures, takeToken,
} from "../protocol/token.ts";
import type { Drawing, Filling } from "./store.ts";

/** Makes way for taps and painting between two pieces of arithmetic. */
export const breathe = (milliseconds = 0): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Until the landing stands on a slow phone's screen, its processor is left to that. */
const FIRST_PAINT = 250;

/** Keys and blinded messages for every contest: local arithmetic, nothing is sent. */
export async function makePending(
  manifest: Manifest,
  contests: readonly Contest[],
  random: Random,
): Promise<PendingToken[]> {
  const pending: PendingToken[] = [];
  await breathe(FIRST_PAINT);
  for (const contest of contests) {
    await breathe();
    pending.push(askForToken(manifest.hash, contest, random));
  }
  return pending;
}

/** What must be kept before the draw request is sent. */
export function beginDrawing(
  manifest: Manifest,
  code: string,
  pending: readonly PendingToken[],
): Drawing {
  return {
    format: 1,
    stage: "drawing",
    slip: hexEncode(slipHash(manifest.session, code)),
    session: manifest.session,
    manifest: hexEncode(manifest.hash),
    voterClass: classOf(code),
    request: drawRequest(code, pending),
    pending: pending.map((token) => ({
      key: b64encode(token.key),
      prefix: b64encode(token.prefix),
      inverse: b64encode(token.inverse),
      blinded: b64encode(token.blinded),
    })),
  };
}

/** The drawn ballot, still blank; undefined if any signature of the answer does not verify. */
export async function finishDrawing(
  manifest: Manifest,
  contests: readonly Contest[],
  drawing: Drawing,
  answer: unknown,
): Promise<Filling | undefined> {
  const tokens: string[] = [];
  try {
    const signatures = readSignatures(answer, contests.length);
    for (const [i, contest] of contests.entries()) {
      await breathe();
      const kept = drawing.pending[i] as Drawing["pending"][number];
      const pending = {
        key: b64decode(kept.key, 32),
        prefix: b64decode(kept.prefix, 32),
        inverse: b64decode(kept.inverse, 256),
        blinded: b64decode(kept.blinded, 256),
      };
      const signature = signatures[i] as Uint8Array;
      tokens.push(b64encode(takeToken(manifest.hash, contest, pending, signature)));
    }
  } catch (error) {
    if (error instanceof Malformed || error instanceof BlindSignatureError) return undefined;
    throw error;
  }
  const { pending, request: _, ...common } = drawing;
  return {
    ...common,
    stage: "filling",
    keys: pending.map(({ key }) => key),
    tokens,
    answers: contests.map(({ questions }) => questions.map(() => 0)),
    at: 0,
  };
}
