import { inWords } from "../../i18n/language.ts";
import { say } from "../../i18n/teller.ts";
import type { ClosedBoard } from "../../recount/checkboard.ts";
import { button, type Child, h } from "../../ui/dom.ts";

/** What will be opened, class by class, and what stays sealed; the button that uses the key. */
export function summary(closed: ClosedBoard, onOpen: () => void): Child[] {
  const { manifest, groups, returned, toOpen } = closed;
  const sealed = groups.filter((group) => group.sealed && group.ballots > 0);
  const rows = manifest.classes.map(({ name }, number) => {
    const boxes = manifest.boxes.flatMap((box, i) => (box.class === number ? [i] : []));
    const inClass = new Set(boxes);
    return h("tr", {},
      h("th", { scope: "row" }, inWords(name)),
      h("td", {}, String(boxes.length)),
      h("td", {}, String(boxes.reduce((sum, box) => sum + (returned[box] ?? 0), 0))),
      h("td", {}, String(toOpen.filter(({ box }) => inClass.has(box)).length)));
  });
  const head = ["summary.class", "summary.boxes", "summary.ballots", "summary.open"] as const;
  const withheld = {
    boxes: sealed.reduce((sum, { boxes }) => sum + boxes.length, 0),
    ballots: sealed.reduce((sum, { ballots }) => sum + ballots, 0),
  };
  return [
    h("h1", {}, say("summary.title")),
    h("p", {}, say("summary.lead")),
    h("table", {},
      h("caption", {}, say("summary.caption")),
      h("thead", {}, h("tr", {}, ...head.map((key) => h("th", { scope: "col" }, say(key))))),
      h("tbody", {}, ...rows)),
    h("p", { class: sealed.length ? "advice" : "quiet", id: "sealed" }, sealed.length
      ? say("summary.sealed", withheld)
      : say(toOpen.length ? "summary.all" : "summary.none")),
    button(say("summary.go"), onOpen, { class: "main", id: "open" }),
    h("p", { class: "quiet" }, say("summary.told")),
  ];
}
