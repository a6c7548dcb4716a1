// Scores (§5.3), exact: of a question in one group, over all groups by weight, and of a subject.

import type { Count, Given } from "./counting.ts";
import { type Fraction, fraction, over, plus, times, ZERO } from "./fraction.ts";
import { isScaled, type Question } from "./instrument.ts";
import type { Rules } from "./rules.ts";

/** s, p and n of a group, or S, P and N over all: what a question without answers does not have. */
export interface Marks {
  readonly score: Fraction;
  readonly positive: Fraction;
  readonly negative: Fraction;
}

/** How many there are in a group. */
export interface Numbers {
  readonly valid: number;
  readonly returned: number;
  readonly issued: number;
  readonly entitled: number;
}

/** Extremes are left out only where more answered than these. */
const FEW = 5;

const total = (scale: readonly Given[], of: (given: Given) => number): number =>
  scale.reduce((sum, given) => sum + of(given) * given.times, 0);

export function marksOf(
  question: Question,
  { scale, answers }: Count,
  numbers: Numbers,
  rules: Rules,
): Marks | undefined {
  const choice = question.kind === "choice";
  if (!isScaled(question) || !(choice ? numbers.valid : answers)) return undefined;
  const whole = divisor(rules.denominator, choice ? numbers.valid : answers, numbers);
  const trim = choice || answers <= Math.max(FEW, 2 * rules.trim) ? 0 : rules.trim;
  const kept = trim ? withoutFirst(withoutFirst(scale, trim).reverse(), trim) : scale;
  return {
    score: fraction(total(kept, ({ points }) => points), trim ? answers - 2 * trim : whole),
    positive: fraction(total(scale, ({ positive }) => Number(positive)), whole),
    negative: fraction(total(scale, ({ negative }) => Number(negative)), whole),
  };
}

/** D(g,q), given how many answered. */
function divisor(
  rule: Rules["denominator"],
  answers: number,
  { valid, returned, issued, entitled }: Numbers,
): number {
  switch (rule) {
    case "answers":
      return answers;
    case "valid":
      return valid;
    case "returned":
      return returned;
    case "present":
      return Math.max(issued, valid);
    case "entitled":
      return Math.max(entitled, valid);
  }
}

/** The answers without the first `few`. */
function withoutFirst(scale: readonly Given[], few: number): Given[] {
  let left = few;
  return scale.map((given) => {
    const gone = Math.min(left, given.times);
    left -= gone;
    return { ...given, times: given.times - gone };
  });
}

/** The marks of a question over the groups that have them, each with its weight. */
export function combined(
  parts: readonly { readonly weight: number; readonly marks: Marks }[],
  rule: Rules["empty_class"],
): Marks | undefined {
  const weights = parts.reduce((sum, { weight }) => sum + weight, 0);
  const whole = rule === "zero" ? 100 : weights;
  if (!parts.length || !whole) return undefined;
  const weighed = (of: (marks: Marks) => Fraction) =>
    over(parts.reduce((sum, { weight, marks }) =>
      plus(sum, times(fraction(weight), of(marks))), ZERO), whole);
  return {
    score: weighed(({ score }) => score),
    positive: weighed(({ positive }) => positive),
    negative: weighed(({ negative }) => negative),
  };
}

/** The mean of the values that there are. */
export function mean(values: readonly (Fraction | undefined)[]): Fraction | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length ? over(known.reduce(plus, ZERO), known.length) : undefined;
}
