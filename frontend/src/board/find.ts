// Finding one's own ballot on the board: the whole board comes to the phone, and the receipt stays
// there, so that nobody learns which ballot was looked for.

import { sha256 } from "@noble/hashes/sha2.js";
import { b64decode, hexEncode, join, Malformed } from "../protocol/encoding.ts";

const ZERO = Uint8Array.of(0);
const BALLOT = 4;
const OPENED = 5;

/** The length in bytes of an entry of the board, which its base64 tells. */
const bytesIn = (line: string): number =>
  (line.length / 4) * 3 - (line.endsWith("==") ? 2 : line.endsWith("=") ? 1 : 0);

/** The entries of `board.txt`; throws `Malformed` on a broken board. */
function entriesOf(board: string): Uint8Array[] {
  const lines = board.split("\n");
  if (lines.pop() !== "") throw new Malformed("the board does not end with a line");
  return lines.map((line) => {
    if (line === "") throw new Malformed("an entry of nothing");
    return b64decode(line, bytesIn(line));
  });
}

/** Which entry (from 0) has which leaf hash, ballots only. */
export function ballotsOn(board: string): Map<string, number> {
  const places = new Map<string, number>();
  entriesOf(board).forEach((entry, place) => {
    if (entry[0] === BALLOT) places.set(hexEncode(sha256(join(ZERO, entry))), place);
  });
  return places;
}

/** Whether the board names these very openings (§4.8). */
export function namesOpenings(board: string, openings: Uint8Array): boolean {
  const hash = hexEncode(sha256(openings));
  return entriesOf(board).some((entry) => entry[0] === OPENED && hexEncode(entry.subarray(1)) === hash);
}
