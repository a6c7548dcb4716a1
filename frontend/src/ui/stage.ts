// The one place on a page that changes: a view at a time, announced and focused for those who listen.

import { type Key, language, say, speak } from "../i18n/index.ts";
import { byId, type Child } from "./dom.ts";
import { breakBetweenWords } from "./phrases.ts";

/** Makes the screen's elements, the first of them its h1; run again when the language changes. */
export type View = () => readonly Child[];

/** Headings that fit on a phone's line. Knowing words takes a slow phone a moment: after the paint. */
const ONE_LINE = 10;

let current: View | undefined;

function render(view: View): HTMLElement | null {
  const main = byId("screen");
  main.replaceChildren(...view().filter((child): child is Node | string => Boolean(child)));
  const heading = main.querySelector("h1");
  if (heading) {
    heading.setAttribute("tabindex", "-1");
    document.title = heading.textContent;
    if (heading.textContent.length > ONE_LINE) setTimeout(() => breakBetweenWords(heading));
  }
  return heading;
}

/** Shows a view from its top; what it is called is read out, and nothing of the last view is. */
export function show(view: View): void {
  current = view;
  announce("");
  const heading = render(view);
  scrollTo(0, 0);
  heading?.focus({ preventScroll: true });
}

/** Shows the present view again, as after a change that it must reflect. */
export function refresh(): void {
  if (current) render(current);
}

/** Reads a change out without moving anyone anywhere. */
export function announce(text: string): void {
  byId("live").textContent = text;
}

/** Puts every `data-say` of the template into the language spoken. */
function translateTemplate(): void {
  for (const element of document.querySelectorAll<HTMLElement>("[data-say]")) {
    element.textContent = say(element.dataset["say"] as Key);
  }
  for (const element of document.querySelectorAll<HTMLElement>("[data-zh][data-en]")) {
    element.textContent = element.dataset[language()] ?? "";
  }
}

/**
 * Makes the corner button switch between the two languages. `recall` tells the one chosen before a
 * reload; `chosen` keeps the choice, and says again what the page itself does not.
 */
export function offerLanguages(
  recall: () => string | undefined,
  chosen: (language: string) => void,
): void {
  const toggle = byId("language");
  const speakAll = (wanted: "zh" | "en") => {
    speak(wanted);
    toggle.textContent = say("language.other");
    toggle.lang = wanted === "zh" ? "en" : "zh-Hans";
    translateTemplate();
  };
  const asked = recall() ?? document.documentElement.lang;
  speakAll(asked.startsWith("en") ? "en" : "zh");
  toggle.hidden = false;
  toggle.addEventListener("click", () => {
    speakAll(language() === "zh" ? "en" : "zh");
    chosen(language());
    refresh();
  });
}
