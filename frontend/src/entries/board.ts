// The board's page: figures come with it; the search for one's own ballot happens here.

import "../ui/older-browsers.ts";
import { search } from "../board/search.ts";
import { say } from "../i18n/index.ts";
import { byId } from "../ui/dom.ts";
import { breakBetweenWords } from "../ui/phrases.ts";
import { offerLanguages } from "../ui/stage.ts";

document.documentElement.dataset["ready"] = "yes";
offerLanguages(() => undefined, () => undefined);

breakBetweenWords(byId("title"));

const { session = "", phase = "" } = byId("screen").dataset;
const closed = ["closed", "opened", "void"].includes(phase);
const found = byId("found");
byId("find").addEventListener("submit", (event) => {
  event.preventDefault();
  found.textContent = say("find.searching");
  const text = byId<HTMLTextAreaElement>("receipt-text").value;
  void search(session, closed, text).then((answer) => {
    found.replaceChildren(...answer.filter((child): child is Node | string => Boolean(child)));
  });
});
