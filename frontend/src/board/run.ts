// Running a verification without keeping the page from answering: in a worker, or in slices.

import { answer, type Message } from "./steps.ts";

/** Milliseconds of work between two frames, where there is no worker. */
const SLICE = 30;

/** Verifies an archive and tells how it goes; the function returned stops it. */
export function run(
  archive: Uint8Array,
  script: string,
  tell: (message: Message) => void,
): () => void {
  if (typeof Worker !== "function" || !script) return inSlices(archive, tell);
  let stop = () => worker.terminate();
  const worker = new Worker(script);
  worker.addEventListener("message", ({ data }: MessageEvent<Message>) => {
    tell(data);
    if (data.kind !== "progress") worker.terminate();
  });
  worker.addEventListener("error", () => {
    worker.terminate();
    stop = inSlices(archive, tell); // an old browser, or a script that did not come
  });
  worker.postMessage(archive);
  return () => stop();
}

function inSlices(archive: Uint8Array, tell: (message: Message) => void): () => void {
  const steps = answer(archive, () => performance.now(), tell);
  let stopped = false;
  const slice = () => {
    const end = performance.now() + SLICE;
    while (!stopped && performance.now() < end) if (steps.next().done) return;
    if (!stopped) setTimeout(slice);
  };
  slice();
  return () => { stopped = true; };
}
