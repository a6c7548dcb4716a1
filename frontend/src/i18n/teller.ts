// What the tellers' page says. Its sentences stand apart, so that a voter's phone never loads them.

import { fillIn, language, type Sentence, type Values } from "./language.ts";
import { tellerEn } from "./teller.en.ts";
import { tellerProblemsEn } from "./teller.problems.en.ts";
import { tellerProblemsZh } from "./teller.problems.zh.ts";
import { tellerZh } from "./teller.zh.ts";

export type TellerKey = keyof typeof tellerZh;
export type TellerProblem = keyof typeof tellerProblemsZh;

export const say = (key: TellerKey, values: Values = {}): string =>
  fillIn((language() === "zh" ? tellerZh : tellerEn)[key], values);

/** What a problem is, and what to do. */
export function explain(problem: TellerProblem, values: Values = {}): Sentence {
  const [title, advice] = (language() === "zh" ? tellerProblemsZh : tellerProblemsEn)[problem];
  return [fillIn(title, values), fillIn(advice, values)];
}

export const isTellerProblem = (code: string): code is TellerProblem =>
  Object.prototype.hasOwnProperty.call(tellerProblemsZh, code);
