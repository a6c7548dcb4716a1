// The manifest 评议书 (§4.1), field by field.

import {
  base64, flag, integer, list, matching, object, oneOf, type Read, type Schema, text,
} from "./canonical.ts";
import { bilingual, instrument, kind } from "./instrument.ts";
import { rules } from "./rules.ts";
import { MAX_CLASSES, MAX_CONTESTS, MAX_SLIPS, MAX_SUBJECTS, MAX_TELLERS } from "./sizes.ts";

const date = matching(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, "a date");
const dateOrNone: Schema<string> = (value) => (value === "" ? "" : date(value));
const url = matching(/^https?:\/\/[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[1-9][0-9]{0,4})?$/, "scheme and host");
const noteName = matching(/^[!-*,-~]{1,255}$/, "a name without spaces and plus signs");
const key = base64(32);

export const SCHEMA = object({
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
