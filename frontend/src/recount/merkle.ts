// The board's tree (§4.8): RFC 6962 §2.1 over the entries.

import { sha256 } from "@noble/hashes/sha2.js";
import { equal, join } from "../protocol/encoding.ts";

const NODE = Uint8Array.of(1);
const node = (left: Uint8Array, right: Uint8Array): Uint8Array => sha256(join(NODE, left, right));

/** The root of the tree with these leaf hashes. */
export function rootOf(leaves: readonly Uint8Array[]): Uint8Array {
  // Complete subtrees from left to right, each with its height: as in the sum of powers of two.
  const complete: { readonly hash: Uint8Array; readonly height: number }[] = [];
  for (const leaf of leaves) {
    let [hash, height] = [leaf, 0];
    while (complete[complete.length - 1]?.height === height) {
      hash = node((complete.pop() as { hash: Uint8Array }).hash, hash);
      height++;
    }
    complete.push({ hash, height });
  }
  const last = complete.pop();
  if (!last) return sha256(new Uint8Array(0));
  return complete.reduceRight((right, { hash }) => node(hash, right), last.hash);
}

/** PATH(m, D[n]) of RFC 6962 §2.1.1: what shows that leaf `index` is in the tree. */
export function inclusion(leaves: readonly Uint8Array[], index: number): Uint8Array[] {
  if (leaves.length <= 1) return [];
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return index < split
    ? [...inclusion(left, index), rootOf(right)]
    : [...inclusion(right, index - split), rootOf(left)];
}

/** Whether `path` shows that a tree of `size` leaves with this root has this leaf at `index`. */
export function included(
  leaf: Uint8Array,
  { index, size, path, root }: {
    readonly index: number;
    readonly size: number;
    readonly path: readonly Uint8Array[];
    readonly root: Uint8Array;
  },
): boolean {
  if (index < 0 || index >= size) return false;
  // RFC 9162 §2.1.3.2, which is the same tree.
  let [fn, sn, hash] = [index, size - 1, leaf];
  for (const step of path) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      hash = node(step, hash);
      while (fn % 2 === 0 && fn !== 0) {
        fn = Math.floor(fn / 2);
        sn = Math.floor(sn / 2);
      }
    } else {
      hash = node(hash, step);
    }
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  return sn === 0 && equal(hash, root);
}
