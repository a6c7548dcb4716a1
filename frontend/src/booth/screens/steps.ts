import { say } from "../../i18n/index.ts";
import { button, h } from "../../ui/dom.ts";

/** What a page asks for before it lets go; `must`: a ballot like this would be spoilt. */
export interface Want {
  readonly text: string;
  readonly must?: boolean;
  /** Where it is missing. */
  readonly at?: HTMLElement | undefined;
}

export interface Steps {
  readonly element: HTMLElement;
  /** What was asked is answered: nothing is said any more. */
  readonly settle: () => void;
}

/** Back and on, with what is missing said above; who taps again has been asked and goes on. */
export function steps(
  words: string,
  previous: (() => void) | undefined,
  next: () => void,
  want: () => Want | undefined,
): Steps {
  const { told, asks, settle } = asking();
  const on = () => {
    const wanted = want();
    if (!wanted) return next();
    if (!asks(wanted.text) && !wanted.must) return next();
    wanted.at?.scrollIntoView({ block: "center" });
  };
  const element = h("nav", { class: "steps" },
    told,
    previous && button(say("card.previous"), previous),
    button(words, on, { class: "second", id: "next" }));
  return { element, settle };
}

/** A question before something is done; whoever asks for the same again has answered it. */
export function asking() {
  const told = h("p", { class: "told", role: "alert" });
  return {
    told,
    asks: (text: string): boolean => {
      if (told.textContent === text) return false;
      told.textContent = text;
      return true;
    },
    settle: () => {
      told.textContent = "";
    },
  };
}
