// The results' exact bytes (§6.1).

import { decodeJson, flag, integer, list, matching, object, oneOf, text } from "./canonical.ts";
import { canonicalJson } from "../protocol/encoding.ts";
import { countContests, type GroupCount, type Marks } from "./counting.ts";
import { figure } from "./fraction.ts";
import type { Manifest } from "./manifest.ts";
import type { Openings } from "./openings.ts";
import { judge, type Standing } from "./recommendation.ts";
import type { SlipCounts } from "./slips.ts";

const LIMIT = 2 ** 28;
const FIGURE = object({
  exact: matching(/^(0|[1-9]\d*)\/[1-9]\d*$/, "a fraction"),
  printed: matching(/^(0|[1-9]\d*)(\.\d+)?$/, "a number"),
});
const MARKS = { score: FIGURE, positive: FIGURE };
const STATUS = oneOf("opened", "withheld");
const OUTCOME = oneOf("recommended", "tied", "below-quota", "not-met", "withheld");
const SCHEMA = object({
  format: oneOf("appraisal-results/1"),
  session: text(),
  status: oneOf("counted", "void"),
  slips: list(object({ printed: integer(), issued: integer(), drawn: integer(), void: integer() })),
  contests: list(object({
    contest: integer(),
    groups: list(object({
      classes: list(integer()),
      status: STATUS,
      issued: integer(),
      returned: integer(),
      questions: list(object({
        counts: list(integer()), blank: integer(), answers: integer(), percent: list(text()),
      }, MARKS)),
    }, { valid: integer(), spoilt: integer() })),
    questions: list(object({}, MARKS)),
    turnout: FIGURE,
    findings: list(object(
      { rule: oneOf("turnout", "positive"), value: FIGURE, limit: FIGURE, met: flag },
      { question: integer() })),
    outcome: OUTCOME,
  }, { score: FIGURE, rank: integer(1) })),
});

/** Throws `Malformed` on bytes that no results could have. */
export const decodeResults = (bytes: Uint8Array): object => decodeJson(bytes, LIMIT, SCHEMA);

/** `results.json` as it must be, given what was opened. */
export function resultsOf(manifest: Manifest, openings: Openings, slips: SlipCounts): string {
  const registrar = slips[0] ?? [];
  const standings = openings.void ? [] : judge(manifest, countContests(manifest, openings, slips));
  return canonicalJson({
    format: "appraisal-results/1",
    session: manifest.session,
    status: openings.void ? "void" : "counted",
    slips: registrar.map(({ printed, drawn, void: voided }) =>
      ({ printed, issued: printed - voided, drawn, void: voided })),
    contests: standings.map((standing) => written(manifest, standing)),
  });
}

function written(manifest: Manifest, { contest, findings, rank, outcome }: Standing): object {
  const { decimals } = manifest.rules;
  const { score, turnout } = contest;
  return {
    contest: contest.contest,
    groups: contest.groups.map((group) => writtenGroup(group, decimals)),
    questions: contest.questions.map((marks) => writtenMarks(marks, decimals)),
    ...(score ? { score: figure(score, decimals) } : {}),
    turnout: figure(turnout, decimals, 100n),
    findings,
    ...(rank === undefined ? {} : { rank }),
    outcome,
  };
}

const writtenMarks = (marks: Marks | undefined, decimals: number): object => marks ? {
  score: figure(marks.score, decimals),
  positive: figure(marks.positive, decimals, 100n),
} : {};

function writtenGroup(group: GroupCount, decimals: number): object {
  const { classes, status, issued, returned, valid, spoilt } = group;
  return {
    classes, status, issued, returned,
    ...(status === "opened" ? { valid, spoilt } : {}),
    questions: group.questions.map(({ counts, blank, answers, percent, marks }) =>
      ({ counts, blank, answers, percent, ...writtenMarks(marks, decimals) })),
  };
}
