import { say } from "../../i18n/index.ts";
import { readCode } from "../../protocol/slip.ts";
import { base32typed } from "../../protocol/encoding.ts";
import { button, type Child, h } from "../../ui/dom.ts";

/** A labelled field with its hint and, when it was wrong, what is wrong with it. */
export function field(id: string, label: string, hint: string): [HTMLElement, HTMLInputElement] {
  const input = h("input", {
    id, name: id, type: "text", autocomplete: "off", autocapitalize: "characters",
    autocorrect: "off", spellcheck: "false", "aria-describedby": `${id}-hint ${id}-error`,
  });
  const group = h(
    "div",
    { class: "field" },
    h("label", { for: id }, label),
    h("p", { class: "quiet", id: `${id}-hint` }, hint),
    h("p", { class: "error", id: `${id}-error`, role: "alert" }),
    input,
  );
  return [group, input];
}

/** Says under its label what is wrong with a field, and goes there. */
export function complain(input: HTMLInputElement, text: string): void {
  const error = document.getElementById(`${input.id}-error`);
  if (error) error.textContent = text;
  input.setAttribute("aria-invalid", String(text !== ""));
  if (text) input.focus();
}

/** Typing the code of a slip that cannot be scanned; `heading` says why we are here. */
export function codeEntry(
  heading: readonly Child[],
  onCode: (code: string) => void,
): Child[] {
  const [group, input] = field("code", say("code.label"), say("code.hint"));
  const form = h(
    "form",
    { novalidate: true },
    group,
    h("button", { type: "submit", class: "second" }, say("code.go")),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const code = readCode(input.value);
    const read = base32typed(input.value).replace(/[^0-9A-HJKMNP-TV-Z]/g, "").length;
    if (code) onCode(code);
    else complain(input, say("code.wrong", { n: read }));
  });
  return [...heading, form];
}

/** A typed code brings no fingerprint: people compare its first ten symbols with the paper. */
export function compare(
  fingerprint: string,
  onSame: () => void,
  onDifferent: () => void,
): Child[] {
  const shown = `${fingerprint.slice(0, 5)}-${fingerprint.slice(5, 10)}`;
  return [
    h("h1", {}, say("compare.title")),
    h("p", {}, say("compare.lead")),
    h("p", { class: "symbols" }, shown),
    h("div", { class: "pair" },
      button(say("compare.same"), onSame, { class: "second" }),
      button(say("compare.different"), onDifferent)),
    h("p", { class: "quiet" }, say("compare.why")),
  ];
}
