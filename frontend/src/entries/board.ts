// The board's page: figures come with it; the search for one's own ballot happens here.

import "../ui/older-browsers.ts";
import { lookUp, warning } from "../board/lookup.ts";
import { search, sentence } from "../board/search.ts";
import { say } from "../i18n/index.ts";
import { findTrackers } from "../protocol/openings.ts";
import { findReceipts } from "../protocol/receipt.ts";
import { byId, type Child } from "../ui/dom.ts";
import { breakBetweenWords } from "../ui/phrases.ts";
import { offerLanguages, type View } from "../ui/stage.ts";

const { session = "", phase = "" } = byId("screen").dataset;
const closed = ["closed", "opened", "void"].includes(phase);
const found = byId("found");
const pasted = byId<HTMLTextAreaElement>("receipt-text");
const searching: View = () => [say("find.searching")];
let answer: View = () => [];

/** Puts an answer below the search, or the present one in another language. */
function tell(view = answer): void {
  answer = view;
  found.replaceChildren(...view().filter((child: Child): child is Node | string => Boolean(child)));
}

function find(text: string): void {
  const receipts = findReceipts(text);
  const trackers = receipts.length ? [] : findTrackers(text);
  if (receipts.length) {
    tell(searching);
    void search(session, closed, receipts).then(tell);
  } else if (trackers.length) {
    tell(warning(phase, () => {
      tell(searching);
      void lookUp(session, trackers, hide).then(tell);
    }));
  } else {
    tell(() => [sentence("find.none", {}, "error")]);
  }
}

/** Nothing of a ballot that was looked up stays on the screen, its tracker neither. */
function hide(): void {
  pasted.value = "";
  tell(() => []);
  pasted.focus();
}

document.documentElement.dataset["ready"] = "yes";
offerLanguages(() => undefined, () => tell());
breakBetweenWords(byId("title"));
byId("find").addEventListener("submit", (event) => {
  event.preventDefault();
  find(pasted.value);
});
