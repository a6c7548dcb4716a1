// Milliseconds that the board's page takes to check one proof of inclusion; board.bin comes on stdin.

import { readFileSync } from "node:fs";
import { leafOf, entriesOf } from "../frontend/src/recount/board.ts";
import { included, inclusion, rootOf } from "../frontend/src/recount/merkle.ts";

const PROOFS = 100;

const leaves = entriesOf(Uint8Array.from(readFileSync(0))).map(leafOf);
const root = rootOf(leaves);
const size = leaves.length;
const proofs = Array.from({ length: PROOFS }, (_, i) => {
  const index = Math.floor((i * size) / PROOFS);
  return { leaf: leaves[index] as Uint8Array, index, path: inclusion(leaves, index) };
});
const began = performance.now();
for (const { leaf, index, path } of proofs) {
  if (!included(leaf, { index, size, path, root })) throw new Error("a proof does not hold");
}
console.log((performance.now() - began) / PROOFS);
