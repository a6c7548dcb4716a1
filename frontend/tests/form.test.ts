// Ballot forms on the phone: where answers stand, which would not count, what a page allows and asks.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Marking } from "../src/booth/marking.ts";
import { encodeBallot } from "../src/protocol/ballot.ts";
import { hexEncode, Malformed } from "../src/protocol/encoding.ts";
import {
  faultOf, type Form, type Instrument, type Limit, makeForm, type Option, placesOf, type Question, type Subject,
} from "../src/protocol/form.ts";

const text = (zh: string) => ({ zh, en: zh });
const option = (zh: string, points?: number): Option =>
  ({ text: text(zh), ...(points === undefined ? {} : { points }) });
const grades: Question = {
  kind: "grades", text: text("综合评定"), required: true,
  options: [option("优秀", 100), option("合格", 80), option("不了解")],
};
const choice: Question = { kind: "choice", text: text("推荐"), required: false, options: [option("推荐", 100)] };
const ticks: Question = {
  kind: "ticks", text: text("问题"), required: false, most: 2, options: ["甲", "乙", "丙"].map((zh) => option(zh)),
};
const score: Question = {
  kind: "score", text: text("评分"), required: false, highest: 100,
  options: [{ ...option("优秀"), at_least: 90 }, { ...option("其他"), at_least: 0 }],
};

const subject = (kind: Subject["kind"], name: string): Subject => ({ kind, name, post: "", commitment: "" });
const people = (count: number) => Array.from({ length: count }, (_, n) => subject("person", `王${n}`));
const bodies = (count: number) => Array.from({ length: count }, (_, n) => subject("organisation", `支部${n}`));

interface Given {
  readonly questions: readonly Question[];
  readonly subjects?: readonly Subject[];
  readonly limits?: readonly Partial<Limit>[];
  readonly members?: number;
  readonly empty?: "valid" | "spoilt";
}
function form({ questions, subjects = people(1), limits = [], members = 0, empty = "valid" }: Given): Form {
  const all = limits.map((limit) => ({ question: 0, option: 0, least: 0, ...limit }));
  const instrument: Instrument = { title: text("表"), questions, limits: all };
  return makeForm(instrument, subjects, { members, empty_ballot: empty });
}
const blank = ({ subjects, width }: Form): number[] => Array<number>(subjects.length * width).fill(0);
const marked = (of: Form, answers = blank(of)) => {
  let kept: readonly number[] = answers;
  const marking = new Marking(of, answers, (now) => {
    kept = now;
  });
  return { marking, kept: () => kept };
};

test("each question has its places: of ticks one an option, of others one", () => {
  const all = form({ questions: [grades, ticks, score, choice], subjects: people(2) });
  assert.deepEqual([grades, ticks, score, choice].map(placesOf), [1, 3, 1, 1]);
  assert.deepEqual([all.starts, all.width], [[0, 1, 4, 5], 6]);
  const { marking, kept } = marked(all);
  marking.write(0, 0, 0, 3); // 不了解
  marking.write(0, 1, 2, 1); // 丙
  marking.write(0, 2, 0, 101); // 100 points
  marking.write(1, 2, 0, 1); // no points at all
  marking.write(1, 3, 0, 1); // chosen
  assert.equal(hexEncode(encodeBallot(new Uint8Array(16), kept())), `01${"00".repeat(16)}030000016500000000000101`);
  assert.equal(faultOf(all, kept()), undefined);
  assert.deepEqual(marking.read(0, 1), [0, 0, 1]);
});

test("an answer beyond its place is no answer", () => {
  for (const [question, answers] of [
    [grades, [4]], [choice, [2]], [score, [102]], [ticks, [0, 2, 0]],
  ] as const) {
    assert.equal(faultOf(form({ questions: [question] }), answers), "answer-out-of-range", question.kind);
  }
  assert.equal(faultOf(form({ questions: [grades] }), [1, 0]), "not-a-ballot");
});

test("an empty ballot abstains, or is spoilt where the rules say so", () => {
  const limits = [{ least: 1, most: 1 }];
  assert.equal(faultOf(form({ questions: [choice], limits }), [0]), undefined);
  assert.equal(faultOf(form({ questions: [choice], limits, empty: "spoilt" }), [0]), "empty");
});

