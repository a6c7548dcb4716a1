// The key card as a picture: one drawing in millimetres for the screen, the printer and the file.

import encodeQR from "qr";
import { type TellerKey, say } from "../../i18n/teller.ts";
import { Sheet, WIDTH } from "./sheet.ts";

/** What stands on a card besides its sentences. */
export interface CardFacts {
  readonly title: string;
  readonly organisation: string;
  readonly session: string;
  readonly demonstration: boolean;
  readonly name: string;
  /** The teller's number, from 1. */
  readonly number: number;
  readonly tellers: number;
  readonly quorum: number;
  readonly date: string;
  /** The page's address without its fragment. */
  readonly address: string;
  /** What the QR code holds: the address, the link's secret and the card. */
  readonly link: string;
  readonly lines: readonly string[];
}

const QR = 48;
/** White around a QR code, in modules (ISO/IEC 18004). */
const QUIET = 4;

/** A line in groups of four, as people read and type it. */
export const grouped = (line: string): string => (line.match(/.{1,4}/g) ?? []).join(" ");

/** The drawing, an SVG document. */
export function drawCard(facts: CardFacts): string {
  const { name, number, tellers, quorum, date, session, lines } = facts;
  const sheet = new Sheet();
  sheet.bar(0, 2.4, "#b3261e");
  if (facts.demonstration) sheet.banner(say("drawn.demonstration"));
  sheet.y += 6;
  sheet.text(say("drawn.kind"), { size: 8.4, weight: 700, serif: true });
  sheet.right(say("drawn.number", { n: number, all: tellers, quorum }), 3.5);
  sheet.y += 1.5;
  sheet.text(facts.organisation, { size: 3.6, colour: "#444", most: 2 });
  sheet.text(facts.title, { size: 5, weight: 700, most: 3 });
  sheet.rule();
  sheet.text(say("drawn.teller"), { size: 3.4, colour: "#444" });
  sheet.text(name, { size: 7.4, weight: 700, most: 2 });
  sheet.text(say("drawn.date", { date }), { size: 3.5 });
  sheet.text(say("drawn.session", { session }), { size: 3.5 });
  sheet.y += 3;

  const top = sheet.y;
  sheet.qr(encodeQR(facts.link, "raw", { ecc: "medium", border: QUIET }), 4, QR);
  sheet.left = QR + 8;
  sheet.text(say("drawn.when"), { size: 4.2, weight: 700 });
  for (const key of ["drawn.scan", "drawn.enter", "drawn.open"] as const satisfies TellerKey[]) {
    sheet.text(say(key), { size: 3.6, most: 4 });
    sheet.y += 0.8;
  }
  sheet.left = 6;
  sheet.y = Math.max(sheet.y, top + QR) + 3;

  sheet.text(say("drawn.lines"), { size: 3.5, most: 2 });
  sheet.text(facts.address, { size: 3.5, mono: true, most: 3 });
  sheet.y += 2;
  lines.forEach((line, i) => sheet.symbols(String(i + 1), grouped(line)));
  sheet.y += 2.5;
  sheet.boxed([say("drawn.warning"), say("drawn.loss")]);
  return sheet.end(WIDTH);
}
