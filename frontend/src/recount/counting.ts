// Counts (§5.2) and scores (§5.3), exact.

import { type Fraction, fraction, over, percentages, plus, times, ZERO } from "./fraction.ts";
import { type Manifest, type Question, questionsOf } from "./manifest.ts";
import { isPublished, type OpenedGroup, type Openings } from "./openings.ts";
import type { SlipCounts } from "./slips.ts";

/** S or P of a question: what a question that nobody answered does not have. */
export interface Marks {
  readonly score: Fraction;
  readonly positive: Fraction;
}
export interface QuestionCount {
  readonly counts: readonly number[];
  readonly blank: number;
  readonly answers: number;
  readonly percent: readonly string[];
  readonly marks: Marks | undefined;
}
export interface GroupCount {
  readonly classes: readonly number[];
  readonly status: "opened" | "withheld";
  readonly issued: number;
  readonly returned: number;
  readonly valid: number;
  readonly spoilt: number;
  readonly weight: number;
  /** Empty if the group is withheld. */
  readonly questions: readonly QuestionCount[];
}
export interface ContestCount {
  readonly contest: number;
  readonly groups: readonly GroupCount[];
  readonly questions: readonly (Marks | undefined)[];
  readonly score: Fraction | undefined;
  readonly turnout: Fraction;
}

export function countContests(
  manifest: Manifest,
  openings: Openings,
  slips: SlipCounts,
): ContestCount[] {
  return manifest.contests.map((_, contest) => {
    const groups = openings.groups
      .filter(({ boxes }) => manifest.boxes[boxes[0] ?? -1]?.contest === contest)
      .map((group) => countGroup(manifest, group, slips));
    const asked = questionsOf(manifest, contest * manifest.classes.length);
    const opened = groups.filter(({ status }) => status === "opened");
    const questions = asked.map((__, q) => combined(manifest, opened, q));
    const scored = questions.flatMap((marks) => (marks ? [marks.score] : []));
    const total = (of: (group: GroupCount) => number) =>
      groups.reduce((sum, group) => sum + of(group), 0);
    const issued = total((group) => group.issued);
    return {
      contest,
      groups,
      questions,
      score: scored.length ? over(scored.reduce(plus, ZERO), scored.length) : undefined,
      turnout: issued ? fraction(total(({ returned }) => returned), issued) : ZERO,
    };
  });
}

function countGroup(manifest: Manifest, group: OpenedGroup, slips: SlipCounts): GroupCount {
  const classes = group.boxes.map((box) => manifest.boxes[box]?.class ?? -1);
  const issued = classes.reduce((sum, number) => {
    const { printed = 0, void: voided = 0 } = slips[0]?.[number] ?? {};
    return sum + printed - voided;
  }, 0);
  const published = isPublished(group);
  const opened = published ? (group.opened ?? []) : [];
  const questions = published ? questionsOf(manifest, group.boxes[0] as number) : [];
  return {
    classes,
    status: group.status,
    issued,
    returned: group.ballots,
    valid: opened.length,
    spoilt: group.spoilt?.length ?? 0,
    weight: classes.reduce((sum, number) => sum + (manifest.classes[number]?.weight ?? 0), 0),
    questions: questions.map((question, q) =>
      countQuestion(question, opened.map(({ answers }) => answers[q] ?? 0), manifest.rules.decimals)),
  };
}

function countQuestion(
  { grades }: Question,
  answers: readonly number[],
  decimals: number,
): QuestionCount {
  const columns = [...grades.map(() => 0), 0];
  // Answer 0 is blank, which stands last; n is the n-th grade.
  for (const answer of answers) {
    const column = (answer || grades.length + 1) - 1;
    columns[column] = (columns[column] ?? 0) + 1;
  }
  const counts = columns.slice(0, -1);
  const sum = (of: (grade: Question["grades"][number]) => number) =>
    grades.reduce((total, grade, i) => total + of(grade) * (counts[i] ?? 0), 0);
  const inside = sum(({ points }) => (points === undefined ? 0 : 1));
  return {
    counts,
    blank: columns[grades.length] ?? 0,
    answers: inside,
    percent: percentages(columns, decimals),
    marks: inside ? {
      score: fraction(sum(({ points = 0 }) => points), inside),
      positive: fraction(sum(({ positive }) => (positive ? 1 : 0)), inside),
    } : undefined,
  };
}

/** S(q) and P(q) over the opened groups with answers. */
function combined(
  manifest: Manifest,
  opened: readonly GroupCount[],
  q: number,
): Marks | undefined {
  const answered = opened.flatMap(({ weight, questions }) => {
    const marks = questions[q]?.marks;
    return marks ? [{ weight, marks }] : [];
  });
  const weights = answered.reduce((sum, { weight }) => sum + weight, 0);
  const whole = manifest.rules.empty_class === "zero" ? 100 : weights;
  if (!answered.length || !whole) return undefined;
  const mean = (of: (marks: Marks) => Fraction) =>
    over(answered.reduce((sum, { weight, marks }) =>
      plus(sum, times(fraction(weight), of(marks))), ZERO), whole);
  return { score: mean(({ score }) => score), positive: mean(({ positive }) => positive) };
}
