// Ballots in plain (§4.5), and the order that they are published in (§4.10).

import { hexEncode } from "../protocol/encoding.ts";
import { faultOf, type Form } from "./form.ts";
import { BEFORE_ANSWERS } from "./layout.ts";
import type { OpenedBallot, Reason } from "./openings.ts";

/** What a sealed ballot turns out to be. */
export type Content = OpenedBallot | Reason;

/** The ballot in these bytes, which have the length of the form, or why it is spoilt. */
export function readPlain(form: Form, plain: Uint8Array): Content {
  if (plain[0] !== 1) return "not-a-ballot";
  const answers = [...plain.subarray(BEFORE_ANSWERS)];
  return faultOf(form, answers) ?? { tracker: hexEncode(plain.subarray(1, BEFORE_ANSWERS)), answers };
}

/** One group's ballots by tracker, and its spoilt ones by reason; of equal trackers none is told. */
export function asPublished(contents: readonly Content[]) {
  const ballots = contents.filter((one): one is OpenedBallot => typeof one === "object");
  const times = new Map<string, number>();
  for (const { tracker } of ballots) times.set(tracker, (times.get(tracker) ?? 0) + 1);
  const opened = ballots.filter(({ tracker }) => times.get(tracker) === 1);
  const spoilt = [
    ...contents.filter((one): one is Reason => typeof one === "string"),
    ...Array.from({ length: ballots.length - opened.length }, (): Reason => "tracker-repeated"),
  ];
  opened.sort((a, b) => (a.tracker < b.tracker ? -1 : 1));
  return { opened, spoilt: spoilt.sort() };
}
