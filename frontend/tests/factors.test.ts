import assert from "node:assert/strict";
import { test } from "node:test";
import { x25519 } from "@noble/curves/ed25519.js";
import { factorOf, openShare, SHARE_LENGTH } from "../src/protocol/factors.ts";
import { sealBallot } from "../src/protocol/sealing.ts";
import { counting } from "./vectors.ts";

const keys = [1, 2, 3].map((n) => new Uint8Array(32).fill(n));
const tellerKeys = keys.map((key) => x25519.getPublicKey(key));
const manifest = {
  hash: new Uint8Array(32).fill(7),
  opening: { custodian: false, quorum: 1, publish_factors: false, tellers: [] },
  tellerKeys,
};
const sealed = sealBallot(manifest, 4, Uint8Array.of(1, 2, 3), counting());
const key = (teller: number): Uint8Array => keys[teller] as Uint8Array;

test("each teller's factor opens that teller's share; with a quorum of one it is the content key", () => {
  for (const teller of [0, 1, 2]) {
    const factor = factorOf(manifest, 4, teller, key(teller), sealed) as Uint8Array;
    const contentKey = counting()(32);
    assert.deepEqual(openShare(manifest, 4, teller, sealed, factor), contentKey);
  }
});

test("a factor opens nothing of another teller, box, session or ballot", () => {
  const factor = factorOf(manifest, 4, 0, key(0), sealed) as Uint8Array;
  const random = counting();
  random(100);
  const otherBallot = sealBallot(manifest, 4, Uint8Array.of(1, 2, 3), random);
  assert.equal(openShare(manifest, 4, 1, sealed, factor), undefined);
  assert.equal(openShare(manifest, 5, 0, sealed, factor), undefined);
  assert.equal(openShare({ ...manifest, hash: new Uint8Array(32) }, 4, 0, sealed, factor), undefined);
  assert.equal(openShare(manifest, 4, 0, otherBallot, factor), undefined);
  assert.equal(openShare(manifest, 4, 3, sealed, factor), undefined);
});

test("there is no factor where the share does not open", () => {
  const broken = sealed.slice();
  broken[SHARE_LENGTH - 1] = (broken[SHARE_LENGTH - 1] ?? 0) ^ 1;
  assert.equal(factorOf(manifest, 4, 0, key(0), broken), undefined);
  assert.ok(factorOf(manifest, 4, 1, key(1), broken));
  assert.equal(factorOf(manifest, 4, 0, key(1), sealed), undefined);
});

test("a point of low order has no factor, and zero is none", () => {
  for (const point of [0, 1]) {
    const low = sealed.slice();
    low.fill(0, 0, 32);
    low[0] = point;
    assert.equal(factorOf(manifest, 4, 0, key(0), low), undefined);
    assert.equal(openShare(manifest, 4, 0, low, new Uint8Array(32)), undefined);
  }
});
