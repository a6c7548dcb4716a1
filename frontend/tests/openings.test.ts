// Openings (§4.10) as a phone reads them, and trackers as people paste or type them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Malformed } from "../src/protocol/encoding.ts";
import { packed } from "./vectors.ts";
import { decodeOpenings, findTrackers } from "../src/protocol/openings.ts";
import { findReceipts } from "../src/protocol/receipt.ts";
import { namesOpenings } from "../src/board/find.ts";
import { sha256 } from "@noble/hashes/sha2.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const tracker = "0123456789abcdef0123456789abcdef";

test("a tracker is known as it is shown, as it is typed, and among names", () => {
  for (const text of [
    tracker, tracker.toUpperCase(), "01234567 89abcdef 01234567 89abcdef",
    "01234567-89abcdef-01234567-89abcdef", `王1\n${tracker}\n谢谢`, `${tracker} ${tracker}`,
    "01234567 89abcdef\n01234567 89abcdef",
  ]) {
    assert.deepEqual(findTrackers(text), [tracker], text);
  }
  const other = "f".repeat(32);
  assert.deepEqual(findTrackers(`${tracker}\n${other}`), [tracker, other]);
});

test("a receipt is no tracker, and a tracker no receipt", () => {
  assert.deepEqual(findTrackers("ab".repeat(32)), []);
  assert.deepEqual(findTrackers(tracker.slice(1)), []);
  assert.deepEqual(findTrackers("hello"), []);
  assert.deepEqual(findReceipts(tracker), []);
});

test("openings are read strictly", () => {
  const text = `{"format":"appraisal-openings/1","groups":[{"ballots":1,"boxes":[0],"status":"withheld"}]}`;
  assert.equal(decodeOpenings(bytes(text))[0]?.status, "withheld");
  for (const spoilt of [
    "", "[]", "null", "{", text.replace("/1", "/2"), text.replace(",", ", "),
    text.replace(`"groups":[`, `"groups":0,"x":[`), `\ufeff${text}`,
  ]) {
    assert.throws(() => decodeOpenings(bytes(spoilt)), Malformed, spoilt);
  }
});

test("the openings of a void session have no groups and say why", () => {
  const empty = `{"format":"appraisal-openings/1","groups":[],"void":"unopened"}`;
  assert.deepEqual(decodeOpenings(bytes(empty)), []);
  for (const reason of ["overfull", "unstated"]) {
    assert.deepEqual(decodeOpenings(bytes(empty.replace("unopened", reason))), []);
  }
  const group = `{"ballots":1,"boxes":[0],"status":"withheld"}`;
  for (const spoilt of [
    empty.replace("unopened", "because"), empty.replace(`"unopened"`, "1"), empty.replace("[]", `[${group}]`),
  ]) {
    assert.throws(() => decodeOpenings(bytes(spoilt)), Malformed, spoilt);
  }
});

test("the board names its openings by their hash", () => {
  const openings = bytes("{}");
  const entry = Uint8Array.of(5, ...sha256(openings));
  assert.ok(namesOpenings(packed(Uint8Array.of(1, 2), entry), openings));
  assert.ok(!namesOpenings(packed(entry), bytes("{} ")));
  assert.ok(!namesOpenings(packed(Uint8Array.of(4, ...sha256(openings))), openings));
  assert.throws(() => namesOpenings(entry, openings), Malformed);
});
