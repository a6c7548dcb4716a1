// What stands on a key card, in English.

import type { drawnZh } from "./teller.drawn.zh.ts";

export const drawnEn: Readonly<Record<keyof typeof drawnZh, string>> = {
  "drawn.kind": "Key card",
  "drawn.demonstration": "Demonstration: no real key card",
  "drawn.teller": "Teller",
  "drawn.number": "No. {n} of {all}; {quorum} open the boxes",
  "drawn.date": "Made on {date}",
  "drawn.session": "Session {session}",
  "drawn.when": "At the opening",
  "drawn.scan": "1. Wait until the boxes are closed.",
  "drawn.enter": "2. Scan the QR code with a phone and type the passphrase.",
  "drawn.open": "3. See which boxes are to be opened, and tap Open with my key.",
  "drawn.lines": "If it cannot be scanned, open this address and type the seven lines:",
  "drawn.warning": "Do not write the passphrase on this card or keep it with the card.",
  "drawn.loss": "If the card is lost or the passphrase forgotten, nobody can replace it.",
};
