// Two languages that say the same, templates that say what the script says, a sentence a refusal.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { isProblem, type Key } from "../src/i18n/index.ts";
import { en } from "../src/i18n/en.ts";
import { problemsEn } from "../src/i18n/problems.en.ts";
import { problemsZh } from "../src/i18n/problems.zh.ts";
import { recountEn } from "../src/i18n/recount.en.ts";
import { recountZh } from "../src/i18n/recount.zh.ts";
import { zh } from "../src/i18n/zh.ts";

const root = new URL("../../", import.meta.url);
const text = (path: string): string => readFileSync(new URL(path, root), "utf8");
const places = (sentence: string): string[] =>
  [...new Set(sentence.match(/\{\w+\}/g) ?? [])].sort();

test("both languages fill in the same places, and leave nothing empty", () => {
  for (const key of Object.keys(zh) as Key[]) {
    assert.deepEqual(places(en[key]), places(zh[key]), key);
    assert.ok(zh[key].trim() && en[key].trim(), key);
  }
  for (const key of Object.keys(recountZh) as (keyof typeof recountZh)[]) {
    assert.deepEqual(places(recountEn[key]), places(recountZh[key]), key);
    assert.ok(recountZh[key].trim() && recountEn[key].trim(), key);
  }
});

test("every refusal of the protocol has a sentence of its own in each language", () => {
  const [, section] = /### 4\.11 Refusals([\s\S]*?)\n### /.exec(text("docs/protocol.md")) ?? [];
  const codes = [...(section ?? "").matchAll(/^\| \d+ \| `([a-z-]+)`/gm)].map(([, code]) => code);
  assert.equal(codes.length, 15);
  for (const code of codes) assert.ok(isProblem(code as string), code);
  for (const problems of [problemsZh, problemsEn]) {
    const said = Object.values(problems).map((sentence) => sentence.join(" "));
    assert.equal(new Set(said).size, said.length);
  }
});

test("full-width punctuation in Chinese, none in English", () => {
  const chinese = [
    ...Object.values(zh), ...Object.values(recountZh), ...Object.values(problemsZh).flat(),
  ];
  for (const sentence of chinese) {
    assert.doesNotMatch(sentence, /[\u4e00-\u9fff][,;:?!]|[,;:?!][\u4e00-\u9fff]/, sentence);
  }
  const english = [
    ...Object.values(en), ...Object.values(recountEn), ...Object.values(problemsEn).flat(),
  ];
  for (const sentence of english) assert.doesNotMatch(sentence, /[，。；：？！（）]/, sentence);
});

test("templates say what the script says", () => {
  for (const folder of ["templates/booth/", "templates/board/"]) {
    for (const file of readdirSync(new URL(folder, root))) {
      for (const [, key, said] of text(folder + file).matchAll(/data-say="([\w.-]+)">([^<]*)</g)) {
        assert.equal(said, zh[key as Key], `${file}: ${key}`);
      }
    }
  }
});
