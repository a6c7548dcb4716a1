// A record's ZIP archive (§6): stored files in order, dated 1980-01-01, so one sequence of bytes.

import { ascii, equal, join, Malformed } from "../protocol/encoding.ts";

/** Every file a record may have, in the archive's order, with its largest size in bytes. */
export const FILES: Readonly<Record<string, number>> = {
  "record.json": 1000,
  "manifest.json": 4 * 1024 * 1024,
  "board.bin": 2 ** 30,
  "checkpoint.txt": 4096,
  "openings.json": 2 ** 29,
  "results.json": 2 ** 28,
  "factors.json": 2 ** 30,
};

export interface Archive {
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Whether the bytes are the one archive of these files. */
  readonly exact: boolean;
  /** Whether no file stands in it twice. */
  readonly once: boolean;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const VERSION = 10;
/** 1980-01-01 as MS-DOS writes it. */
const DATE = 0x21;
const HEADER = 30;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let c = byte;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  return c;
});

function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = (c >>> 8) ^ (TABLE[(c ^ byte) & 255] as number);
  return ~c >>> 0;
}

/** Little-endian fields, given as [value, bytes]. */
function little(...fields: readonly (readonly [value: number, size: number])[]): Uint8Array {
  return Uint8Array.from(fields.flatMap(([value, size]) =>
    Array.from({ length: size }, (_, i) => Math.floor(value / 256 ** i) & 255)));
}

interface Stored {
  readonly name: string;
  readonly content: Uint8Array;
  readonly at: number;
}

/** version needed, no flags, stored, midnight, date, checksum, both sizes, length of the name, no extra. */
const described = ({ name, content }: Stored): Uint8Array => little(
  [VERSION, 2], [0, 2], [0, 2], [0, 2], [DATE, 2], [crc32(content), 4],
  [content.length, 4], [content.length, 4], [name.length, 2], [0, 2]);

/** An archive that another program made: its files may be whole, and cannot be read here. */
export class Repacked extends Malformed {}

/** The files in these bytes; throws `Malformed` where it finds none, or none that it can take. */
export function readArchive(bytes: Uint8Array): Archive {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stored: Stored[] = [];
  let at = 0;
  while (at + 4 <= bytes.length && view.getUint32(at, true) === LOCAL) {
    const one = storedAt(bytes, view, at);
    stored.push(one);
    at += HEADER + one.name.length + one.content.length;
  }
  const files = new Map<string, Uint8Array>();
  for (const { name, content } of stored) if (!files.has(name)) files.set(name, content);
  if (![...files.keys()].some((name) => name in FILES)) throw new Malformed("no record");
  const order = Object.keys(FILES).filter((name) => files.has(name));
  const exact =
    order.length === stored.length &&
    stored.every(({ name }, i) => name === order[i]) &&
    stored.every((one) => {
      const header = join(little([LOCAL, 4]), described(one));
      return equal(header, bytes.subarray(one.at, one.at + HEADER));
    }) &&
    equal(directory(stored, at), bytes.subarray(at));
  return { files, exact, once: files.size === stored.length };
}

function storedAt(bytes: Uint8Array, view: DataView, at: number): Stored {
  if (at + HEADER > bytes.length) throw new Malformed("the archive is cut off");
  const method = view.getUint16(at + 8, true);
  const [size, full] = [view.getUint32(at + 18, true), view.getUint32(at + 22, true)];
  const [nameLength, extra] = [view.getUint16(at + 26, true), view.getUint16(at + 28, true)];
  // Flags would say that it is encrypted, or that its size comes later.
  if (method || size !== full || extra || view.getUint16(at + 6, true)) {
    throw new Repacked("a file of the archive is not simply stored");
  }
  const from = at + HEADER + nameLength;
  if (from + size > bytes.length) throw new Malformed("the archive is cut off");
  const name = String.fromCharCode(...bytes.subarray(at + HEADER, from));
  if (!/^[\x20-\x7e]{1,64}$/.test(name)) throw new Malformed("no record");
  if (size > (FILES[name] ?? 2 ** 30)) throw new Malformed(`${name} is too large`);
  return { name, content: bytes.subarray(from, from + size), at };
}

/** The central directory and its end, of files whose last one ends at `at`. */
function directory(stored: readonly Stored[], at: number): Uint8Array {
  const entries = stored.map((one) => join(
    // Made by version, then as in the local header; no comment, disk 0, no attributes, its place.
    little([CENTRAL, 4], [VERSION, 2]), described(one),
    little([0, 2], [0, 2], [0, 2], [0, 4], [one.at, 4]), ascii(one.name)));
  const all = join(...entries);
  const n = stored.length;
  const end = little([END, 4], [0, 2], [0, 2], [n, 2], [n, 2], [all.length, 4], [at, 4], [0, 2]);
  return join(all, end);
}
