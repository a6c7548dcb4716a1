// Manifests that break one rule each (tests/vectors/manifests.json), as the recount reads them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { canonicalJson, Malformed } from "../src/protocol/encoding.ts";
import { decodeManifest } from "../src/recount/manifest.ts";
import { readVectors } from "./vectors.ts";

type Path = readonly (string | number)[];
interface Case {
  readonly name: string;
  readonly comment: string;
  readonly expect: "read" | "refused";
  /** Of each change the path to a field, then its value. */
  readonly set: readonly (readonly unknown[])[];
}

const { base, cases } = readVectors<{ base: object; cases: Case[] }>("manifests.json");

function applied(changes: Case["set"]): object {
  const found = structuredClone(base);
  for (const change of changes) {
    const path = change.slice(0, -2) as Path;
    const [last, value] = change.slice(-2) as [string | number, unknown];
    let place = found as Record<string | number, unknown>;
    for (const step of path) place = place[step] as Record<string | number, unknown>;
    place[last] = value;
  }
  return found;
}

for (const { name, comment, expect, set } of cases) {
  test(`${name}: ${comment}`, () => {
    const bytes = new TextEncoder().encode(canonicalJson(applied(set)));
    if (expect === "read") decodeManifest(bytes);
    else assert.throws(() => decodeManifest(bytes), Malformed);
  });
}
