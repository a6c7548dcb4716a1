// The plan of the house: what may import what, and how long a file may grow.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const source = new URL("../src/", import.meta.url);
const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts"))
  .map((path) => path.split("\\").join("/"));
const text = (path: string): string => readFileSync(new URL(path, source), "utf8");
const imports = (path: string): string[] =>
  [...text(path).matchAll(/^(?:(?:import|export)\b[^;]*?\bfrom|import) "([^"]+)";/gm)].map(
    ([, from]) => from ?? "",
  );

test("the protocol stands on itself and on @noble alone", () => {
  const protocol = files.filter((path) => path.startsWith("protocol/"));
  assert.ok(protocol.length > 10);
  for (const path of protocol) {
    for (const from of imports(path)) assert.match(from, /^(\.\/[\w-]+\.ts|@noble\/)/, path);
    const code = text(path).replace(/\/\/.*|\/\*[\s\S]*?\*\//g, "");
    assert.doesNotMatch(code, /\b(document|window|localStorage|fetch|Date|Math\.random|crypto\.)/, path);
  }
});

test("recounting stands on itself, on what the protocol encodes and on @noble alone", () => {
  const recount = files.filter((path) => path.startsWith("recount/"));
  assert.ok(recount.length > 15);
  for (const path of recount) {
    for (const from of imports(path)) {
      assert.match(from, /^(\.\/[\w-]+\.ts|\.\.\/protocol\/[\w-]+\.ts|@noble\/)/, path);
      // What a voter's phone makes its ballots with is not what they are verified with.
      assert.doesNotMatch(from, /protocol\/(token|rfc9474|ballot|sealing|receipt|slip|openings)\.ts$/, path);
    }
    const code = text(path).replace(/\/\/.*|\/\*[\s\S]*?\*\//g, "");
    assert.doesNotMatch(code, /\b(document|window|localStorage|fetch|Date|Math\.random|crypto)\b/, path);
  }
});

test("the booth, the board, the tellers and the office do not know each other's rooms", () => {
  for (const path of files.filter((path) => /^(ui|i18n)\//.test(path))) {
    for (const from of imports(path)) assert.doesNotMatch(from, /\/(booth|board|teller|office)\//, path);
  }
  for (const path of files.filter((path) => path.startsWith("teller/"))) {
    for (const from of imports(path)) assert.doesNotMatch(from, /\/(booth|board|office)\//, path);
  }
  for (const path of files.filter((path) => !/(^|\/)teller/.test(path))) {
    for (const from of imports(path)) assert.doesNotMatch(from, /(\/teller\b|^qr\b)/, path);
  }
  for (const path of files.filter((path) => path.startsWith("booth/"))) {
    for (const from of imports(path)) assert.doesNotMatch(from, /\/(board|office)\//, path);
  }
});

test("one job a file: none is longer than 150 lines", () => {
  for (const path of files) assert.ok(text(path).split("\n").length <= 151, path);
});
