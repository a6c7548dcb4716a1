// The voter's page.

import "../ui/older-browsers.ts";
import { Arrival } from "../booth/arrival.ts";
import { readFacts } from "../booth/facts.ts";
import { Store } from "../booth/store.ts";
import { say } from "../i18n/index.ts";
import { offerLanguages } from "../ui/languages.ts";

const facts = readFacts();
const store = new Store(facts.session);
const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const arrival = new Arrival(facts, store, random);

document.documentElement.dataset["ready"] = "yes";
offerLanguages(say, () => store.recall("language"), (language) => store.remember("language", language));
addEventListener("hashchange", () => void arrival.begin()); // another slip scanned into this page
addEventListener("popstate", ({ state }) =>
  arrival.voting?.wander((state as { at?: unknown } | null)?.at));
addEventListener("storage", ({ key }) => {
  // Another page of this phone went on with the same ballot: this one follows, unless it is in use.
  const slip = store.recall("slip");
  if (document.hidden && slip !== undefined && key?.endsWith(slip)) void arrival.begin();
});
void arrival.begin();
