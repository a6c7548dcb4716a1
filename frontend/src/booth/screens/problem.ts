import { explain, type Problem, say } from "../../i18n/index.ts";
import { button, type Child, h } from "../../ui/dom.ts";

export interface ProblemActions {
  readonly again?: (event: Event) => void;
  readonly typeCode?: () => void;
  /** Back to the comparing of fingerprints, for those who misread a symbol. */
  readonly lookAgain?: () => void;
  /** The address of the board, where results are. */
  readonly board?: string;
}

/** What went wrong, in a sentence, and what to do next. */
export function problem(which: Problem, actions: ProblemActions): Child[] {
  const [title, advice] = explain(which);
  const { again, typeCode, lookAgain, board } = actions;
  return [
    h("h1", { class: "problem", "data-problem": which }, title),
    h("p", { class: "advice" }, advice),
    again && button(say("again"), again, { class: "second", id: "again" }),
    lookAgain && button(say("compare.again"), lookAgain, { id: "look-again" }),
    typeCode && button(say("code.title"), typeCode),
    board !== undefined && h("p", {}, h("a", { href: board, class: "go" }, say("board"))),
  ];
}
