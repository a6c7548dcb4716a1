// The corner button that switches between the two languages.

import { language, speak } from "../i18n/language.ts";
import { byId } from "./dom.ts";
import { refresh } from "./stage.ts";

/** A page's sentences by their keys, which its template uses too. */
type Say = (key: never) => string;

/** Puts every `data-say` of the template into the language spoken. */
function translateTemplate(say: Say): void {
  for (const element of document.querySelectorAll<HTMLElement>("[data-say]")) {
    element.textContent = say(element.dataset["say"] as never);
  }
  for (const element of document.querySelectorAll<HTMLElement>("[data-zh][data-en]")) {
    element.textContent = element.dataset[language()] ?? "";
  }
}

/**
 * Makes the corner button switch between the two languages, in a page's own sentences. `recall` tells the one chosen before a
 * reload; `chosen` keeps the choice, and says again what the page itself does not.
 */
export function offerLanguages(
  say: Say,
  recall: () => string | undefined,
  chosen: (language: string) => void,
): void {
  const toggle = byId("language");
  const speakAll = (wanted: "zh" | "en") => {
    speak(wanted);
    toggle.textContent = say("language.other" as never);
    toggle.lang = wanted === "zh" ? "en" : "zh-Hans";
    translateTemplate(say);
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
