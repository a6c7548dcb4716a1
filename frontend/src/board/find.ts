// Finding one's own ballot on the board: the whole board comes to the phone, and the receipt stays
// there, so that nobody learns which ballot was looked for.

import { sha256 } from "@noble/hashes/sha2.js";
import { b64decode, hexEncode, join, Malformed } from "../protocol/encoding.ts";

const ZERO = Uint8Array.of(0);

/** The length in bytes of an entry of the board, which its base64 tells. */
const bytesIn = (line: string): number =>
  (line.length / 4) * 3 - (line.endsWith("==") ? 2 : line.endsWith("=") ? 1 : 0);

/** Which entry (from 0) has which leaf hash, ballots only; throws `Malformed` on a broken board. */
export function ballotsOn(board: string): Map<string, number> {
  const lines = board.split("\n");
  if (lines.pop() !== "") throw new Malformed("the board does not end with a line");
  const places = new Map<string, number>();
  lines.forEach((line, place) => {
    if (line === "") throw new Malformed("an entry of nothing");
    const entry = b64decode(line, bytesIn(line));
    if (entry[0] === 4) places.set(hexEncode(sha256(join(ZERO, entry))), place);
  });
  return places;
}
