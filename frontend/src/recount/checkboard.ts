// The board's own checks, 2 to 9: all that can be said before the boxes are opened, and with it
// which ballots a teller is to open (§4.13).

import { equal, Malformed } from "../protocol/encoding.ts";
import type { Ballot } from "./ballot.ts";
import { checkForms, checkSignatures } from "./ballots.ts";
import { decodeEntry, type Entry, leafOf, entriesOf } from "./board.ts";
import { Findings, type Finding, type Work } from "./findings.ts";
import { type Group, groupsOf } from "./groups.ts";
import { checkHead, type Cosigned } from "./head.ts";
import { decodeManifest, type Manifest } from "./manifest.ts";
import { rootOf } from "./merkle.ts";
import { type Checkpoint, decodeCheckpoint } from "./note.ts";
import { checkManifest, checkOrder, compare } from "./order.ts";
import { checkNumbers, isOverfull, returnedIn, unstatedSigners } from "./numbers.ts";
import { checkSlips, countSlips, type SlipCounts } from "./slips.ts";

/** What a board says, as far as it could be read. */
export interface Board {
  readonly entries: readonly Entry[];
  readonly root: Uint8Array;
  /** Those whose form is right, by leaf hash. */
  readonly ballots: readonly Ballot[];
  readonly slips: SlipCounts;
  /** By box. */
  readonly returned: readonly number[];
  readonly overfull: boolean;
  /** The further signers that stated no turnout. */
  readonly unstated: ReadonlySet<number>;
  readonly groups: readonly Group[];
  readonly cosigned: Cosigned;
}

/** A board before the opening, a complete one, or one void for want of a signer's turnout. */
export type Stage = "closed" | "opened" | "unstated";

/** Checks 2 to 9 of a board whose files could be read. */
export function* checkEntries(
  manifest: Manifest,
  encoded: readonly Uint8Array[],
  checkpoint: Checkpoint | undefined,
  stage: Stage,
  findings: Findings,
): Work<Board> {
  const leaves: Uint8Array[] = [];
  const entries: Entry[] = [];
  for (const [place, bytes] of encoded.entries()) {
    yield { phase: "board", done: place, all: encoded.length };
    const leaf = leafOf(bytes);
    leaves.push(leaf);
    try {
      const entry = decodeEntry(bytes, place, leaf);
      if ("signer" in entry && !manifest.signers[entry.signer]) {
        throw new Malformed("a signer that the session has not");
      }
      entries.push(entry);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      findings.add(1, `公示板条目写法不对（英文细节：${error.message}）`, error.message, `board.bin:${place + 1}`);
    }
  }
  const root = rootOf(leaves);
  const opened = stage !== "closed";
  const unstated = unstatedSigners(manifest, entries);
  // A board without their turnouts is complete only where nothing is opened for that.
  const excused = stage === "unstated" ? unstated : new Set<number>();
  checkManifest(manifest, entries, findings); // 2
  const cast = entries.flatMap((entry) => (entry.kind === "ballot" ? [entry] : []));
  const ballots = checkForms(manifest, cast, "ballots", findings); // 6
  // What has not the form of a ballot has no place among them either.
  const formed = new Set(ballots.map(({ place }) => place));
  const placed = entries.filter(({ kind, place }) => kind !== "ballot" || formed.has(place));
  checkOrder(manifest, placed, opened, excused, findings); // 3
  const head = { size: encoded.length, root };
  const cosigned = checkpoint ? checkHead(manifest, checkpoint, head, opened, findings) : new Map(); // 4
  checkSlips(manifest, entries, findings); // 5
  yield* checkSignatures(manifest, ballots, findings); // 7, 8
  const slips = countSlips(manifest, entries);
  const returned = returnedIn(manifest, ballots);
  checkNumbers(manifest, slips, returned, excused, findings); // 9
  return {
    entries,
    root,
    ballots: [...ballots].sort((a, b) => compare(a.leaf, b.leaf)),
    slips,
    returned,
    overfull: isOverfull(manifest, slips, returned, excused),
    unstated,
    groups: groupsOf(manifest, returned),
    cosigned,
  };
}

/** A closed board as a teller sees it before opening. */
export interface ClosedBoard extends Board {
  readonly manifest: Manifest;
  readonly findings: readonly Finding[];
  /** The names of witnesses that have not cosigned yet. */
  readonly uncosigned: readonly string[];
  /** The ballots that tellers open (§5.1), by leaf hash: one factor each is handed in. */
  readonly toOpen: readonly Ballot[];
}

/**
 * Checks 2 to 9 of a closed board, before anything is opened (§4.13).
 *
 * The bytes are those of `manifest.json`, `board.bin` and `checkpoint.txt`. Throws `Malformed` if one
 * of them is not of its form. A teller whose `findings` are not empty should not open.
 */
export function* checkClosedBoard(
  manifestBytes: Uint8Array,
  board: Uint8Array,
  checkpoint: Uint8Array,
): Work<ClosedBoard> {
  yield { phase: "reading", done: 0, all: 1 };
  const manifest = decodeManifest(manifestBytes);
  const findings = new Findings();
  const head = decodeCheckpoint(checkpoint);
  const checked = yield* checkEntries(manifest, entriesOf(board), head, "closed", findings);
  const open = new Set(checked.overfull ? [] : checked.groups.flatMap(({ boxes, sealed }) =>
    sealed ? [] : boxes));
  return {
    ...checked,
    manifest,
    findings: findings.told,
    uncosigned: manifest.witnesses.flatMap(({ name }, i) => (checked.cosigned.has(i) ? [] : [name])),
    toOpen: checked.ballots.filter(({ box }) => open.has(box)),
  };
}

/** Whether an entry of the board names these bytes by their hash. */
export const named = (entries: readonly Entry[], hash: Uint8Array): number =>
  entries.filter((entry) => entry.kind === "opened" && equal(entry.hash, hash)).length;
