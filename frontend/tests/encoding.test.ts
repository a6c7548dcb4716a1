import assert from "node:assert/strict";
import { test } from "node:test";
import {
  b64decode, b64encode, base32encode, base32typed, canonicalJson, hexDecode, Malformed, u16,
} from "../src/protocol/encoding.ts";
import { hex } from "./vectors.ts";

test("base64 has one spelling", () => {
  assert.deepEqual(b64decode("QUE=", 2), hex("4141"));
  assert.equal(b64encode(hex("4141")), "QUE=");
  for (const [text, size] of [
    ["QUF=", 2], ["QUE", 2], ["QUE=", 3], [" QUE=", 2], ["QU E=", 2], ["QUE=\n", 2], ["QU-_", 3],
    ["", 1], [undefined, 2], [7, 2], ["QUE==", 2],
  ] as const) {
    assert.throws(() => b64decode(text, size), Malformed, `${text}`);
  }
  assert.deepEqual(b64decode("", 0), new Uint8Array(0));
});

test("hex is lower-case and whole", () => {
  assert.deepEqual(hexDecode("00ff", 2), Uint8Array.of(0, 255));
  for (const text of ["00FF", "00f", "00ff0", "0x00", undefined]) {
    assert.throws(() => hexDecode(text, 2), Malformed);
  }
});

test("base32 is Crockford's, filled with zero bits", () => {
  assert.equal(base32encode(hex("00")), "00");
  assert.equal(base32encode(hex("ff")), "ZW");
  assert.equal(base32encode(hex("0001020304")), "000G40R4");
  assert.equal(base32encode(new Uint8Array(16).fill(255)), "ZZZZZZZZZZZZZZZZZZZZZZZZZW");
  assert.equal(base32encode(new Uint8Array(0)), "");
});

test("people may type base32 as they read it", () => {
  assert.equal(base32typed(" 0-7xk9m o il "), "07XK9M011");
  assert.equal(base32typed("０－７ＸＫ９Ｍ"), "07XK9M");
  assert.equal(base32typed("7XK9M—4TQWE–2H8PA"), "7XK9M4TQWE2H8PA");
});

test("canonical JSON is RFC 8785", () => {
  assert.equal(canonicalJson({ b: [1, "é\u0007\"", true], a: { z: 0 } }), '{"a":{"z":0},"b":[1,"é\\u0007\\"",true]}');
  for (const value of [null, { a: null }, 1.5, 2 ** 53, [undefined]]) {
    assert.throws(() => canonicalJson(value), Malformed);
  }
});

test("u16 is big-endian", () => assert.deepEqual(u16(0x1234), hex("1234")));
