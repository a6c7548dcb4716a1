// Percentages (§5.2): of valid ballots, in units of the last decimal place until they are written.

import { withPoint } from "./fraction.ts";
import type { Rules } from "./rules.ts";

/**
 * The columns of one question, blank last, in per cent of `valid` ballots.
 *
 * `apart`: columns of a list to tick, of which a ballot may be in several, stand each for itself; all
 * others sum to 100.
 */
export function percentages(
  counts: readonly number[],
  valid: number,
  { percentages: rule, decimals }: Pick<Rules, "percentages" | "decimals">,
  apart: boolean,
): string[] {
  const whole = 100n * 10n ** BigInt(decimals);
  const exact = counts.map((count) => BigInt(count) * whole);
  return columns().map((units) => withPoint(units, decimals));

  function columns(): bigint[] {
    if (!valid) return counts.map(() => 0n);
    if (apart) return exact.map((units) => halfUp(units, BigInt(valid)));
    return rule === "largest-remainder"
      ? byRemainder(exact, BigInt(valid), whole)
      : lastTakesRest(exact, BigInt(valid), whole);
  }
}

const halfUp = (top: bigint, bottom: bigint): bigint => (2n * top + bottom) / (2n * bottom);
const sum = (values: readonly bigint[]): bigint => values.reduce((all, one) => all + one, 0n);

/** Rounded down, and what is missing given to the largest remainders, of equal ones to the earlier. */
function byRemainder(exact: readonly bigint[], valid: bigint, whole: bigint): bigint[] {
  const units = exact.map((top) => top / valid);
  const rests = exact.map((top, i) => ({ rest: top % valid, i }));
  rests.sort((a, b) => (a.rest === b.rest ? a.i - b.i : a.rest > b.rest ? -1 : 1));
  const missing = Number(whole - sum(units));
  for (const { i } of rests.slice(0, missing)) units[i] = (units[i] as bigint) + 1n;
  return units;
}

/** Each rounded half up; the last that is not zero takes the rest, or what it would lack the one before. */
function lastTakesRest(exact: readonly bigint[], valid: bigint, whole: bigint): bigint[] {
  const units = exact.map((top) => halfUp(top, valid));
  for (let i = units.length - 1; i >= 0; i--) {
    if (exact[i] === 0n) continue;
    const rest = whole - sum(units) + (units[i] as bigint);
    units[i] = rest < 0n ? 0n : rest;
    if (rest >= 0n) break;
  }
  return units;
}
