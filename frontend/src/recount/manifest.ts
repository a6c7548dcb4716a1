// The manifest 评议书 (§4.1), read strictly: every field, every limit, every rule between fields.

import { sha256 } from "@noble/hashes/sha2.js";
import { b64decode, Malformed } from "../protocol/encoding.ts";
import { os2ip } from "../protocol/modular.ts";
import {
  base64, decodeJson, flag, integer, list, matching, object, oneOf, type Read, type Schema, text,
} from "./canonical.ts";

export const LIMIT = 4 * 1024 * 1024;

const bilingual = object({ zh: text, en: text });
const date = matching(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, "a date");
const share: Schema<readonly number[]> = (value, place) => {
  const [top = 0, bottom = 0] = list(integer(), 2, 2)(value, place);
  if (bottom < 1 || top > bottom) throw new Malformed(`${place}: a share expected`);
  return [top, bottom];
};
const url: Schema<string> = (value, place) => {
  const given = text(value, place);
  let origin = "";
  try {
    origin = new URL(given).origin;
  } catch {
    // No address at all: refused below like one with a path.
  }
  if (origin !== given || !/^https?:/.test(given)) {
    throw new Malformed(`${place}: scheme and host expected`);
  }
  return given;
};
const key = base64(32);

const SCHEMA = object({
  format: oneOf("appraisal-manifest/1"),
  session: matching(/^[0-9a-hjkmnp-tv-z]{10}$/, "10 symbols of lower-case base32"),
  title: text,
  organisation: text,
  sector: text,
  period: object({ from: date, to: date, theme: text }),
  frozen: date,
  demonstration: flag,
  instruments: list(object({
    id: text,
    title: bilingual,
    questions: list(object({
      text: bilingual,
      grades: list(object({ text: bilingual, positive: flag }, { points: integer(0, 1000) }), 1, 250),
    }), 1, 32),
  }), 1),
  subjects: list(object({ kind: oneOf("organisation", "person"), name: text, post: text }), 1),
  contests: list(object({ subject: integer(), instrument: integer() }), 1, 2000),
  classes: list(object({ name: bilingual, slips: integer(2), weight: integer(0, 100) }), 1, 32),
  boxes: list(object({ contest: integer(), class: integer(), token_keys: list(base64(256), 1, 4) })),
  signers: list(object({ name: text }, { key, url }), 1, 4),
  opening: object({
    custodian: flag,
    quorum: integer(1, 9),
    publish_factors: flag,
    tellers: list(object({ name: text, key }), 1, 9),
  }),
  witnesses: list(object({ name: text, key }), 0, 4),
  rules: object({
    floor: integer(2),
    below_floor: oneOf("withhold", "merge"),
    empty_class: oneOf("renormalise", "zero"),
    decimals: integer(0, 9),
    turnout: share,
    positive: share,
    quota: integer(),
    award: text,
  }),
  board: object({ origin: text, key }),
});

export type Fields = Read<typeof SCHEMA>;
export type Question = Fields["instruments"][number]["questions"][number];

/** A manifest as read, with M and the keys in the form that they are used in. */
export interface Manifest extends Fields {
  readonly hash: Uint8Array;
  readonly boardKey: Uint8Array;
  readonly tellerKeys: readonly Uint8Array[];
  /** By box, then signer: the modulus. */
  readonly tokenKeys: readonly (readonly bigint[])[];
  readonly signerKeys: readonly (Uint8Array | undefined)[];
  readonly witnessKeys: readonly Uint8Array[];
}

export function decodeManifest(bytes: Uint8Array): Manifest {
  const fields = decodeJson(bytes, LIMIT, SCHEMA);
  const { boxes, classes, contests, signers, opening, rules, witnesses, board } = fields;
  const rule = (holds: boolean, broken: string) => {
    if (!holds) throw new Malformed(broken);
  };
  for (const { subject, instrument } of contests) {
    rule(subject < fields.subjects.length, "a contest about nobody");
    rule(instrument < fields.instruments.length, "a contest under no instrument");
  }
  for (const { questions } of fields.instruments) {
    for (const { grades } of questions) {
      rule(grades.every((grade) => grade.points !== undefined || !grade.positive),
        "a grade outside the scale is positive");
    }
  }
  rule(boxes.length === contests.length * classes.length, "not one box for every contest and class");
  boxes.forEach((box, i) => {
    rule(box.contest * classes.length + box.class === i && box.class < classes.length,
      "boxes out of order");
    rule(box.token_keys.length === signers.length, "not one token key a signer");
  });
  rule(classes.every(({ slips }) => slips >= rules.floor), "fewer slips than the floor");
  rule(classes.reduce((sum, { weight }) => sum + weight, 0) === 100, "weights do not sum to 100");
  signers.forEach((signer, i) => {
    const further = i > 0;
    rule((signer.key !== undefined) === further && (signer.url !== undefined) === further,
      "a further signer has key and address, the first neither");
  });
  rule(opening.quorum <= opening.tellers.length, "no such quorum");
  rule(!opening.custodian || opening.tellers.length === 1, "a custodian is the only teller");
  const tokenKeys = boxes.map((box) => box.token_keys.map((modulus) => {
    const bytesOf = b64decode(modulus, 256);
    const n = os2ip(bytesOf);
    rule((bytesOf[0] as number) >= 0x80 && (n & 1n) === 1n, "no RSA-2048 modulus");
    return n;
  }));
  return {
    ...fields,
    hash: sha256(bytes),
    boardKey: b64decode(board.key, 32),
    tellerKeys: opening.tellers.map((teller) => b64decode(teller.key, 32)),
    tokenKeys,
    signerKeys: signers.map((signer) =>
      signer.key === undefined ? undefined : b64decode(signer.key, 32)),
    witnessKeys: witnesses.map((witness) => b64decode(witness.key, 32)),
  };
}

/** The questions that a ballot in this box answers. */
export function questionsOf(manifest: Fields, box: number): readonly Question[] {
  const contest = manifest.contests[manifest.boxes[box]?.contest ?? -1];
  const questions = manifest.instruments[contest?.instrument ?? -1]?.questions;
  if (!questions) throw new Malformed("no such box");
  return questions;
}
