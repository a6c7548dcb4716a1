import { say } from "../../i18n/index.ts";
import { button, type Child, h } from "../../ui/dom.ts";
import type { Kept } from "../store.ts";

/** Ballots of other slips wait on this phone: continue one of them, or put them aside. */
export function unfinished(
  ballots: readonly Kept[],
  scanned: boolean,
  onContinue: (kept: Kept) => void,
  onAside: () => void,
): Child[] {
  const only = ballots.length === 1;
  return [
    h("h1", {}, say("unfinished.title")),
    h("p", {}, say("unfinished.lead")),
    h("p", {}, say("unfinished.yours")),
    ...ballots.map((kept, i) => {
      const text = only
        ? say("unfinished.continue")
        : say("unfinished.continue-nth", { n: i + 1 });
      return button(text, () => onContinue(kept), { class: "second" });
    }),
    button(say(scanned ? "unfinished.aside" : "unfinished.code"), onAside, { id: "aside" }),
    h("p", { class: "quiet" }, say("unfinished.kept")),
  ];
}
