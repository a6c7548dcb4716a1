import { inWords, say } from "../../i18n/index.ts";
import type { Question } from "../../protocol/form.ts";
import { type Child, h } from "../../ui/dom.ts";

/** One question about one subject, on the page. */
export interface Spot {
  readonly question: Question;
  /** Tells its inputs from all others of the page. */
  readonly id: string;
  /** What is asked, or whom about. */
  readonly legend: readonly Child[];
  /** The values of its places. */
  readonly read: () => readonly number[];
  /** Takes a value, or answers why it cannot. */
  readonly write: (place: number, value: number) => string | undefined;
  readonly refuses: (place: number, value: number) => boolean;
}

/** Its element, and what makes it show the answers as they stand. */
export interface Control {
  readonly element: HTMLElement;
  readonly paint: () => void;
  /** Words for what was begun and is no answer yet, if there is such a thing. */
  readonly begun?: () => string | undefined;
}

/** The text of a question, with what its form does not show: how many to tick, that it is optional. */
export function asked({ kind, text, required, most }: Question): string {
  if (most !== undefined) return inWords(text) + say("question.ticks-most", { n: most });
  const optional = !required && (kind === "grades" || kind === "score");
  return inWords(text) + (optional ? say("question.optional") : "");
}

export const noteOf = ({ note }: Question, id: string): Child =>
  note && h("p", { class: "quiet note", id: `${id}-note` }, inWords(note));
