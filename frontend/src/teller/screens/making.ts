import { say } from "../../i18n/teller.ts";
import { button, type Child, h } from "../../ui/dom.ts";
import { svgAddress } from "../card/picture.ts";
import type { Status } from "../facts.ts";

/** What a teller does and what is made, before anything is. */
export function explanation(
  { quorum, tellers }: Status,
  name: string,
  onBegin: () => void,
): Child[] {
  const n = tellers.length;
  return [
    h("h1", {}, say("explain.title", { name })),
    h("ul", { class: "lines" },
      h("li", {}, say(quorum === 1 ? "explain.share-one" : "explain.share", { n, quorum })),
      quorum > 1 && h("li", {}, say("explain.needed")),
      h("li", {}, say("explain.secret")),
      h("li", {}, say("explain.time"))),
    button(say("explain.begin"), onBegin, { class: "main", id: "begin" }),
    h("p", { class: "quiet" }, say("explain.not-you", { name })),
  ];
}

/** The card: to be printed, or saved as a picture, before it is read back. */
export function card(
  svg: string,
  png: string,
  name: string,
  session: string,
  onNext: () => void,
): Child[] {
  const alt = say("card.alt", { name });
  const file = `${say("card.file", { name, session }).replace(/[\\/:*?"<>|\s]+/g, "-")}.png`;
  return [
    h("h1", {}, say("card.title")),
    h("p", {}, say("card.lead")),
    h("img", { class: "card on-screen", src: png, alt }),
    // The printer gets lines, not dots.
    h("img", { class: "card on-paper", src: svgAddress(svg), alt: "" }),
    h("p", { class: "advice" }, say("card.press")),
    button(say("card.print"), () => print(), { id: "print" }),
    h("a", { class: "go", id: "save", href: png, download: file }, say("card.save")),
    button(say("card.next"), onNext, { class: "main", id: "kept" }),
  ];
}
