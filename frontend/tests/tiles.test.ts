// Tiles of a board, and tiles that disagree with it (tests/vectors/tiles.json).

import assert from "node:assert/strict";
import { test } from "node:test";
import { b64decode } from "../src/protocol/encoding.ts";
import { disagreeing, tilesOf } from "../src/recount/tiles.ts";
import { readVectors } from "./vectors.ts";

interface Case {
  readonly name: string;
  readonly comment: string;
  readonly leaves?: readonly string[];
  readonly tiles: Readonly<Record<string, string>>;
  readonly disagree: readonly string[];
}

const { leaves, cases } = readVectors<{ leaves: string[]; cases: Case[] }>("tiles.json");
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "base64"));

for (const one of cases) {
  test(`${one.name}: ${one.comment}`, async () => {
    const own = (one.leaves ?? leaves).map((text) => b64decode(text, 32));
    const found = await disagreeing(own, (path) => {
      const text = one.tiles[path];
      return Promise.resolve(text === undefined ? undefined : bytes(text));
    });
    assert.deepEqual(found, one.disagree);
  });
}

test("the tiles of a large tree have numbers in groups of three", () => {
  const paths = tilesOf(256 * 1234567).map(({ path }) => path);
  assert.equal(paths[1_234_566], "0/x001/x234/566");
});
