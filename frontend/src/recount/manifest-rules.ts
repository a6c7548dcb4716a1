// The rules of a manifest that no single field can keep (§4.1).

import { b64decode, Malformed } from "../protocol/encoding.ts";
import { isKey } from "../protocol/ed25519.ts";
import { os2ip } from "../protocol/modular.ts";
import type { Fields } from "./manifest.ts";

/** The seven sectors 分类指导. */
const SECTORS: readonly string[] = [
  "农村", "街道社区", "国有企业和金融机构", "机关", "高等学校", "事业单位", "非公有制经济组织和社会组织",
];

function demand(holds: boolean, broken: string): void {
  if (!holds) throw new Malformed(broken);
}

const once = (values: readonly unknown[]): boolean => new Set(values).size === values.length;

/** Throws `Malformed` for a manifest that contradicts itself. */
export function checkRules(fields: Fields): void {
  demand(SECTORS.includes(fields.sector), "a sector that there is not");
  const { from, to } = fields.period;
  demand([from, fields.frozen, ...(to ? [to] : [])].every(isDate), "a day that no month has");
  demand(!to || to >= from, "a period that ends before it begins");
  checkInstruments(fields);
  checkContests(fields);
  checkClasses(fields);
  checkBoxes(fields);
  checkSigners(fields);
  checkOpening(fields);
  checkWitnesses(fields);
}

/** Whether a text of the form 2010-04-07 is a day of the calendar. */
function isDate(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.split("-").map(Number);
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return year > 0 && day <= (days[month - 1] ?? 0);
}

function checkInstruments({ instruments }: Fields): void {
  demand(once(instruments.map(({ id }) => id)), "an instrument stands twice");
  for (const { questions } of instruments) {
    for (const { grades } of questions) {
      const points = grades.flatMap((grade) => grade.points ?? []);
      demand(points.length > 0, "no grade carries points");
      demand(points.every((p, i) => i === 0 || p <= (points[i - 1] as number)),
        "grades do not stand best first");
      demand(grades.every((grade) => grade.points !== undefined || !grade.positive),
        "a grade outside the scale is positive");
    }
  }
}

function checkContests({ contests, subjects, instruments }: Fields): void {
  demand(once(contests.map((c) => `${c.subject} ${c.instrument}`)),
    "a subject stands twice under one instrument");
  for (const { subject, instrument } of contests) {
    demand(subject < subjects.length, "a contest about nobody");
    demand(instrument < instruments.length, "a contest under no instrument");
  }
}

function checkClasses({ classes, rules }: Fields): void {
  demand(classes.reduce((sum, { weight }) => sum + weight, 0) === 100, "weights do not sum to 100");
  demand(once(classes.map(({ name }) => name.zh)), "a class stands twice");
  demand(classes.every(({ slips }) => slips >= rules.floor), "fewer slips than the floor");
}

function checkBoxes({ boxes, classes, contests, signers }: Fields): void {
  demand(boxes.length === contests.length * classes.length, "not one box for every contest and class");
  boxes.forEach((box, i) => {
    demand(box.contest * classes.length + box.class === i && box.class < classes.length,
      "boxes out of order");
    demand(box.token_keys.length === signers.length, "not one token key a signer");
  });
  // Base64 has one spelling, so equal texts are equal keys.
  const moduli = boxes.flatMap((box) => box.token_keys);
  demand(once(moduli), "a token key stands twice");
  for (const modulus of moduli) {
    const bytes = b64decode(modulus, 256);
    demand((bytes[0] as number) >= 0x80 && (os2ip(bytes) & 1n) === 1n, "no RSA-2048 modulus");
  }
}

function checkSigners({ signers }: Fields): void {
  const [registrar, ...further] = signers;
  demand(registrar?.key === undefined && registrar?.url === undefined,
    "the registrar has a name only");
  demand(once(signers.map(({ name }) => name)), "a signer's name stands twice");
  for (const { key, url } of further) {
    demand(key !== undefined && url !== undefined, "a further signer has key and address");
    demand(isKey(b64decode(key, 32)), "a signer's key is none");
  }
  demand(once(further.map(({ key }) => key)), "a signer's key stands twice");
  demand(once(further.map(({ url }) => url)), "a signer's address stands twice");
}

function checkOpening({ opening }: Fields): void {
  const { custodian, quorum, tellers } = opening;
  demand(quorum <= tellers.length, "no such quorum");
  demand(once(tellers.map(({ key }) => key)), "a teller's key stands twice");
  demand(!custodian || tellers.length === 1, "a custodian is the only teller");
}

function checkWitnesses({ witnesses, board }: Fields): void {
  const all = [{ name: board.origin, key: board.key }, ...witnesses];
  demand(once(all.map(({ name }) => name)), "a witness's name stands twice, or is the board's");
  demand(once(all.map(({ key }) => key)), "a witness's key stands twice, or is the board's");
  for (const { key } of all) demand(isKey(b64decode(key, 32)), "a key of board or witness is none");
}
