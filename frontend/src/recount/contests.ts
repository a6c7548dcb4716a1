// The contests, counted: group by group, and each subject over all groups (§5.2, §5.3).

import { type Count, count } from "./counting.ts";
import type { Fraction } from "./fraction.ts";
import { formOf, type Manifest } from "./manifest.ts";
import { combined, type Marks, marksOf, mean, type Numbers } from "./marks.ts";
import { isPublished, type OpenedGroup, type Openings } from "./openings.ts";
import type { SlipCounts } from "./slips.ts";

export interface QuestionCount extends Count {
  readonly marks: Marks | undefined;
}
export interface GroupCount extends Numbers {
  readonly classes: readonly number[];
  readonly status: "opened" | "withheld";
  /** Spoilt ballots 无效票; as with valid ones, none is known if the group is withheld. */
  readonly spoilt: number;
  readonly weight: number;
  /** By subject of the contest, then question; empty if the group is withheld. */
  readonly subjects: readonly (readonly QuestionCount[])[];
}
/** A subject of a contest over all groups. */
export interface Appraised {
  readonly subject: number;
  /** By question. */
  readonly marks: readonly (Marks | undefined)[];
  readonly score: Fraction | undefined;
}
export interface ContestCount {
  readonly groups: readonly GroupCount[];
  /** In order of the contest. */
  readonly subjects: readonly Appraised[];
}

/** Every contest of the manifest, from openings that can be counted. */
export function countContests(
  manifest: Manifest,
  openings: Openings,
  slips: SlipCounts,
): ContestCount[] {
  const groups: GroupCount[][] = manifest.contests.map(() => []);
  for (const group of openings.groups) {
    const { contest = -1 } = manifest.boxes[group.boxes[0] ?? -1] ?? {};
    groups[contest]?.push(countGroup(manifest, group, slips));
  }
  return manifest.contests.map(({ subjects }, contest) => {
    const own = groups[contest] as GroupCount[];
    const asked = manifest.forms[contest]?.questions ?? [];
    return {
      groups: own,
      subjects: subjects.map((subject, i) => {
        const marks = asked.map((_, q) => combined(own.flatMap((group) => {
          const found = group.subjects[i]?.[q]?.marks;
          return found ? [{ weight: group.weight, marks: found }] : [];
        }), manifest.rules.empty_class));
        return { subject, marks, score: mean(marks.map((one) => one?.score)) };
      }),
    };
  });
}

function countGroup(manifest: Manifest, group: OpenedGroup, slips: SlipCounts): GroupCount {
  const classes = group.boxes.map((box) => manifest.boxes[box]?.class ?? -1);
  const sum = (of: (voterClass: number) => number) =>
    classes.reduce((all, voterClass) => all + of(voterClass), 0);
  const opened = isPublished(group) ? (group.opened ?? []) : [];
  const numbers: Numbers = {
    valid: opened.length,
    returned: group.ballots,
    issued: sum((voterClass) => {
      const { printed = 0, void: voided = 0 } = slips[0]?.[voterClass] ?? {};
      return printed - voided;
    }),
    entitled: sum((voterClass) => manifest.classes[voterClass]?.entitled ?? 0),
  };
  const form = formOf(manifest, group.boxes[0] ?? -1);
  const counted = isPublished(group) ? count(form, opened) : [];
  return {
    ...numbers,
    classes,
    status: group.status,
    spoilt: group.spoilt?.length ?? 0,
    weight: sum((voterClass) => manifest.classes[voterClass]?.weight ?? 0),
    subjects: counted.map((questions) => questions.map((one, q) => {
      const question = form.questions[q];
      return { ...one, marks: question && marksOf(question, one, numbers, manifest.rules) };
    })),
  };
}
