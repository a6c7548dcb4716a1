// A ballot's entry (§4.7), taken apart; a comment's (§4.14) is like it.

import { Malformed } from "../protocol/encoding.ts";
import type { BallotEntry } from "./board.ts";
import { lengthOf } from "./form.ts";
import {
  ballotLength, commentLength, entryLength, KEY, KEY_AT, sealedAt, SIGNATURE, TOKEN, tokenAt,
} from "./layout.ts";
import { formOf, isComment, type Manifest } from "./manifest.ts";

/** A ballot 选票 whose form is right. */
export interface Ballot extends BallotEntry {
  readonly box: number;
  readonly key: Uint8Array;
  readonly tokens: readonly Uint8Array[];
  readonly sealed: Uint8Array;
  readonly signature: Uint8Array;
}

/** What a box takes: ballots, which the board shows, or comments, which it does not. */
export type Content = "ballots" | "comments";

/** The parts of a ballot; throws `Malformed` if its box does not exist, or takes others. */
export function decodeBallot(manifest: Manifest, entry: BallotEntry, content: Content): Ballot {
  const { bytes } = entry;
  const box = bytes.length < KEY_AT ? -1 : (bytes[1] as number) * 256 + (bytes[2] as number);
  if (!manifest.boxes[box]) throw new Malformed("a box that there is not");
  const { comments } = manifest;
  const comment = comments && isComment(manifest, box);
  if ((content === "comments") !== (comment === true)) {
    throw new Malformed(comment ? "a comment on the board" : "a ballot among the comments");
  }
  const plain = comment ? commentLength(comments.length) : ballotLength(lengthOf(formOf(manifest, box)));
  if (bytes.length !== entryLength(manifest, plain)) throw new Malformed("another length");
  const start = sealedAt(manifest);
  return {
    ...entry,
    box,
    key: bytes.subarray(KEY_AT, KEY_AT + KEY),
    tokens: manifest.signers.map((_, i) => bytes.subarray(tokenAt(i), tokenAt(i) + TOKEN)),
    sealed: bytes.subarray(start, -SIGNATURE),
    signature: bytes.subarray(-SIGNATURE),
  };
}
