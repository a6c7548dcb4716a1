// The counting rules of a session (§4.1, §5), field by field.

import { flag, integer, list, object, oneOf, type Read, text } from "./canonical.ts";
import { type Fraction, fraction, order } from "./fraction.ts";
import { MAX_SUBJECTS } from "./sizes.ts";

const threshold = object({ share: list(integer(), 2, 2), over: flag });

export const rules = object({
  floor: integer(2, 1000),
  below_floor: oneOf("withhold", "merge"),
  empty_class: oneOf("renormalise", "zero"),
  empty_ballot: oneOf("valid", "spoilt"),
  denominator: oneOf("answers", "valid", "returned", "present", "entitled"),
  percentages: oneOf("largest-remainder", "last-takes-rest"),
  decimals: integer(0, 6),
  trim: integer(0, 10),
  quota: integer(0, MAX_SUBJECTS),
  ties: oneOf("open", "all", "none"),
  members: integer(0, 1_000_000),
  self_appraisal: flag,
  publication: oneOf("public", "on-the-spot", "branch", "subject"),
  award: text(0, 200),
}, {
  attendance: threshold,
  turnout: threshold,
  positive: threshold,
  negative: threshold,
  quota_organisations: integer(0, MAX_SUBJECTS),
});

export type Rules = Read<typeof rules>;
export type Threshold = Read<typeof threshold>;

export const shareOf = ({ share: [top = 0, bottom = 1] }: Threshold): Fraction =>
  fraction(top, bottom);

/** Whether a value reaches a threshold, or exceeds it where that is asked for. */
export function reaches(value: Fraction, limit: Threshold): boolean {
  const difference = order(value, shareOf(limit));
  return limit.over ? difference > 0 : difference >= 0;
}
