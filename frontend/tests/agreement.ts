// A voted session opened and counted by the browser's recount, for tests/recount: a JSON value a line
// comes in, one a line goes out. No keys: ballots come in plain, null for one that does not decrypt.

import { createInterface } from "node:readline";
import { canonicalJson, Malformed } from "../src/protocol/encoding.ts";
import { groupsOf } from "../src/recount/groups.ts";
import { decodeManifest, formOf, type Manifest } from "../src/recount/manifest.ts";
import { type Openings } from "../src/recount/openings.ts";
import { asPublished, readPlain } from "../src/recount/plain.ts";
import { resultsOf } from "../src/recount/results.ts";
import { isOverfull } from "../src/recount/numbers.ts";
import type { SlipCounts } from "../src/recount/slips.ts";

interface Session {
  readonly manifest: string;
  /** Of each class. */
  readonly slips: SlipCounts[number];
  /** By box of a contest, in hex. */
  readonly boxes: readonly (readonly (string | null)[])[];
  readonly unopened: boolean;
}

function openingsOf(manifest: Manifest, { slips, boxes, unopened }: Session): Openings {
  const format = "appraisal-openings/1";
  const returned = manifest.boxes.map((_, box) => boxes[box]?.length ?? 0);
  if (isOverfull(manifest, [slips], returned)) return { format, groups: [], void: "overfull" };
  if (unopened) return { format, groups: [], void: "unopened" };
  const groups = groupsOf(manifest, returned).map(({ boxes: own, ballots, sealed }) => {
    const withheld = { boxes: own, ballots, status: "withheld" } as const;
    if (sealed) return withheld;
    const { opened, spoilt } = asPublished(own.flatMap((box) => (boxes[box] ?? []).map((plain) =>
      plain === null
        ? "unreadable" as const
        : readPlain(formOf(manifest, box), Uint8Array.from(Buffer.from(plain, "hex"))))));
    if (opened.length < manifest.rules.floor) return withheld;
    return { ...withheld, status: "opened" as const, opened, spoilt };
  });
  return { format, groups };
}

for await (const line of createInterface({ input: process.stdin })) {
  const session = JSON.parse(line) as Session;
  try {
    const manifest = decodeManifest(new TextEncoder().encode(session.manifest));
    const openings = openingsOf(manifest, session);
    const results = resultsOf(manifest, openings, [session.slips]);
    console.log(JSON.stringify({ openings: canonicalJson(openings), results }));
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    console.log(JSON.stringify({ refused: error.message }));
  }
}
