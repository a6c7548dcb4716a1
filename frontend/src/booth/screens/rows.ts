import { say } from "../../i18n/index.ts";
import type { Form, Question, Subject } from "../../protocol/form.ts";
import { button, type Child, h, named } from "../../ui/dom.ts";
import { commitmentOf } from "./beside.ts";
import { type Ground, spotOf } from "./page.ts";
import { control, mark } from "./questions.ts";
import { asked, type Control } from "./spot.ts";

/** One subject of a list, with its questions. */
export interface Row {
  readonly subject: number;
  readonly element: HTMLElement;
  readonly controls: readonly Control[];
  readonly paint: () => void;
}

/** What the rows of a list share. */
interface Parts {
  readonly ground: Ground;
  /** Of this page alone and kept nowhere: who said "this is me". */
  readonly skipped: Set<number>;
  readonly changed: () => void;
}

const noteless = ({ note: _, ...question }: Question): Question => question;

const who = ({ name, post }: Subject): Child[] => [
  named(name),
  post !== "" && h("span", { class: "post" }, post),
];

export function rowOf(parts: Parts, subject: number, ticking: boolean): Row {
  const { ground, changed } = parts;
  const about = ground.contest.subjects[subject] as Subject;
  const commitment = commitmentOf(about, false);
  if (ticking) {
    const box = mark(spotOf(ground, subject, 0, [], changed), 0, 1, who(about), "who");
    const element = h("div", { class: "row" }, box.element, box.told, commitment);
    return { subject, element, controls: [box], paint: box.paint };
  }
  const { questions } = ground.contest;
  const controls = questions.map((question, q) => {
    const legend = questions.length > 1
      ? [h("span", { class: "visually-hidden" }, `${about.name} `), asked(question)]
      : [h("span", { class: "visually-hidden" }, `${about.name} ${asked(question)}`)];
    const spot = spotOf(ground, subject, q, legend, changed);
    // A note to the only question stands once, above all rows.
    return control(questions.length > 1 ? spot : { ...spot, question: noteless(question) });
  });
  const acts = rowActs(parts, subject, about);
  const element = h("section", { class: "row" },
    h("div", { class: "row-head" }, h("h2", {}, ...who(about)), ...acts.elements),
    commitment,
    ...controls.map((one) => one.element));
  const paint = () => {
    controls.forEach((one) => one.paint());
    acts.paint();
    const away = parts.skipped.has(subject);
    controls.forEach((one) => (one.element.hidden = away));
  };
  return { subject, element, controls, paint };
}

/** At the right of a name: take everything back, or "this is me" while nothing is said. */
function rowActs({ ground, skipped, changed }: Parts, subject: number, { kind, name }: Subject) {
  const { marking, notSelf } = ground;
  const asks = notSelf && kind === "person";
  const clear = button(say("row.clear"), () => {
    marking.clear(subject);
    changed();
    (asks ? self : clear.closest(".row")?.querySelector("input"))?.focus({ preventScroll: true });
  }, { class: "link", "aria-label": say("row.clear-name", { name }) });
  const self = button(say("self.row"), () => {
    if (!skipped.delete(subject)) skipped.add(subject);
    changed();
  }, { class: "link self", "aria-label": say("self.row-name", { name }) });
  return {
    elements: [clear, asks && self],
    paint: () => {
      const said = marking.said(subject);
      clear.hidden = !said;
      self.hidden = said;
      self.setAttribute("aria-pressed", String(skipped.has(subject)));
    },
  };
}

/** Rows to tick, a fieldset for each kind of subject that stands together. */
export function tickRowsOf({ subjects }: Form, rows: readonly Row[], question: string): HTMLElement[] {
  const mixed = subjects.some(({ kind }) => kind !== subjects[0]?.kind);
  const groups: Row[][] = [];
  rows.forEach((row, n) => {
    if (n && subjects[n]?.kind === subjects[n - 1]?.kind) groups[groups.length - 1]?.push(row);
    else groups.push([row]);
  });
  return groups.map((group) => {
    const kind = subjects[group[0]?.subject ?? 0]?.kind ?? "person";
    const legend = mixed
      ? [h("span", { class: "visually-hidden" }, `${question} `), say(`list.${kind}`)]
      : [h("span", { class: "visually-hidden" }, question)];
    return h("fieldset", { class: "question rows" },
      h("legend", {}, ...legend), ...group.map(({ element }) => element));
  });
}
