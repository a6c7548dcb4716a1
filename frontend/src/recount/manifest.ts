// The manifest 评议书 (§4.1), read strictly: every field, every limit, every rule between fields.

import { sha256 } from "@noble/hashes/sha2.js";
import { b64decode, Malformed } from "../protocol/encoding.ts";
import { os2ip } from "../protocol/modular.ts";
import {
  base64, decodeJson, flag, integer, list, matching, object, oneOf, type Read, type Schema, text,
} from "./canonical.ts";
import { checkRules } from "./manifest-rules.ts";

export const LIMIT = 4 * 1024 * 1024;

const bilingual = object({ zh: text(), en: text() });
const date = matching(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, "a date");
const dateOrNone: Schema<string> = (value, place) => (value === "" ? "" : date(value, place));
const share: Schema<readonly number[]> = (value, place) => {
  const [top = 0, bottom = 0] = list(integer(), 2, 2)(value, place);
  if (bottom < 1 || top > bottom) throw new Malformed(`${place}: a share expected`);
  return [top, bottom];
};
const url = matching(/^https?:\/\/[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[1-9][0-9]{0,4})?$/, "scheme and host");
const noteName = matching(/^[!-*,-~]{1,255}$/, "a name without spaces and plus signs");
const key = base64(32);

const SCHEMA = object({
  format: oneOf("appraisal-manifest/1"),
  session: matching(/^[0-9a-hjkmnp-tv-z]{10}$/, "10 symbols of lower-case base32"),
  title: text(1, 200),
  organisation: text(1, 200),
  sector: text(),
  period: object({ from: date, to: dateOrNone, theme: text(0, 200) }),
  frozen: date,
  demonstration: flag,
  instruments: list(object({
    id: matching(/^(?=.{1,60}$)[a-z0-9]+(-[a-z0-9]+)*$/, "an id"),
    title: bilingual,
    questions: list(object({
      text: bilingual,
      grades: list(object({ text: bilingual, positive: flag }, { points: integer(0, 1000) }), 1, 250),
    }), 1, 32),
  }), 1, 2000),
  subjects: list(object({
    kind: oneOf("organisation", "person"), name: text(1, 100), post: text(0, 200),
  }), 1, 2000),
  contests: list(object({ subject: integer(), instrument: integer() }), 1, 2000),
  classes: list(object({
    name: bilingual, slips: integer(1, 1_000_000), weight: integer(0, 100),
  }), 1, 32),
  boxes: list(object({
    contest: integer(), class: integer(), token_keys: list(base64(256), 1, 4),
  }), 1, 65_535),
  signers: list(object({ name: text(1, 100) }, { key, url }), 1, 4),
  opening: object({
    custodian: flag,
    quorum: integer(1, 9),
    publish_factors: flag,
    tellers: list(object({ name: text(1, 100), key }), 1, 9),
  }),
  witnesses: list(object({ name: noteName, key }), 0, 4),
  rules: object({
    floor: integer(2, 1000),
    below_floor: oneOf("withhold", "merge"),
    empty_class: oneOf("renormalise", "zero"),
    decimals: integer(0, 6),
    turnout: share,
    positive: share,
    quota: integer(0, 2000),
    award: text(0, 200),
  }),
  board: object({ origin: noteName, key }),
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
  const { boxes, signers, opening, witnesses, board } = fields;
  checkRules(fields);
  const tokenKeys = boxes.map((box) =>
    box.token_keys.map((modulus) => os2ip(b64decode(modulus, 256))));
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
