// Two languages, Chinese first. TypeScript refuses a sentence that one of them lacks.

import type { Bilingual } from "../protocol/manifest.ts";
import { en } from "./en.ts";
import { problemsEn } from "./problems.en.ts";
import { problemsZh } from "./problems.zh.ts";
import { zh } from "./zh.ts";

export type Language = "zh" | "en";
/** What something is, and what to do. */
export type Sentence = readonly [title: string, advice: string];
export type Key = keyof typeof zh;
export type Problem = keyof typeof problemsZh;
type Values = Readonly<Record<string, string | number>>;

const dictionaries: Record<Language, Readonly<Record<Key, string>>> = { zh, en };
const problems: Record<Language, Readonly<Record<Problem, Sentence>>> = {
  zh: problemsZh,
  en: problemsEn,
};

let current: Language = "zh";

export const language = (): Language => current;

/** Sets the language of every later sentence and of the document. */
export function speak(wanted: Language): void {
  current = wanted;
  document.documentElement.lang = wanted === "zh" ? "zh-Hans" : "en";
}

/** The sentence for a key, with its `{name}` places filled in. */
export const say = (key: Key, values: Values = {}): string =>
  fillIn(dictionaries[current][key], values);

export const fillIn = (sentence: string, values: Values): string =>
  sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));

/** A text of the manifest in the language spoken. */
export const inWords = (text: Bilingual): string => text[current];

export const explain = (problem: Problem): Sentence => problems[current][problem];

export const isProblem = (code: string): code is Problem =>
  Object.prototype.hasOwnProperty.call(problemsZh, code);
