// The board's page: figures come with it; recounting and searching happen here.

import "../ui/older-browsers.ts";
import { lookUp, warning } from "../board/lookup.ts";
import { recountFile, recountHere } from "../board/recounting.ts";
import { search, sentence } from "../board/search.ts";
import { findSlip } from "../board/slip.ts";
import { say } from "../i18n/index.ts";
import { say as sayOfSlip } from "../i18n/recount.ts";
import { findTrackers } from "../protocol/openings.ts";
import { findReceipts } from "../protocol/receipt.ts";
import { byId, type Child } from "../ui/dom.ts";
import { breakBetweenWords } from "../ui/phrases.ts";
import { offerLanguages } from "../ui/languages.ts";
import { tellOfScrolling } from "../ui/scrolling.ts";
import type { View } from "../ui/stage.ts";

const { session = "", phase = "", results = "" } = byId("screen").dataset;
const closed = ["closed", "opened", "void"].includes(phase);

/** A place of the page that a view is put into, and again when the language changes. */
const places = new Map<string, View>();
function put(id: string, view: View): void {
  places.set(id, view);
  const shown = view().filter((child: Child): child is Node | string => Boolean(child));
  byId(id).replaceChildren(...shown);
}

/** Hears what is sent by a form of the page, if the page has it. */
function onSubmit(section: string, hear: () => void): void {
  document.getElementById(section)?.addEventListener("submit", (event) => {
    event.preventDefault();
    hear();
  });
}

const tell = (view: View) => put("found", view);
const searching: View = () => [say("find.searching")];

function find(pasted: HTMLTextAreaElement): void {
  /** Nothing of a ballot that was looked up stays on the screen, its tracker neither. */
  const hide = () => {
    pasted.value = "";
    tell(() => []);
    pasted.focus();
  };
  const receipts = findReceipts(pasted.value);
  const trackers = receipts.length ? [] : findTrackers(pasted.value);
  if (receipts.length) {
    tell(searching);
    void search(session, closed, receipts).then(tell);
  } else if (trackers.length) {
    tell(warning(phase, results !== "", () => {
      tell(searching);
      void lookUp(session, results, trackers, hide).then(tell);
    }));
  } else {
    tell(() => [sentence("find.none", {}, "error")]);
  }
}

function findCode(typed: HTMLInputElement): void {
  const show = (view: View) => put("slip-found", view);
  show(() => [sayOfSlip("slip.searching")]);
  void findSlip(session, typed.value, () => {
    typed.value = "";
    show(() => []);
    typed.focus();
  }).then(show);
}

document.documentElement.dataset["ready"] = "yes";
offerLanguages(say, () => undefined, () => places.forEach((view, id) => put(id, view)));
breakBetweenWords(byId("title"));
tellOfScrolling();
onSubmit("find", () => find(byId("receipt-text")));
onSubmit("find-slip", () => findCode(byId("slip-code")));

const recount = document.getElementById("recount");
if (recount) {
  const { script = "" } = recount.dataset;
  const place = { session, results, script, show: (view: View) => put("recounted", view) };
  byId("recount-go").addEventListener("click", () => void recountHere(place));
  const chosen = byId<HTMLInputElement>("record-file");
  chosen.addEventListener("change", () => {
    const [file] = chosen.files ?? [];
    if (file) void recountFile(place, file);
  });
}
