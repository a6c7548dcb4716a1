// Integers modulo an RSA modulus, on BigInt: all that a client of RFC 9474 needs.

/** OS2IP of RFC 8017 §4.2. */
export function os2ip(bytes: Uint8Array): bigint {
  let hex = "0x0";
  for (const byte of bytes) hex += (byte < 16 ? "0" : "") + byte.toString(16);
  return BigInt(hex);
}

/** I2OSP of RFC 8017 §4.1; `value` must fit. */
export function i2osp(value: bigint, length: number): Uint8Array {
  const hex = value.toString(16).padStart(length * 2, "0");
  if (hex.length > length * 2) throw new RangeError("integer too large");
  return Uint8Array.from({ length }, (_, i) => parseInt(hex.slice(i * 2, i * 2 + 2), 16));
}

/** base^65537 mod n: sixteen squarings and one product. */
export function power65537(base: bigint, n: bigint): bigint {
  let result = base;
  for (let i = 0; i < 16; i++) result = (result * result) % n;
  return (result * base) % n;
}

/** Bits of a leading part that a double holds exactly while cofactors stay below 2^26. */
const LEADING = 52;

/**
 * The inverse of a modulo n, or undefined if they share a factor.
 *
 * Lehmer's algorithm (Knuth, TAOCP 2, §4.5.2, algorithm L): quotients come from the leading 52 bits
 * in ordinary numbers, and only every fifteenth step or so touches the large ones. At 2048 bits it
 * takes a quarter of the time of Euclid's algorithm on BigInt; a cheap phone does one a box.
 */
export function inverse(a: bigint, n: bigint): bigint | undefined {
  let [u, v] = [n, a % n];
  let [s, t] = [0n, 1n]; // u ≡ s·a and v ≡ t·a (mod n)
  while (v !== 0n) {
    const shift = BigInt(Math.max(0, u.toString(16).length * 4 - LEADING));
    let [x, y] = [Number(u >> shift), Number(v >> shift)];
    let [A, B, C, D] = [1, 0, 0, 1];
    for (;;) {
      const q = Math.floor((x + A) / (y + C));
      // Collins: the quotient is certain only if both ends of the interval agree on it.
      if (y + C === 0 || y + D === 0 || q !== Math.floor((x + B) / (y + D))) break;
      const [nextC, nextD] = [A - q * C, B - q * D];
      if (Math.abs(nextC) >= 2 ** 26 || Math.abs(nextD) >= 2 ** 26) break;
      [A, B, C, D] = [C, D, nextC, nextD];
      [x, y] = [y, x - q * y];
    }
    if (B === 0) {
      const q = u / v;
      [u, v] = [v, u - q * v];
      [s, t] = [t, s - q * t];
    } else {
      const [a1, b1, c1, d1] = [BigInt(A), BigInt(B), BigInt(C), BigInt(D)];
      [u, v] = [a1 * u + b1 * v, c1 * u + d1 * v];
      [s, t] = [a1 * s + b1 * t, c1 * s + d1 * t];
    }
  }
  if (u !== 1n) return undefined;
  return ((s % n) + n) % n;
}
