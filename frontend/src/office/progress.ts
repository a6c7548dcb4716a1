import { poll, read } from "./poll.ts";

/** The bar of a long step; the page is loaded anew when the step has ended. */
export function showProgress(part: HTMLElement): void {
  const address = part.dataset["progress"] ?? "";
  const bar = part.querySelector("progress");
  poll(500, async () => {
    const { running, done, total } = (await read(address)) as {
      running: boolean;
      done: number;
      total: number;
    };
    if (bar && total) {
      bar.max = total;
      bar.value = done;
    }
    if (!running) location.reload();
    return !running;
  });
}
