import { say } from "../../i18n/index.ts";
import type { Contest } from "../../protocol/boxes.ts";
import { faultOf } from "../../protocol/form.ts";
import { button, type Child, h, named } from "../../ui/dom.ts";
import { missing } from "../limits.ts";
import { Marking } from "../marking.ts";
import type { Filling } from "../store.ts";
import { titleOf } from "../titles.ts";
import { answersOf, blanksOf, isComplete } from "./answers.ts";

export interface ReviewActions {
  /** Voters are asked not to appraise themselves. */
  readonly notSelf: boolean;
  /** The session has a comment box. */
  readonly comments: boolean;
  readonly change: (index: number) => void;
  readonly cast: (event: Event) => void;
}

/** Every ballot with its answers, what is blank, and the one button that casts. */
export function review(
  contests: readonly Contest[],
  { answers, comment = "" }: Pick<Filling, "answers" | "comment">,
  { notSelf, comments, change, cast }: ReviewActions,
): Child[] {
  const summary = (name: string, index: number, content: readonly Child[]) =>
    h("section", { class: "summary" },
      h("div", { class: "summary-head" },
        h("h2", {}, named(name)),
        button(say("review.change"), () => change(index), {
          class: "link", "aria-label": say("review.change-name", { name }),
        })),
      ...content);
  const of = (index: number) => answers[index] ?? [];
  const titles = contests.map((contest) => titleOf(contest, contests));
  const faults = contests.map((contest, index) => faultOf(contest, of(index)));
  const spoilt = faults.findIndex((fault) => fault !== undefined && fault !== "empty");
  const empty = titles.filter((_, index) => faults[index] === "empty");
  return [
    h("h1", {}, say("review.title")),
    h("p", {}, say("review.lead")),
    ...contests.map((contest, index) =>
      summary(titles[index] ?? "", index, answersOf(contest, of(index)))),
    comments && summary(say("comment.title"), contests.length,
      [h("p", { class: "written" }, comment || say("comment.none"))]),
    empty.length > 0 && h("p", { class: "warning", id: "empty" },
      say("review.empty-spoilt", { names: empty.join(say("answer.and")) }),
      notSelf && say("review.empty-self")),
    ...(spoilt < 0 ? casting(contests, answers, cast) : [
      h("p", { class: "error", id: "spoilt" }, fault(contests[spoilt] as Contest, of(spoilt), titles[spoilt] ?? "")),
      button(say("review.fix"), () => change(spoilt), { class: "second", id: "fix" }),
    ]),
    button(say("review.back"), () => change(contests.length - (comments ? 0 : 1)), { class: "link" }),
  ];
}

/** Why a ballot like this would not count: the page lets no other fault come about. */
function fault(contest: Contest, answers: readonly number[], name: string): string {
  const short = new Marking(contest, answers, () => undefined).short();
  return say("review.short", { name, what: missing(contest, short) });
}

function casting(
  contests: readonly Contest[],
  answers: readonly (readonly number[])[],
  cast: (event: Event) => void,
): Child[] {
  // Where an empty ballot is spoilt, that is said above, and nothing of 弃权.
  const counted = (index: number) =>
    !contests[index]?.emptySpoils || answers[index]?.some(Boolean);
  const blanks = contests.reduce((sum, contest, i) =>
    sum + (counted(i) ? blanksOf(contest, answers[i] ?? []) : 0), 0);
  const none = !answers.flat().some(Boolean);
  const state = none
    ? say("review.all-blank")
    : blanks ? say("review.blanks", { n: blanks })
      : say(contests.every((contest, i) => isComplete(contest, answers[i] ?? []))
        ? "review.complete" : "review.enough");
  const empty = contests.some((_, index) => !counted(index));
  return [
    (blanks > 0 || !empty) && h("p", { class: none || blanks ? "warning" : "quiet", id: "blanks" }, state),
    button(say("review.cast"), cast, { class: "main", id: "cast" }),
  ];
}
