// The sentences of the booth and the board, in English: a full second language.

import { boardEn } from "./board.en.ts";
import type { zh } from "./zh.ts";

export const en: Readonly<Record<keyof typeof zh, string>> = {
  "language.other": "中文",
  "demonstration": "Demonstration: this is not a real appraisal; the result does not count.",
  "custodian":
    "The opening key of this session was not given to the tellers; the service keeps it. Before opening, those who run the service could technically read the ballots, but the ballots do not say whose they are.",
  "opening": "Opening…",
  "board": "See the board",

  "landing.whose": "{organisation} asks you to appraise {n} subjects.",
  "landing.what": "Read the name, tap a grade. Leave any question blank if you like: it counts as no answer.",
  "landing.anonymous": "Anonymous: the slip only gets you the ballot. What goes into the box carries no slip code and nothing about you.",
  "landing.sealed": "Your phone seals the ballot; it takes {n} tellers together to open the box.",
  "landing.minute": "About one minute. If the network drops, the phone rings or the page closes, just carry on later.",
  "landing.class": "Your class: {name}. If this is wrong, do not draw; ask the staff to change your slip.",
  "landing.draw": "Draw your ballot",
  "landing.once": "This uses up the slip. Please finish on this phone.",
  "landing.memory": "This phone does not let pages keep anything. Please finish in one go, without closing or reloading this page.",

  "code.title": "Type your slip code",
  "code.lead": "You can vote without scanning. Type the code that is printed on your slip.",
  "code.session": "Session",
  "code.session-hint": "the last 10 symbols of the address on your slip, such as k3m9x7q2wp",
  "code.label": "Slip code",
  "code.hint": "21 letters and digits beside the QR code; small letters will do, hyphens may be left out",
  "code.go": "Next",
  "code.wrong": "A slip code has 21 symbols; {n} of yours can be read. Compare it with your slip again; if it is hard to read, ask the staff.",
  "code.wrong-session": "A session has 10 letters and digits. Compare it with the address on your slip again.",

  "compare.title": "Compare the fingerprint",
  "compare.lead": "Are these the first ten symbols of the “指纹” (fingerprint) on your slip?",
  "compare.why": "This makes sure that you see the same session as everyone else.",
  "compare.same": "The same",
  "compare.different": "Different",
  "compare.again": "Look again",

  "unfinished.title": "There is an unfinished ballot on this phone",
  "unfinished.lead": "It may be yours from a moment ago, or somebody else's.",
  "unfinished.yours": "If it is yours, continue. If not, call that voter to finish it, or put it aside.",
  "unfinished.continue": "Continue the unfinished ballot",
  "unfinished.continue-nth": "Continue unfinished ballot {n}",
  "unfinished.aside": "Put it aside and use the slip just scanned",
  "unfinished.code": "Put it aside and type a slip code",
  "unfinished.kept": "A ballot put aside stays on this phone; scan its slip again to continue.",

  "wait.drawing": "Drawing your ballot…",
  "wait.sealing": "Sealing your ballot {n} / {all}…",
  "wait.casting": "Putting it in the box…",
  "wait.retry": "No connection; trying again (attempt {n}). Please keep this page open.",
  "wait.check": "Checking…",

  "card.progress": "{n} of {all}",
  "card.together": "Answer all {n} at once",
  "card.clear": "Clear this page",
  "card.previous": "Previous",
  "card.next": "Next",
  "card.review": "Check your ballot",
  "card.filled": "Filled in",
  "card.cleared": "Cleared",

  "review.title": "Check your ballot",
  "review.lead": "You can change it until it is in the box, and not afterwards.",
  "review.blank": "Blank (no answer)",
  "review.blanks": "Questions left blank: {n}. They count as no answer. You may cast it like this.",
  "review.all-blank": "Every question is blank and counts as no answer. You may cast it like this.",
  "review.complete": "Every question is answered.",
  "review.change": "Change",
  "review.change-name": "Change: {name}",
  "review.back": "Back",
  "review.cast": "Put it in the box",

  "done.title": "Your ballot is in the box",
  "done.close": "You can close this page.",
  "done.clean": "Nothing on this phone shows how you voted.",
  "done.next": "Next voter",
  "done.receipt": "Get a receipt",

  "next.title": "Next voter, please scan",
  "next.lead": "Everything of the last voter is cleared. Scan the QR code of the next slip with this phone, or type its code.",

  "receipt.title": "Receipt",
  "receipt.lead": "A receipt proves that your ballot was accepted and says nothing about how you voted. Once the box is closed, the board finds your ballot by it.",
  "receipt.text": "Text of the receipt",
  "receipt.copy": "Copy the receipt",
  "receipt.copied": "Copied.",
  "receipt.not-copied": "It could not be copied. Press and hold the text above, select all and copy.",
  "receipt.head": "{title}, receipt (session {session})",
  "receipt.back": "Back",
  "tracker.title": "Trackers",
  "tracker.warning": "A tracker gives away how you voted. It is only for your own check after opening. Show it to nobody, take no picture, do not forward it. If someone demands it, tell the staff, a teller or the higher committee.",
  "tracker.show": "I understand, show the trackers",

  "again": "Try again",
  "reload": "Reload",
  "problem.next": "What to do",

  ...boardEn,
};
