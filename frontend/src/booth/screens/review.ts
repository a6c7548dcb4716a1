import { inWords, say } from "../../i18n/index.ts";
import type { Contest } from "../../protocol/manifest.ts";
import { button, type Child, h, named } from "../../ui/dom.ts";

export interface ReviewActions {
  readonly change: (index: number) => void;
  readonly cast: (event: Event) => void;
}

/** Every subject with its answers, what is blank, and the one button that casts. */
export function review(
  contests: readonly Contest[],
  answers: readonly (readonly number[])[],
  actions: ReviewActions,
): Child[] {
  const all = answers.flat();
  const blanks = all.filter((answer) => answer === 0).length;
  const state =
    blanks === 0
      ? say("review.complete")
      : blanks === all.length
        ? say("review.all-blank")
        : say("review.blanks", { n: blanks });
  return [
    h("h1", {}, say("review.title")),
    h("p", {}, say("review.lead")),
    ...contests.map((contest, index) => {
      const name = contest.subject.name;
      return h("section", { class: "summary" },
        h("div", { class: "summary-head" },
          h("h2", {}, named(name)),
          button(say("review.change"), () => actions.change(index), {
            class: "link", "aria-label": say("review.change-name", { name }),
          })),
        h("dl", {}, ...contest.questions.map((question, q) => {
          const grade = question.grades[(answers[index]?.[q] ?? 0) - 1];
          const answer = grade
            ? h("dd", {}, inWords(grade.text))
            : h("dd", { class: "blank" }, say("review.blank"));
          return h("div", {}, h("dt", {}, inWords(question.text)), answer);
        })));
    }),
    h("p", { class: blanks ? "warning" : "quiet", id: "blanks" }, state),
    button(say("review.cast"), actions.cast, { class: "main", id: "cast" }),
    button(say("review.back"), () => actions.change(contests.length - 1), { class: "link" }),
  ];
}
