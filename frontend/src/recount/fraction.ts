// Exact fractions (§5): never negative, in lowest terms, rounded only when printed.

export interface Fraction {
  readonly top: bigint;
  readonly bottom: bigint;
}

/** A FIGURE of the results (§6.1). */
export interface Figure {
  readonly exact: string;
  readonly printed: string;
}

export const ZERO: Fraction = { top: 0n, bottom: 1n };

export function fraction(top: bigint | number, bottom: bigint | number = 1n): Fraction {
  let [a, b] = [BigInt(top), BigInt(bottom)];
  while (b) [a, b] = [b, a % b];
  return { top: BigInt(top) / a, bottom: BigInt(bottom) / a };
}

export const plus = (a: Fraction, b: Fraction): Fraction =>
  fraction(a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom);
export const times = (a: Fraction, b: Fraction): Fraction =>
  fraction(a.top * b.top, a.bottom * b.bottom);
export const over = (a: Fraction, n: bigint | number): Fraction =>
  fraction(a.top, a.bottom * BigInt(n));
/** Below zero if a < b, zero if they are equal. */
export function order(a: Fraction, b: Fraction): number {
  const difference = a.top * b.bottom - b.top * a.bottom;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** `units` of the last decimal place, written with its point. */
export function withPoint(units: bigint, decimals: number): string {
  const digits = units.toString().padStart(decimals + 1, "0");
  return decimals ? `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}` : digits;
}

/** The exact value, and `scale` times it rounded half up. */
export function figure(value: Fraction, decimals: number, scale = 1n): Figure {
  const scaled = value.top * scale * 10n ** BigInt(decimals);
  const units = (2n * scaled + value.bottom) / (2n * value.bottom);
  return { exact: `${value.top}/${value.bottom}`, printed: withPoint(units, decimals) };
}
