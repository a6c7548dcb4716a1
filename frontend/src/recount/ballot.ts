// A ballot's entry (§4.7), taken apart.

import { Malformed } from "../protocol/encoding.ts";
import type { BallotEntry } from "./board.ts";
import { type Manifest, questionsOf } from "./manifest.ts";

const KEY = 32;
const SIGNATURE = 64;
const TOKEN = 32 + 256;
const SHARE = 80;
/** version ‖ tracker before the answers, authentication tag behind them. */
const AROUND_ANSWERS = 1 + 16 + 16;

/** A ballot 选票 whose form is right. */
export interface Ballot extends BallotEntry {
  readonly box: number;
  readonly key: Uint8Array;
  readonly tokens: readonly Uint8Array[];
  readonly sealed: Uint8Array;
  readonly signature: Uint8Array;
}

/** The parts of a ballot; throws `Malformed` if its box does not exist or has others. */
export function decodeBallot(manifest: Manifest, entry: BallotEntry): Ballot {
  const { bytes } = entry;
  const signers = manifest.signers.length;
  const box = bytes.length < 3 ? -1 : (bytes[1] as number) * 256 + (bytes[2] as number);
  if (!manifest.boxes[box]) throw new Malformed("a box that there is not");
  const sealedAt = 3 + KEY + TOKEN * signers;
  const sealedLength =
    SHARE * manifest.tellerKeys.length + AROUND_ANSWERS + questionsOf(manifest, box).length;
  if (bytes.length !== sealedAt + sealedLength + SIGNATURE) throw new Malformed("another length");
  return {
    ...entry,
    box,
    key: bytes.subarray(3, 3 + KEY),
    tokens: Array.from({ length: signers }, (_, i) =>
      bytes.subarray(3 + KEY + TOKEN * i, 3 + KEY + TOKEN * (i + 1))),
    sealed: bytes.subarray(sealedAt, sealedAt + sealedLength),
    signature: bytes.subarray(sealedAt + sealedLength),
  };
}
