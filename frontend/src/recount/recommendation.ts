// The recommendation (§5.4), subject by subject. The report recommends, organs decide.

import type { Appraised, ContestCount } from "./contests.ts";
import { type Figure, figure, type Fraction, fraction, order, ZERO } from "./fraction.ts";
import { isScaled } from "./instrument.ts";
import type { Manifest } from "./manifest.ts";
import { type Marks, mean } from "./marks.ts";
import { reaches, type Rules, shareOf } from "./rules.ts";
import type { SlipCounts } from "./slips.ts";

type RuleName = "attendance" | "turnout" | "positive" | "negative";
export type Outcome =
  | "recommended" | "tied" | "below-quota" | "not-met" | "unscored" | "withheld";

/** One rule, held against one subject. */
export interface Finding {
  readonly rule: RuleName;
  readonly contest?: number;
  readonly question?: number;
  readonly value: Figure;
  readonly limit: Figure;
  readonly over: boolean;
  readonly met: boolean;
}
export interface Standing {
  readonly score: Fraction | undefined;
  readonly turnout: Fraction;
  readonly findings: readonly Finding[];
  rank?: number;
  outcome: Outcome;
}

/** A contest of a subject, by number, and what the subject comes to in it. */
interface Stood {
  readonly contest: number;
  readonly appraised: Appraised;
}

/** Every subject's standing, by number. */
export function judge(
  manifest: Manifest,
  contests: readonly ContestCount[],
  slips: SlipCounts,
): Standing[] {
  const { subjects, classes, rules } = manifest;
  const stood: Stood[][] = subjects.map(() => []);
  contests.forEach((counted, contest) => {
    for (const appraised of counted.subjects) stood[appraised.subject]?.push({ contest, appraised });
  });
  const issued = (slips[0] ?? []).reduce((sum, slip) => sum + slip.printed - slip.void, 0);
  const attendance = share(issued, classes.reduce((sum, { entitled }) => sum + entitled, 0));
  const standings = stood.map((own) => standingOf(manifest, contests, own, attendance));
  for (const kind of ["person", "organisation"] as const) {
    const quota = kind === "person" ? rules.quota : rules.quota_organisations;
    if (quota === undefined) continue;
    const meeting = standings.filter(({ outcome }, n) =>
      outcome === "recommended" && subjects[n]?.kind === kind);
    rank(meeting, quota, rules.ties);
  }
  return standings;
}

const share = (part: number, whole: number): Fraction => (whole ? fraction(part, whole) : ZERO);

function standingOf(
  { rules, forms }: Manifest,
  contests: readonly ContestCount[],
  own: readonly Stood[],
  attendance: Fraction,
): Standing {
  const groups = own.flatMap(({ contest }) => contests[contest]?.groups ?? []);
  const total = (of: "returned" | "issued") => groups.reduce((sum, group) => sum + group[of], 0);
  const turnout = share(total("returned"), total("issued"));
  const score = mean(own.map(({ appraised }) => appraised.score));
  if (!score) {
    const scaled = own.some(({ contest }) => forms[contest]?.questions.some(isScaled));
    return { score, turnout, findings: [], outcome: scaled ? "withheld" : "unscored" };
  }
  const findings = [
    ...held(rules, "attendance", attendance),
    ...held(rules, "turnout", turnout),
    ...own.flatMap(({ contest, appraised }) => appraised.marks.flatMap((marks, question) =>
      (marks ? sharesHeld(rules, marks, { contest, question }) : []))),
  ];
  // A negative share is a red flag: it decides nothing.
  const meets = findings.every(({ rule, met }) => met || rule === "negative");
  return { score, turnout, findings, outcome: meets ? "recommended" : "not-met" };
}

type Where = Pick<Finding, "contest" | "question">;

const sharesHeld = (rules: Rules, { positive, negative }: Marks, where: Where): Finding[] =>
  [...held(rules, "positive", positive, where), ...held(rules, "negative", negative, where)];

/** A rule held against a value, if it applies. */
function held(rules: Rules, rule: RuleName, value: Fraction, where: Where = {}): Finding[] {
  const limit = rules[rule];
  if (!limit) return [];
  const percent = (of: Fraction) => figure(of, rules.decimals, 100n);
  return [{
    rule,
    ...where,
    value: percent(value),
    limit: percent(shareOf(limit)),
    over: limit.over,
    met: reaches(value, limit) !== (rule === "negative"),
  }];
}

/** Ranks 1-2-2-4 by score, and who is within the quota. */
export function rank(meeting: readonly Standing[], quota: number, ties: Rules["ties"]): void {
  const score = ({ score: own = ZERO }: Standing) => own;
  const best = [...meeting].sort((a, b) => order(score(b), score(a)));
  const atBoundary = { open: "tied", all: "recommended", none: "below-quota" } as const;
  for (let better = 0; better < best.length;) {
    const first = best[better] as Standing;
    const equal = best.slice(better).filter((other) => order(score(other), score(first)) === 0);
    const after = better + equal.length;
    const outcome =
      better >= quota ? "below-quota" : after > quota ? atBoundary[ties] : "recommended";
    for (const standing of equal) Object.assign(standing, { rank: better + 1, outcome });
    better = after;
  }
}
