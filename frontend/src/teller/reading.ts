// Bringing a key card to the page: from a picture or from the keyboard. (The third way, a camera that
// opens the card's link, is an arrival of its own.)

import { say } from "../i18n/teller.ts";
import { readTellerLink } from "../protocol/cardtext.ts";
import { Malformed } from "../protocol/encoding.ts";
import { type KeyCard, OtherVersion, readCard } from "../protocol/keycard.ts";
import { show } from "../ui/stage.ts";
import { readPicture } from "./card/picture.ts";
import { type Purpose, reading, typing } from "./screens/reading.ts";

/** A card, and the secret of the link that stands on it too. */
export interface Read {
  readonly card: KeyCard;
  readonly secret: string;
}

export interface Reader {
  readonly session: string;
  readonly purpose: Purpose;
  /** A card was read; answers with a sentence if it cannot be used here. */
  readonly take: (read: Read) => string | undefined;
  readonly back?: () => void;
}

/** What a QR code holds of this session, or why it is not a card of it. */
export function cardIn(text: string, session: string): Read | string {
  const [, where, fragment] = /\/t\/([0-9a-z]{10})#(.*)$/.exec(text) ?? [];
  if (where === undefined || fragment === undefined) return say("read.no-card");
  try {
    const link = readTellerLink(fragment);
    if (!link?.card) return say("read.no-card");
    if (where !== session) return say("read.other-session", { session: where });
    return { card: link.card, secret: link.secret };
  } catch (error) {
    if (error instanceof OtherVersion) return say("read.version");
    if (error instanceof Malformed) return say("read.damaged");
    throw error;
  }
}

/** Asks for the card in one of three ways. */
export function readBack(reader: Reader): void {
  const { session, purpose, take, back } = reader;
  const picture = async (file: File): Promise<string | undefined> => {
    let text: string | undefined;
    try {
      text = await readPicture(file);
    } catch {
      return say("read.no-picture");
    }
    if (text === undefined) return say("read.nothing");
    const read = cardIn(text, session);
    return typeof read === "string" ? read : take(read);
  };
  show(() => reading(purpose, { picture, type: () => typeIn(reader), ...(back ? { back } : {}) }));
}

function typeIn(reader: Reader): void {
  const take = (lines: readonly string[]): string | undefined => {
    try {
      return reader.take({
        card: readCard(lines.slice(0, -1).join("")), secret: lines[lines.length - 1] as string,
      });
    } catch (error) {
      // Lines that are right each for itself, and no card that this page knows.
      if (error instanceof Malformed) return say("read.version");
      throw error;
    }
  };
  show(() => typing(take, () => readBack(reader)));
}
