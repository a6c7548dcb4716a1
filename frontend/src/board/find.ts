// Finding one's own ballot on the board: the whole board comes to the phone, and the receipt stays
// there, so that nobody learns which ballot was looked for.

import { sha256 } from "@noble/hashes/sha2.js";
import { hexEncode } from "../protocol/encoding.ts";
import { entriesOf, leafOf } from "../recount/board.ts";

const BALLOT = 4;
const OPENED = 5;

/** Which entry (from 0) has which leaf hash, ballots only. */
export function ballotsOn(board: Uint8Array): Map<string, number> {
  const places = new Map<string, number>();
  entriesOf(board).forEach((entry, place) => {
    if (entry[0] === BALLOT) places.set(hexEncode(leafOf(entry)), place);
  });
  return places;
}

/** Whether the board names these very openings (§4.8). */
export function namesOpenings(board: Uint8Array, openings: Uint8Array): boolean {
  const hash = hexEncode(sha256(openings));
  return entriesOf(board).some((entry) => entry[0] === OPENED && hexEncode(entry.subarray(1)) === hash);
}
