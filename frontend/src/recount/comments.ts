// Comments 意见 (§4.14): what tellers open besides the ballots, and no board shows.

import { Malformed } from "../protocol/encoding.ts";
import type { Ballot } from "./ballot.ts";
import { checkForms, checkSignatures } from "./ballots.ts";
import { decodeEntry, entriesOf, leafOf } from "./board.ts";
import { type Finding, Findings, type Work } from "./findings.ts";
import type { Manifest } from "./manifest.ts";
import { compare } from "./order.ts";
import { isOverfull, returnedIn } from "./numbers.ts";
import type { SlipCounts } from "./slips.ts";

export interface Comments {
  /** By leaf hash: a teller hands in one factor each. */
  readonly sealed: readonly Ballot[];
  readonly findings: readonly Finding[];
}

/**
 * The comments that a teller is asked to open, in the form of `board.bin`, checked one by one.
 *
 * `slips` are those of the board: whoever makes tokens could fill a comment box up to the floor.
 */
export function* checkComments(
  manifest: Manifest,
  packed: Uint8Array,
  slips: SlipCounts,
): Work<Comments> {
  const entries = entriesOf(packed).map((bytes, place) => {
    const entry = decodeEntry(bytes, place, leafOf(bytes));
    if (entry.kind !== "ballot") throw new Malformed("an entry that is no comment");
    return entry;
  });
  const findings = new Findings();
  if (entries.length && entries.length < manifest.rules.floor) {
    findings.add(6, "意见不到公开下限，不应打开", "comments below the floor are not opened");
  }
  if (entries.some(({ leaf }, i) => i > 0 && compare(entries[i - 1]?.leaf ?? leaf, leaf) >= 0)) {
    findings.add(6, "意见没有按哈希值排列", "comments are not in order of leaf hash");
  }
  const sealed = checkForms(manifest, entries, "comments", findings);
  if (isOverfull(manifest, slips, returnedIn(manifest, sealed))) {
    findings.add(9, "意见比领取的凭证还多", "more comments than slips drawn");
  }
  yield* checkSignatures(manifest, sealed, findings);
  return { sealed, findings: findings.told };
}
