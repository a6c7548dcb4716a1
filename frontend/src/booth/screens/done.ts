import { say } from "../../i18n/index.ts";
import { button, type Child, h } from "../../ui/dom.ts";

/** The final state: one sentence, large, a tick, and that the page may be closed. */
export function done(onNext: () => void, onReceipt: (() => void) | undefined): Child[] {
  return [
    h("div", { class: "tick", "aria-hidden": "true" }),
    h("h1", { class: "final" }, say("done.title")),
    h("p", { class: "final-close" }, say("done.close")),
    h("p", { class: "quiet centred" }, say("done.clean")),
    h("div", { class: "after" },
      button(say("done.next"), onNext, { id: "next-voter" }),
      onReceipt && button(say("done.receipt"), onReceipt, {
        class: "link", id: "receipt", "aria-describedby": "receipt-now",
      }),
      onReceipt && h("p", { class: "quiet centred", id: "receipt-now" }, say("done.receipt-now"))),
  ];
}

/** Ready for the next person on this phone. */
export const nextVoter = (): Child[] => [
  h("h1", {}, say("next.title")),
  h("p", {}, say("next.lead")),
];
