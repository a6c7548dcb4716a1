// The recommendation (§5.4): turnout, positive share, rank and quota. The report recommends, organs decide.

import type { ContestCount } from "./counting.ts";
import { type Figure, figure, type Fraction, fraction, order } from "./fraction.ts";
import type { Manifest } from "./manifest.ts";

/** One rule of §5.4 applied to one contest. */
interface Rule {
  readonly rule: "turnout" | "positive";
  readonly question?: number;
  readonly value: Figure;
  readonly limit: Figure;
  readonly met: boolean;
}
export interface Standing {
  readonly contest: ContestCount;
  readonly findings: readonly Rule[];
  readonly meets: boolean;
  rank?: number;
  outcome: "recommended" | "tied" | "below-quota" | "not-met" | "withheld";
}

/** Every contest's standing, in order of contest. */
export function judge(manifest: Manifest, contests: readonly ContestCount[]): Standing[] {
  const standings = contests.map((contest): Standing => {
    const opened = contest.groups.some(({ status }) => status === "opened");
    if (!opened || !contest.score) {
      return { contest, findings: [], meets: false, outcome: "withheld" };
    }
    const findings = applied(manifest, contest);
    const meets = findings.every(({ met }) => met);
    return { contest, findings, meets, outcome: meets ? "recommended" : "not-met" };
  });
  rank(standings.filter(({ meets, contest: { contest } }) =>
    meets && manifest.subjects[manifest.contests[contest]?.subject ?? -1]?.kind === "person"),
    manifest.rules.quota);
  return standings;
}

/** The findings of the rules that are switched on, turnout first. */
function applied({ rules }: Manifest, { turnout, questions }: ContestCount): Rule[] {
  const { decimals } = rules;
  const rule = (limit: readonly number[], value: Fraction) => {
    const least = fraction(limit[0] ?? 0, limit[1] ?? 1);
    return {
      value: figure(value, decimals, 100n),
      limit: figure(least, decimals, 100n),
      met: order(value, least) >= 0,
    };
  };
  return [
    ...(rules.turnout[0] ? [{ rule: "turnout" as const, ...rule(rules.turnout, turnout) }] : []),
    ...questions.flatMap((marks, question) => (rules.positive[0] && marks
      ? [{ rule: "positive" as const, question, ...rule(rules.positive, marks.positive) }]
      : [])),
  ];
}

/** Ranks 1-2-2-4 by score; equal scores on both sides of the quota are all tied. */
function rank(persons: readonly Standing[], quota: number): void {
  const score = ({ contest }: Standing) => contest.score as Fraction;
  for (const person of persons) {
    const better = persons.filter((other) => order(score(other), score(person)) > 0).length;
    const equal = persons.filter((other) => order(score(other), score(person)) === 0).length;
    person.rank = better + 1;
    if (better >= quota) person.outcome = "below-quota";
    else person.outcome = better + equal > quota ? "tied" : "recommended";
  }
}
