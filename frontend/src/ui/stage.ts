// The one place on a page that changes: a view at a time, announced and focused for those who listen.

import { byId, type Child } from "./dom.ts";
import { breakBetweenWords } from "./phrases.ts";

/** Makes the screen's elements, the first of them its h1; run again when the language changes. */
export type View = () => readonly Child[];

/** Headings that fit on a phone's line. Knowing words takes a slow phone a moment: after the paint. */
const ONE_LINE = 10;

let current: View | undefined;

function render(view: View): HTMLElement | null {
  const main = byId("screen");
  main.replaceChildren(...view().filter((child): child is Node | string => Boolean(child)));
  const heading = main.querySelector("h1");
  if (heading) {
    heading.setAttribute("tabindex", "-1");
    document.title = heading.textContent;
    if (heading.textContent.length > ONE_LINE) setTimeout(() => breakBetweenWords(heading));
  }
  return heading;
}

/** Shows a view from its top; what it is called is read out, and nothing of the last view is. */
export function show(view: View): void {
  current = view;
  announce("");
  const heading = render(view);
  scrollTo(0, 0);
  heading?.focus({ preventScroll: true });
}

/** Shows the present view again, as after a change that it must reflect. */
export function refresh(): void {
  if (current) render(current);
}

/** Reads a change out without moving anyone anywhere. */
export function announce(text: string): void {
  byId("live").textContent = text;
}
