// The manifest 评议书 (§4.1), read strictly: every field, every limit, every rule between fields.

import { sha256 } from "@noble/hashes/sha2.js";
import { b64decode, Malformed } from "../protocol/encoding.ts";
import { os2ip } from "../protocol/modular.ts";
import {
  base64, decodeJson, flag, integer, list, matching, object, oneOf, type Read, type Schema, text,
} from "./canonical.ts";
import { boundsOf, type Form, layoutOf } from "./form.ts";
import { bilingual, instrument, kind } from "./instrument.ts";
import { checkForms, checkRules } from "./manifest-rules.ts";
import { rules } from "./rules.ts";
import { MAX_CLASSES, MAX_CONTESTS, MAX_SLIPS, MAX_SUBJECTS, MAX_TELLERS } from "./sizes.ts";

const LIMIT = 4 * 1024 * 1024;

const date = matching(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, "a date");
const dateOrNone: Schema<string> = (value) => (value === "" ? "" : date(value));
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
  instruments: list(instrument, 1, MAX_CONTESTS),
  subjects: list(object({
    kind, name: text(1, 100), post: text(0, 200), commitment: text(0, 500),
  }), 1, MAX_SUBJECTS),
  contests: list(object({
    subjects: list(integer(0, MAX_SUBJECTS), 1, MAX_SUBJECTS), instrument: integer(),
  }), 1, MAX_CONTESTS),
  classes: list(object({
    name: bilingual,
    entitled: integer(1, MAX_SLIPS),
    slips: integer(1, MAX_SLIPS),
    weight: integer(0, 100),
  }), 1, MAX_CLASSES),
  boxes: list(object({
    contest: integer(), class: integer(), token_keys: list(base64(256), 1, 4),
  }), 1, 65_535),
  signers: list(object({ name: text(1, 100) }, { key, url }), 1, 4),
  opening: object({
    custodian: flag,
    quorum: integer(1, MAX_TELLERS),
    publish_factors: flag,
    tellers: list(object({ name: text(1, 100), key }), 1, MAX_TELLERS),
  }),
  witnesses: list(object({ name: noteName, key }), 0, 4),
  rules,
  board: object({ origin: noteName, key }),
}, {
  comments: object({
    text: bilingual, length: integer(30, 3000), readers: list(text(1, 100), 1, 9),
  }),
});

export type Fields = Read<typeof SCHEMA>;

/** A manifest as read, with M and the keys in the form that they are used in. */
export interface Manifest extends Fields {
  readonly hash: Uint8Array;
  /** By contest. */
  readonly forms: readonly Form[];
  readonly boardKey: Uint8Array;
  readonly tellerKeys: readonly Uint8Array[];
  /** By box, then signer: the modulus. */
  readonly tokenKeys: readonly (readonly bigint[])[];
  readonly signerKeys: readonly (Uint8Array | undefined)[];
  readonly witnessKeys: readonly Uint8Array[];
}

export function decodeManifest(bytes: Uint8Array): Manifest {
  const fields = decodeJson(bytes, LIMIT, SCHEMA);
  checkRules(fields);
  const forms = formsOf(fields);
  checkForms(fields, forms);
  const { boxes, signers, opening, witnesses, board } = fields;
  const tokenKeys = boxes.map((box) =>
    box.token_keys.map((modulus) => os2ip(b64decode(modulus, 256))));
  return {
    ...fields,
    hash: sha256(bytes),
    forms,
    boardKey: b64decode(board.key, 32),
    tellerKeys: opening.tellers.map((teller) => b64decode(teller.key, 32)),
    tokenKeys,
    signerKeys: signers.map((signer) =>
      signer.key === undefined ? undefined : b64decode(signer.key, 32)),
    witnessKeys: witnesses.map((witness) => b64decode(witness.key, 32)),
  };
}

/** The ballot form of each contest. */
function formsOf({ contests, instruments, subjects: all, rules: { members, empty_ballot } }: Fields): Form[] {
  const layouts = instruments.map(layoutOf);
  return contests.map(({ instrument: number, subjects }) => {
    const [asked, layout] = [instruments[number], layouts[number]];
    if (!asked || !layout) throw new Malformed("a contest under no instrument");
    const kinds = subjects.map((subject) => all[subject]?.kind ?? "");
    return {
      ...layout,
      subjects: subjects.length,
      bounds: asked.limits.map((limit) => boundsOf(limit, layout, kinds, members)),
      emptySpoils: empty_ballot === "spoilt",
    };
  });
}

/** Whether this is a comment box 意见箱 (§4.14): after those of the contests. */
export const isComment = ({ contests, classes }: Fields, box: number): boolean =>
  box >= contests.length * classes.length;

/** What a ballot in this box answers. */
export function formOf(manifest: Manifest, box: number): Form {
  const form = manifest.forms[manifest.boxes[box]?.contest ?? -1];
  if (!form) throw new Malformed("no such box");
  return form;
}
