// What can go wrong at the tellers' page, in English.

import type { Sentence } from "./language.ts";
import type { tellerProblemsZh } from "./teller.problems.zh.ts";

export const tellerProblemsEn: Readonly<Record<keyof typeof tellerProblemsZh, Sentence>> = {
  "link-unknown": ["This link cannot be used", "It may have been replaced, or was not opened whole. Open the latest link from the staff and choose the picture of your key card there, or type its seven lines. The card is still good, but the old link in its QR code is not: do not scan it again."],
  "bad-link": ["This link is not complete", "Open it again from the staff's message, or scan the QR code on your key card again."],
  "bad-card": ["The key card in this QR code is not complete", "Scan it again. If it still fails, open the link from the staff and type the seven lines."],
  "card-version": ["This page cannot read this key card", "It was made by a later version. Reload this page; if it still fails, ask the staff."],
  "key-standing": ["Your key was registered before", "If you did it, keep that card and its passphrase: you are done. If you did not, or the card is lost, tell the staff at once: with a new link the old key no longer counts."],
  "terms-changed": ["How many open has changed, or is not settled", "No key was registered. A card that was made says the old numbers: tear it up, delete it. Try again and make a new one; if it still fails, ask the staff whether the numbers are settled."],
  "not-draft": ["The manifest is fixed", "No more keys can be registered. If yours is, keep the card and the passphrase; if it is not, ask the staff."],
  "not-closed": ["The boxes are not closed yet", "Your key has not been used. Wait until they are closed, then try again."],
  "answer-wrong": ["The key failed its check", "Try again. If it still fails, ask the staff."],
  "factors-wrong": ["What was handed in failed a check", "Link and key card may belong to two tellers. Scan the QR code on your card and go through it again. If it still fails, ask the staff."],
  "custodian": ["This session has no tellers", "The system itself opens the boxes; there is nothing for you to do."],
  "unknown-session": ["There is no such session", "Compare the address with your key card. If it is the same, ask the staff."],
  "malformed": ["This request was not understood", "Nothing is lost. Reload this page and start again. If it still fails, ask the staff."],
  "unreachable": ["No connection", "Nothing is lost. Check the network and try again."],
  "busy": ["The system is busy", "Nothing is lost. Wait a few seconds and try again."],
  "unexpected": ["Something went wrong", "Nothing is lost. Try again in a while. If it still fails, ask the staff."],
  "other-card": ["The manifest names another key", "Teller {n} is {name}, with another key than this card's. If you made two cards, take the other one. If you made only this one, tell the staff, the other tellers and the superior organisation at once: voting must not begin, nothing must be opened."],
  "other-terms": ["The manifest and your card differ in how many open", "Your card says {quorum} of {all} tellers, the manifest {need} of {many}. Tell the staff, the other tellers and the superior organisation at once: voting must not begin, nothing must be opened."],
  "other-link": ["Link and key card are of two tellers", "The card is that of teller {n}, {name}; the link is that of teller {m}, {owner}. Nothing was handed in. Take your own card, or open your own link."],
  "other-teller": ["There is no teller of this number", "This is the card of teller {n}, and the session has fewer. It may be a card of another session."],
  "bad-manifest": ["The manifest could not be read", "Reload this page. If it still fails, tell the staff and the other tellers, and do not open."],
  "bad-board": ["The board failed its check: do not open yet", "Tell the staff, the other tellers and the superior organisation. What was found:"],
  "bad-comments": ["The comment box failed its check: do not open yet", "Tell the staff, the other tellers and the superior organisation. What was found:"],
  "void": ["This session is void", "Nothing was opened and your key is not needed. The chair will say what comes next."],
};
