// How a ballot's entry is laid out (§4.5 to §4.7): every length follows from the manifest.

const HEAD = 1 + 2;
export const KEY = 32;
export const SIGNATURE = 64;
export const TOKEN = 32 + 256;
const SHARE = 80;
const TAG = 16;
/** Version and tracker, before the answers. */
export const BEFORE_ANSWERS = 1 + 16;
/** Version and length, before the text of a comment. */
const BEFORE_TEXT = 1 + 2;

interface Parties {
  readonly signers: readonly unknown[];
  readonly opening: { readonly tellers: readonly unknown[] };
}

export const ballotLength = (answers: number): number => BEFORE_ANSWERS + answers;
export const commentLength = (text: number): number => BEFORE_TEXT + text;

/** Where the key stands in an entry. */
export const KEY_AT = HEAD;
export const tokenAt = (signer: number): number => KEY_AT + KEY + TOKEN * signer;
export const sealedAt = ({ signers }: Parties): number => tokenAt(signers.length);

/** Bytes of an entry that holds so many in plain. */
export const entryLength = (parties: Parties, plain: number): number =>
  sealedAt(parties) + SHARE * parties.opening.tellers.length + plain + TAG + SIGNATURE;
