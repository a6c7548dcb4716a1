import { type Key, say } from "../../i18n/index.ts";
import { type Child, h } from "../../ui/dom.ts";
import { announce } from "../../ui/stage.ts";

/** Something is under way; what, and how far, is said in words. */
export function waiting(key: Key): Child[] {
  return [
    h("h1", { class: "waiting" }, say(key)),
    h("p", { id: "progress" }),
  ];
}

/** How far what is waited for has come. */
export function progress(text: string): void {
  const line = document.getElementById("progress");
  if (line) line.textContent = text;
  announce(text);
}
