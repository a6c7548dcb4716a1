// The record vectors that the verifier in Python is held to as well (tests/vectors/records): of each,
// exactly the checks of docs/protocol.md §6 that it is expected to fail.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { Malformed } from "../src/protocol/encoding.ts";
import { Repacked } from "../src/recount/archive.ts";
import type { Work } from "../src/recount/findings.ts";
import { recount, type Report } from "../src/recount/recount.ts";

const folder = new URL("../../tests/vectors/records/", import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith(".vector"));

function parts(name: string): { expect: string; archive: Uint8Array } {
  const bytes = readFileSync(new URL(name, folder));
  const end = bytes.indexOf("\n\n");
  const [, expect] = /^expect: (.*)\ncomment: /.exec(bytes.subarray(0, end).toString()) ?? [];
  assert.ok(expect, name);
  return { expect, archive: Uint8Array.from(bytes.subarray(end + 2)) };
}

function finished<T>(work: Work<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

function verdict(archive: Uint8Array): string {
  let report: Report;
  try {
    report = finished(recount(archive));
  } catch (error) {
    if (error instanceof Malformed) return "unreadable";
    throw error;
  }
  assert.ok(report.findings.every(({ zh, en }) => zh && en));
  const failed = Object.keys(report.states).filter((check) => report.states[+check] === "failed");
  assert.deepEqual(Object.keys(report.totals), failed);
  return failed.join(",") || "valid";
}

/** Vectors of archives whose files are whole: only their own form is another. */
const REPACKED = [
  "archive-checksum", "archive-dated", "archive-longer", "archive-without-directory", "files-reordered",
];

test("an archive that was only packed anew is told apart from one that was changed", () => {
  const repacked = names.filter((name) => {
    const { expect, archive } = parts(name);
    return expect === "1" && finished(recount(archive)).repacked;
  });
  assert.deepEqual(repacked.map((name) => name.replace(".vector", "")), REPACKED);
  assert.throws(() => finished(recount(parts("compressed.vector").archive)), Repacked);
});

test("a void session is told of as such, not as one that was counted", () => {
  const told = (name: string) => finished(recount(parts(`${name}.vector`).archive)).summary?.isVoid;
  assert.equal(told("void"), true);
  assert.equal(told("files-reordered"), false);
});

for (const name of names) {
  const { expect, archive } = parts(name);
  test(`${name.replace(".vector", "")}: ${expect}`, () => assert.equal(verdict(archive), expect));
}
