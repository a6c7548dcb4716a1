// Counts (§5.2): how often each answer was given, question by question.

import type { Form } from "./form.ts";
import type { Question } from "./instrument.ts";
import type { OpenedBallot } from "./openings.ts";

/** What an answer above 0 means. */
interface Answer {
  /** The column it counts in: the option, or the band of a score. */
  readonly column: number;
  /** Absent outside the scale, and on what is ticked. */
  readonly points?: number | undefined;
  readonly positive: boolean;
  readonly negative: boolean;
}

/** An answer on the scale, and how many gave it. */
export interface Given {
  readonly points: number;
  readonly positive: boolean;
  readonly negative: boolean;
  readonly times: number;
}

export interface Count {
  /** By option, or band. */
  readonly counts: readonly number[];
  readonly blank: number;
  /** Answers on the scale, in order of points: those of grades from the best, those of a score from 0. */
  readonly scale: readonly Given[];
  /** How many those are. */
  readonly answers: number;
}

/** What the answers 1, 2, … of a question mean. */
function answersOf({ kind, options, highest = 0 }: Question): Answer[] {
  if (kind !== "score") return options.map((option, column) => ({ ...option, column }));
  return Array.from({ length: highest + 1 }, (_, points) => {
    const column = options.findIndex(({ at_least = 0 }) => at_least <= points);
    const { positive = false, negative = false } = options[column] ?? {};
    return { column, points, positive, negative };
  });
}

/** The counts of every question about every subject of the ballot, in its order. */
export function count(form: Form, opened: readonly OpenedBallot[]): Count[][] {
  const width = form.places.length;
  const meanings = form.questions.map(answersOf);
  return Array.from({ length: form.subjects }, (_, subject) =>
    form.questions.map((question, q) => {
      const start = subject * width + (form.starts[q] as number);
      return question.kind === "ticks"
        ? countTicks(question, start, opened)
        : countAnswers(question, meanings[q] as Answer[], start, opened);
    }));
}

function countTicks({ options }: Question, start: number, opened: readonly OpenedBallot[]): Count {
  const counts = options.map(() => 0);
  let blank = 0;
  for (const { answers } of opened) {
    let ticked = false;
    for (let i = 0; i < counts.length; i++) {
      if (!answers[start + i]) continue;
      ticked = true;
      counts[i] = (counts[i] as number) + 1;
    }
    if (!ticked) blank += 1;
  }
  return { counts, blank, scale: [], answers: 0 };
}

function countAnswers(
  { options }: Question,
  meanings: readonly Answer[],
  place: number,
  opened: readonly OpenedBallot[],
): Count {
  const times = [0, ...meanings.map(() => 0)];
  for (const { answers } of opened) {
    const answer = answers[place] as number;
    times[answer] = (times[answer] as number) + 1;
  }
  const counts = options.map(() => 0);
  const scale: Given[] = [];
  meanings.forEach(({ column, points, positive, negative }, i) => {
    const given = times[i + 1] as number;
    counts[column] = (counts[column] as number) + given;
    if (points !== undefined && given) scale.push({ points, positive, negative, times: given });
  });
  const answers = scale.reduce((sum, given) => sum + given.times, 0);
  return { counts, blank: times[0] as number, scale, answers };
}
