// Receipts 回执: the board's signed word that a ballot was accepted (§4.7).

import { ascii, b64decode, b64encode, hexDecode, hexEncode, join, Malformed } from "./encoding.ts";
import { verifies } from "./ed25519.ts";
import { RECEIPT } from "./labels.ts";

export interface Receipt {
  readonly leafHash: Uint8Array;
  readonly signature: Uint8Array;
}

/** Whether the board's key signed this receipt. */
export function verifyReceipt(
  receipt: Receipt,
  manifestHash: Uint8Array,
  boardKey: Uint8Array,
): boolean {
  const message = join(ascii(RECEIPT), Uint8Array.of(0), manifestHash, receipt.leafHash);
  return verifies(receipt.signature, message, boardKey);
}

/** The receipts of a cast answer, one an entry and for that entry; throws `Malformed` otherwise. */
export function readReceipts(answer: unknown, leafHashes: readonly Uint8Array[]): Receipt[] {
  const { receipts } = answer as { receipts?: { ballot?: unknown; signature?: unknown }[] };
  if (!Array.isArray(receipts) || receipts.length !== leafHashes.length) {
    throw new Malformed("not one receipt a ballot");
  }
  return receipts.map(({ ballot, signature }, i) => {
    const leafHash = leafHashes[i] as Uint8Array;
    if (ballot !== hexEncode(leafHash)) throw new Malformed("a receipt for another ballot");
    return { leafHash, signature: b64decode(signature, 64) };
  });
}

/** A receipt as people keep it: one line a ballot, leaf hash and signature. */
export const writeReceipts = (receipts: readonly Receipt[]): string =>
  receipts.map((r) => `${hexEncode(r.leafHash)} ${b64encode(r.signature)}`).join("\n");

/** The receipts in a text that a person pasted; whatever else it says is passed over. */
export function findReceipts(text: string): { leafHash: Uint8Array; signature?: Uint8Array }[] {
  const pattern = /\b([0-9a-f]{64})\b(?:\s+([A-Za-z0-9+/]{86}==))?/g;
  return [...text.matchAll(pattern)].map(([, hash, signature]) => ({
    leafHash: hexDecode(hash, 32),
    ...(signature === undefined ? {} : { signature: b64decode(signature, 64) }),
  }));
}
