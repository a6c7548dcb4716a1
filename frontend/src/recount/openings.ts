// Openings (§4.10): what is published of the boxes.

import { decodeJson, hex, integer, list, object, oneOf, type Read } from "./canonical.ts";
import { type Fault, faultOf, type Form, lengthOf } from "./form.ts";
import { formOf, type Manifest } from "./manifest.ts";
import { MAX_BALLOTS, MAX_CLASSES, MAX_PLACES } from "./sizes.ts";

const LIMIT = 2 ** 29;
const REASONS = [
  "unreadable", "not-a-ballot", "answer-out-of-range", "empty", "too-many", "too-few", "tracker-repeated",
] as const;
export type Reason = (typeof REASONS)[number] | Fault;

const SCHEMA = object({
  format: oneOf("appraisal-openings/1"),
  groups: list(object({
    boxes: list(integer(0, 65535), 1, MAX_CLASSES),
    ballots: integer(0, MAX_BALLOTS),
    status: oneOf("opened", "withheld"),
  }, {
    opened: list(
      object({ tracker: hex(16), answers: list(integer(0, 255), 1, MAX_PLACES) }), 0, MAX_BALLOTS),
    spoilt: list(oneOf(...REASONS), 0, MAX_BALLOTS),
  })),
}, { void: oneOf("overfull", "unopened", "unstated") });

export type Openings = Read<typeof SCHEMA>;
export type OpenedGroup = Openings["groups"][number];
export type OpenedBallot = NonNullable<OpenedGroup["opened"]>[number];

export const decodeOpenings = (bytes: Uint8Array): Openings => decodeJson(bytes, LIMIT, SCHEMA);

/** Whether its ballots were opened and are published; of any other nothing of them is told. */
export const isPublished = (group: OpenedGroup): boolean => group.status === "opened";

/** Whether auditors may open its ballots again: a merged box is below the floor by itself. */
export const isAuditable = (group: OpenedGroup): boolean =>
  isPublished(group) && group.boxes.length === 1;

/** The ballots of each group that has enough to be opened, and is withheld: too few were valid. */
export const fewValid = ({ rules }: Manifest, { groups }: Openings): readonly number[] =>
  groups.flatMap((group) =>
    !isPublished(group) && group.ballots >= rules.floor ? [group.ballots] : []);

/** Why this is no ballot that counts: another number of answers, or what would have spoilt it (§4.5). */
export const flawOf = (form: Form, { answers }: OpenedBallot): Fault | "other-length" | undefined =>
  answers.length === lengthOf(form) ? faultOf(form, answers) : "other-length";

/** Whether these openings can be counted: every contest's boxes once, every ballot valid. */
export function isCountable(manifest: Manifest, { groups, void: reason }: Openings): boolean {
  if (reason) return groups.length === 0;
  const boxes = groups.flatMap((group) => group.boxes);
  const counted = manifest.contests.length * manifest.classes.length;
  return boxes.length === counted && boxes.every((box, i) => box === i) &&
    groups.every(({ boxes: [first = -1, ...others], status, opened, spoilt }) =>
      others.every((box) => manifest.boxes[box]?.contest === manifest.boxes[first]?.contest) &&
      (status === "opened") === (opened !== undefined) &&
      (status === "opened") === (spoilt !== undefined) &&
      (opened ?? []).every((ballot) => !flawOf(formOf(manifest, first), ballot)));
}
