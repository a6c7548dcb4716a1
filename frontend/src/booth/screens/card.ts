import { say } from "../../i18n/index.ts";
import { button, type Child, h, named } from "../../ui/dom.ts";
import { announce } from "../../ui/stage.ts";
import { commitmentOf, guidanceOf, selfLine } from "./beside.ts";
import { begunOf, formTitle, type Ground, onward, placeOf, progressBar, spotOf } from "./page.ts";
import { control } from "./questions.ts";
import { asked } from "./spot.ts";
import { steps, type Want } from "./steps.ts";
import { together } from "./together.ts";

/** One subject: name large, post small, the questions, each a row of choices that are words. */
export function card(ground: Ground): Child[] {
  const { contest, marking, page, notSelf, skip } = ground;
  const { questions, emptySpoils } = contest;
  const subject = contest.subjects[0] as (typeof contest.subjects)[number];
  const { index, count, previous } = page;
  const next = onward(page);

  const want = (): Want | undefined => {
    const begun = begunOf(controls, next);
    if (begun) return begun;
    if (marking.empty && emptySpoils) return { text: say("want.empty-spoilt", { next }) };
    const blank = marking.unanswered(0);
    if (!blank.length) return undefined;
    const text = say("want.questions", { n: blank.length, next });
    return { text, at: controls[blank[0] as number]?.element };
  };
  const nav = steps(next, previous, page.next, want);
  const changed = () => {
    nav.settle();
    controls.forEach(({ paint }) => paint());
  };
  const spots = questions.map((question, q) =>
    spotOf(ground, 0, q, [asked(question)], changed));
  const controls = spots.map(control);
  const choose = (picked: number) => {
    if (picked) spots.forEach(({ write }) => write(0, picked));
    else marking.clear();
    changed();
    announce(say(picked ? "card.filled" : "card.cleared"));
  };
  return [
    progressBar(page),
    h("h1", { class: "subject" }, named(subject.name)),
    subject.post !== "" && h("p", { class: "post" }, subject.post),
    count > 1 && h("p", { class: "visually-hidden" }, placeOf(index, count)),
    h("p", { class: ground.named ? "form-title" : "visually-hidden" }, formTitle(ground)),
    notSelf && subject.kind === "person" && selfLine(skip),
    commitmentOf(subject),
    ...guidanceOf(contest.instrument),
    together(questions, choose),
    ...controls.map(({ element }) => element),
    button(say("card.clear"), () => choose(0), { class: "link" }),
    nav.element,
  ];
}
