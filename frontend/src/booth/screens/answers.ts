import { inWords, say } from "../../i18n/index.ts";
import { type Form, placesOf, type Question } from "../../protocol/form.ts";
import { type Child, h, named } from "../../ui/dom.ts";
import { nameOf } from "../titles.ts";
import { bandOf } from "./score.ts";

/** An answer in words, one a thing chosen; none if there is none. */
export function inPlain(question: Question, values: readonly number[]): readonly string[] {
  const { kind, options } = question;
  const [value = 0] = values;
  if (kind === "ticks") return options.filter((_, o) => values[o]).map(({ text }) => inWords(text));
  if (!value) return [];
  if (kind === "score") {
    const band = bandOf(question, value - 1);
    return [say("score.chosen", { n: value - 1, band: band ? inWords(band.text) : "" })];
  }
  return options.slice(value - 1, value).map(({ text }) => inWords(text));
}

const line = (words: Child, answers: readonly string[], blank: string): HTMLElement =>
  h("div", {}, h("dt", {}, words),
    answers.length > 1
      ? h("dd", { class: "several" }, h("ul", {}, ...answers.map((one) => h("li", {}, named(one)))))
      : answers.length ? h("dd", {}, ...answers) : h("dd", { class: "blank" }, blank));

const blankOf = ({ kind }: Question, spoilt: boolean): string =>
  say(kind === "ticks" ? "answer.none-ticked" : kind === "choice" ? "answer.not-chosen"
    : spoilt ? "answer.blank" : "review.blank");

const valuesOf = ({ questions, starts, width }: Form, answers: readonly number[], subject: number, q: number) => {
  const start = subject * width + (starts[q] as number);
  return answers.slice(start, start + placesOf(questions[q] as Question));
};

/** How a ballot is filled in: what was asked, and the answer. */
export function answersOf(form: Form, answers: readonly number[]): HTMLElement[] {
  const { subjects, questions, emptySpoils } = form;
  // Where an empty ballot is spoilt, its blanks are no 弃权.
  const spoilt = emptySpoils && !answers.some(Boolean);
  const lineOf = (words: Child, subject: number, question: Question, q: number) =>
    line(words, inPlain(question, valuesOf(form, answers, subject, q)), blankOf(question, spoilt));
  const lines = (subject: number) =>
    questions.map((question, q) => lineOf(inWords(question.text), subject, question, q));
  if (subjects.length === 1) return [h("dl", {}, ...lines(0))];
  const names = subjects.map((subject) => nameOf(subject, subjects));
  const [question, ...more] = questions;
  if (!question || more.length) {
    return names.flatMap((name, n) => [h("h3", {}, named(name)), h("dl", {}, ...lines(n))]);
  }
  if (question.kind === "choice") {
    const chosen = names.filter((_, n) => valuesOf(form, answers, n, 0)[0]);
    const count = chosen.length ? say("answer.chosen", { n: chosen.length }) : "";
    return [h("dl", {}, line(inWords(question.text) + count, chosen, say("answer.none-chosen")))];
  }
  return [h("dl", {}, ...names.map((name, n) => lineOf(named(name), n, question, 0)))];
}

/** Whether every question has an answer, and something is chosen or ticked wherever it can be. */
export const isComplete = (form: Form, answers: readonly number[]): boolean =>
  form.subjects.every((_, n) => form.questions.every((question, q) =>
    question.kind === "choice" || valuesOf(form, answers, n, q).some(Boolean)));

/** How many questions have no answer; to choose none and to tick none are answers too. */
export const blanksOf = (form: Form, answers: readonly number[]): number =>
  form.subjects.reduce((sum, _, n) => sum + form.questions.filter((question, q) =>
    (question.required || question.kind === "grades" || question.kind === "score") &&
    !valuesOf(form, answers, n, q).some(Boolean)).length, 0);
