// The rules of an instrument that no single field can keep (§4.1).

import { Malformed } from "../protocol/encoding.ts";
import type { Instrument, Limit, Option, Question } from "./instrument.ts";

/** Throws `Malformed` with these words unless it holds. */
export function demand(holds: boolean, broken: string): void {
  if (!holds) throw new Malformed(broken);
}

export const once = (values: readonly unknown[]): boolean => new Set(values).size === values.length;

/** Whether it is above 0 and up to 1, with a denominator of at most a million. */
export const isShare = ([top = 0, bottom = 0]: readonly number[]): boolean =>
  top > 0 && top <= bottom && bottom <= 1_000_000;

/** Throws `Malformed` for an instrument that contradicts itself. */
export function checkInstrument({ questions, limits, kind: only }: Instrument): void {
  questions.forEach(checkQuestion);
  for (const limit of limits) checkLimit(limit, questions[limit.question]);
  demand(only === undefined || limits.every(({ kind }) => kind === undefined),
    "a kind of subject in a limit of a form for one kind");
  demand(once(limits.map(({ question, option, kind = "" }) => `${question} ${option} ${kind}`)),
    "an option is limited twice");
}

function checkQuestion(question: Question): void {
  const { kind, options, most, highest } = question;
  demand(once(options.map(({ text }) => text.zh)), "two options of one text");
  demand(options.every(({ positive, negative }) => !positive || !negative),
    "an option both positive and negative");
  demand(kind === "ticks" || most === undefined, "a number of ticks where nothing is ticked");
  demand(kind === "score" || highest === undefined, "a highest score where none is given");
  demand(kind === "score" || options.every(({ at_least }) => at_least === undefined),
    "a band of no score");
  demand(kind === "grades" || kind === "choice" || options.every(({ points }) => points === undefined),
    "points where an option carries none");
  switch (kind) {
    case "grades":
      return checkGrades(options);
    case "choice":
      return checkChoice(question);
    case "ticks":
      demand(options.every(({ positive, negative }) => !positive && !negative),
        "an item to tick is good or bad");
      return demand(most === undefined || most < options.length, "as many ticks as options");
    case "score":
      return checkBands(options, highest);
  }
}

function checkGrades(options: readonly Option[]): void {
  const points = options.flatMap((option) => option.points ?? []);
  demand(points.length > 0, "no grade carries points");
  demand(points.every((p, i) => i === 0 || p <= (points[i - 1] as number)),
    "grades do not stand best first");
  demand(options.every((grade) => grade.points !== undefined || !(grade.positive || grade.negative)),
    "a grade outside the scale is good or bad");
}

function checkChoice({ options: [choice, ...others], required }: Question): void {
  demand(choice?.points === 100 && choice.positive && !others.length,
    "a choice is one option, positive and of 100 points");
  demand(!required, "a choice is required");
}

function checkBands(bands: readonly Option[], highest: number | undefined): void {
  const from = bands.map(({ at_least }) => at_least ?? -1);
  demand(highest !== undefined, "a score without a highest");
  demand(from.every((points, i) => points >= 0 && (i === 0 || points < (from[i - 1] as number))),
    "bands do not stand best first");
  demand((from[0] as number) <= (highest as number), "a band above the highest score");
  demand(from[from.length - 1] === 0, "the last band is not from 0");
}

function checkLimit({ option, least, most, share }: Limit, question: Question | undefined): void {
  demand(question?.kind === "grades" || question?.kind === "choice",
    "a limit on what is neither grade nor choice");
  demand(option < (question?.options.length ?? 0), "a limit on an option that there is not");
  demand((most === undefined) !== (share === undefined), "a limit by number or by share");
  demand(share === undefined || isShare(share), "a share above 0 and up to 1");
  demand(most === undefined || least <= most, "a limit that nobody could keep");
}
