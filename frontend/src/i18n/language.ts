// The language spoken, which every dictionary of sentences follows.

import type { Bilingual } from "../protocol/form.ts";

export type Language = "zh" | "en";
/** What something is, and what to do. */
export type Sentence = readonly [title: string, advice: string];
export type Values = Readonly<Record<string, string | number>>;

let current: Language = "zh";

export const language = (): Language => current;

/** Sets the language of every later sentence and of the document. */
export function speak(wanted: Language): void {
  current = wanted;
  document.documentElement.lang = wanted === "zh" ? "zh-Hans" : "en";
}

/** A text of the manifest in the language spoken. */
export const inWords = (text: Bilingual): string => text[current];

/** A sentence with its `{name}` places filled in. */
export const fillIn = (sentence: string, values: Values): string =>
  sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
