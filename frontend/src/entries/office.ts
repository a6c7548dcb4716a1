// What the office's pages do by script; every one of them works without it, only less at ease.

import { offerCopy } from "../office/copying.ts";
import { findLines } from "../office/lines.ts";
import { followOrganisation } from "../office/following.ts";
import { forgetSaved, keepTyped } from "../office/kept.ts";
import { showProgress } from "../office/progress.ts";
import { showQuorum } from "../office/quorum.ts";
import { showSlow } from "../office/slow.ts";
import { sortable } from "../office/sorting.ts";
import { showSums } from "../office/sums.ts";
import { watchTellers } from "../office/tellers.ts";
import { watchTurnout } from "../office/turnout.ts";
import { breakBetweenWords } from "../ui/phrases.ts";
import { tellOfScrolling } from "../ui/scrolling.ts";

forgetSaved();
tellOfScrolling();
for (const line of document.querySelectorAll<HTMLElement>(".screen-how li")) breakBetweenWords(line);
document.querySelector<HTMLElement>("[data-focus]")?.focus();
const progress = document.querySelector<HTMLElement>("[data-progress]");
if (progress) showProgress(progress);
const live = document.querySelector<HTMLElement>("[data-live]");
if (live) watchTurnout(live);
for (const table of document.querySelectorAll<HTMLTableElement>("table[data-sortable]")) sortable(table);
const tellers = document.querySelector<HTMLElement>("[data-tellers]");
if (tellers) watchTellers(tellers);
for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) offerCopy(button);
for (const slow of document.querySelectorAll<HTMLFormElement>("form[data-slow]")) showSlow(slow);
findLines();
const form = document.querySelector<HTMLFormElement>("form[data-keep]");
if (form) {
  keepTyped(form);
  showSums(form);
  showQuorum(form);
  followOrganisation(form);
}
