// The board's entries (§4.8) out of `board.bin`.

import { sha256 } from "@noble/hashes/sha2.js";
import { hexEncode, join, Malformed } from "../protocol/encoding.ts";

const ZERO = Uint8Array.of(0);
const [MANIFEST, PRINTED, TURNOUT, BALLOT, OPENED] = [1, 2, 3, 4, 5];
const HASH = 32;
const SIGNATURE = 64;

/** What a further signer signs of its entry, and the signature. */
interface Stated {
  readonly signer: number;
  readonly voterClass: number;
  readonly stated: Uint8Array;
  readonly statement: Uint8Array;
}
interface At {
  /** The number of the entry, from 0. */
  readonly place: number;
}
export interface Printed extends Stated, At {
  readonly kind: "printed";
  readonly slips: readonly string[];
}
export interface Turnout extends Stated, At {
  readonly kind: "turnout";
  readonly drawn: readonly string[];
  readonly voided: readonly string[];
}
export interface BallotEntry extends At {
  readonly kind: "ballot";
  readonly bytes: Uint8Array;
  readonly leaf: Uint8Array;
}
export type Entry =
  | (At & { readonly kind: "manifest"; readonly hash: Uint8Array })
  | Printed
  | Turnout
  | BallotEntry
  | (At & { readonly kind: "opened"; readonly hash: Uint8Array });

/** The entries of `board.bin`, each after its length as u32; throws `Malformed` on another form. */
export function entriesOf(board: Uint8Array): Uint8Array[] {
  const view = new DataView(board.buffer, board.byteOffset, board.byteLength);
  const entries: Uint8Array[] = [];
  for (let at = 0; at < board.length;) {
    if (at + 4 > board.length) throw new Malformed("an entry that is cut off");
    const start = at + 4;
    at = start + view.getUint32(at);
    if (at === start || at > board.length) throw new Malformed("an entry that is empty or cut off");
    entries.push(board.subarray(start, at));
  }
  return entries;
}

/** The leaf hash of an entry (RFC 6962 §2.1). */
export const leafOf = (entry: Uint8Array): Uint8Array => sha256(join(ZERO, entry));

export function decodeEntry(bytes: Uint8Array, place: number, leaf: Uint8Array): Entry {
  const [tag] = bytes;
  const rest = bytes.subarray(1);
  switch (tag) {
    case MANIFEST:
    case OPENED:
      if (rest.length !== HASH) throw new Malformed("an entry that is no hash");
      return { kind: tag === MANIFEST ? "manifest" : "opened", hash: rest, place };
    case PRINTED: {
      const { lists, ...stated } = statedIn(bytes, 0);
      const slips = hashes(lists);
      if (!slips.length) throw new Malformed("a printing without slips");
      return { kind: "printed", ...stated, slips, place };
    }
    case TURNOUT: {
      const { lists, ...stated } = statedIn(bytes, 8);
      const view = new DataView(bytes.buffer, bytes.byteOffset + 3, 8);
      const cut = view.getUint32(0) * HASH;
      if (lists.length !== cut + view.getUint32(4) * HASH) {
        throw new Malformed("other hashes than a turnout counts");
      }
      const [drawn, voided] = [hashes(lists.subarray(0, cut)), hashes(lists.subarray(cut))];
      return { kind: "turnout", ...stated, drawn, voided, place };
    }
    case BALLOT:
      return { kind: "ballot", bytes, leaf, place };
    default:
      throw new Malformed("an entry of a kind that there is not");
  }
}

/** signer ‖ class ‖ `fixed` bytes ‖ lists ‖ statement, which the registrar's entry does not have. */
function statedIn(bytes: Uint8Array, fixed: number): Stated & { readonly lists: Uint8Array } {
  const [signer = 0, voterClass = 0] = bytes.subarray(1, 3);
  const end = bytes.length - (signer ? SIGNATURE : 0);
  if (end < 3 + fixed) throw new Malformed("an entry that is cut off");
  return {
    signer,
    voterClass,
    stated: bytes.subarray(0, end),
    statement: bytes.subarray(end),
    lists: bytes.subarray(3 + fixed, end),
  };
}

/** The slip hashes in these bytes as hex, which must be sorted. */
function hashes(bytes: Uint8Array): string[] {
  if (bytes.length % HASH) throw new Malformed("a slip hash that is cut off");
  const found: string[] = [];
  for (let at = 0; at < bytes.length; at += HASH) {
    const hash = hexEncode(bytes.subarray(at, at + HASH));
    if (at && hash < (found[found.length - 1] as string)) throw new Malformed("slips not sorted");
    found.push(hash);
  }
  return found;
}
