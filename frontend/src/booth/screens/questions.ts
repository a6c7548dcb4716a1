import { inWords } from "../../i18n/index.ts";
import { type Child, h } from "../../ui/dom.ts";
import { score } from "./score.ts";
import { type Control, noteOf, type Spot } from "./spot.ts";

export const control = (spot: Spot): Control =>
  spot.question.kind === "score" ? score(spot) : options(spot);

/** As long a word as stands four in a row on any phone. */
const SHORT = 3;

/** The answers of a question, each a word to tap: one of the grades, or any of a list. */
function options(spot: Spot): Control {
  const { question, id } = spot;
  const inScale = question.options.filter(({ points }) => points !== undefined).length;
  const single = question.kind === "grades";
  const words = question.options.map(({ text }) => inWords(text));
  const long = words.some((word) => word.length > SHORT) ? " long" : "";
  const inputs = question.options.map(({ points }, o) => {
    const outside = single && points === undefined;
    return mark(spot, single ? 0 : o, single ? o + 1 : 1, [words[o]], outside ? "outside" : "");
  });
  const element = h(
    "fieldset",
    {
      class: single ? `question of-${Math.min(inScale, 6)}${long}` : "question list",
      "aria-describedby": question.note && `${id}-note`,
    },
    h("legend", {}, ...spot.legend),
    noteOf(question, id),
    h("div", { class: "choices" }, ...(single
      ? [...inputs.map((input) => input.element), ...inputs.map(({ told }) => told)]
      : inputs.flatMap((input) => [input.element, input.told]))),
  );
  const paint = () => inputs.forEach((input) => input.paint());
  paint();
  return { element, paint };
}

/** An answer to tap, and the words that it was refused with. */
export interface Mark extends Control {
  readonly told: HTMLElement;
}

/** One answer to tap: a grade as a radio button, an item or a choice as a check box. */
export function mark(
  spot: Spot,
  place: number,
  value: number,
  words: readonly Child[],
  style = "",
): Mark {
  const single = spot.question.kind === "grades";
  const input = h("input", {
    type: single ? "radio" : "checkbox",
    name: single ? spot.id : `${spot.id}-${place}`,
    value,
  });
  const element = h(
    "label",
    { class: `choice ${single ? style : `box ${style}`}`.trim() },
    input,
    h("span", {}, ...words),
  );
  const told = h("p", { class: "told", role: "alert" });
  const paint = () => {
    told.textContent = "";
    input.checked = spot.read()[place] === value;
    // Not `disabled`: whoever taps it is told why, and what to change.
    if (!input.checked && spot.refuses(place, value)) input.setAttribute("aria-disabled", "true");
    else input.removeAttribute("aria-disabled");
  };
  input.addEventListener("change", () => {
    const why = spot.write(place, input.checked ? value : 0);
    if (!why) return;
    told.textContent = why;
    told.scrollIntoView({ block: "nearest" });
  });
  return { element, paint, told };
}
