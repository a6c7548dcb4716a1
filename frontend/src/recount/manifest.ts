// The manifest 评议书 (§4.1), read strictly: every field, every limit, every rule between fields.

import { sha256 } from "@noble/hashes/sha2.js";
import { b64decode, Malformed } from "../protocol/encoding.ts";
import { os2ip } from "../protocol/modular.ts";
import { decodeJson } from "./canonical.ts";
import { boundsOf, type Form, layoutOf } from "./form.ts";
import { type Fields, SCHEMA } from "./manifest-fields.ts";
import { checkForms, checkRules } from "./manifest-rules.ts";

const LIMIT = 4 * 1024 * 1024;

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
