// The manifest 评议书 (§4.1): what a session is about, frozen, named by its hash M.

import { sha256 } from "@noble/hashes/sha2.js";
import { b64decode, base32encode, canonicalJson, Malformed } from "./encoding.ts";
import { type Bilingual, type Form, type Instrument, makeForm, type Subject } from "./form.ts";

interface Box {
  readonly contest: number;
  readonly class: number;
  readonly token_keys: readonly string[];
}
/** Who turns slips into tokens: the registrar, with a name only, then those run by others. */
export interface Signer {
  readonly name: string;
  readonly key?: string;
  /** Where its draw requests go: scheme and host. */
  readonly url?: string;
}
interface Fields {
  readonly format: string;
  readonly session: string;
  readonly title: string;
  readonly organisation: string;
  readonly demonstration: boolean;
  readonly instruments: readonly Instrument[];
  readonly subjects: readonly Subject[];
  readonly contests: readonly { readonly subjects: readonly number[]; readonly instrument: number }[];
  readonly classes: readonly { readonly name: Bilingual }[];
  readonly boxes: readonly Box[];
  readonly signers: readonly Signer[];
  readonly opening: {
    readonly custodian: boolean;
    readonly quorum: number;
    readonly publish_factors: boolean;
    readonly tellers: readonly { readonly name: string; readonly key: string }[];
  };
  readonly witnesses: readonly { readonly name: string; readonly key: string }[];
  readonly rules: {
    readonly empty_ballot: "valid" | "spoilt";
    readonly members: number;
    readonly self_appraisal: boolean;
    /** Whom the results are told (§5.5). */
    readonly publication: "public" | "on-the-spot" | "branch" | "subject";
  };
  /** The comment box 意见箱, if there is one; `length` in bytes. */
  readonly comments?: {
    readonly text: Bilingual;
    readonly length: number;
    readonly readers: readonly string[];
  };
  readonly board: { readonly origin: string; readonly key: string };
}

/** A manifest as read, with M and the keys as bytes. */
export interface Manifest extends Fields {
  readonly hash: Uint8Array;
  readonly tellerKeys: readonly Uint8Array[];
  readonly boardKey: Uint8Array;
}

export const MAX_MANIFEST = 4 * 1024 * 1024;
const MAX_SIGNERS = 4;
const MAX_WITNESSES = 4;

/** What the slip shows of M: base32 of its first 16 bytes, 26 symbols. */
export const fingerprint = (hash: Uint8Array): string => base32encode(hash.subarray(0, 16));

/** The manifest in these bytes; throws `Malformed` on another spelling or a missing part. */
export function decodeManifest(bytes: Uint8Array): Manifest {
  if (bytes.length > MAX_MANIFEST) throw new Malformed("too large for a manifest");
  let fields: Fields;
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    fields = JSON.parse(text) as Fields;
  } catch {
    throw new Malformed("the manifest is not JSON");
  }
  if (canonicalJson(fields) !== text) throw new Malformed("the manifest is not canonical");
  if (fields.format !== "appraisal-manifest/1") throw new Malformed("another format");
  const { classes, boxes, signers, opening, witnesses, board } = fields;
  // The comment box comes after the last contest.
  const contests = fields.contests.length + (fields.comments ? 1 : 0);
  checkSigners(signers);
  if (witnesses.length > MAX_WITNESSES) throw new Malformed("too many witnesses");
  witnesses.forEach(({ key }) => b64decode(key, 32));
  boxes.forEach((box, i) => {
    const here = Math.floor(i / classes.length) === box.contest && i % classes.length === box.class;
    if (!here) throw new Malformed("boxes out of order");
    if (box.token_keys.length !== signers.length) throw new Malformed("not one key a signer");
  });
  if (boxes.length !== contests * classes.length) throw new Malformed("boxes missing");
  const { quorum, tellers } = opening;
  if (quorum < 1 || quorum > tellers.length) throw new Malformed("no such quorum");
  fields.contests.forEach((_, contest) => formOf(fields, contest));
  return {
    ...fields,
    hash: sha256(bytes),
    tellerKeys: tellers.map((teller) => b64decode(teller.key, 32)),
    boardKey: b64decode(board.key, 32),
  };
}

/** The registrar has neither key nor address, each further signer both (§4.1). */
function checkSigners(signers: readonly Signer[]): void {
  if (signers.length < 1 || signers.length > MAX_SIGNERS) throw new Malformed("no such signers");
  signers.forEach(({ key, url }, number) => {
    if (number === 0) {
      if (key !== undefined || url !== undefined) throw new Malformed("a registrar elsewhere");
    } else {
      b64decode(key, 32);
      if (!/^https?:\/\/[^/?#@\\]+$/.test(url ?? "")) throw new Malformed("no signer's address");
    }
  });
}

/** The ballot form of a contest. */
export function formOf(manifest: Fields, contest: number): Form {
  const { subjects = [], instrument = -1 } = manifest.contests[contest] ?? {};
  const asked = manifest.instruments[instrument];
  const about = subjects.map((subject) => manifest.subjects[subject]);
  if (!asked || !about.length) throw new Malformed("a contest about nothing");
  return makeForm(asked, about.map(present), manifest.rules);
}

function present(subject: Subject | undefined): Subject {
  if (!subject) throw new Malformed("no such subject");
  return subject;
}
