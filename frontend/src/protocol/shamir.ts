// Shamir's secret sharing over GF(2^8) with x^8 + x^4 + x^3 + x + 1 (§4.6).

import type { Random } from "./encoding.ts";

/** The product in GF(2^8), without branches or tables that depend on the secret. */
export function multiply(a: number, b: number): number {
  let product = 0;
  for (let bit = 0; bit < 8; bit++) {
    product ^= -(b & 1) & a;
    a = ((a << 1) ^ (-(a >> 7) & 0x11b)) & 0xff;
    b >>= 1;
  }
  return product;
}

/**
 * One share for each of `count` tellers, any `threshold` of which make the secret again.
 *
 * Teller i (from 0) stands at x = i + 1; a share is the y-bytes, as long as the secret.
 */
export function split(
  secret: Uint8Array,
  threshold: number,
  count: number,
  random: Random,
): Uint8Array[] {
  // Coefficients of x^1 … x^(threshold−1), one row each; the secret is the constant term.
  const rows = Array.from({ length: threshold - 1 }, () => random(secret.length));
  return Array.from({ length: count }, (_, teller) => {
    const x = teller + 1;
    return secret.map((constant, i) => {
      const slope = rows.reduceRight((y, row) => multiply(y, x) ^ (row[i] ?? 0), 0);
      return constant ^ multiply(slope, x);
    });
  });
}
