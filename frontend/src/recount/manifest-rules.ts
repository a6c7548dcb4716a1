// The rules of a manifest that no single field can keep (§4.1).

import { type Form, lengthOf } from "./form.ts";
import { checkInstrument, demand, isShare, once } from "./instrument-rules.ts";
import { checkKeys } from "./key-rules.ts";
import { ballotLength, entryLength } from "./layout.ts";
import type { Fields } from "./manifest-fields.ts";
import { MAX_PLACES } from "./sizes.ts";

/** The seven sectors 分类指导. */
const SECTORS: readonly string[] = [
  "农村", "街道社区", "国有企业和金融机构", "机关", "高等学校", "事业单位", "非公有制经济组织和社会组织",
];

/** Bytes of what one voter casts, at most: in base64 it fits in a request. */
const MAX_CAST = 3_000_000;

/** Throws `Malformed` for a manifest that contradicts itself. */
export function checkRules(fields: Fields): void {
  demand(SECTORS.includes(fields.sector), "a sector that there is not");
  const { from, to } = fields.period;
  demand([from, fields.frozen, ...(to ? [to] : [])].every(isDate), "a day that no month has");
  demand(!to || to >= from, "a period that ends before it begins");
  demand(once(fields.instruments.map(({ id }) => id)), "an instrument stands twice");
  fields.instruments.forEach(checkInstrument);
  checkContests(fields);
  checkClasses(fields);
  checkCounting(fields);
  checkKeys(fields);
  demand(!fields.comments || once(fields.comments.readers), "a reader of comments stands twice");
}

/** Throws `Malformed` for forms that no ballot could have or keep, or that are too many for one voter. */
export function checkForms(fields: Fields, forms: readonly Form[]): void {
  for (const form of forms) {
    demand(lengthOf(form) <= MAX_PLACES, "more answers than a ballot may have");
    for (const { subjects, least, most } of form.bounds) {
      demand(most > 0, "a limit that allows nobody");
      demand(least <= Math.min(most, subjects.length), "a limit that nobody could keep");
    }
  }
  const cast = forms.reduce((sum, form) => sum + entryLength(fields, ballotLength(lengthOf(form))), 0);
  demand(cast <= MAX_CAST, "more ballots than one request takes");
}

/** Whether a text of the form 2010-04-07 is a day of the calendar. */
function isDate(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.split("-").map(Number);
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return year > 0 && day <= (days[month - 1] ?? 0);
}

function checkContests({ contests, subjects, instruments }: Fields): void {
  const pairs: string[] = [];
  for (const contest of contests) {
    const asked = instruments[contest.instrument];
    demand(asked !== undefined, "a contest under no instrument");
    demand(contest.subjects.length === 1 || asked?.limits.length !== 0,
      "several subjects on one ballot that no limit spans");
    for (const subject of contest.subjects) {
      demand(subject < subjects.length, "a contest about nobody");
      demand(asked?.kind === undefined || subjects[subject]?.kind === asked.kind,
        "a subject of the other kind than its instrument asks about");
      pairs.push(`${subject} ${contest.instrument}`);
    }
  }
  demand(once(pairs), "a subject stands twice under one instrument");
  demand(new Set(contests.flatMap((contest) => contest.subjects)).size === subjects.length,
    "a subject that nobody appraises");
  demand(new Set(contests.map(({ instrument }) => instrument)).size === instruments.length,
    "an instrument that is not used");
}

function checkCounting({ rules, instruments }: Fields): void {
  for (const name of ["attendance", "turnout", "positive", "negative"] as const) {
    const threshold = rules[name];
    if (!threshold) continue;
    const { share: [top, bottom], over } = threshold;
    demand(isShare(threshold.share), `${name}: a share above 0 and up to 1`);
    demand(!over || top !== bottom, `${name}: more than all`);
  }
  demand(rules.trim === 0 || rules.denominator === "answers", "extremes left out of what is no answer");
  const shares = instruments.some(({ limits }) => limits.some(({ share }) => share));
  demand(shares === rules.members > 0, "a number of members where no limit is a share of it, or none");
}

function checkClasses({ classes, rules }: Fields): void {
  demand(classes.reduce((sum, { weight }) => sum + weight, 0) === 100, "weights do not sum to 100");
  demand(once(classes.map(({ name }) => name.zh)), "a class stands twice");
  demand(classes.every(({ slips }) => slips >= rules.floor), "fewer slips than the floor");
}
