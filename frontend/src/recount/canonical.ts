// Canonical JSON (§2), read strictly: a file has one spelling, and exactly the fields of its schema.

import { b64decode, canonicalJson, hexDecode, Malformed } from "../protocol/encoding.ts";

/** What a value must be; throws `Misfit` at the first that is not. */
export type Schema<T> = (value: unknown) => T;
export type Read<S> = S extends Schema<infer T> ? T : never;

type Fields = Readonly<Record<string, Schema<unknown>>>;
type Values<F extends Fields> = { readonly [K in keyof F]: Read<F[K]> };

/** A value that is not what its schema expects. Its path grows on the way out: a file of millions of
 * numbers costs no text as long as they fit. */
class Misfit extends Error {
  path = "";
}

function demand(condition: boolean, expected: string): asserts condition {
  if (!condition) throw new Misfit(expected);
}

function at(step: string, error: unknown): unknown {
  if (error instanceof Misfit) error.path = step + error.path;
  return error;
}

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
  try {
    return schema(value);
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    throw new Malformed(`${error.path || "the file"}: ${error.message} expected`);
  }
}

/** A text of so many characters. */
export const text = (least = 1, most = 4000): Schema<string> => (value) => {
  demand(typeof value === "string", "a text");
  const length = [...value].length;
  demand(length >= least && length <= most, `a text of ${least} to ${most} characters`);
  return value;
};

export const matching = (pattern: RegExp, expected: string): Schema<string> => (value) => {
  demand(typeof value === "string" && pattern.test(value), expected);
  return value;
};

export const flag: Schema<boolean> = (value) => {
  demand(typeof value === "boolean", "true or false");
  return value;
};

export const integer = (
  least = 0,
  most = Number.MAX_SAFE_INTEGER,
): Schema<number> => (value) => {
  const fits = typeof value === "number" && value >= least && value <= most;
  if (!fits) throw new Misfit(`a whole number from ${least} to ${most}`);
  return value;
};

export const oneOf = <const T extends readonly string[]>(...words: T): Schema<T[number]> =>
  (value) => {
    demand(words.includes(value as string), words.join(" or "));
    return value as T[number];
  };

/** Bytes as base64; the text itself stays, since it has no other spelling. */
export const base64 = (size: number): Schema<string> => (value) => {
  try {
    b64decode(value, size);
  } catch {
    throw new Misfit(`base64 of ${size} bytes`);
  }
  return value as string;
};

export const hex = (size: number): Schema<string> => (value) => {
  try {
    hexDecode(value, size);
  } catch {
    throw new Misfit(`hex of ${size} bytes`);
  }
  return value as string;
};

export const list = <T>(item: Schema<T>, least = 0, most = Infinity): Schema<readonly T[]> =>
  (value) => {
    demand(Array.isArray(value), "a list");
    demand(value.length >= least && value.length <= most, `${least} to ${most} in the list`);
    const read: T[] = [];
    try {
      for (const one of value) read.push(item(one));
    } catch (error) {
      throw at(`[${read.length}]`, error);
    }
    return read;
  };

/** An object of these fields and no others; those of `optional` may be missing. */
export const object = <F extends Fields, O extends Fields = Record<never, never>>(
  fields: F,
  optional?: O,
): Schema<Values<F> & Partial<Values<O>>> => (value) => {
  demand(typeof value === "object" && value !== null && !Array.isArray(value), "an object");
  const given = value as Readonly<Record<string, unknown>>;
  const own = (source: object, name: string) => Object.prototype.hasOwnProperty.call(source, name);
  for (const name of Object.keys(fields)) {
    if (!own(given, name)) throw at(`.${name}`, new Misfit("a field"));
  }
  const read: Record<string, unknown> = {};
  for (const name of Object.keys(given)) {
    const source = [fields, optional].find((some) => some && own(some, name));
    try {
      const schema = source?.[name];
      demand(schema !== undefined, "no such field");
      read[name] = schema(given[name]);
    } catch (error) {
      throw at(`.${name}`, error);
    }
  }
  return read as Values<F> & Partial<Values<O>>;
};
