// Drawing 领取选票 (§3 step 3): keys and blinded messages are made on the phone, kept, then sent to
// each signer in turn; what one has answered is kept before the next is asked.

import type { Problem } from "../i18n/index.ts";
import { BLANK } from "../protocol/ballot.ts";
import type { Boxes } from "../protocol/boxes.ts";
import { b64decode, b64encode, hexEncode, join, Malformed, type Random } from "../protocol/encoding.ts";
import type { Manifest } from "../protocol/manifest.ts";
import { BlindSignatureError } from "../protocol/rfc9474.ts";
import { classOf, credential, registeredHash } from "../protocol/slip.ts";
import {
  askForToken, drawRequest, type PendingToken, readSignatures, takeToken, TOKEN_SIZE,
} from "../protocol/token.ts";
import { passing, post } from "./post.ts";
import type { Drawing, Filling } from "./store.ts";

/** Makes way for taps and painting between two pieces of arithmetic. */
export const breathe = (milliseconds = 0): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Until the landing stands on a slow phone's screen, its processor is left to that. */
const FIRST_PAINT = 250;

/** What must be kept before the first request is sent: local arithmetic, nothing is sent. */
export async function beginDrawing(
  manifest: Manifest,
  boxes: Boxes,
  code: string,
  random: Random,
): Promise<Drawing> {
  const { session, hash, signers } = manifest;
  const pending: PendingToken[] = [];
  await breathe(FIRST_PAINT);
  for (const own of boxes.all) {
    await breathe();
    pending.push(askForToken(hash, own, random));
  }
  return {
    format: 2,
    stage: "drawing",
    slip: hexEncode(registeredHash(session, code)),
    session,
    manifest: hexEncode(hash),
    voterClass: classOf(code),
    requests: signers.map((_, signer) =>
      drawRequest(credential(code, session, signer), signer, pending)),
    tokens: [],
    pending: pending.map(({ key, blindings }) => ({
      key: b64encode(key),
      blindings: blindings.map(({ prefix, inverse }) => ({
        prefix: b64encode(prefix),
        inverse: b64encode(inverse),
      })),
    })),
  };
}

export interface Refused {
  readonly problem: Problem;
  /** The signer that refused, from 0. */
  readonly signer: number;
}

/** Asks every signer that has not answered yet; `keep` gets what each answer adds. */
export async function askSigners(
  manifest: Manifest,
  boxes: Boxes,
  drawing: Drawing,
  keep: (drawing: Drawing) => void,
  onRetry: (attempt: number) => void,
): Promise<Filling | Refused> {
  let drawn = drawing;
  for (let signer = drawn.tokens.length; signer < drawn.requests.length; signer++) {
    const site = manifest.signers[signer]?.url ?? "";
    const request = drawn.requests[signer] as string;
    const answer = await post(`${site}/v/${manifest.session}/draw`, request, onRetry);
    if (answer.kind === "refused") {
      return { problem: signer ? ofFurther(answer.problem) : answer.problem, signer };
    }
    const tokens = await takeTokens(manifest, boxes, drawn, signer, answer.json);
    if (!tokens) return { problem: "bad-signature", signer };
    drawn = { ...drawn, tokens: [...drawn.tokens, tokens] };
    keep(drawn);
  }
  return blank(boxes, drawn);
}

/** What a further signer's refusal means to a voter whose slip the registrar has taken already. */
function ofFurther(problem: Problem): Problem {
  if (passing(problem) || problem === "not-open") return "signer-away";
  if (problem === "slip-drawn") return "signer-drawn";
  return problem === "closed" ? "closed" : "signer-refused";
}

/** One signer's token of every box; undefined if any signature does not verify. */
async function takeTokens(
  manifest: Manifest,
  { all }: Boxes,
  { pending }: Drawing,
  signer: number,
  answer: unknown,
): Promise<string[] | undefined> {
  const tokens: string[] = [];
  try {
    const signatures = readSignatures(answer, all.length);
    for (const [i, own] of all.entries()) {
      await breathe();
      const { key, blindings } = pending[i] as Drawing["pending"][number];
      const kept = blindings[signer] as (typeof blindings)[number];
      const blinding = { prefix: b64decode(kept.prefix, 32), inverse: b64decode(kept.inverse, 256) };
      const signature = signatures[i] as Uint8Array;
      const secret = b64decode(key, 32);
      tokens.push(b64encode(takeToken(manifest.hash, own, signer, secret, blinding, signature)));
    }
  } catch (error) {
    if (error instanceof Malformed || error instanceof BlindSignatureError) return undefined;
    throw error;
  }
  return tokens;
}

/** The drawn ballot, with nothing filled in. */
function blank({ all, contests }: Boxes, drawing: Drawing): Filling {
  const { pending, requests: _r, tokens, ...common } = drawing;
  const ofBox = (box: number) =>
    join(...tokens.map((signed) => b64decode(signed[box], TOKEN_SIZE)));
  return {
    ...common,
    stage: "filling",
    keys: pending.map(({ key }) => key),
    tokens: all.map((_, box) => b64encode(ofBox(box))),
    answers: contests.map(({ subjects, width }) => Array<number>(subjects.length * width).fill(BLANK)),
    at: 0,
  };
}
