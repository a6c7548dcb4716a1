import { inWords, say } from "../../i18n/index.ts";
import type { Question } from "../../protocol/form.ts";
import { button, type Child, h } from "../../ui/dom.ts";
import { announce } from "../../ui/stage.ts";
import { missing, standing } from "../limits.ts";
import { nameOf } from "../titles.ts";
import { guidanceOf } from "./beside.ts";
import { begunOf, formTitle, type Ground, onward, placeOf, progressBar } from "./page.ts";
import { type Row, rowOf, tickRowsOf } from "./rows.ts";
import { asked, noteOf } from "./spot.ts";
import { asking, steps, type Want } from "./steps.ts";

/** As many names as fit in a sentence. */
const NAMES = 3;

/** All subjects of a form with limits on one page, and how far each limit is. */
export function list(ground: Ground, skipped: Set<number>): Child[] {
  const { contest, marking, page, notSelf } = ground;
  const { questions, bounds, subjects, emptySpoils, instrument } = contest;
  const next = onward(page);
  const [question, ...more] = questions;
  const ticking = question?.kind === "choice" && !more.length;

  const want = (): Want | undefined => {
    const short = marking.short();
    if (short.length) {
      const what = missing(contest, short);
      const none = emptySpoils ? "" : say("want.or-none");
      return { text: say("want.short", { what }) + none, must: true };
    }
    const begun = begunOf(rows.flatMap(({ controls }) => controls), next);
    if (begun) return begun;
    if (marking.empty) return { text: say(emptySpoils ? "want.empty-spoilt" : "want.empty", { next }) };
    const open = rows.filter(({ subject }) =>
      !skipped.has(subject) && marking.unanswered(subject).length);
    if (!open.length) return undefined;
    const some = open.slice(0, NAMES).map(({ subject }) => nameOf(subjects[subject], subjects));
    const names = some.join(say("answer.and"));
    const shown = open.length > NAMES ? say("want.more-names", { names }) : names;
    return { text: say("want.rows", { n: open.length, names: shown, next }), at: open[0]?.element };
  };

  const lines = bounds.map(() => h("p"));
  const nav = steps(next, page.previous, page.next, want);
  const paint = () => {
    rows.forEach((row) => row.paint());
    bounds.forEach((bound, b) => {
      const said = standing(contest, bound, marking.given(bound));
      const line = lines[b] as HTMLElement;
      if (line.textContent !== said) line.textContent = said;
    });
  };
  const changed = () => {
    nav.settle();
    clearing.settle();
    paint();
  };
  const clearing = asking();
  const clear = ({ currentTarget }: Event) => {
    // So much is not taken away by a slip of the finger.
    if (!marking.empty && clearing.asks(say("list.clear"))) {
      return clearing.told.scrollIntoView({ block: "nearest" });
    }
    skipped.clear();
    marking.clear();
    changed();
    // Rows that were folded are open again, and push away what was tapped.
    (currentTarget as HTMLElement).scrollIntoView({ block: "nearest" });
    announce(say("card.cleared"));
  };

  const parts = { ground, skipped, changed };
  const rows: readonly Row[] = subjects.map((_, subject) => rowOf(parts, subject, ticking));
  paint();
  return [
    progressBar(page),
    h("h1", {}, formTitle(ground)),
    page.count > 1 && h("p", { class: "visually-hidden" }, placeOf(page.index, page.count)),
    ...guidanceOf(instrument),
    ...(question && !more.length ? askedOnce(question, formTitle(ground)) : []),
    notSelf && subjects.some(({ kind }) => kind === "person") &&
      h("p", { class: "quiet" }, say(ticking ? "self.choice" : "self.list")),
    h("div", { class: "limits", role: "status" }, ...lines),
    ...(ticking && question
      ? tickRowsOf(contest, rows, inWords(question.text))
      : rows.map(({ element }) => element)),
    button(say("card.clear"), clear, { class: "link" }),
    clearing.told,
    nav.element,
  ];
}

/** The one question of all rows, above them; nothing where the title says it. */
const askedOnce = (question: Question, title: string): Child[] => [
  !title.includes(inWords(question.text)) && h("p", { class: "asked" }, asked(question)),
  noteOf(question, "all"),
];
