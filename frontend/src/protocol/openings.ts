// Openings (§4.10): what the opened boxes held, each ballot under the number its voter's phone drew.

import { canonicalJson, Malformed } from "./encoding.ts";

export interface OpenedBallot {
  readonly tracker: string;
  readonly answers: readonly number[];
}

/** One group of boxes; a withheld one has neither opened ballots nor reasons why they are spoilt. */
export interface OpenedGroup {
  readonly boxes: readonly number[];
  readonly ballots: number;
  readonly status: "opened" | "withheld";
  readonly opened?: readonly OpenedBallot[];
  readonly spoilt?: readonly string[];
}

/** Why a session is void: more ballots than slips drawn, tellers who could not open, a signer gone. */
const VOID = ["overfull", "unopened", "unstated"];

/** The groups of `openings.json`, none if it is void; throws `Malformed` on anything else. */
export function decodeOpenings(bytes: Uint8Array): readonly OpenedGroup[] {
  let openings: { readonly format?: unknown; readonly groups?: unknown; readonly void?: unknown };
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    openings = JSON.parse(text) as typeof openings;
  } catch {
    throw new Malformed("the openings are not JSON");
  }
  if (canonicalJson(openings) !== text) throw new Malformed("the openings are not canonical");
  const { format, groups } = openings;
  if (format !== "appraisal-openings/1" || !Array.isArray(groups)) {
    throw new Malformed("another format");
  }
  const reason = openings.void;
  if (reason !== undefined && (!VOID.includes(reason as string) || groups.length)) {
    throw new Malformed("void for no reason");
  }
  return groups as readonly OpenedGroup[];
}

/** The trackers in a text that a person pasted or typed, as 32 hex digits; a receipt has none. */
export function findTrackers(text: string): string[] {
  const digits = /\b[0-9a-f]{8}(?:[\s-]?[0-9a-f]{8}){3}\b/gi;
  const found = text.match(digits) ?? [];
  return [...new Set(found.map((tracker) => tracker.replace(/[\s-]/g, "").toLowerCase()))];
}
