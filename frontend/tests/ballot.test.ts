import assert from "node:assert/strict";
import { test } from "node:test";
import { ed25519 } from "@noble/curves/ed25519.js";
import { ballotsOn } from "../src/board/find.ts";
import { encodeBallot, encodeComment, leafHash } from "../src/protocol/ballot.ts";
import { boxesOf } from "../src/protocol/boxes.ts";
import { ascii, b64encode, hexEncode, join, Malformed } from "../src/protocol/encoding.ts";
import { decodeManifest, fingerprint } from "../src/protocol/manifest.ts";
import { findReceipts, readReceipts, verifyReceipt, writeReceipts } from "../src/protocol/receipt.ts";
import { classOf, credential, grouped, readCode, readFragment, slipHash } from "../src/protocol/slip.ts";
import { readSignatures } from "../src/protocol/token.ts";
import { hex, packed } from "./vectors.ts";

const CODE = "07XK9M4TQWE2H8PAZR5DN";

test("a slip code as people type it", () => {
  assert.equal(readCode("0-7xk9m 4tqwe-2h8pa-zr5dn"), CODE);
  assert.equal(readCode("O-7XK9M-4TQWE-2H8PA-ZR5DN"), CODE);
  for (const typed of ["", CODE.slice(1), `${CODE}0`, CODE.replace("X", "U")]) {
    assert.equal(readCode(typed), undefined);
  }
  assert.equal(grouped(CODE), "0-7XK9M-4TQWE-2H8PA-ZR5DN");
  assert.equal(classOf(`Z${CODE.slice(1)}`), 31);
});

test("a link's fragment holds code and fingerprint, or a code", () => {
  const print = "0123456789ABCDEFGHJKMNPQRS";
  assert.deepEqual(readFragment(`#${CODE}.${print}`), { code: CODE, fingerprint: print });
  assert.deepEqual(readFragment(CODE), { code: CODE });
  for (const bad of ["", "#", `${CODE}.`, `${CODE}.${print}0`, `${CODE}.${print}.x`, `.${print}`]) {
    assert.equal(readFragment(bad), undefined, bad);
  }
});

test("a slip's hash names its session", () => {
  assert.notDeepEqual(slipHash("k3m9x7q2wp", CODE), slipHash("k3m9x7q2wq", CODE));
});

test("a credential is of the code's form, and another for each signer and session", () => {
  const shown = [0, 1, 3].map((signer) => credential(CODE, "k3m9x7q2wp", signer));
  for (const one of shown) assert.equal(readCode(one), one);
  assert.equal(new Set([CODE, ...shown, credential(CODE, "k3m9x7q2wq", 0)]).size, 5);
  assert.deepEqual(shown.map(classOf), [0, 0, 0]);
});

test("a ballot's plaintext is of fixed length", () => {
  const tracker = new Uint8Array(16).fill(9);
  assert.deepEqual(encodeBallot(tracker, [0, 5, 1]), join(hex("01"), tracker, hex("000501")));
});

test("RFC 6962 leaf hash of nothing", () => {
  const empty = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
  assert.equal(hexEncode(leafHash(new Uint8Array(0))), empty);
});

test("receipts: for these ballots, signed by the board, found again in pasted text", () => {
  const secret = new Uint8Array(32).fill(3);
  const [m, leaf] = [new Uint8Array(32).fill(1), leafHash(hex("04"))];
  const message = join(ascii("appraisal/1 receipt"), hex("00"), m, leaf);
  const signature = ed25519.sign(message, secret);
  const answer = { receipts: [{ ballot: hexEncode(leaf), signature: b64encode(signature) }] };
  const receipts = readReceipts(answer, [leaf]);
  const [receipt] = receipts as [(typeof receipts)[0]];
  assert.equal(verifyReceipt(receipt, m, ed25519.getPublicKey(secret)), true);
  assert.equal(verifyReceipt(receipt, leaf, ed25519.getPublicKey(secret)), false);
  const pasted = `评议 回执（编号 k3m9x7q2wp）\r\n${writeReceipts(receipts)} \n谢谢`;
  assert.deepEqual(findReceipts(pasted), receipts);
  assert.deepEqual(findReceipts(hexEncode(leaf)), [{ leafHash: leaf }]);
  assert.deepEqual(findReceipts(`${hexEncode(leaf)}0`), []);
  for (const bad of [{}, { receipts: [] }, { receipts: [{ ...answer.receipts[0], ballot: hexEncode(m) }] }]) {
    assert.throws(() => readReceipts(bad, [leaf]), Malformed);
  }
});

test("a draw answer has one signature a box", () => {
  const one = b64encode(new Uint8Array(256));
  assert.equal(readSignatures({ signatures: [one] }, 1).length, 1);
  for (const bad of [{}, { signatures: [] }, { signatures: [one, one] }, { signatures: ["AA=="] }]) {
    assert.throws(() => readSignatures(bad, 1), Malformed);
  }
});

test("the board's ballots by leaf hash, and no other entry", () => {
  const entries = [hex("01aa"), hex("04bbcc"), hex("04dd")];
  const places = ballotsOn(packed(...entries));
  assert.deepEqual([...places], [
    [hexEncode(leafHash(hex("04bbcc"))), 1],
    [hexEncode(leafHash(hex("04dd"))), 2],
  ]);
  for (const broken of ["00", "00000000", "0000000204", "ffffffff04", "000000010400"]) {
    assert.throws(() => ballotsOn(hex(broken)), Malformed, broken);
  }
});

