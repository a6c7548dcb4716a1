import { inWords, say } from "../../i18n/index.ts";
import type { Question } from "../../protocol/form.ts";
import { button, type Child, h } from "../../ui/dom.ts";

/** Quick fill: each grade is offered alike, in the very words that it will choose. */
export function together(questions: readonly Question[], choose: (picked: number) => void): Child {
  const ranks = questions[0]?.options.length ?? 0;
  const alike = questions.every(({ kind, options }) => kind === "grades" && options.length === ranks);
  if (questions.length < 2 || !alike || ranks > 10) return undefined;
  const details = h("details", { class: "together" },
    h("summary", {}, say("card.together", { n: questions.length })));
  for (let rank = 0; rank < ranks; rank++) {
    const words = questions.map(({ options }) => {
      const text = options[rank]?.text;
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
