// The tellers' page without a browser: its sentences, the drawing of a card, and what a QR code holds.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import decodeQR from "qr/decode.js";
import { explain, isTellerProblem, say, type TellerKey, type TellerProblem } from "../src/i18n/teller.ts";
import { tellerEn } from "../src/i18n/teller.en.ts";
import { tellerProblemsEn } from "../src/i18n/teller.problems.en.ts";
import { tellerProblemsZh } from "../src/i18n/teller.problems.zh.ts";
import { tellerZh } from "../src/i18n/teller.zh.ts";
import { linesOf } from "../src/protocol/cardtext.ts";
import { base32decode, base32encode } from "../src/protocol/encoding.ts";
import { type CardFacts, drawCard, grouped } from "../src/teller/card/drawing.ts";
import { wrap } from "../src/teller/card/sheet.ts";
import { cardIn } from "../src/teller/reading.ts";
import { readVectors } from "./vectors.ts";

const places = (sentence: string): string[] =>
  [...new Set(sentence.match(/\{\w+\}/g) ?? [])].sort();
const [vector] = readVectors<{ session: string; card: string }[]>("keycards.json") as [
  { session: string; card: string },
];
const SECRET = "0123456789ABCDEFGHJKMNPQRS";
const address = `http://192.168.1.20:8000/t/${vector.session}`;
const link = `${address}#${SECRET}.${vector.card}`;
const facts: CardFacts = {
  title: "2010年上半年民主评议", organisation: "向阳社区党支部", session: vector.session,
  demonstration: true, name: "欧阳建国", number: 1, tellers: 3, quorum: 2, date: "2010年6月20日",
  address, link, lines: linesOf(vector.card, SECRET),
};

test("both languages fill in the same places, and leave nothing empty", () => {
  for (const key of Object.keys(tellerZh) as TellerKey[]) {
    assert.deepEqual(places(tellerEn[key]), places(tellerZh[key]), key);
    assert.ok(tellerZh[key].trim() && tellerEn[key].trim(), key);
  }
  for (const key of Object.keys(tellerProblemsZh) as TellerProblem[]) {
    assert.deepEqual(places(tellerProblemsEn[key].join()), places(tellerProblemsZh[key].join()), key);
  }
});

test("every refusal of the tellers' requests has a sentence", () => {
  const protocol = readFileSync(new URL("../../docs/protocol.md", import.meta.url), "utf8");
  const [, section] = /### 4\.13 Tellers([\s\S]*?)\n## /.exec(protocol) ?? [];
  const [, refusals] = /Refusals are those of §4\.11 and: ([^\n]*)/.exec(section ?? "") ?? [];
  const codes = [...(refusals ?? "").matchAll(/\d{3} `([a-z-]+)`|, 409 `([a-z-]+)`/g)].map((m) => m[1] ?? m[2]);
  assert.equal(codes.length, 8);
  for (const code of codes) assert.ok(isTellerProblem(code as string), code);
  assert.equal(explain("other-card", { n: 2, name: "李四" })[1].includes("李四"), true);
});

test("full-width punctuation in Chinese, none in English", () => {
  for (const sentence of [...Object.values(tellerZh), ...Object.values(tellerProblemsZh).flat()]) {
    assert.doesNotMatch(sentence, /[一-鿿][,;:?!]|[,;:?!][一-鿿]/, sentence);
  }
  for (const sentence of [...Object.values(tellerEn), ...Object.values(tellerProblemsEn).flat()]) {
    assert.doesNotMatch(sentence, /[，。；：？！（）]/, sentence);
  }
});

/** The modules of the QR code in a drawing, as a picture of `unit` pixels a module. */
function qrOf(svg: string, unit: number) {
  const [, path = ""] = /scale\([\d.]+\)" d="([^"]+)"/.exec(svg) ?? [];
  const dark = [...path.matchAll(/M(\d+) (\d+)h1/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
  const size = (Math.max(...dark.map(([x]) => x)) + 5) * unit;
  const data = new Uint8Array(size * size * 4).fill(255);
  for (const [x, y] of dark) {
    for (let j = 0; j < unit * unit; j++) {
      const at = ((y * unit + Math.floor(j / unit)) * size + x * unit + (j % unit)) * 4;
      data.fill(0, at, at + 3);
    }
  }
  return { data, width: size, height: size };
}

test("the QR code of the drawing is the card's link", () => {
  assert.equal(decodeQR(qrOf(drawCard(facts), 4)), link);
});

test("the drawing shows what the card says, and nothing in it is markup", () => {
  const svg = drawCard({ ...facts, name: `<b>"&` });
  for (const text of ["2010年上半年民主评议", "向阳社区党支部", "2010年6月20日", vector.session]) {
    assert.ok(svg.includes(text), text);
  }
  for (const line of facts.lines) assert.ok(svg.includes(grouped(line)));
  assert.ok(svg.includes("&lt;b&gt;&quot;&amp;"));
  assert.doesNotMatch(svg, /style=|<b>|<script|on\w+=/);
  assert.ok(!svg.includes(SECRET)); // only in the code, not to be read over a shoulder
});

test("a card of a real session says nothing of a demonstration", () => {
  assert.ok(drawCard(facts).includes(say("drawn.demonstration")));
  assert.ok(!drawCard({ ...facts, demonstration: false }).includes(say("drawn.demonstration")));
});

test("long titles break into lines; Chinese anywhere but before punctuation, English at spaces", () => {
  assert.deepEqual(wrap("一二三，四五", 3), ["一二", "三，四", "五"]);
  assert.deepEqual(wrap("one two three", 5), ["one two", "three"]);
  assert.deepEqual(wrap("abcdefghijkl", 3), ["abcde", "fghij", "kl"]);
  assert.deepEqual(wrap("", 3), [""]);
  const high = /viewBox="0 0 124 ([\d.]+)"/.exec(drawCard({ ...facts, title: "长".repeat(200) }));
  assert.ok(Number(high?.[1]) < 215, "three lines at most, so that it still fits on A5");
});

test("what a picture's QR code holds, if it is this session's card", () => {
  const read = cardIn(link, vector.session);
  assert.ok(typeof read === "object" && read.secret === SECRET && read.card.teller === 0);
});

test("any other code is named for what it is", () => {
  const bytes = base32decode(vector.card, 82);
  bytes[0] = 2;
  const later = base32encode(bytes);
  const cases: readonly (readonly [string, string])[] = [
    ["https://example.org", say("read.no-card")],
    ["hello", say("read.no-card")],
    [`http://h/v/${vector.session}#07XK9M4TQWE2H8PAZR5DN.${SECRET}`, say("read.no-card")],
    [`http://h/t/${vector.session}#${SECRET}`, say("read.no-card")],
    [`http://h/t/k3m9x7q2wq#${SECRET}.${vector.card}`, say("read.other-session", { session: "k3m9x7q2wq" })],
    [`${address}#${SECRET}.${vector.card.slice(0, -2)}`, say("read.damaged")],
    [`${address}#${SECRET}.${later}`, say("read.version")],
  ];
  for (const [text, sentence] of cases) assert.equal(cardIn(text, vector.session), sentence, text);
});
