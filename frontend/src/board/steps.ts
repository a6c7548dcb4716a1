// A verification step by step: what it tells while it runs, in a worker or between two frames.

import { Malformed } from "../protocol/encoding.ts";
import { Repacked } from "../recount/archive.ts";
import type { Progress } from "../recount/findings.ts";
import { recount, type Report } from "../recount/recount.ts";

export type Message =
  | { readonly kind: "progress"; readonly progress: Progress }
  | { readonly kind: "done"; readonly report: Report; readonly seconds: number }
  | { readonly kind: "unreadable"; readonly repacked: boolean };

/** Milliseconds between two messages of progress: a bar need not move more often. */
const PAUSE = 100;

/** Verifies an archive; yields often, tells now and then, and at last what came of it. */
export function* answer(
  archive: Uint8Array,
  clock: () => number,
  tell: (message: Message) => void,
): Generator<void, void, void> {
  const began = clock();
  let told = -Infinity;
  try {
    const work = recount(archive);
    for (;;) {
      const step = work.next();
      if (step.done) {
        tell({ kind: "done", report: step.value, seconds: (clock() - began) / 1000 });
        return;
      }
      if (clock() - told >= PAUSE) {
        told = clock();
        tell({ kind: "progress", progress: step.value });
      }
      yield;
    }
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    tell({ kind: "unreadable", repacked: error instanceof Repacked });
  }
}
