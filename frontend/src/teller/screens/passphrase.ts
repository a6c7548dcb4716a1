import { say } from "../../i18n/teller.ts";
import { base32encode, type Random } from "../../protocol/encoding.ts";
import { isLongEnough } from "../../protocol/keycard.ts";
import { button, type Child, h } from "../../ui/dom.ts";

/** What a passphrase is for: browsers must neither keep it nor mend its spelling. */
const QUIET = {
  autocomplete: "off", autocapitalize: "none", autocorrect: "off", spellcheck: "false",
} as const;

function field(id: string, label: string, hint?: string): [HTMLElement, HTMLInputElement] {
  const input = h("input", {
    id, type: "password", "aria-describedby": `${hint ? `${id}-hint ` : ""}${id}-error`, ...QUIET,
  });
  const group = h("div", { class: "field" },
    h("label", { for: id }, label),
    hint !== undefined && h("p", { class: "quiet", id: `${id}-hint` }, hint),
    h("p", { class: "error", id: `${id}-error`, role: "alert" }),
    input);
  return [group, input];
}

function complain(input: HTMLInputElement, text: string): void {
  const error = document.getElementById(`${input.id}-error`);
  if (error) error.textContent = text;
  input.setAttribute("aria-invalid", String(text !== ""));
  if (text) input.focus();
}

/** A box to tick that shows what was typed. */
function revealing(inputs: readonly HTMLInputElement[]): [HTMLElement, HTMLInputElement] {
  const box = h("input", { type: "checkbox", id: "show" });
  box.addEventListener("change", () => {
    for (const input of inputs) input.type = box.checked ? "text" : "password";
  });
  return [h("label", { class: "tickbox" }, box, h("span", {}, say("passphrase.show"))), box];
}

/** Spaces at the ends come from keyboards that complete words; no passphrase has any. */
const typed = (input: HTMLInputElement): string => input.value.trim();

/** Three groups of four symbols: 60 bits, and nothing that reads as two things. */
const proposal = (random: Random): string =>
  (base32encode(random(8)).toLowerCase().slice(0, 12).match(/.{4}/g) ?? []).join("-");

/** All of one symbol, or a row of the keyboard. */
const isPlain = (passphrase: string): boolean =>
  new Set(passphrase).size < 4 || "01234567890 9876543210 qwertyuiop password".includes(passphrase);

/** A new passphrase, twice. */
export function choosePassphrase(random: Random, onChosen: (passphrase: string) => void): Child[] {
  const [group, first] = field("passphrase", say("passphrase.label"), say("passphrase.hint"));
  const [groupAgain, second] = field("again-passphrase", say("passphrase.again"));
  const [show, box] = revealing([first, second]);
  const proposed = h("p", { class: "advice", role: "status", hidden: true });
  const form = h("form", { novalidate: true }, group, groupAgain, show,
    button(say("passphrase.propose"), () => {
      first.value = second.value = proposal(random);
      complain(first, "");
      complain(second, "");
      box.checked = true;
      box.dispatchEvent(new Event("change"));
      proposed.hidden = false;
      proposed.textContent = say("passphrase.proposed");
    }, { class: "link", id: "propose" }),
    proposed,
    h("button", { type: "submit", class: "main" }, say("passphrase.go")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const passphrase = typed(first);
    complain(first, "");
    complain(second, "");
    if (!isLongEnough(passphrase)) {
      complain(first, say("passphrase.short", { n: [...passphrase.normalize("NFKC")].length }));
    } else if (isPlain(passphrase)) complain(first, say("passphrase.plain"));
    else if (typed(second) !== passphrase) complain(second, say("passphrase.differs"));
    else onChosen(passphrase);
  });
  return [h("h1", {}, say("passphrase.title")), h("p", {}, say("passphrase.lead")), form];
}

/** The passphrase of a card, from its teller; `wrong` after one that did not open it. */
export function askPassphrase(
  name: string,
  wrong: boolean,
  onTyped: (passphrase: string) => void,
  onBack?: () => void,
): Child[] {
  const [group, input] = field("passphrase", say("passphrase.label"));
  const [show] = revealing([input]);
  const form = h("form", { novalidate: true }, group, show,
    h("button", { type: "submit", class: "main" }, say("unlock.go")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (typed(input)) onTyped(typed(input));
    else input.focus();
  });
  if (wrong) setTimeout(() => complain(input, say("passphrase.wrong")));
  return [
    h("h1", {}, say("unlock.title", { name })),
    h("p", {}, say("unlock.lead")),
    form,
    onBack && button(say("unlock.another"), onBack, { class: "link", id: "another" }),
  ];
}
