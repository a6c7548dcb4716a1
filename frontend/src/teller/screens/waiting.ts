import { type Child, h } from "../../ui/dom.ts";
import { announce } from "../../ui/stage.ts";

/** Something is under way; a bar and a line say how far. */
export const waiting = (title: string): Child[] => [
  h("h1", { class: "waiting" }, title),
  h("progress", { id: "bar", max: 1, "aria-label": title, hidden: true }),
  h("p", { id: "progress" }),
];

/** Moves the bar; it is not read out at every step. */
export function fraction(done: number): void {
  const bar = document.getElementById("bar") as HTMLProgressElement | null;
  if (!bar) return;
  bar.hidden = false;
  bar.value = done;
}

/** Says something about what is waited for. */
export function note(text: string): void {
  const line = document.getElementById("progress");
  if (line) line.textContent = text;
  announce(text);
}
