// The rules of a manifest about boxes and keys (§4.1): whose they are, and that each stands once.

import { b64decode } from "../protocol/encoding.ts";
import { isKey } from "../protocol/ed25519.ts";
import { os2ip } from "../protocol/modular.ts";
import { demand, once } from "./instrument-rules.ts";
import type { Fields } from "./manifest-fields.ts";

/** Throws `Malformed` for boxes out of order, or a key that is none or stands twice. */
export function checkKeys(fields: Fields): void {
  checkBoxes(fields);
  checkSigners(fields);
  checkOpening(fields);
  checkWitnesses(fields);
}

function checkBoxes({ boxes, classes, contests, signers, comments }: Fields): void {
  // The comment boxes are those of a contest after the last.
  const all = contests.length + (comments ? 1 : 0);
  demand(boxes.length === all * classes.length, "not one box for every contest and class");
  boxes.forEach((box, i) => {
    demand(box.contest * classes.length + box.class === i && box.class < classes.length,
      "boxes out of order");
    demand(box.token_keys.length === signers.length, "not one token key a signer");
  });
  // Base64 has one spelling, so equal texts are equal keys.
  const moduli = boxes.flatMap((box) => box.token_keys);
  demand(once(moduli), "a token key stands twice");
  for (const modulus of moduli) {
    const bytes = b64decode(modulus, 256);
    demand((bytes[0] as number) >= 0x80 && (os2ip(bytes) & 1n) === 1n, "no RSA-2048 modulus");
  }
}

function checkSigners({ signers }: Fields): void {
  const [registrar, ...further] = signers;
  demand(registrar?.key === undefined && registrar?.url === undefined,
    "the registrar has a name only");
  demand(once(signers.map(({ name }) => name)), "a signer's name stands twice");
  for (const { key, url } of further) {
    demand(key !== undefined && url !== undefined, "a further signer has key and address");
    demand(isKey(b64decode(key, 32)), "a signer's key is none");
  }
  demand(once(further.map(({ key }) => key)), "a signer's key stands twice");
  demand(once(further.map(({ url }) => url)), "a signer's address stands twice");
}

function checkOpening({ opening }: Fields): void {
  const { custodian, quorum, tellers } = opening;
  demand(quorum <= tellers.length, "no such quorum");
  demand(once(tellers.map(({ key }) => key)), "a teller's key stands twice");
  demand(!custodian || tellers.length === 1, "a custodian is the only teller");
}

function checkWitnesses({ witnesses, board }: Fields): void {
  const all = [{ name: board.origin, key: board.key }, ...witnesses];
  demand(once(all.map(({ name }) => name)), "a witness's name stands twice, or is the board's");
  demand(once(all.map(({ key }) => key)), "a witness's key stands twice, or is the board's");
  for (const { key } of all) demand(isKey(b64decode(key, 32)), "a key of board or witness is none");
}
