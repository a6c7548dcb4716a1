import { say } from "../../i18n/teller.ts";
import { button, type Child, h, named } from "../../ui/dom.ts";
import type { Status, TellerStatus } from "../facts.ts";

/** The final state: one sentence, large, with a tick. */
export const final = (title: string, ...rest: readonly Child[]): Child[] => [
  h("div", { class: "tick", "aria-hidden": "true" }),
  h("h1", { class: "final" }, title),
  ...rest,
];

/** The key is registered: keep card and passphrase apart. */
export const checked = (): Child[] => final(
  say("checked.title"),
  h("p", { class: "final-close" }, say("checked.keep")),
  h("p", { class: "quiet centred" }, say("checked.where")),
);

/** Everybody with what they have done; `you` is the number of whoever looks. */
export function people(
  tellers: readonly TellerStatus[],
  did: (teller: TellerStatus) => boolean,
  words: readonly [done: string, missing: string],
  you?: number,
): HTMLElement {
  return h("section", { class: "people" },
    h("h2", {}, say("people")),
    h("ol", {}, ...tellers.map((teller, i) => h("li", {},
      h("span", {}, named(teller.name), i === you && `（${say("people.you")}）`),
      h("span", { class: did(teller) ? "did" : "quiet" }, words[did(teller) ? 0 : 1])))));
}

/** Factors are handed in: how many, and who is missing. */
export function handed({ quorum, tellers }: Status, you: number): Child[] {
  const n = tellers.filter(({ handed_in }) => handed_in).length;
  const count = n < quorum
    ? say("handed.count", { n, quorum, missing: quorum - n })
    : say("handed.enough", { n, quorum });
  return final(
    say("handed.title"),
    h("p", { class: "final-close", id: "count" }, count),
    people(tellers, (teller) => teller.handed_in, [say("people.handed-in"), say("people.missing")], you),
    h("p", { class: "quiet" }, say("handed.close")),
  );
}

export const opened = (board: string): Child[] => final(
  say("opened.title"),
  h("p", { class: "final-close" }, say("opened.lead")),
  h("p", { class: "after" }, h("a", { href: board, class: "go" }, say("board"))),
);

/** Between freezing and closing: the card is compared with the manifest before slips go out. */
export const keep = (
  phase: "preparing" | "printed" | "voting",
  onVerify: () => void,
): Child[] => [
  h("h1", {}, say(phase === "voting" ? "keep.title" : "keep.verify")),
  h("p", { class: "advice" }, say(`keep.${phase}`)),
  button(say("keep.verify"), onVerify, { id: "verify", class: phase === "voting" ? "" : "main" }),
  button(say("keep.refresh"), () => location.reload(), { class: "link" }),
];

/** No link and no card: who the tellers are. */
export const nobody = ({ tellers }: Status): Child[] => [
  h("h1", {}, say("phase.none")),
  h("p", { class: "advice" }, say("phase.none-lead")),
  people(tellers, (teller) => teller.checked, [say("people.checked"), say("people.unchecked")]),
];
