// The board's head (§4.9): a C2SP checkpoint, signed by the board and cosigned by witnesses.

import { sha256 } from "@noble/hashes/sha2.js";
import { b64decode, b64encode, equal, join, Malformed } from "../protocol/encoding.ts";
import { verifies } from "../protocol/ed25519.ts";

/** How many bytes a text of base64 holds. */
const b64length = (text: string): number =>
  Math.floor(text.length / 4) * 3 - (text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0);

/** One line below the head: `— NAME b64(key ID ‖ signature)`. */
interface Line {
  readonly name: string;
  readonly id: Uint8Array;
  readonly signature: Uint8Array;
}

export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  readonly lines: readonly Line[];
}

const LIMIT = 4096;
const BOARD = 0x01;
const COSIGNATURE = 0x04;
/** The largest time of a cosignature: what 63 bits hold (c2sp.org/tlog-cosignature). */
const MAX_SECONDS = 2n ** 63n - 1n;

const body = ({ origin, size, root }: Checkpoint): string => `${origin}\n${size}\n${b64encode(root)}\n`;

const written = (checkpoint: Checkpoint): string =>
  `${body(checkpoint)}\n${checkpoint.lines.map(({ name, id, signature }) =>
    `— ${name} ${b64encode(join(id, signature))}\n`).join("")}`;

/** The checkpoint in these bytes: the head, the board's line, then cosignatures. */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  if (bytes.length > LIMIT) throw new Malformed("too large");
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Malformed("not UTF-8");
  }
  const [origin = "", size = "", root = "", empty, ...rest] = text.split("\n");
  if (empty !== "" || rest.pop() !== "" || !rest.length) throw new Malformed("not a signed head");
  if (!origin || !/^(0|[1-9]\d{0,15})$/.test(size)) throw new Malformed("no origin or no size");
  const lines = rest.map((line) => {
    const [, name, signed] = /^— ([^\s+]+) (\S+)$/u.exec(line) ?? [];
    if (!name || !signed) throw new Malformed("a line that is no signature");
    const raw = b64decode(signed, b64length(signed));
    // In a cosignature u64 seconds stand before the signature.
    if (raw.length !== (name === origin ? 68 : 76)) {
      throw new Malformed("a signature of another length");
    }
    return { name, id: raw.subarray(0, 4), signature: raw.subarray(4) };
  });
  if (lines[0]?.name !== origin) throw new Malformed("the board's own signature is not the first");
  const checkpoint = { origin, size: Number(size), root: b64decode(root, 32), lines };
  if (written(checkpoint) !== text) throw new Malformed("another spelling");
  return checkpoint;
}

const keyId = (name: string, kind: number, key: Uint8Array): Uint8Array =>
  sha256(join(new TextEncoder().encode(name), Uint8Array.of(0x0a, kind), key)).subarray(0, 4);

/** Whether the first line is the signature of the board's key under this origin. */
export function signedByBoard(checkpoint: Checkpoint, origin: string, key: Uint8Array): boolean {
  const [line] = checkpoint.lines;
  return checkpoint.origin === origin && line !== undefined &&
    equal(line.id, keyId(origin, BOARD, key)) &&
    verifies(line.signature, new TextEncoder().encode(body(checkpoint)), key);
}

/** The time of a line's cosignature in seconds since 1970; undefined if it is not this witness's. */
export function cosignedAt(
  checkpoint: Checkpoint,
  line: Line,
  witness: { readonly name: string; readonly key: Uint8Array },
): number | undefined {
  const { name, key } = witness;
  if (line.name !== name || !equal(line.id, keyId(name, COSIGNATURE, key))) return undefined;
  const view = new DataView(line.signature.buffer, line.signature.byteOffset, 8);
  const seconds = view.getBigUint64(0);
  if (seconds > MAX_SECONDS) return undefined;
  const message = new TextEncoder().encode(`cosignature/v1\ntime ${seconds}\n${body(checkpoint)}`);
  return verifies(line.signature.subarray(8), message, key) ? Number(seconds) : undefined;
}
