// "Recount here" 在此复算: the whole verification of a record (§6), all twelve checks.

import { ascii, b64encode, equal, Malformed } from "../protocol/encoding.ts";
import { fingerprint } from "../protocol/manifest.ts";
import { type Archive, FILES, readArchive } from "./archive.ts";
import { entriesOf } from "./board.ts";
import { decodeJson, object, oneOf } from "./canonical.ts";
import { type Board, checkEntries } from "./checkboard.ts";
import { checkOpenings } from "./checkopenings.ts";
import { type Finding, Findings, type State, type Work } from "./findings.ts";
import { decodeManifest, type Manifest } from "./manifest.ts";
import { decodeCheckpoint } from "./note.ts";
import { checkFactors, decodeFactors } from "./opening.ts";
import { decodeOpenings, fewValid, isCountable, type Openings } from "./openings.ts";
import { decodeResults, resultsOf } from "./results.ts";

const HEAD = object({ format: oneOf("appraisal-record/1"), kind: oneOf("public", "audit") });
const FACTORS = "factors.json";

/** What a page tells of a verification; plain values, so that a worker can send it. */
export interface Report {
  readonly audit: boolean;
  /** Whether nothing is wrong but the archive's own form: every file in it holds. */
  readonly repacked: boolean;
  /** By check, from 1. */
  readonly states: Readonly<Record<number, State>>;
  readonly findings: readonly Finding[];
  /** By check, how many findings there are, of which the first few are told. */
  readonly totals: Readonly<Record<number, number>>;
  /** Whose record it is, as far as it could be read. */
  readonly summary: Summary | undefined;
}
export interface Summary {
  readonly session: string;
  readonly title: string;
  readonly fingerprint: string;
  /** The root of the board's tree, in base64 as its checkpoint has it. */
  readonly root: string;
  readonly entries: number;
  readonly ballots: number;
  readonly slips: number;
  readonly witnesses: number;
  readonly signers: number;
  readonly opened: number;
  /** The ballots of each group that was opened and is withheld, since too few of them are valid. */
  readonly fewValid: readonly number[];
  /** A void session: nothing was opened. */
  readonly isVoid: boolean;
}

/** Verifies an archive; throws `Malformed` if there is no record in it. */
export function* recount(archive: Uint8Array): Work<Report> {
  yield { phase: "reading", done: 0, all: 1 };
  return yield* verify(readArchive(archive));
}

export function* verify({ files, exact, once }: Archive): Work<Report> {
  const findings = new Findings();
  if (!exact) {
    findings.add(1, "压缩包不是规定的写法，多半重新打过包",
      "the archive is not the one form of its files: packed anew, most likely");
  }
  /** What a file holds, or undefined and a finding. */
  const read = <T>(name: string, decode: (bytes: Uint8Array) => T): T | undefined => {
    const bytes = files.get(name);
    if (!bytes) return undefined;
    try {
      return decode(bytes);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      findings.add(1, `内容或写法不合规定（英文细节：${error.message}）`, error.message, name);
      return undefined;
    }
  };
  const head = read("record.json", (bytes) => decodeJson(bytes, 1000, HEAD));
  const audit = head ? head.kind === "audit" : files.has(FACTORS);
  const due = Object.keys(FILES).filter((name) => audit || name !== FACTORS);
  for (const name of due) if (!files.has(name)) findings.add(1, "缺少文件", "the file is missing", name);
  for (const name of files.keys()) {
    if (!due.includes(name)) findings.add(1, "多余的文件", "a file that does not belong", name);
  }
  const manifest = read("manifest.json", decodeManifest);
  const encoded = read("board.bin", entriesOf);
  const checkpoint = read("checkpoint.txt", decodeCheckpoint);
  const openings = read("openings.json", decodeOpenings);
  read("results.json", decodeResults);
  const factors = audit ? read(FACTORS, decodeFactors) : undefined;
  let board: Board | undefined;
  if (manifest && encoded) {
    const stage = openings?.void === "unstated" ? "unstated" : "opened";
    board = yield* checkEntries(manifest, encoded, checkpoint, stage, findings);
    if (openings) {
      const bytes = files.get("openings.json") as Uint8Array;
      checkOpenings(manifest, board, openings, bytes, findings);
      yield { phase: "counting", done: 0, all: 1 };
      checkResults(manifest, board, openings, files.get("results.json"), findings);
      if (factors) yield* checkFactors(manifest, board, openings, factors, findings);
    }
  }
  findings.made(1);
  return {
    audit,
    repacked: !exact && once && findings.told.length === 1,
    states: findings.states(audit),
    findings: [...findings.told].sort((a, b) => a.check - b.check),
    totals: findings.totals,
    summary: manifest && summary(manifest, board, openings),
  };
}

/** Check 11. */
function checkResults(
  manifest: Manifest,
  board: Board,
  openings: Openings,
  bytes: Uint8Array | undefined,
  findings: Findings,
): void {
  const stated = (number: number) => board.entries.some((entry) =>
    entry.kind === "turnout" && entry.signer === 0 && entry.voterClass === number);
  // Without every class's turnout nobody knows what the results should say of its slips.
  if (!isCountable(manifest, openings) || !manifest.classes.every((_, i) => stated(i))) return;
  const due = ascii(resultsOf(manifest, openings, board.slips));
  if (!bytes || !equal(due, bytes)) {
    findings.add(11, "重新计票得到的结果与公布的不同", "counting again gives other results",
      "results.json");
  }
  findings.made(11);
}

function summary(
  manifest: Manifest,
  board: Board | undefined,
  openings: Openings | undefined,
): Summary {
  return {
    session: manifest.session,
    title: manifest.title,
    fingerprint: fingerprint(manifest.hash),
    root: board ? b64encode(board.root) : "",
    entries: board?.entries.length ?? 0,
    ballots: board?.ballots.length ?? 0,
    slips: board?.slips[0]?.reduce((sum, { printed }) => sum + printed, 0) ?? 0,
    witnesses: board?.cosigned.size ?? 0,
    signers: manifest.signers.length,
    opened: openings?.groups.reduce((sum, { opened = [] }) => sum + opened.length, 0) ?? 0,
    fewValid: openings ? fewValid(manifest, openings) : [],
    isVoid: openings?.void !== undefined,
  };
}
