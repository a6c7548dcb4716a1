// The tellers' page.

import "../ui/older-browsers.ts";
import { say } from "../i18n/teller.ts";
import { arrive } from "../teller/arrival.ts";
import { readFacts } from "../teller/facts.ts";
import { Memory } from "../teller/memory.ts";
import { offerLanguages } from "../ui/languages.ts";

const facts = readFacts();
const memory = new Memory(facts.session);
const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

document.documentElement.dataset["ready"] = "yes";
offerLanguages(say, () => memory.recall("language"), (language) => memory.remember("language", language));
// Another card scanned, or another link opened, in this same page.
addEventListener("hashchange", () => void arrive(facts, memory, random));
void arrive(facts, memory, random);
