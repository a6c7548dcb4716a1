import { inWords } from "../../i18n/language.ts";
import { say } from "../../i18n/teller.ts";
import { b64encode } from "../../protocol/encoding.ts";
import type { Ballot } from "../../recount/ballot.ts";
import type { ClosedBoard } from "../../recount/checkboard.ts";
import { isComment } from "../../recount/manifest.ts";
import { button, type Child, h } from "../../ui/dom.ts";
import { tellWhetherItSlides } from "../../ui/scrolling.ts";
import { type Status, witnessNamed } from "../facts.ts";

/** So many symbols of the root are read out and compared. */
const ROOT_SYMBOLS = 12;

/**
 * What will be opened, class by class, and what stays sealed; the button that uses the key.
 *
 * `comments` are those to be opened, undefined where there is no comment box. `status` tells what
 * people call the witnesses.
 */
export function summary(
  status: Status,
  closed: ClosedBoard,
  comments: readonly Ballot[] | undefined,
  actions: { readonly open: () => void; readonly again: () => void },
): Child[] {
  const { manifest, groups, returned, toOpen, uncosigned } = closed;
  const { quorum, tellers } = manifest.opening;
  const root = b64encode(closed.root).slice(0, ROOT_SYMBOLS);
  const sealed = groups.filter((group) => group.sealed && group.ballots > 0);
  const rows = manifest.classes.map(({ name }, number) => {
    const boxes = manifest.boxes.flatMap((box, i) =>
      (box.class === number && !isComment(manifest, i) ? [i] : []));
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
    h("p", { class: "quiet", id: "figures" }, say("summary.caption")),
    ...sliding(h("table", { "aria-labelledby": "figures" },
      h("thead", {}, h("tr", {}, ...head.map((key) => h("th", { scope: "col" }, say(key))))),
      h("tbody", {}, ...rows))),
    h("p", { class: sealed.length ? "advice" : "quiet", id: "sealed" }, sealed.length
      ? say("summary.sealed", withheld)
      : say(toOpen.length ? "summary.all" : "summary.none")),
    ...(comments ? [h("p", { class: "quiet", id: "comments" }, comments.length
      ? say("summary.comments", { n: comments.length })
      : say("summary.comments-none", { floor: manifest.rules.floor }))] : []),
    h("p", { id: "shown" }, say("summary.board", {
      quorum, all: tellers.length, entries: closed.entries.length, root,
    })),
    // The operator could show tellers a board of their own, with a small box filled up (§3, step 8).
    ...(uncosigned.length
      ? [
        h("p", { class: "warning", id: "uncosigned" },
          say("summary.uncosigned", { names: uncosigned
            .map((name) => witnessNamed(status, name)).join(say("witness.and")) })),
        button(say("again"), actions.again, { class: "main", id: "again" }),
        button(say("summary.regardless"), actions.open, { class: "second", id: "open" }),
      ]
      : [button(say("summary.go"), actions.open, { class: "main", id: "open" })]),
    h("p", { class: "quiet" }, say("summary.told")),
  ];
}

/** A table in a place of its own, in which it slides where large text makes it too wide. */
function sliding(table: HTMLTableElement): Child[] {
  const hint = h("p", { class: "quiet", hidden: true }, say("summary.wider"));
  const place = h("div",
    { class: "scroll", tabindex: 0, role: "region", "aria-labelledby": "figures" }, table);
  tellWhetherItSlides(place, hint);
  return [hint, place];
}
