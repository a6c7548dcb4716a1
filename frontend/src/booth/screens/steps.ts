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
  /** Says something beside the buttons. */
  readonly tell: (text: string) => void;
  /** Asks first; true once the same is asked for again. */
  readonly insists: (text: string) => boolean;
}

/** Back and on, with what is missing said above; who taps again has been asked and goes on. */
export function steps(
  words: string,
  previous: (() => void) | undefined,
  next: () => void,
  want: () => Want | undefined,
): Steps {
  const told = h("p", { class: "told", role: "alert" });
  const tell = (text: string) => {
    told.textContent = text;
  };
  const insists = (text: string) => {
    if (told.textContent === text) return true;
    tell(text);
    return false;
  };
  const on = () => {
    const wanted = want();
    if (!wanted) return next();
    const again = insists(wanted.text);
    if (again && !wanted.must) return next();
    wanted.at?.scrollIntoView({ block: "center" });
  };
  const element = h("nav", { class: "steps" },
    told,
    previous && button(say("card.previous"), previous),
    button(words, on, { class: "second", id: "next" }));
  return { element, tell, insists };
}
