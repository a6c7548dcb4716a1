// Every refusal of the protocol (§4.11) and every odd situation, in English.

import type { problemsZh } from "./problems.zh.ts";
import type { Sentence } from "./language.ts";

export const problemsEn: Readonly<Record<keyof typeof problemsZh, Sentence>> = {
  "malformed": ["This request was not understood", "Your ballot is not lost. Reload this page and try again. If it still fails, ask the staff for another phone."],
  "wrong-boxes": ["The ballot does not fit your class", "It was not cast. Please take your slip to the staff."],
  "token-invalid": ["The box does not accept this ballot's signature", "It was not cast. Keep this page open and show your phone to the staff or a teller."],
  "signature-invalid": ["The ballot's signature is wrong", "It was not cast. Keep this page open and show your phone to the staff or a teller."],
  "unknown-session": ["There is no such session", "Compare the address with your slip. If it is the same, ask the staff."],
  "slip-unknown": ["There is no such slip", "Check the code against your slip, and that the slip is for this session. If both are right, ask the staff."],
  "not-open": ["Voting has not begun", "Your slip has not been used. Wait until the chair opens the voting, then tap again."],
  "slip-inactive": ["This slip is not active yet", "Your slip has not been used. Take it to the staff and ask them to make it active, then tap again."],
  "slip-drawn": ["A ballot was already drawn with this slip", "If you drew it: continue on the phone you used then; if you have cast it, you are done. If you did not draw it, tell the staff or a teller at once and bring your slip."],
  "key-used": ["This ballot was already cast once", "The one in the box counts and this one does not. If you cast it from another page of this phone, you are done. If not, show your phone to the staff or a teller."],
  "slip-void": ["This slip is void", "Take it to the staff to ask why, or for another one."],
  "closed": ["Voting is over", "The box is closed: no more ballots can be drawn or cast. See the board for the result, and the staff or a teller with any question."],
  "closed-cast": ["The box is closed; this ballot was not cast", "What you filled in is not counted. Please see the staff or a teller with any question."],
  "too-large": ["Too much was sent", "It was not cast. Please ask the staff for another phone."],
  "not-json": ["What was sent was not understood", "Your ballot is not lost. Reload this page and try again. If it still fails, ask the staff."],
  "busy": ["Many people are voting just now", "Your ballot is not lost. Wait a few seconds and try again."],
  "unreachable": ["No connection", "Your ballot is not lost and cannot be counted twice. Check your phone's network and try again."],
  "unexpected": ["Something went wrong", "Your ballot is not lost and cannot be counted twice. Try again in a while. If it still fails, ask the staff."],
  "bad-link": ["This link is not complete", "Scan the QR code on your slip again, or type the slip code."],
  "bad-manifest": ["The manifest could not be read", "Your slip has not been used. Reload this page and try again. If it still fails, tell the staff or a teller."],
  "fingerprint": ["The fingerprint differs: do not vote yet", "This is not the session that is printed on your slip. Your slip has not been used. Take the slip and this phone to the staff or a teller at once."],
  "wrong-class": ["This slip's class is not part of this session", "Check that the slip is for this session. If it is, ask the staff for another one."],
  "other-manifest": ["The manifest has changed: do not vote yet", "The unfinished ballot on this phone belongs to another manifest. Take the phone and the slip to the staff or a teller."],
  "bad-signature": ["The ballot you were given failed a check", "The signature is wrong. Your ballot is not lost. Try again; if it still fails, take the phone and the slip to the staff or a teller."],
  "bad-receipt": ["The box's receipt failed a check", "Your ballot was most likely accepted, but the receipt is wrong. Try again; if it still fails, keep this page open and show your phone to the staff or a teller."],
  "signer-away": ["The second signer cannot be reached just now", "Your slip is still good, and what you have drawn so far is kept on this phone. Wait a moment and try again; if you close the page, scan the slip again to carry on."],
  "signer-drawn": ["Somebody has used this slip with the second signer", "A ballot needs two signers. The second one says that this slip was used from another phone, so this ballot cannot be drawn. If that was not you, tell the staff or a teller at once and bring the slip and this phone."],
  "signer-refused": ["The second signer did not sign this ballot", "Your ballot was not cast and is not lost. Take the slip and this phone to the staff; once they have checked with the second signer, you can try again on this phone."],
  "void": ["This session is void", "None of the ballots counts. The board says why, and the chair will say what comes next."],
};
