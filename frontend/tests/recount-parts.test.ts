// Parts of the verifier one by one: trees, canonical JSON, archives, fractions, a closed board.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ascii, equal, Malformed } from "../src/protocol/encoding.ts";
import { readArchive } from "../src/recount/archive.ts";
import { leafOf, entriesOf } from "../src/recount/board.ts";
import { decodeJson, integer, list, object, text } from "../src/recount/canonical.ts";
import { checkClosedBoard } from "../src/recount/checkboard.ts";
import { figure, fraction } from "../src/recount/fraction.ts";
import { included, inclusion, rootOf } from "../src/recount/merkle.ts";
import { decodeCheckpoint } from "../src/recount/note.ts";
import { percentages } from "../src/recount/percentages.ts";
import { hex, readVectors } from "./vectors.ts";

interface Trees {
  readonly leaves: readonly string[];
  readonly roots: readonly string[];
  readonly inclusion: readonly { index: number; size: number; proof: readonly string[] }[];
}

test("roots and proofs of inclusion are those of RFC 6962", () => {
  const vectors = readVectors<Trees>("rfc6962.json");
  const leaves = vectors.leaves.map((leaf) => leafOf(hex(leaf)));
  vectors.roots.forEach((root, i) => assert.deepEqual(rootOf(leaves.slice(0, i + 1)), hex(root)));
  for (const { index, size, proof } of vectors.inclusion) {
    const path = inclusion(leaves.slice(0, size), index - 1); // the vectors count from 1
    assert.deepEqual(path, proof.map(hex));
  }
  assert.deepEqual(rootOf([]), hex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
});

test("every leaf of every small tree is proved, and nothing else is", () => {
  const leaves = Array.from({ length: 20 }, (_, i) => leafOf(Uint8Array.of(i)));
  for (let size = 1; size <= leaves.length; size++) {
    const tree = leaves.slice(0, size);
    const root = rootOf(tree);
    tree.forEach((leaf, index) => {
      const path = inclusion(tree, index);
      const holds = (changed: object) => included(leaf, { index, size, path, root, ...changed });
      assert.ok(holds({}));
      assert.ok(!holds({ index: index + 1 }));
      assert.ok(!holds({ root: leafOf(root) }));
      assert.ok(!holds({ path: [...path, root] }));
      if (path.length) assert.ok(!holds({ path: path.slice(1) }));
      assert.ok(!included(leafOf(leaf), { index, size, path, root }));
    });
  }
});

const PAIR = object({ a: integer(0, 9), b: list(text(), 0, 2) }, { c: text() });
const read = (json: string | Uint8Array) =>
  decodeJson(typeof json === "string" ? ascii(json) : json, 100, PAIR);

test("JSON has one spelling, and exactly its fields", () => {
  assert.deepEqual(read(`{"a":1,"b":["x","y"]}`), { a: 1, b: ["x", "y"] });
  assert.deepEqual(read(`{"a":1,"b":[],"c":"党"}`), { a: 1, b: [], c: "党" });
  for (const json of [
    "", "{", "null", "[]", `"a"`, `{"a":1}`, `{"a":1,"b":[],"d":1}`, `{"a":1,"b":[],"__proto__":1}`,
    ` {"a":1,"b":[]}`, `{"a":1,"b":[]}\n`, `\ufeff{"a":1,"b":[]}`, `{"b":[],"a":1}`,
    `{"a":1,"a":1,"b":[]}`, `{"a":1.0,"b":[]}`, `{"a":1e0,"b":[]}`, `{"a":-0,"b":[]}`,
    `{"a":1.5,"b":[]}`, `{"a":10,"b":[]}`, `{"a":"1","b":[]}`, `{"a":null,"b":[]}`,
    `{"a":1,"b":["x","y","z"]}`, `{"a":1,"b":{}}`, `{"a":1,"b":["\\u0078"]}`,
    `{"a":1,"b":["\\n"]}`, `{"a":1,"b":["\\u0001"]}`, `{"a":1,"b":["\\ud800"]}`,
    `{"a":1,"b":["\u007f"]}`, `{"a":1,"b":["\u202e"]}`, `{"a":1,"b":["\u2066"]}`,
    `{"a":1,"b":["\u2028"]}`, `{"a":1,"b":["${"x".repeat(100)}"]}`, "[".repeat(90),
    Uint8Array.of(0x22, 0xff, 0x22),
  ]) {
    assert.throws(() => read(json), Malformed, String(json));
  }
});

test("a backslash and a quote are no control characters", () => {
  assert.equal(read(`{"a":1,"b":[],"c":"\\\\n\\"\\\\u0000"}`).c, '\\n"\\u0000');
});

test("nesting beyond what a browser takes is refused, not a crash", () => {
  const deep = ascii("[".repeat(200_000));
  assert.throws(() => decodeJson(deep, 1_000_000, PAIR), Malformed);
  const closed = ascii("[".repeat(200_000) + "]".repeat(200_000));
  assert.throws(() => decodeJson(closed, 1_000_000, PAIR), Malformed);
});

test("figures are exact and rounded half up", () => {
  assert.deepEqual(figure(fraction(800, 9), 2), { exact: "800/9", printed: "88.89" });
  assert.deepEqual(figure(fraction(0), 0), { exact: "0/1", printed: "0" });
  assert.deepEqual(figure(fraction(1, 8), 2), { exact: "1/8", printed: "0.13" });
  assert.deepEqual(figure(fraction(1, 2), 0), { exact: "1/2", printed: "1" });
  assert.deepEqual(figure(fraction(2, 3), 1, 100n), { exact: "2/3", printed: "66.7" });
});

test("percentages sum to 100, in either way of rounding", () => {
  const by = (rule: "largest-remainder" | "last-takes-rest", decimals: number, ...counts: number[]) =>
    percentages(counts, counts.reduce((a, b) => a + b, 0), { percentages: rule, decimals }, false);
  assert.deepEqual(by("largest-remainder", 1, 1, 1, 1), ["33.4", "33.3", "33.3"]);
  assert.deepEqual(by("largest-remainder", 2, 0, 0), ["0.00", "0.00"]);
  assert.deepEqual(by("largest-remainder", 0, 5, 0, 1), ["83", "0", "17"]);
  assert.deepEqual(by("last-takes-rest", 2, 134, 4, 3, 0), ["95.04", "2.84", "2.12", "0.00"]);
  assert.deepEqual(by("last-takes-rest", 0, 1, 1, 1, 0), ["33", "33", "34", "0"]);
  // Seven that round up leave the last less than nothing: it is zero, and the one before takes the rest.
  assert.deepEqual(by("last-takes-rest", 0, 25, 25, 25, 25, 25, 25, 25, 24, 1),
    ["13", "13", "13", "13", "13", "13", "13", "9", "0"]);
  assert.deepEqual(by("last-takes-rest", 0, 0, 0, 0), ["0", "0", "0"]);
  // One ballot of 601 rounds to nothing, and is not zero all the same.
  assert.deepEqual(by("last-takes-rest", 0, 200, 200, 200, 1, 0), ["33", "33", "33", "1", "0"]);
});

test("items of a list to tick stand each for itself, of valid ballots", () => {
  const rules = { percentages: "last-takes-rest", decimals: 1 } as const;
  assert.deepEqual(percentages([3, 2, 0, 1], 6, rules, true), ["50.0", "33.3", "0.0", "16.7"]);
});

function vector(name: string): Uint8Array {
  const url = new URL(`../../tests/vectors/records/${name}.vector`, import.meta.url);
  const bytes = readFileSync(url);
  return Uint8Array.from(bytes.subarray(bytes.indexOf("\n\n") + 2));
}

test("no changed byte of an archive leaves it the one archive of the same files", () => {
  const archive = vector("public");
  assert.ok(readArchive(archive).exact);
  const whole = readArchive(archive).files;
  for (let at = 0; at < archive.length; at += 7) {
    const changed = archive.slice();
    changed[at] = (changed[at] as number) ^ 1;
    try {
      const { files, exact } = readArchive(changed);
      const same = [...whole].every(([name, bytes]) => equal(files.get(name) ?? ascii(""), bytes));
      assert.ok(!exact || !same, String(at));
      assert.ok(!exact, String(at)); // the checksum would have to be put right as well
    } catch (error) {
      assert.ok(error instanceof Malformed, String(at));
    }
  }
});

test("a checkpoint has one form", () => {
  const text = new TextDecoder().decode(readArchive(vector("public")).files.get("checkpoint.txt"));
  assert.ok(decodeCheckpoint(ascii(text)).size > 0);
  for (const other of [
    "", text.slice(0, -1), `${text}\n`, `\n${text}`, text.replace("\n", "\r\n"),
    text.replace(/\n(\d+)\n/, "\n0$1\n"), text.replace(/\n(\d+)\n/, "\n+$1\n"),
    text.replace("— ", "- "), text.replace("\n\n", "\n"), `\ufeff${text}`,
  ]) {
    assert.throws(() => decodeCheckpoint(ascii(other)), Malformed, other);
  }
});

test("without a further signer's turnouts no teller is told that the board holds", () => {
  for (const name of ["turnouts-dropped-and-opened", "unstated-public"]) {
    const { files } = readArchive(vector(name));
    const [manifest, board, checkpoint] = ["manifest.json", "board.bin", "checkpoint.txt"].map(
      (file) => files.get(file) ?? ascii(""),
    ) as [Uint8Array, Uint8Array, Uint8Array];
    const work = checkClosedBoard(manifest, board.subarray(0, -37), checkpoint);
    let step = work.next();
    while (!step.done) step = work.next();
    const { findings, toOpen } = step.value;
    assert.ok(findings.some(({ check }) => check === 3), name);
    assert.deepEqual(toOpen, []);
  }
});

test("a board that is closed and not opened says what a teller is to open", () => {
  const { files } = readArchive(vector("public"));
  const [manifest, board, checkpoint] = ["manifest.json", "board.bin", "checkpoint.txt"].map(
    (name) => files.get(name) ?? ascii(""),
  ) as [Uint8Array, Uint8Array, Uint8Array];
  const entries = entriesOf(board);
  // The last entry, which names the openings, has 33 bytes after its length.
  const closed = board.subarray(0, -37);
  const work = checkClosedBoard(manifest, closed, checkpoint);
  let step = work.next();
  while (!step.done) step = work.next();
  // The checkpoint is of the opened board: that is all there is to find.
  assert.deepEqual(step.value.findings.map(({ check }) => check), [4, 4]);
  const sealed = step.value.groups.filter((group) => group.sealed).flatMap(({ boxes }) => boxes);
  assert.ok(sealed.length && step.value.toOpen.length);
  assert.ok(step.value.toOpen.every(({ box }) => !sealed.includes(box)));
  assert.equal(entriesOf(closed).length, entries.length - 1);
});
