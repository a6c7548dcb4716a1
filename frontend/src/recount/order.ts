// Checks 2 and 3: the board begins with this manifest, and its entries stand in order (§4.8).

import { equal } from "../protocol/encoding.ts";
import type { Entry } from "./board.ts";
import type { Findings } from "./findings.ts";
import type { Manifest } from "./manifest.ts";

const RANK = { manifest: 0, printed: 1, turnout: 2, ballot: 3, opened: 4 } as const;

/** Bytes compared as numbers are. */
export function compare(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference) return difference;
  }
  return a.length - b.length;
}

export function checkManifest(
  manifest: Manifest,
  entries: readonly Entry[],
  findings: Findings,
): void {
  const [first] = entries;
  if (first?.place !== 0 || first.kind !== "manifest" || !equal(first.hash, manifest.hash)) {
    findings.add(2, "公示板第一项不是这份评议书的指纹",
      "the board's first entry does not name this manifest", "board.bin:1");
  }
  findings.made(2);
}

/**
 * `opened`: whether the board is complete, so that the last entry must say so. `unstated`: the signers
 * without whose turnouts the session was declared void.
 */
export function checkOrder(
  manifest: Manifest,
  entries: readonly Entry[],
  opened: boolean,
  unstated: ReadonlySet<number>,
  findings: Findings,
): void {
  entries.forEach((entry, i) => {
    const before = entries[i - 1];
    const where = `board.bin:${entry.place + 1}`;
    if (!before) return;
    const step = RANK[entry.kind] - RANK[before.kind];
    if (step < 0 || (step === 0 && (entry.kind === "manifest" || entry.kind === "opened"))) {
      findings.add(3, "条目次序不对", "an entry out of order", where);
    } else if (entry.kind === "ballot" && before.kind === "ballot"
      && compare(before.leaf, entry.leaf) >= 0) {
      findings.add(3, "选票没有按哈希值排列", "ballots are not in order of leaf hash", where);
    }
  });
  for (const kind of ["manifest", "printed", ...(opened ? ["opened" as const] : [])] as const) {
    if (!entries.some((entry) => entry.kind === kind)) {
      findings.add(3, `缺少条目 ${kind}`, `there is no entry ${kind}`);
    }
  }
  const stated = entries.flatMap((entry) =>
    entry.kind === "turnout" ? [`${entry.signer} ${entry.voterClass}`] : []);
  const due = manifest.signers.flatMap((_, signer) =>
    unstated.has(signer) ? [] : manifest.classes.map((_, voterClass) => `${signer} ${voterClass}`));
  if (stated.join() !== due.join()) {
    findings.add(3, "使用情况不是每个签发方、每个票种各一项，依次排列",
      "not one turnout a signer and class, in their order");
  }
  findings.made(3);
}
