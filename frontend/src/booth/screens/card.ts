import { inWords, say } from "../../i18n/index.ts";
import type { Contest, Question } from "../../protocol/manifest.ts";
import { button, type Child, h, named } from "../../ui/dom.ts";
import { announce } from "../../ui/stage.ts";

export interface CardActions {
  readonly answer: (question: number, answer: number) => void;
  readonly previous: (() => void) | undefined;
  readonly next: () => void;
}

/** One subject: name large, post small, the questions, each a row of choices that are words. */
export function card(
  contest: Contest,
  answers: readonly number[],
  { index, count }: { readonly index: number; readonly count: number },
  actions: CardActions,
): Child[] {
  const { subject, instrument, questions } = contest;
  const groups = questions.map((question, q) => choices(question, q, answers[q] ?? 0, actions));
  const choose = (picked: number) => {
    groups.forEach((group, q) => pick(group, q, picked, actions));
    announce(say(picked ? "card.filled" : "card.cleared"));
  };
  const place = say("card.progress", { n: index + 1, all: count });
  const last = index + 1 === count;
  return [
    h("div", { class: "bar" },
      h("progress", { max: count, value: index + 1, "aria-label": place }),
      h("span", { "aria-hidden": "true" }, `${index + 1} / ${count}`)),
    h("h1", { class: "subject" }, named(subject.name)),
    subject.post !== "" && h("p", { class: "post" }, subject.post),
    count > 1 && h("p", { class: "visually-hidden" }, place),
    h("p", { class: "visually-hidden" }, inWords(instrument.title)),
    together(questions, choose),
    ...groups,
    button(say("card.clear"), () => choose(0), { class: "link" }),
    h("nav", { class: "steps" },
      actions.previous && button(say("card.previous"), actions.previous),
      button(say(last ? "card.review" : "card.next"), actions.next, { class: "second", id: "next" })),
  ];
}

/** A radio group of one question; what is outside the scale stands in a row of its own. */
function choices(
  question: Question,
  q: number,
  chosen: number,
  actions: CardActions,
): HTMLFieldSetElement {
  const inScale = question.grades.filter(({ points }) => points !== undefined).length;
  const group = h(
    "fieldset",
    { class: `question of-${Math.min(inScale, 6)}` },
    h("legend", {}, inWords(question.text)),
    h("div", { class: "choices" },
      ...question.grades.map((grade, g) =>
        h("label", { class: grade.points === undefined ? "choice outside" : "choice" },
          h("input", { type: "radio", name: `q${q}`, value: g + 1, checked: chosen === g + 1 }),
          h("span", {}, inWords(grade.text))))),
  );
  group.addEventListener("change", (event) =>
    actions.answer(q, Number((event.target as HTMLInputElement).value)));
  return group;
}

/** Picks the n-th grade of a group, or none for 0. */
function pick(group: HTMLFieldSetElement, q: number, picked: number, actions: CardActions): void {
  for (const input of group.querySelectorAll("input")) {
    input.checked = Number(input.value) === picked;
  }
  actions.answer(q, picked);
}

/** Quick fill: each grade is offered alike, in the very words that it will choose. */
function together(questions: readonly Question[], choose: (picked: number) => void): Child {
  const ranks = questions[0]?.grades.length ?? 0;
  const alike = questions.every(({ grades }) => grades.length === ranks);
  if (questions.length < 2 || !alike || ranks > 10) return undefined;
  const details = h("details", { class: "together" },
    h("summary", {}, say("card.together", { n: questions.length })));
  for (let rank = 0; rank < ranks; rank++) {
    const words = questions.map(({ grades }) => {
      const text = grades[rank]?.text;
      return text ? inWords(text) : "";
    });
    const distinct = words.every((word) => word === words[0]) ? words.slice(0, 1) : words;
    details.append(
      button(distinct.join(" · "), () => {
        choose(rank + 1);
        details.open = false;
      }),
    );
  }
  return details;
}
