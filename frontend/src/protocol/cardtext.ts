// A key card as it stands on paper and in a QR code (§4.13): seven lines that each name their own
// mistakes, and a link that any camera opens.

import { sha256 } from "@noble/hashes/sha2.js";
import { ascii, base32encode, base32typed, isBase32, join } from "./encoding.ts";
import { type KeyCard, readCard } from "./keycard.ts";

/** Six lines of the card, and one of the link's secret. */
export const LINES = 7;
/** Symbols of the card in a line; a check symbol follows them. */
const LINE = 22;
/** Symbols of the secret in a teller's link. */
const SECRET = 26;

/** How many symbols stand in a line, the check symbol among them. */
export const lengthOf = (line: number): number => (line === LINES ? SECRET : LINE) + 1;

/** The check symbol of a line, counted from 1: base32 of five bits of its hash. */
function checkSymbol(line: number, symbols: string): string {
  const [first = 0] = sha256(join(Uint8Array.of(line), ascii(symbols)));
  return base32encode(Uint8Array.of((first & 31) << 3)).charAt(0);
}

/** The seven lines on paper, each with its check symbol. */
export const linesOf = (card: string, secret: string): string[] =>
  [...(card.match(/.{22}/g) ?? []), secret].map((symbols, i) => symbols + checkSymbol(i + 1, symbols));

/** The symbols of a line as typed; undefined if it is not whole, or its check symbol differs. */
export function readLine(line: number, typed: string): string | undefined {
  const text = base32typed(typed);
  const symbols = text.slice(0, -1);
  if (text.length !== lengthOf(line) || !isBase32(text)) return undefined;
  return text.slice(-1) === checkSymbol(line, symbols) ? symbols : undefined;
}

/** What a teller's link or the QR code of a card holds after the `#`. */
export interface TellerLink {
  readonly secret: string;
  readonly card?: KeyCard;
}

/** `SECRET` or `SECRET.CARD`; undefined if it is neither, throws as `readCard` does. */
export function readTellerLink(fragment: string): TellerLink | undefined {
  const [secret = "", card, ...more] = fragment.replace(/^#/, "").split(".").map(base32typed);
  if (secret.length !== SECRET || !isBase32(secret) || more.length) return undefined;
  return card === undefined ? { secret } : { secret, card: readCard(card) };
}
