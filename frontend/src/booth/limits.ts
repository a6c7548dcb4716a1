// Limits in words: how many are chosen and allowed, what is missing, why one more is refused.

import { inWords, say } from "../i18n/index.ts";
import type { Bounds, Form, Question } from "../protocol/form.ts";
import type { Full, Short } from "./marking.ts";

/** What is counted: of the limit's kind, or of the kind that the whole form is for. */
const unit = ({ instrument }: Form, { limit: { kind } }: Bounds): string =>
  say(`unit.${kind ?? instrument.kind ?? "any"}`);

const optionOf = ({ questions }: Form, { limit: { question, option } }: Bounds): string => {
  const text = questions[question]?.options[option]?.text;
  return text ? inWords(text) : "";
};

/** Which option is meant, unless there is only one that could be. */
function of(form: Form, bounds: Bounds): string {
  const question = form.questions[bounds.limit.question] as Question;
  const several = form.questions.length > 1;
  const words = [
    ...(several ? [inWords(question.text)] : []),
    ...(question.kind === "choice" ? [] : [optionOf(form, bounds)]),
  ];
  return words.length ? say("limit.of", { option: words.join(" ") }) : "";
}

/** How far a limit is: “须选 3 个组织 · 已选 2”. */
export function standing(form: Form, bounds: Bounds, n: number): string {
  const { least, most, subjects } = bounds;
  const free = least > 0 && most >= subjects.length;
  const key = least === most
    ? "limit.exactly"
    : free ? "limit.at-least" : least ? "limit.between" : "limit.at-most";
  const said = say(key, { of: of(form, bounds), least, most, unit: unit(form, bounds), n });
  if (n >= most && least < most) return `${said} · ${say("limit.full")}`;
  return least && n >= least ? `${said} · ${say("limit.enough")}` : said;
}

/** Why an answer about a subject of this name was refused, and what to change for it. */
export function whyFull(form: Form, full: Full, name: string): string {
  if ("ticks" in full) return say("full.ticks", { n: full.ticks });
  const { bounds } = full;
  const { kind } = form.questions[bounds.limit.question] as Question;
  return say(kind === "choice" ? "full.choice" : "full.grade", {
    option: optionOf(form, bounds), most: bounds.most, unit: unit(form, bounds), name,
  });
}

/** What is missing: “1 个组织、2 人”. */
export const missing = (form: Form, short: readonly Short[]): string =>
  short.map(({ bounds, missing: n }) =>
    say("limit.missing", { of: of(form, bounds), unit: unit(form, bounds), n })).join(say("answer.and"));
