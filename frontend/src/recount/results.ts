// The results' exact bytes (§6.1).

import { canonicalJson } from "../protocol/encoding.ts";
import { decodeJson, flag, integer, list, object, oneOf, text } from "./canonical.ts";
import { type ContestCount, countContests, type GroupCount, type QuestionCount } from "./contests.ts";
import { figure } from "./fraction.ts";
import type { Manifest } from "./manifest.ts";
import type { Marks } from "./marks.ts";
import type { Openings } from "./openings.ts";
import { percentages } from "./percentages.ts";
import { judge, type Standing } from "./recommendation.ts";
import type { Rules } from "./rules.ts";
import { MAX_CLASSES, MAX_CONTESTS, MAX_OPTIONS, MAX_QUESTIONS, MAX_SUBJECTS } from "./sizes.ts";
import type { SlipCounts } from "./slips.ts";

const LIMIT = 2 ** 28;
// What a figure says is found out by counting again (check 11).
const FIGURE = object({ exact: text(), printed: text() });
const MARKS = { score: FIGURE, positive: FIGURE, negative: FIGURE };
const QUESTION = object({
  counts: list(integer(), 1, MAX_OPTIONS), blank: integer(), answers: integer(),
  percent: list(text(), 2, MAX_OPTIONS + 1),
}, MARKS);
const SCHEMA = object({
  format: oneOf("appraisal-results/1"),
  session: text(),
  status: oneOf("counted", "void"),
  slips: list(object({
    printed: integer(), issued: integer(), drawn: integer(), void: integer(),
  }), 1, MAX_CLASSES),
  contests: list(object({
    contest: integer(),
    groups: list(object({
      classes: list(integer(), 1, MAX_CLASSES),
      status: oneOf("opened", "withheld"),
      issued: integer(),
      returned: integer(),
      subjects: list(list(QUESTION, 1, MAX_QUESTIONS), 0, MAX_SUBJECTS),
    }, { valid: integer(), spoilt: integer() }), 1, MAX_CLASSES),
    subjects: list(object({
      questions: list(object({}, MARKS), 1, MAX_QUESTIONS),
    }, { score: FIGURE }), 1, MAX_SUBJECTS),
  }), 0, MAX_CONTESTS),
  subjects: list(object({
    turnout: FIGURE,
    findings: list(object({
      rule: oneOf("attendance", "turnout", "positive", "negative"),
      value: FIGURE, limit: FIGURE, over: flag, met: flag,
    }, { contest: integer(), question: integer() })),
    outcome: oneOf("recommended", "tied", "below-quota", "not-met", "unscored", "withheld"),
  }, { score: FIGURE, rank: integer(1) }), 0, MAX_SUBJECTS),
});

/** Throws `Malformed` on bytes that no results could have. */
export const decodeResults = (bytes: Uint8Array): object => decodeJson(bytes, LIMIT, SCHEMA);

/** `results.json` as it must be, given what was opened. */
export function resultsOf(manifest: Manifest, openings: Openings, slips: SlipCounts): string {
  const contests = openings.void ? [] : countContests(manifest, openings, slips);
  const standings = openings.void ? [] : judge(manifest, contests, slips);
  return canonicalJson({
    format: "appraisal-results/1",
    session: manifest.session,
    status: openings.void ? "void" : "counted",
    slips: (slips[0] ?? []).map(({ printed, drawn, void: voided }) =>
      ({ printed, issued: printed - voided, drawn, void: voided })),
    contests: contests.map((counted, contest) => writtenContest(manifest, counted, contest)),
    subjects: standings.map((standing) => written(standing, manifest.rules.decimals)),
  });
}

function writtenContest(
  manifest: Manifest,
  { groups, subjects }: ContestCount,
  contest: number,
): object {
  const { rules, forms } = manifest;
  const ticked = (forms[contest]?.questions ?? []).map(({ kind }) => kind === "ticks");
  return {
    contest,
    groups: groups.map((group) => writtenGroup(group, ticked, rules)),
    subjects: subjects.map(({ marks, score }) => ({
      questions: marks.map((one) => writtenMarks(one, rules.decimals)),
      ...(score ? { score: figure(score, rules.decimals) } : {}),
    })),
  };
}

function writtenGroup(group: GroupCount, ticked: readonly boolean[], rules: Rules): object {
  const { classes, status, issued, returned, valid, spoilt } = group;
  const question = ({ counts, blank, answers, marks }: QuestionCount, q: number) => ({
    counts,
    blank,
    answers,
    percent: percentages([...counts, blank], valid, rules, ticked[q] ?? false),
    ...writtenMarks(marks, rules.decimals),
  });
  return {
    classes, status, issued, returned,
    ...(status === "opened" ? { valid, spoilt } : {}),
    subjects: group.subjects.map((questions) => questions.map(question)),
  };
}

const writtenMarks = (marks: Marks | undefined, decimals: number): object => marks ? {
  score: figure(marks.score, decimals),
  positive: figure(marks.positive, decimals, 100n),
  negative: figure(marks.negative, decimals, 100n),
} : {};

function written({ score, turnout, findings, rank, outcome }: Standing, decimals: number): object {
  return {
    ...(score ? { score: figure(score, decimals) } : {}),
    turnout: figure(turnout, decimals, 100n),
    findings,
    ...(rank === undefined ? {} : { rank }),
    outcome,
  };
}
