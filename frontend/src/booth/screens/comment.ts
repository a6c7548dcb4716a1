import { inWords, language, say } from "../../i18n/index.ts";
import type { Manifest } from "../../protocol/manifest.ts";
import { type Child, h } from "../../ui/dom.ts";
import { type Page, onward, placeOf, progressBar } from "./page.ts";
import { steps } from "./steps.ts";

/** Bytes of a usual letter. */
const LETTER = { zh: 3, en: 1 };

/** The comment box: what may be written, and who will read it. */
export function comment(
  { text, length, readers }: NonNullable<Manifest["comments"]>,
  written: string,
  page: Page,
  keep: (written: string) => void,
): Child[] {
  const area = h("textarea", {
    // Some browsers send what is written to be checked for its spelling.
    id: "comment", rows: 6, autocomplete: "off", spellcheck: "false",
    "aria-describedby": "comment-room",
  });
  area.value = written;
  const room = h("p", { class: "quiet", id: "comment-room" });
  const left = () => length - new TextEncoder().encode(area.value.trim()).length;
  const letters = () => Math.floor(Math.abs(left()) / LETTER[language()]);
  const count = () => {
    room.textContent = left() < 0
      ? say("comment.over", { n: Math.max(1, letters()) })
      : say("comment.left", { n: letters() });
    area.setAttribute("aria-invalid", String(left() < 0));
  };
  const nav = steps(onward(page), page.previous, page.next, () =>
    left() < 0 ? { text: room.textContent, must: true, at: area } : undefined);
  area.addEventListener("input", () => {
    count();
    nav.settle();
    if (left() >= 0) keep(area.value.trim());
  });
  count();
  return [
    progressBar(page),
    h("h1", {}, say("comment.title")),
    page.count > 1 && h("p", { class: "visually-hidden" }, placeOf(page.index, page.count)),
    h("p", {}, inWords(text)),
    h("p", {}, say("comment.lead")),
    h("p", { class: "quiet" }, say("comment.readers", { readers: readers.join(say("answer.and")) })),
    h("label", { for: "comment" }, say("comment.label")),
    area,
    room,
    nav.element,
  ];
}
