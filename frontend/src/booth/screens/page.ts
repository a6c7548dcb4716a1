import { inWords, say } from "../../i18n/index.ts";
import type { Contest } from "../../protocol/boxes.ts";
import { type Child, h } from "../../ui/dom.ts";
import { whyFull } from "../limits.ts";
import type { Marking } from "../marking.ts";
import { nameOf } from "../titles.ts";
import type { Control, Spot } from "./spot.ts";

/** Which page of the ballot this is, and how to leave it. */
export interface Page {
  readonly index: number;
  readonly count: number;
  readonly previous: (() => void) | undefined;
  readonly next: () => void;
}

/** What a page is made of, and what its parts have in common. */
export interface Ground {
  readonly contest: Contest;
  readonly marking: Marking;
  readonly page: Page;
  /** Voters are asked not to appraise themselves. */
  readonly notSelf: boolean;
  /** Leaves everything about this subject blank and goes on. */
  readonly skip: () => void;
  /** The subject has other ballots too: the form is named. */
  readonly named: boolean;
}

/** A thin bar that says 3 / 7. */
export function progressBar({ index, count }: Page): Child {
  return h("div", { class: "bar" },
    h("progress", { max: count, value: index + 1, "aria-label": placeOf(index, count) }),
    h("span", { "aria-hidden": "true" }, `${index + 1} / ${count}`));
}

export const placeOf = (index: number, count: number): string =>
  say("card.progress", { n: index + 1, all: count });

export const onward = ({ index, count }: Page): string =>
  say(index + 1 === count ? "card.review" : "card.next");

/** One question about one subject; `changed` hears of every answer, also of one that is refused. */
export function spotOf(
  { marking, contest }: Ground,
  subject: number,
  question: number,
  legend: readonly Child[],
  changed: () => void,
): Spot {
  const asked = contest.questions[question] as Spot["question"];
  return {
    question: asked,
    id: `q${subject}-${question}`,
    legend,
    read: () => marking.read(subject, question),
    write: (place, value) => {
      const full = marking.write(subject, question, place, value);
      changed();
      return full && whyFull(contest, full, nameOf(contest.subjects[subject], contest.subjects));
    },
    refuses: (place, value) => marking.against(subject, question, place, value) !== undefined,
  };
}

/** The words of what was begun and is no answer yet, and where. */
export function begunOf(controls: readonly Control[], next: string) {
  for (const { begun, element } of controls) {
    const band = begun?.();
    if (band !== undefined) return { text: say("score.open", { band, next }), at: element };
  }
  return undefined;
}

export const formTitle = ({ contest }: Ground): string => inWords(contest.instrument.title);
