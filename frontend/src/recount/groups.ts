// Which boxes are opened together, and which stay sealed (§5.1).

import type { Manifest } from "./manifest.ts";

export interface Group {
  readonly boxes: readonly number[];
  readonly ballots: number;
  /** Whether it is below the floor: nobody opens it. */
  readonly sealed: boolean;
}

/** The groups, contest by contest, from the number of ballots in each box. */
export function groupsOf(manifest: Manifest, returned: readonly number[]): Group[] {
  const { floor, below_floor } = manifest.rules;
  const group = (...boxes: readonly number[]): Group => {
    const ballots = boxes.reduce((sum, box) => sum + (returned[box] ?? 0), 0);
    return { boxes, ballots, sealed: ballots < floor };
  };
  return manifest.contests.flatMap((_, contest) => {
    const boxes = manifest.classes.map((_, i) => contest * manifest.classes.length + i);
    const alone = boxes.map((box) => group(box));
    const merged = below_floor === "merge" && alone.some(({ sealed }) => sealed);
    return merged ? [group(...boxes)] : alone;
  });
}
