// Canonical JSON (§2), read strictly: a file has one spelling, and exactly the fields of its schema.

import { b64decode, canonicalJson, hexDecode, Malformed } from "../protocol/encoding.ts";

/** What a value must be; throws `Malformed` naming the place of the first that is not. */
export type Schema<T> = (value: unknown, place: string) => T;
export type Read<S> = S extends Schema<infer T> ? T : never;

type Fields = Readonly<Record<string, Schema<unknown>>>;
type Values<F extends Fields> = { readonly [K in keyof F]: Read<F[K]> };

// Everything that §2 bars from texts but what JSON has to escape.
const BARRED = /[\u007f-\u009f\u2028-\u202e\u2066-\u2069\p{Cs}]/u;

/** The value in these bytes, which are its only spelling. */
export function decodeJson<T>(bytes: Uint8Array, limit: number, schema: Schema<T>): T {
  if (bytes.length > limit) throw new Malformed("too large");
  let text: string;
  let value: unknown;
  let again: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
    again = canonicalJson(value);
  } catch {
    throw new Malformed("not JSON"); // nested beyond what the browser takes, among others
  }
  // A repeated key, a space, another order or number: each reads, and none is written again.
  if (again !== text) throw new Malformed("not canonical JSON");
  // Controls and half surrogates are what canonical JSON escapes, besides quote and backslash.
  if (BARRED.test(text) || /\\[^"]/.test(text.replace(/\\\\/g, ""))) {
    throw new Malformed("a character that no text may hold");
  }
  return schema(value, "");
}

function demand(condition: boolean, place: string, expected: string): asserts condition {
  if (!condition) throw new Malformed(`${place || "the file"}: ${expected} expected`);
}

/** A text of so many characters. */
export const text = (least = 1, most = 4000): Schema<string> => (value, place) => {
  demand(typeof value === "string", place, "a text");
  const length = [...value].length;
  demand(length >= least && length <= most, place, `a text of ${least} to ${most} characters`);
  return value;
};

export const matching = (pattern: RegExp, expected: string): Schema<string> => (value, place) => {
  demand(typeof value === "string" && pattern.test(value), place, expected);
  return value;
};

export const flag: Schema<boolean> = (value, place) => {
  demand(typeof value === "boolean", place, "true or false");
  return value;
};

export const integer = (
  least = 0,
  most = Number.MAX_SAFE_INTEGER,
): Schema<number> => (value, place) => {
  const fits = typeof value === "number" && value >= least && value <= most;
  demand(fits, place, `a whole number from ${least} to ${most}`);
  return value;
};

export const oneOf = <const T extends readonly string[]>(...words: T): Schema<T[number]> =>
  (value, place) => {
    demand(words.includes(value as string), place, words.join(" or "));
    return value as T[number];
  };

/** Bytes as base64; the text itself stays, since it has no other spelling. */
export const base64 = (size: number): Schema<string> => (value, place) => {
  try {
    b64decode(value, size);
  } catch {
    demand(false, place, `base64 of ${size} bytes`);
  }
  return value as string;
};

export const hex = (size: number): Schema<string> => (value, place) => {
  try {
    hexDecode(value, size);
  } catch {
    demand(false, place, `hex of ${size} bytes`);
  }
  return value as string;
};

export const list = <T>(
  item: Schema<T>,
  least = 0,
  most = Infinity,
): Schema<readonly T[]> => (value, place) => {
  demand(Array.isArray(value), place, "a list");
  demand(value.length >= least && value.length <= most, place, `${least} to ${most} in the list`);
  return value.map((one, i) => item(one, `${place}[${i}]`));
};

/** An object of these fields and no others; those of `optional` may be missing. */
export const object = <F extends Fields, O extends Fields = Record<never, never>>(
  fields: F,
  optional?: O,
): Schema<Values<F> & Partial<Values<O>>> => (value, place) => {
  demand(typeof value === "object" && value !== null && !Array.isArray(value), place, "an object");
  const given = value as Readonly<Record<string, unknown>>;
  const own = (name: string) => Object.prototype.hasOwnProperty.call(given, name);
  for (const name of Object.keys(fields)) demand(own(name), `${place}.${name}`, "a field");
  const read: Record<string, unknown> = {};
  for (const name of Object.keys(given)) {
    const known = (source: Fields | undefined) =>
      source && Object.prototype.hasOwnProperty.call(source, name) ? source[name] : undefined;
    const schema = known(fields) ?? known(optional);
    demand(schema !== undefined, `${place}.${name}`, "no such field");
    read[name] = schema(given[name], `${place}.${name}`);
  }
  return read as Values<F> & Partial<Values<O>>;
};
