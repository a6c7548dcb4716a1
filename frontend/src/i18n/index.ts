// Two languages, Chinese first. TypeScript refuses a sentence that one of them lacks.

import { en } from "./en.ts";
import { fillIn, language, type Language, type Sentence, type Values } from "./language.ts";
import { problemsEn } from "./problems.en.ts";
import { problemsZh } from "./problems.zh.ts";
import { zh } from "./zh.ts";

export { fillIn, inWords, language, type Language, type Sentence, speak } from "./language.ts";
export type Key = keyof typeof zh;
export type Problem = keyof typeof problemsZh;

const dictionaries: Record<Language, Readonly<Record<Key, string>>> = { zh, en };
const problems: Record<Language, Readonly<Record<Problem, Sentence>>> = {
  zh: problemsZh,
  en: problemsEn,
};

/** The sentence for a key, with its `{name}` places filled in. */
export const say = (key: Key, values: Values = {}): string =>
  fillIn(dictionaries[language()][key], values);

export const explain = (problem: Problem): Sentence => problems[language()][problem];

export const isProblem = (code: string): code is Problem =>
  Object.prototype.hasOwnProperty.call(problemsZh, code);
