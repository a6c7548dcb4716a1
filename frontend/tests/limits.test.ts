// Limits as people read them, in both languages.

import assert from "node:assert/strict";
import { test } from "node:test";
import { missing, standing, whyFull } from "../src/booth/limits.ts";
import { type Form, type Limit, makeForm, type Question, type Subject } from "../src/protocol/form.ts";
import { speak } from "../src/i18n/language.ts";

const page = globalThis as unknown as { document: unknown };
page.document = { documentElement: {} };

const choose: Question = {
  kind: "choice", text: { zh: "是否推荐", en: "Recommend?" }, required: false,
  options: [{ text: { zh: "推荐", en: "Recommend" }, points: 100 }],
};
const grade: Question = {
  kind: "grades", text: { zh: "综合评定", en: "Overall grade" }, required: true,
  options: [{ text: { zh: "优秀", en: "Excellent" }, points: 100 }, { text: { zh: "合格", en: "Qualified" }, points: 80 }],
};
const people: Subject[] = ["甲", "乙", "丙", "丁"].map((name) =>
  ({ kind: "person", name, post: "", commitment: "" }));
const form = (questions: readonly Question[], limit: Partial<Limit>): Form =>
  makeForm({
    title: { zh: "表", en: "I" }, kind: "person", questions, limits: [{ question: 0, option: 0, least: 0, ...limit }],
  }, people, { members: 7, empty_ballot: "valid" });

const said = (of: Form, ...given: readonly number[]): string[] =>
  of.bounds.flatMap((bounds) => given.map((n) => standing(of, bounds, n)));

test("how far a limit is", () => {
  assert.deepEqual(said(form([choose], { least: 2, most: 2 }), 1, 2), ["须选 2 人 · 已选 1", "须选 2 人 · 已选 2 · 够了"]);
  assert.deepEqual(said(form([choose], { most: 2 }), 0, 2), ["最多 2 人 · 已选 0", "最多 2 人 · 已选 2 · 已满"]);
  assert.deepEqual(said(form([choose], { least: 1, most: 3 }), 0, 1, 3), [
    "须选 1 到 3 人 · 已选 0", "须选 1 到 3 人 · 已选 1 · 够了", "须选 1 到 3 人 · 已选 3 · 已满",
  ]);
  assert.deepEqual(said(form([choose], { least: 1, most: 4 }), 0), ["至少 1 人 · 已选 0"]);
  assert.deepEqual(said(form([grade], { share: [1, 3] }), 2), ["优秀：最多 2 人 · 已选 2 · 已满"]);
});

test("what is counted is of the limit's kind, of the form's, or of any", () => {
  const whom = (limit: Partial<Limit>, kind?: "organisation"): string[] => {
    const { kind: _, ...any } = form([choose], limit).instrument;
    return said(makeForm({ ...any, ...(kind && { kind }) }, people, { members: 7, empty_ballot: "valid" }), 0);
  };
  assert.deepEqual(whom({ most: 2, kind: "person" }), ["最多 2 人 · 已选 0"]);
  assert.deepEqual(whom({ most: 2 }, "organisation"), ["最多 2 个组织 · 已选 0"]);
  assert.deepEqual(whom({ most: 2 }), ["最多 2 个 · 已选 0"]);
});

test("of several questions the one that is meant is named", () => {
  assert.deepEqual(said(form([grade, choose], { most: 1 }), 0), ["综合评定 优秀：最多 1 人 · 已选 0"]);
  assert.deepEqual(said(form([grade, choose], { question: 1, most: 1 }), 0), ["是否推荐：最多 1 人 · 已选 0"]);
});

test("a refusal says what to change, and a short ballot what is missing", () => {
  const few = form([choose], { least: 2, most: 2 });
  const [bounds] = few.bounds;
  assert.ok(bounds);
  assert.equal(whyFull(few, { bounds }, "丙"), "已经选满 2 人。要选丙，先点掉一个选了的。");
  assert.equal(whyFull(few, { ticks: 3 }, ""), "最多选 3 项，已经满了。要换一项，先点掉一项选了的。");
  assert.equal(missing(few, [{ bounds, missing: 1 }]), "1 人");
  speak("en");
  assert.equal(standing(few, bounds, 1), "Choose 2 of the people · chosen: 1");
  assert.equal(missing(few, [{ bounds, missing: 1 }]), "1 of the people");
  speak("zh");
});
