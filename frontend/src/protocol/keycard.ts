// The key card 钥匙卡 (§4.13): a teller's private key, sealed with a passphrase, on paper.

import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { x25519 } from "@noble/curves/ed25519.js";
import { scryptAsync } from "@noble/hashes/scrypt.js";
import { base32decode, base32encode, equal, join, Malformed, type Random } from "./encoding.ts";
import { open } from "./hpke.ts";
import { KEY_CARD, KEY_CHECK, ofSession } from "./labels.ts";

/** What a card says of its session: whose it is, of how many tellers, and how many open. */
export interface Terms {
  /** The teller's number, from 0. */
  readonly teller: number;
  readonly tellers: number;
  readonly quorum: number;
}

export interface KeyCard extends Terms {
  readonly publicKey: Uint8Array;
  /** The private key, sealed with the passphrase. */
  readonly sealed: Uint8Array;
}

/** A card of a later version than this page knows. */
export class OtherVersion extends Malformed {}

/** The fewest characters of a passphrase. */
export const PASSPHRASE = 8;

const VERSION = 1;
const BYTES = 82;
const MAX_TELLERS = 9;

/** How far a slow piece of arithmetic has come, from 0 to 1. */
export type OnProgress = (fraction: number) => void;

/** A passphrase as it is used: one spelling for what looks the same. */
const spelled = (passphrase: string): string => passphrase.normalize("NFKC");

export const isLongEnough = (passphrase: string): boolean =>
  [...spelled(passphrase)].length >= PASSPHRASE;

const head = ({ teller, tellers, quorum }: Terms, publicKey: Uint8Array): Uint8Array =>
  join(Uint8Array.of((VERSION << 4) | tellers, (teller << 4) | quorum), publicKey);

/** Whether a session can have these terms: 0 ≤ teller < tellers ≤ 9, 1 ≤ quorum ≤ tellers. */
export const areTerms = ({ teller, tellers, quorum }: Terms): boolean =>
  teller >= 0 && teller < tellers && tellers <= MAX_TELLERS && quorum >= 1 && quorum <= tellers;

/** The passphrase's cipher for the card with this head. */
async function cipher(
  session: string,
  terms: Terms,
  publicKey: Uint8Array,
  passphrase: string,
  onProgress: OnProgress,
) {
  const text = new TextEncoder().encode(spelled(passphrase));
  const work = { N: 2 ** 15, r: 8, p: 1, dkLen: 32, onProgress };
  const key = await scryptAsync(text, publicKey, work);
  const bound = join(ofSession(KEY_CARD, session), Uint8Array.of(0), head(terms, publicKey));
  // The all-zero nonce is right: the salt is a fresh public key, so each k encrypts once.
  return chacha20poly1305(key, new Uint8Array(12), bound);
}

/** A fresh key for a teller of this session, on a card. */
export async function makeCard(
  session: string,
  { teller, tellers, quorum }: Terms,
  passphrase: string,
  random: Random,
  onProgress: OnProgress,
): Promise<KeyCard> {
  const privateKey = random(32);
  const publicKey = x25519.getPublicKey(privateKey);
  const terms = { teller, tellers, quorum };
  const sealing = await cipher(session, terms, publicKey, passphrase, onProgress);
  const sealed = sealing.encrypt(privateKey);
  privateKey.fill(0);
  return { ...terms, publicKey, sealed };
}

/** The private key; undefined if the passphrase is wrong, or the card is another session's. */
export async function openCard(
  session: string,
  card: KeyCard,
  passphrase: string,
  onProgress: OnProgress,
): Promise<Uint8Array | undefined> {
  const { publicKey, sealed } = card;
  const opening = await cipher(session, card, publicKey, passphrase, onProgress);
  let privateKey: Uint8Array;
  try {
    privateKey = opening.decrypt(sealed);
  } catch {
    return undefined;
  }
  return equal(x25519.getPublicKey(privateKey), publicKey) ? privateKey : undefined;
}

/** What the service sealed to a key to see that it can be used (§4.13); undefined if it cannot. */
export function answerChallenge(
  session: string,
  teller: number,
  privateKey: Uint8Array,
  challenge: Uint8Array,
): Uint8Array | undefined {
  const info = join(ofSession(KEY_CHECK, session), Uint8Array.of(0, teller));
  try {
    return open(privateKey, info, challenge);
  } catch {
    return undefined;
  }
}

/** The card in 132 symbols, as its QR code has it. */
export const writeCard = (card: KeyCard): string =>
  base32encode(join(head(card, card.publicKey), card.sealed));

/** The card in these 132 symbols; throws `Malformed`, and `OtherVersion` for a later kind. */
export function readCard(symbols: string): KeyCard {
  const bytes = base32decode(symbols, BYTES);
  const [first = 0, second = 0] = bytes;
  if (first >> 4 !== VERSION) throw new OtherVersion("a card of another version");
  const terms = { teller: second >> 4, tellers: first & 15, quorum: second & 15 };
  if (!areTerms(terms)) throw new Malformed("no such teller or quorum");
  return { ...terms, publicKey: bytes.slice(2, 34), sealed: bytes.slice(34) };
}
