// Counting rules one by one (docs/protocol.md §4.5, §5): what few sessions made by chance ever decide.

import assert from "node:assert/strict";
import { test } from "node:test";
import { count } from "../src/recount/counting.ts";
import { boundsOf, faultOf, type Form, layoutOf } from "../src/recount/form.ts";
import type { Instrument, Question } from "../src/recount/instrument.ts";
import { marksOf } from "../src/recount/marks.ts";
import { rank, type Standing } from "../src/recount/recommendation.ts";
import { fraction } from "../src/recount/fraction.ts";
import type { Rules } from "../src/recount/rules.ts";

const text = { zh: "题", en: "Question" };
const grade = (points?: number) => ({
  text: { zh: String(points), en: String(points) },
  positive: (points ?? 0) >= 80,
  negative: (points ?? 99) < 60,
  ...(points === undefined ? {} : { points }),
});
const GRADES: Question = {
  kind: "grades", text, required: true, options: [grade(100), grade(80), grade(50), grade()],
};
const CHOICE: Question = { kind: "choice", text, required: false, options: [grade(100)] };
const TICKS: Question = {
  kind: "ticks", text, required: false, most: 2,
  options: ["甲", "乙", "丙"].map((zh) => ({ text: { zh, en: zh }, positive: false, negative: false })),
};
const SCORE: Question = {
  kind: "score", text, required: true, highest: 10,
  options: [9, 6, 0].map((at_least) => ({
    text: { zh: `${at_least}`, en: `${at_least}` }, positive: at_least === 9, negative: at_least === 0, at_least,
  })),
};

function formOf(questions: readonly Question[], kinds: readonly string[], limits: Instrument["limits"] = [],
  members = 0): Form {
  const layout = layoutOf({ id: "i", title: text, questions, limits });
  return {
    ...layout,
    subjects: kinds.length,
    bounds: limits.map((limit) => boundsOf(limit, layout, kinds, members)),
    emptySpoils: false,
  };
}
const opened = (...answers: number[][]) => answers.map((one) => ({ tracker: "", answers: one }));
const rules = (changes: Partial<Rules> = {}) => ({ denominator: "answers", trim: 0, ...changes }) as Rules;
const numbers = (valid: number) => ({ valid, returned: valid + 1, issued: valid + 4, entitled: valid + 10 });

/** The marks of one question about one subject, answered like this. */
function marks(question: Question, answers: number[], changes: Partial<Rules> = {}) {
  const [[counts] = []] = count(formOf([question], ["person"]), opened(...answers.map((one) => [one])));
  return counts && marksOf(question, counts, numbers(answers.length), rules(changes));
}
const shown = (value: { top: bigint; bottom: bigint } | undefined) => value && `${value.top}/${value.bottom}`;

test("each kind of question counts in its own columns", () => {
  const form = formOf([GRADES, CHOICE, TICKS, SCORE], ["person"]);
  const ballots = opened([1, 1, 1, 1, 0, 11], [4, 0, 0, 0, 0, 7], [0, 1, 0, 0, 1, 1], [3, 0, 1, 0, 0, 0]);
  const [counts = []] = count(form, ballots);
  assert.deepEqual(counts.map((one) => [one.counts, one.blank, one.answers]), [
    [[1, 0, 1, 1], 1, 2], // 不了解 is no answer on the scale
    [[2], 2, 2],
    [[2, 1, 1], 1, 0],
    [[1, 1, 1], 1, 3], // 10, 6 and 0 points
  ]);
});

test("extremes are left out of more than five answers, and of more than twice as many", () => {
  const five = [1, 1, 2, 3, 3];
  assert.equal(shown(marks(GRADES, five, { trim: 1 })?.score), "76/1");
  assert.equal(shown(marks(GRADES, [...five, 1], { trim: 1 })?.score), "165/2"); // 100, 100, 80, 50
  assert.equal(shown(marks(GRADES, [...five, 1], { trim: 2 })?.score), "90/1"); // 100, 80
  assert.equal(shown(marks(GRADES, [...five, 1], { trim: 3 })?.score), "80/1"); // all six
  // Positive and negative shares leave nobody out; neither does a choice.
  assert.equal(shown(marks(GRADES, [...five, 1], { trim: 2 })?.negative), "1/3");
  assert.equal(shown(marks(CHOICE, [1, 0, 0, 0, 0, 0], { trim: 1 })?.score), "50/3");
  assert.equal(shown(marks(SCORE, [1, 11, 6, 6, 6, 6], { trim: 1 })?.score), "5/1");
});

test("what points are divided by", () => {
  const answers = [1, 1, 3, 4, 0, 0]; // three on the scale of six valid ballots
  const score = (denominator: Rules["denominator"]) => shown(marks(GRADES, answers, { denominator })?.score);
  assert.deepEqual(
    (["answers", "valid", "returned", "present", "entitled"] as const).map(score),
    ["250/3", "125/3", "250/7", "25/1", "125/8"]);
  const few = { valid: 6, returned: 6, issued: 2, entitled: 3 };
  const [[counts] = []] = count(formOf([GRADES], ["person"]), opened(...answers.map((one) => [one])));
  for (const denominator of ["present", "entitled"] as const) { // never less than voted
    assert.equal(shown(counts && marksOf(GRADES, counts, few, rules({ denominator }))?.score), "125/3");
  }
});

test("a choice that nobody made has a score, grades that nobody gave have none", () => {
  assert.equal(shown(marks(CHOICE, [0, 0])?.score), "0/1");
  assert.equal(marks(GRADES, [0, 4]), undefined);
  assert.equal(marks(TICKS, []), undefined);
});

test("a ballot is spoilt for the first reason that holds", () => {
  const form = formOf([CHOICE, TICKS], ["person", "organisation", "person"], [
    { question: 0, option: 0, least: 1, share: [1, 3], kind: "person" },
  ], 5);
  assert.equal(faultOf(form, [1, 1, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0]), undefined);
  assert.equal(faultOf(form, Array.from({ length: 12 }, () => 0)), undefined);
  assert.equal(faultOf({ ...form, emptySpoils: true }, Array.from({ length: 12 }, () => 0)), "empty");
  assert.equal(faultOf(form, [1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]), "too-many"); // ⌊5/3⌋ is one person
  assert.equal(faultOf(form, [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]), "too-few"); // an organisation is none
  assert.equal(faultOf(form, [0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]), "too-many"); // ticks, before too few
  assert.equal(faultOf(form, [2, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]), "answer-out-of-range");
});

test("equal scores on both sides of the quota", () => {
  const outcomes = (ties: Rules["ties"], quota: number) => {
    const standings = [80, 90, 80, 70].map((score): Standing =>
      ({ score: fraction(score), turnout: fraction(1), findings: [], outcome: "recommended" }));
    rank(standings, quota, ties);
    return standings.map((one) => `${one.rank} ${one.outcome}`);
  };
  const between = (outcome: string) => [`2 ${outcome}`, "1 recommended", `2 ${outcome}`, "4 below-quota"];
  assert.deepEqual(outcomes("open", 2), between("tied"));
  assert.deepEqual(outcomes("all", 2), between("recommended"));
  assert.deepEqual(outcomes("none", 2), between("below-quota"));
  assert.deepEqual(outcomes("open", 3), between("recommended"));
  assert.deepEqual(outcomes("open", 0), ["2 below-quota", "1 below-quota", "2 below-quota", "4 below-quota"]);
});
