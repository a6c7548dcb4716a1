import { inWords, say } from "../../i18n/index.ts";
import type { Contest } from "../../protocol/boxes.ts";
import type { Manifest } from "../../protocol/manifest.ts";
import { button, type Child, h } from "../../ui/dom.ts";
import { why } from "./why.ts";

/** Before the draw: whose appraisal, what is asked, anonymous and why, who is told; one button. */
export function landing(
  manifest: Manifest,
  contests: readonly Contest[],
  voterClass: number,
  lasting: boolean,
  onDraw: (event: Event) => void,
): Child[] {
  const { classes, organisation, rules: { publication } } = manifest;
  const subjects = new Set(contests.flatMap((contest) => contest.subjects)).size;
  const graded = contests.every(({ questions }) => questions.every(({ kind }) => kind === "grades"));
  const counted = contests.some(({ bounds }) => bounds.some(({ least }) => least > 0));
  const spoils = contests.some(({ emptySpoils }) => emptySpoils);
  const name = classes[voterClass]?.name;
  return [
    h("h1", {}, manifest.title),
    h(
      "ul",
      { class: "lines" },
      h("li", {}, say("landing.whose", { organisation, n: subjects })),
      h("li", { id: "what" },
        say(counted ? "landing.what-number" : graded ? "landing.what" : "landing.what-form"),
        spoils ? say("landing.empty-spoilt") : counted && say("landing.empty-valid")),
      h("li", {}, say("landing.anonymous"), why(manifest)),
      publication !== "public" &&
        h("li", { id: "told" }, say(`landing.told-${publication}`)),
      h("li", {}, say("landing.minute")),
    ),
    !lasting && h("p", { class: "warning" }, say("landing.memory")),
    button(say("landing.draw"), onDraw, { class: "main", id: "draw" }),
    h("p", { class: "quiet" }, say("landing.once")),
    name && classes.length > 1 &&
      h("p", { class: "quiet" }, say("landing.class", { name: inWords(name) })),
  ];
}
