// Key cards: the page's half of tests/vectors/keycards.json, and everything that is no card.

import assert from "node:assert/strict";
import { test } from "node:test";
import { x25519 } from "@noble/curves/ed25519.js";
import { LINES, linesOf, readLine, readTellerLink } from "../src/protocol/cardtext.ts";
import { base32decode, base32encode, Malformed } from "../src/protocol/encoding.ts";
import { seal } from "../src/protocol/hpke.ts";
import {
  answerChallenge, isLongEnough, makeCard, openCard, OtherVersion, readCard, writeCard,
} from "../src/protocol/keycard.ts";
import { KEY_CHECK, ofSession } from "../src/protocol/labels.ts";
import { counting, hex, readVectors, scripted } from "./vectors.ts";

interface Vector {
  readonly comment: string;
  readonly session: string;
  readonly teller: number;
  readonly tellers: number;
  readonly quorum: number;
  readonly privateKey: string;
  readonly passphrase: string;
  readonly card: string;
  readonly secret: string;
  readonly lines: readonly string[];
}

const vectors = readVectors<Vector[]>("keycards.json");
const [vector, chinese] = vectors as [Vector, Vector];
const quiet = () => undefined;
/** The card with one symbol changed, and the filler bits as they must be. */
const damaged = (card: string, at: number): string =>
  card.slice(0, at) + (card[at] === "Z" ? "Y" : "Z") + card.slice(at + 1);
const bytesOf = (card: string): Uint8Array => base32decode(card, 82);
const altered = (at: number, value: number): string => {
  const bytes = bytesOf(vector.card);
  bytes[at] = value;
  return base32encode(bytes);
};

for (const { comment, session, privateKey, passphrase, card, secret, lines, ...terms } of vectors) {
  test(`${comment}: the card that is made`, async () => {
    const made = await makeCard(session, terms, passphrase, scripted(hex(privateKey)), quiet);
    assert.equal(writeCard(made), card);
    assert.deepEqual(linesOf(card, secret), lines);
  });

  test(`${comment}: the card that is read back`, async () => {
    const all = lines.map((line, i) => readLine(i + 1, line));
    assert.equal(all.pop(), secret);
    const typed = all.join("");
    assert.equal(typed, card);
    const read = readCard(typed);
    const { teller, tellers, quorum } = read;
    assert.deepEqual({ teller, tellers, quorum }, terms);
    assert.deepEqual(read.publicKey, x25519.getPublicKey(hex(privateKey)));
    assert.deepEqual(await openCard(session, read, passphrase, quiet), hex(privateKey));
  });
}

test("the arithmetic tells how far it has come, to the end", async () => {
  const heard: number[] = [];
  await openCard(vector.session, readCard(vector.card), "x", (fraction) => heard.push(fraction));
  assert.ok(heard.length > 10);
  assert.equal(heard[heard.length - 1], 1);
  assert.deepEqual(heard, [...heard].sort((a, b) => a - b));
});

test("another passphrase does not open the card, nor does almost the same", async () => {
  for (const wrong of ["", "correct hors", "Correct horse", "correct horse "]) {
    assert.equal(await openCard(vector.session, readCard(vector.card), wrong, quiet), undefined);
  }
});

test("a card belongs to its session", async () => {
  const read = readCard(vector.card);
  assert.equal(await openCard("k3m9x7q2wq", read, vector.passphrase, quiet), undefined);
});

test("a card belongs to its teller, and to its number of tellers and quorum", async () => {
  for (const change of [{ teller: 1 }, { tellers: 4 }, { quorum: 1 }]) {
    const read = { ...readCard(vector.card), ...change };
    assert.equal(await openCard(vector.session, read, vector.passphrase, quiet), undefined);
  }
});

test("a card whose public key was exchanged does not open", async () => {
  const { publicKey } = readCard(chinese.card);
  const read = { ...readCard(vector.card), publicKey };
  assert.equal(await openCard(vector.session, read, vector.passphrase, quiet), undefined);
});

test("every part of the sealed key counts", async () => {
  for (const at of [34, 65, 66, 81]) {
    const read = readCard(altered(at, (bytesOf(vector.card)[at] ?? 0) ^ 1));
    assert.equal(await openCard(vector.session, read, vector.passphrase, quiet), undefined);
  }
});

test("a card of a later version says so", () => {
  for (const version of [0x03, 0x23, 0xf3]) {
    assert.throws(() => readCard(altered(0, version)), OtherVersion);
  }
});

