// How many ballots the slips allow (check 9): of a turnout that nobody stated nothing follows.

import type { Ballot } from "./ballot.ts";
import type { Entry } from "./board.ts";
import type { Findings } from "./findings.ts";
import type { Manifest } from "./manifest.ts";
import { type SlipCount, type SlipCounts, whose } from "./slips.ts";

/** How many ballots each box holds. */
export function returnedIn(manifest: Manifest, ballots: readonly Ballot[]): number[] {
  const returned = manifest.boxes.map(() => 0);
  for (const { box } of ballots) returned[box] = (returned[box] ?? 0) + 1;
  return returned;
}

/** The further signers that stated no turnout at all; the registrar is never one of them. */
export function unstatedSigners(manifest: Manifest, entries: readonly Entry[]): Set<number> {
  const stated = new Set(entries.flatMap((e) => (e.kind === "turnout" ? [e.signer] : [])));
  return new Set(manifest.signers.flatMap((_, signer) => (signer && !stated.has(signer) ? [signer] : [])));
}

/** Whether some box holds more ballots than slips of its class were drawn with some signer. */
export const isOverfull = (
  manifest: Manifest,
  slips: SlipCounts,
  returned: readonly number[],
  unstated: ReadonlySet<number> = new Set(),
): boolean =>
  manifest.boxes.some((box, number) => slips.some((classes, signer) =>
    !unstated.has(signer) && (returned[number] ?? 0) > (classes[box.class]?.drawn ?? 0)));

/** Check 9: in every box ballots ≤ drawn ≤ issued ≤ printed, ballots ≤ drawn with every signer. */
export function checkNumbers(
  manifest: Manifest,
  slips: SlipCounts,
  returned: readonly number[],
  unstated: ReadonlySet<number>,
  findings: Findings,
): void {
  manifest.classes.forEach(({ name }, voterClass) => {
    const { printed, drawn, void: voided } = slips[0]?.[voterClass] as SlipCount;
    const issued = printed - voided;
    if (issued < 0 || drawn > issued) {
      findings.add(9, `领取 ${drawn} 张，发出只有 ${issued} 张`,
        `${drawn} drawn, only ${issued} issued`, name.zh);
    }
  });
  manifest.boxes.forEach((box, number) => slips.forEach((classes, signer) => {
    const cast = returned[number] ?? 0;
    const drawn = classes[box.class]?.drawn ?? 0;
    if (cast > drawn && !unstated.has(signer)) {
      findings.add(9, `收回 ${cast} 张，领取只有 ${drawn} 张`,
        `${cast} ballots, only ${drawn} drawn`,
        whose(manifest, signer, manifest.classes[box.class]?.name.zh));
    }
  }));
  findings.made(9);
}
