// A contest's ballot form: the places of its answers (§4.1, §4.5), its limits in numbers, and whether
// a ballot keeps them.

import type { Instrument, Limit, Question } from "./instrument.ts";

/** How many of these subjects, by their number on the ballot, one ballot gives an answer. */
export interface Bounds {
  /** Of the question, among the places of one subject. */
  readonly place: number;
  readonly answer: number;
  readonly subjects: readonly number[];
  readonly least: number;
  readonly most: number;
}

export interface Form {
  readonly questions: readonly Question[];
  /** How many subjects the ballot asks about. */
  readonly subjects: number;
  /** The largest answer of each place of one subject. */
  readonly places: readonly number[];
  /** Where each question begins among those. */
  readonly starts: readonly number[];
  readonly bounds: readonly Bounds[];
  readonly emptySpoils: boolean;
}

/** The largest answer of each place that a question takes; 0 is blank in all of them. */
function placesOf({ kind, options, highest = 0 }: Question): number[] {
  if (kind === "ticks") return options.map(() => 1);
  return [kind === "score" ? highest + 1 : options.length];
}

/** The places of one subject, which every contest of an instrument shares. */
export function layoutOf({ questions }: Instrument): Pick<Form, "questions" | "places" | "starts"> {
  const starts: number[] = [];
  const places: number[] = [];
  for (const question of questions) {
    starts.push(places.length);
    places.push(...placesOf(question));
  }
  return { questions, places, starts };
}

/** How many subjects a limit allows: its number, or its share of the members, rounded down. */
function allowed({ most, share }: Limit, members: number): number {
  if (!share) return most ?? 0;
  const [top = 0, bottom = 1] = share;
  return Number((BigInt(members) * BigInt(top)) / BigInt(bottom));
}

/** A limit on a ballot with subjects of these kinds. */
export const boundsOf = (
  limit: Limit,
  { starts }: Pick<Form, "starts">,
  kinds: readonly string[],
  members: number,
): Bounds => ({
  place: starts[limit.question] ?? -1,
  answer: limit.option + 1,
  subjects: kinds.flatMap((kind, i) => (limit.kind === undefined || limit.kind === kind ? [i] : [])),
  least: limit.least,
  most: allowed(limit, members),
});

/** How many answers a ballot of this form has. */
export const lengthOf = ({ places, subjects }: Form): number => places.length * subjects;

/** Why answers, one a place, are no valid ballot: the first reason that holds. */
export type Fault = "answer-out-of-range" | "empty" | "too-many" | "too-few";

export function faultOf(form: Form, answers: ArrayLike<number>): Fault | undefined {
  const width = form.places.length;
  let blank = true;
  for (let i = 0; i < answers.length; i++) {
    const answer = answers[i] as number;
    if (answer > (form.places[i % width] as number)) return "answer-out-of-range";
    if (answer) blank = false;
  }
  if (blank) return form.emptySpoils ? "empty" : undefined;
  if (overticked(form, answers)) return "too-many";
  const given = form.bounds.map(({ place, answer, subjects }) =>
    subjects.filter((subject) => answers[subject * width + place] === answer).length);
  if (form.bounds.some(({ most }, i) => (given[i] as number) > most)) return "too-many";
  if (form.bounds.some(({ least }, i) => (given[i] as number) < least)) return "too-few";
  return undefined;
}

/** Whether more options of some list are ticked than it allows. */
function overticked({ questions, places, starts, subjects }: Form, answers: ArrayLike<number>): boolean {
  return questions.some(({ most, options }, q) => {
    if (most === undefined) return false;
    for (let subject = 0; subject < subjects; subject++) {
      const start = subject * places.length + (starts[q] as number);
      const ticked = options.filter((_, i) => answers[start + i]).length;
      if (ticked > most) return true;
    }
    return false;
  });
}