test("there is no tenth teller, none beyond their number, and no quorum that nobody or too many are", () => {
  for (const [at, value] of [[0, 0x10], [0, 0x1a], [0, 0x11], [1, 0x32], [1, 0x00], [1, 0x04]] as const) {
    assert.throws(() => readCard(altered(at, value)), Malformed, value.toString(16));
  }
  const { teller, tellers, quorum } = readCard(altered(1, 0x23));
  assert.deepEqual([teller, tellers, quorum], [2, 3, 3]);
});

test("a card has one spelling and one length", () => {
  const { card } = vector;
  assert.equal(base32encode(bytesOf(card)), card);
  const filler = `${card.slice(0, -1)}${card.endsWith("G") ? "H" : "1"}`;
  for (const other of ["", card.slice(1), `${card}0`, card.toLowerCase(), `${card.slice(1)}U`, filler]) {
    assert.throws(() => readCard(other), Malformed, other);
  }
});

test("a line as people type it", () => {
  const [line = ""] = vector.lines;
  const card = vector.card.slice(0, 22);
  assert.equal(readLine(1, line.toLowerCase()), card);
  assert.equal(readLine(1, line.match(/.{1,4}/g)?.join(" ") ?? ""), card);
  assert.equal(readLine(1, line.match(/.{1,4}/g)?.join("-") ?? ""), card);
  assert.equal(readLine(1, line.replace(/0/g, "o").replace(/1/g, "l")), card);
  assert.equal(readLine(1, line.replace(/0/g, "O").replace(/1/g, "I")), card);
});

test("a wrong symbol anywhere in a line is nearly always seen, and never without its line", () => {
  let missed = 0;
  vector.lines.forEach((line, i) => {
    for (let at = 0; at < line.length; at++) {
      if (readLine(i + 1, damaged(line, at)) !== undefined) missed++;
    }
  });
  assert.ok(missed <= 12, String(missed)); // one in 32 of 165
  assert.equal(readLine(1, damaged(vector.lines[0] ?? "", 22)), undefined);
});

test("a line too short, too long or with a symbol that there is not", () => {
  const [line = ""] = vector.lines;
  for (const wrong of ["", line.slice(1), line.slice(0, 22), `${line}0`, `U${line.slice(1)}`, "？".repeat(23)]) {
    assert.equal(readLine(1, wrong), undefined, wrong);
  }
});

test("two lines exchanged are both wrong", () => {
  const [first = "", second = ""] = vector.lines;
  assert.equal(readLine(2, first), undefined);
  assert.equal(readLine(1, second), undefined);
  assert.equal(vector.lines.length, LINES);
});

test("a teller's link holds a secret, or a secret and a card", () => {
  const secret = "0123456789ABCDEFGHJKMNPQRS";
  assert.deepEqual(readTellerLink(`#${secret}`), { secret });
  assert.deepEqual(readTellerLink(secret.toLowerCase()), { secret });
  assert.deepEqual(readTellerLink(`${secret}.${vector.card}`), { secret, card: readCard(vector.card) });
  for (const bad of ["", "#", secret.slice(1), `${secret}0`, `.${vector.card}`, `${secret}.${vector.card}.`]) {
    assert.equal(readTellerLink(bad), undefined, bad);
  }
  assert.throws(() => readTellerLink(`${secret}.${vector.card.slice(1)}`), Malformed);
  assert.throws(() => readTellerLink(`${secret}.`), Malformed);
});

test("a passphrase has eight characters, as people count them", () => {
  for (const long of ["12345678", "向阳社区第三支部", "ｅｉｇｈｔｗｉｄ", "😀😀😀😀😀😀😀😀"]) {
    assert.ok(isLongEnough(long), long);
  }
  for (const short of ["", "1234567", "向阳社区支部啊", "😀😀😀😀", "e\u0301".repeat(7)]) {
    assert.ok(!isLongEnough(short), short);
  }
});

test("the key check is answered by its own key, teller and session", () => {
  const [key, other] = [hex(vector.privateKey), hex(chinese.privateKey)];
  const secret = counting()(32);
  const info = Uint8Array.of(...ofSession(KEY_CHECK, "s"), 0, 2);
  const challenge = seal(x25519.getPublicKey(key), info, secret, counting());
  assert.equal(challenge.length, 80);
  assert.deepEqual(answerChallenge("s", 2, key, challenge), secret);
  assert.equal(answerChallenge("s", 1, key, challenge), undefined);
  assert.equal(answerChallenge("t", 2, key, challenge), undefined);
  assert.equal(answerChallenge("s", 2, other, challenge), undefined);
  assert.equal(answerChallenge("s", 2, key, challenge.slice(1)), undefined);
  assert.equal(answerChallenge("s", 2, key, new Uint8Array(80)), undefined);
});