const key = b64encode(new Uint8Array(256).fill(0xc1));
const grades = [
  { negative: false, points: 100, positive: true, text: { en: "good", zh: "好" } },
  { negative: false, positive: false, text: { en: "unknown", zh: "不了解" } },
];
const question = { kind: "grades", options: grades, required: true, text: { en: "q", zh: "题" } };
const small = {
  board: { key: b64encode(new Uint8Array(32)), origin: "o" },
  boxes: [{ class: 0, contest: 0, token_keys: [key] }, { class: 1, contest: 0, token_keys: [key] }],
  classes: [{ name: { en: "a", zh: "甲" } }, { name: { en: "b", zh: "乙" } }],
  contests: [{ instrument: 0, subjects: [0] }],
  format: "appraisal-manifest/1",
  instruments: [{ limits: [], questions: [question], title: { en: "i", zh: "表" } }],
  opening: { custodian: true, quorum: 1, tellers: [{ key: b64encode(new Uint8Array(32)), name: "t" }] },
  rules: { empty_ballot: "valid", members: 0, self_appraisal: false },
  session: "k3m9x7q2wp",
  signers: [{ name: "registrar" }],
  subjects: [{ commitment: "", kind: "person", name: "李㛃", post: "" }],
  witnesses: [],
};
const further = { key: b64encode(new Uint8Array(32)), name: "committee", url: "https://s.example.org" };
/** The same session with so many signers. */
const signedBy = (...more: object[]) => ({
  ...small,
  boxes: small.boxes.map((box) => ({ ...box, token_keys: [key, ...more.map(() => key)] })),
  signers: [...small.signers, ...more],
});
const read = (value: unknown, text = JSON.stringify(value)) => decodeManifest(ascii(text));

test("a manifest is read and its class's boxes found", () => {
  const manifest = read(small);
  assert.equal(fingerprint(manifest.hash).length, 26);
  const { contests, comment } = boxesOf(manifest, 1);
  assert.deepEqual(contests.map(({ box, subjects }) => [box, subjects[0]?.name]), [[1, "李㛃"]]);
  assert.equal(comment, undefined);
  assert.deepEqual(boxesOf(manifest, 2).all, []);
});

test("the comment box comes last, and a class has one", () => {
  const comments = { length: 60, readers: ["王"], text: { en: "c", zh: "意见" } };
  const [first, second] = small.boxes;
  const more = [{ ...first, contest: 1 }, { ...second, contest: 1 }];
  const { board, boxes, classes, ...rest } = small;
  const manifest = read({ board, boxes: [...boxes, ...more], classes, comments, ...rest });
  const { all, contests, comment } = boxesOf(manifest, 1);
  assert.deepEqual(all.map(({ box }) => box), [1, 3]);
  assert.equal(contests.length, 1);
  assert.equal(comment?.box, 3);
  assert.throws(() => read({ board, boxes, classes, comments, ...rest }), Malformed);
});

test("a comment is of one length, empty or not, and no longer", () => {
  assert.equal(hexEncode(encodeComment("", 4)), "02000000000000");
  assert.equal(hexEncode(encodeComment("好", 4)), "020003e5a5bd00");
  assert.equal(hexEncode(encodeComment("好x", 4)), "020004e5a5bd78");
  assert.throws(() => encodeComment("好好", 4), Malformed);
});

test("a box has a token key of every signer", () => {
  const [contest] = boxesOf(read(signedBy(further, { ...further, url: "http://10.0.0.7:8001" })), 0).all;
  assert.equal(contest?.tokenKeys.length, 3);
});

test("a manifest in another spelling or without its parts is refused", () => {
  const text = JSON.stringify(small);
  for (const other of [`${text}\n`, text.replace(":", ": "), `\ufeff${text}`, "{", text.replace("李", "\\u674e")]) {
    assert.throws(() => read(small, other), Malformed);
  }
  const [first, second] = small.boxes;
  for (const wrong of [
    { ...small, format: "appraisal-manifest/2" },
    { ...signedBy(further), boxes: small.boxes },
    signedBy({ name: "committee" }),
    signedBy({ ...further, key: "AA==" }),
    signedBy({ ...further, url: "https://s.example.org/path" }),
    signedBy({ ...further, url: "https://a@s.example.org" }),
    signedBy({ ...further, url: "javascript:alert(1)" }),
    signedBy(further, further, further, further),
    { ...small, signers: [further] },
    { ...small, signers: [] },
    { ...small, witnesses: Array.from({ length: 5 }, () => ({ key: further.key, name: "w" })) },
    { ...small, contests: [{ instrument: 1, subjects: [0] }] },
    { ...small, contests: [{ instrument: 0, subjects: [1] }] },
    { ...small, contests: [{ instrument: 0, subjects: [] }] },
    { ...small, instruments: [{ ...small.instruments[0], questions: [{ ...question, kind: "essay" }] }] },
    { ...small, instruments: [{ ...small.instruments[0], limits: [{ least: 0, most: 1, option: 2, question: 0 }] }] },
    { ...small, boxes: [second, first] },
    { ...small, boxes: [first] },
    { ...small, opening: { ...small.opening, quorum: 2 } },
    { ...small, board: { ...small.board, key: "AA==" } },
  ]) {
    const sorted = Object.fromEntries(Object.entries(wrong).sort(([a], [b]) => (a < b ? -1 : 1)));
    assert.throws(() => read(sorted), Malformed);
  }
});
