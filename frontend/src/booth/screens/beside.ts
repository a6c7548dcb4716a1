import { inWords, say } from "../../i18n/index.ts";
import type { Instrument, Subject } from "../../protocol/form.ts";
import { button, type Child, h } from "../../ui/dom.ts";

/** As long a promise as is read at a glance; a longer one is folded. */
const SHORT = 60;

/** What the subject has promised in public 公开承诺, to be judged against. */
export const commitmentOf = ({ commitment }: Subject, open = commitment.length <= SHORT): Child =>
  commitment !== "" && h("details", { class: "beside", open },
    h("summary", {}, say("beside.commitment")),
    h("p", {}, commitment));

/** How the form is filled in, and what is printed beside it, such as the ten 反向情形. */
export const guidanceOf = ({ instruction, notes }: Instrument): Child[] => [
  instruction && h("p", { class: "quiet" }, inWords(instruction)),
  notes && h("details", { class: "beside" },
    h("summary", {}, say("beside.notes", { title: inWords(notes.title) })),
    h("ol", {}, ...notes.items.map((item) => h("li", {}, inWords(item))))),
];

/** Asks a voter who is this person not to appraise himself. */
export const selfLine = (onSkip: () => void): HTMLElement =>
  h("p", { class: "quiet self" },
    h("span", {}, say("self.line")),
    button(say("self.skip"), onSkip, { class: "link", id: "self" }));
