import { explain, say, type TellerProblem } from "../../i18n/teller.ts";
import { button, type Child, h } from "../../ui/dom.ts";

export interface ProblemOptions {
  readonly values?: Readonly<Record<string, string | number>>;
  readonly again?: () => void;
  /** To another card. */
  readonly back?: () => void;
  /** What was found, one line each. */
  readonly found?: readonly string[];
  /** The address of the board. */
  readonly board?: string;
}

/** What went wrong, in a sentence, and what to do next. */
export function problem(which: TellerProblem, options: ProblemOptions = {}): Child[] {
  const [title, advice] = explain(which, options.values);
  const { again, back, found, board } = options;
  return [
    h("h1", { class: "problem", "data-problem": which }, title),
    h("p", { class: "advice" }, advice),
    found && h("ul", { class: "found" }, ...found.map((line) => h("li", {}, line))),
    again && button(say("again"), again, { class: "main", id: "again" }),
    back && button(say("unlock.another"), back, { class: again ? "link" : "main", id: "another" }),
    board !== undefined && h("p", {}, h("a", { href: board, class: "go" }, say("board"))),
  ];
}