test("a list takes no more ticks than it may have, and says so", () => {
  const two = form({ questions: [ticks] });
  const { marking, kept } = marked(two);
  assert.equal(marking.write(0, 0, 0, 1), undefined);
  assert.equal(marking.write(0, 0, 2, 1), undefined);
  assert.deepEqual(marking.write(0, 0, 1, 1), { ticks: 2 });
  assert.deepEqual(kept(), [1, 0, 1]);
  assert.equal(marking.write(0, 0, 0, 0), undefined); // taking one back makes room
  assert.equal(marking.write(0, 0, 1, 1), undefined);
  assert.deepEqual(kept(), [0, 1, 1]);
  assert.equal(faultOf(two, [1, 1, 1]), "too-many");
});

test("a share of the members is rounded down", () => {
  const of = (members: number) =>
    form({ questions: [grades], subjects: people(9), limits: [{ share: [1, 3] }], members }).bounds[0]?.most;
  assert.deepEqual([23, 24, 26, 3].map(of), [7, 8, 8, 1]);
});

test("优秀 goes to as many as allowed; who has it keeps it, and others may have another grade", () => {
  const limited = form({ questions: [grades], subjects: people(4), limits: [{ share: [1, 3] }], members: 6 });
  const { marking, kept } = marked(limited);
  marking.write(0, 0, 0, 1);
  marking.write(1, 0, 0, 1);
  const full = marking.write(2, 0, 0, 1);
  assert.ok(full && "bounds" in full && full.bounds.most === 2);
  assert.equal(marking.against(0, 0, 0, 1), undefined);
  assert.equal(marking.write(2, 0, 0, 2), undefined);
  assert.equal(marking.write(1, 0, 0, 2), undefined);
  assert.equal(marking.write(3, 0, 0, 1), undefined);
  assert.deepEqual(kept(), [1, 2, 2, 1]);
  assert.equal(faultOf(limited, [1, 1, 0, 1]), "too-many");
});

test("exactly so many of each kind: what is missing is told until it is met", () => {
  const exact = form({
    questions: [choice], subjects: [...bodies(3), ...people(3)],
    limits: [{ kind: "organisation", least: 2, most: 2 }, { kind: "person", least: 1, most: 1 }],
  });
  const { marking, kept } = marked(exact);
  assert.deepEqual(marking.short(), []); // nothing at all is an abstention
  marking.write(0, 0, 0, 1);
  assert.deepEqual(marking.short().map(({ missing }) => missing), [1, 1]);
  assert.equal(faultOf(exact, kept()), "too-few");
  marking.write(4, 0, 0, 1);
  assert.deepEqual(marking.short().map(({ missing }) => missing), [1]);
  assert.ok(marking.write(5, 0, 0, 1)); // the other kind has room, this one has none
  marking.write(2, 0, 0, 1);
  assert.deepEqual([marking.short(), faultOf(exact, kept()), kept()], [[], undefined, [1, 0, 1, 0, 1, 0]]);
  marking.clear();
  assert.deepEqual(kept(), [0, 0, 0, 0, 0, 0]);
  assert.ok(marking.empty);
});

test("a subject is left blank alone, and blanks of required questions are known", () => {
  const two = form({ questions: [grades, score], subjects: people(2) });
  const { marking, kept } = marked(two);
  marking.write(0, 0, 0, 2);
  marking.write(1, 1, 0, 91);
  assert.deepEqual([marking.unanswered(0), marking.unanswered(1)], [[], [0]]);
  assert.deepEqual([marking.said(0), marking.said(1)], [true, true]);
  marking.clear(1);
  assert.deepEqual([kept(), marking.said(1)], [[2, 0, 0, 0], false]);
});

test("a form of another kind is refused", () => {
  const kind = "essay" as Question["kind"];
  assert.throws(() => form({ questions: [{ ...grades, kind }] }), Malformed);
  assert.throws(() => form({ questions: [{ ...grades, options: [] }] }), Malformed);
  assert.throws(() => form({ questions: [grades], limits: [{ option: 3, most: 1 }] }), Malformed);
  assert.throws(() => form({ questions: [grades], limits: [{ question: 1, most: 1 }] }), Malformed);
});
