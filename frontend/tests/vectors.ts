// Published vectors, shared with the Python tests, and randomness that says what it is told.

import { readFileSync } from "node:fs";
import type { Random } from "../src/protocol/encoding.ts";

export function readVectors<T>(name: string): T {
  const url = new URL(`../../tests/vectors/${name}`, import.meta.url);
  return JSON.parse(readFileSync(url, "utf8")) as T;
}

/** The bytes of hex with or without 0x, as vectors write them. */
export const hex = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replace(/^0x/, ""), "hex"));

/** A board of these entries, as `board.bin` has them. */
export function packed(...entries: readonly Uint8Array[]): Uint8Array {
  const bytes = entries.flatMap((entry) => [0, 0, entry.length >> 8, entry.length & 255, ...entry]);
  return Uint8Array.from(bytes);
}

/** Randomness that gives these values one after the other and no more. */
export function scripted(...values: Uint8Array[]): Random {
  return (length) => {
    const value = values.shift();
    if (value?.length !== length) throw new Error(`asked for ${length}, has ${value?.length}`);
    return value.slice();
  };
}

/** Randomness that counts: repeatable, never twice the same. */
export function counting(): Random {
  let next = 0;
  return (length) => Uint8Array.from({ length }, () => (next++ * 167 + 13) & 255);
}
