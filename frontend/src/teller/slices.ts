// Long work in slices, so that the page goes on painting and answering.

import type { Work } from "../recount/findings.ts";

/** Milliseconds of arithmetic between two looks at the screen. */
const SLICE = 40;

/** Lets a page paint and answer taps while long work goes on. */
export async function inSlices<T>(work: Work<T>, onProgress: (done: number, all: number) => void) {
  for (let until = performance.now() + SLICE; ; ) {
    const step = work.next();
    if (step.done) return step.value;
    if (performance.now() < until) continue;
    onProgress(step.value.done, step.value.all);
    await new Promise((resolve) => setTimeout(resolve));
    until = performance.now() + SLICE;
  }
}
