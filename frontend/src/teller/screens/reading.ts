import { say, type TellerKey } from "../../i18n/teller.ts";
import { base32typed } from "../../protocol/encoding.ts";
import { lengthOf, LINES, readLine } from "../../protocol/cardtext.ts";
import { button, type Child, h } from "../../ui/dom.ts";
import { announce } from "../../ui/stage.ts";

export interface ReadingActions {
  /** A picture was chosen; answers with what is wrong with it, if anything is. */
  readonly picture: (file: File) => Promise<string | undefined>;
  readonly type: () => void;
  readonly back?: () => void;
}

/** What a card is read for, and so what the page calls it. */
export type Purpose = "read" | "opening" | "verify";

const TITLES = {
  read: ["read.title", "read.lead"],
  opening: ["read.opening", "read.opening-lead"],
  verify: ["read.verify", "read.verify-lead"],
} as const satisfies Record<Purpose, readonly [TellerKey, TellerKey]>;

/** Three ways to bring a key card here. */
export function reading(purpose: Purpose, actions: ReadingActions): Child[] {
  const [title, lead] = TITLES[purpose];
  const error = h("p", { class: "error", role: "alert", id: "picture-error" });
  const input = h("input", {
    type: "file", accept: "image/*", id: "picture", class: "visually-hidden",
    "aria-describedby": "picture-lead picture-error",
  });
  const label = h("label", { class: "go", for: "picture" }, say("read.choose"));
  input.addEventListener("change", () => {
    const [file] = input.files ?? [];
    if (!file) return;
    error.textContent = "";
    label.textContent = say("read.looking");
    announce(say("read.looking"));
    void actions.picture(file).then((wrong) => {
      label.textContent = say("read.choose");
      input.value = "";
      error.textContent = wrong ?? "";
    });
  });
  return [
    h("h1", {}, say(title)),
    h("p", {}, say(lead)),
    h("section", { class: "way" },
      h("h2", {}, say("read.camera")), h("p", {}, say("read.camera-lead"))),
    h("section", { class: "way" },
      h("h2", {}, say("read.picture")), h("p", { id: "picture-lead" }, say("read.picture-lead")),
      error, input, label),
    h("section", { class: "way" },
      h("h2", {}, say("read.type")),
      button(say("read.begin"), actions.type, { id: "type" })),
    actions.back && button(say("back"), actions.back, { class: "link" }),
  ];
}

/**
 * A field for each of the seven lines; each says what is wrong with it as soon as it is whole. `onCard`
 * answers with a sentence if the card cannot be used here.
 */
export function typing(
  onCard: (lines: readonly string[]) => string | undefined,
  onBack: () => void,
): Child[] {
  const error = h("p", { class: "error", role: "alert" });
  const fields = Array.from({ length: LINES }, (_, i) => lineField(i + 1));
  const inputs = fields.map(({ input }) => input);
  inputs.forEach((input, i) => {
    input.addEventListener("paste", (event) => {
      const lines = linesIn(event.clipboardData?.getData("text") ?? "");
      if (lines.length < 2) return;
      event.preventDefault();
      lines.slice(0, LINES - i).forEach((line, at) => {
        (inputs[i + at] as HTMLInputElement).value = line;
        fields[i + at]?.judge(true);
      });
    });
    input.addEventListener("keydown", (event) => {
      const next = inputs[i + 1];
      if (event.key !== "Enter" || !next) return;
      event.preventDefault();
      next.focus();
    });
  });
  const form = h("form", { novalidate: true, class: "lines-of-card" },
    ...fields.map(({ group }) => group),
    error,
    h("button", { type: "submit", class: "main" }, say("type.go")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const lines = fields.map(({ judge }) => judge(true));
    const wrong = lines.indexOf(undefined);
    if (wrong < 0) error.textContent = onCard(lines as string[]) ?? "";
    else inputs[wrong]?.focus();
  });
  return [
    h("h1", {}, say("type.title")),
    h("p", {}, say("type.lead")),
    form,
    button(say("back"), onBack, { class: "link" }),
  ];
}

/** The lines of a pasted text, without the numbers before them. */
const linesIn = (text: string): string[] =>
  text.split(/[\r\n]+/).map((line) => {
    const symbols = base32typed(line);
    const number = /^\s*([1-7])/.exec(line)?.[1];
    return number && symbols.length === lengthOf(Number(number)) + 1 ? symbols.slice(1) : symbols;
  }).filter(Boolean);

function lineField(n: number) {
  const id = `line-${n}`;
  const input = h("input", {
    id, type: "text", class: "symbols", autocomplete: "off", autocapitalize: "characters",
    autocorrect: "off", spellcheck: "false", "aria-describedby": `${id}-state`,
  });
  const state = h("p", { id: `${id}-state`, class: "state", role: "status" });
  /** The symbols of this line, if they are right; `whole` if the person has finished with it. */
  const judge = (whole: boolean): string | undefined => {
    const symbols = readLine(n, input.value);
    const [have, want] = [base32typed(input.value).length, lengthOf(n)];
    const wrong = symbols === undefined && (have >= want || whole);
    const short = have === want ? say("type.wrong", { n }) : say("type.short", { n, have, want });
    const text = symbols === undefined ? (wrong ? short : "") : say("type.right");
    if (state.textContent !== text) state.textContent = text;
    state.className = wrong ? "state error" : "state did";
    input.setAttribute("aria-invalid", String(wrong));
    return symbols;
  };
  input.addEventListener("input", () => judge(false));
  input.addEventListener("change", () => judge(input.value !== ""));
  return { input, judge, group: h("div", { class: "field" },
    h("label", { for: id }, say("type.line", { n })), state, input) };
}
