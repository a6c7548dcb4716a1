// Instruments 测评表 (§4.1): what a ballot asks about each of its subjects, field by field.

import { flag, integer, list, matching, object, oneOf, type Read, text } from "./canonical.ts";
import { MAX_OPTIONS, MAX_QUESTIONS, MAX_SUBJECTS } from "./sizes.ts";

export const bilingual = object({ zh: text(), en: text() });
export const kind = oneOf("organisation", "person");

const option = object({ text: bilingual, positive: flag, negative: flag }, {
  points: integer(0, 1000), // of a grade on the scale, and of a choice
  at_least: integer(0, 200), // of a band
});

const question = object({
  kind: oneOf("grades", "choice", "ticks", "score"),
  text: bilingual,
  required: flag,
  options: list(option, 1, MAX_OPTIONS),
}, { note: bilingual, most: integer(1, MAX_OPTIONS), highest: integer(1, 200) });

const limit = object({
  question: integer(0, MAX_QUESTIONS - 1),
  option: integer(0, MAX_OPTIONS - 1),
  least: integer(0, MAX_SUBJECTS),
}, { most: integer(1, MAX_SUBJECTS), share: list(integer(), 2, 2), kind });

export const instrument = object({
  id: matching(/^(?=.{1,60}$)[a-z0-9]+(-[a-z0-9]+)*$/, "an id"),
  title: bilingual,
  questions: list(question, 1, MAX_QUESTIONS),
  limits: list(limit, 0, 16),
}, {
  kind,
  instruction: bilingual,
  notes: object({ title: bilingual, items: list(bilingual, 1, 20) }),
});

export type Instrument = Read<typeof instrument>;
export type Question = Read<typeof question>;
export type Option = Read<typeof option>;
export type Limit = Read<typeof limit>;

/** Whether its answers can give a score. */
export const isScaled = ({ kind: asked }: Question): boolean => asked !== "ticks";
