// Slips 选票凭证 (check 5): printed, drawn and void with every signer.

import { ascii, join } from "../protocol/encoding.ts";
import type { Entry, Printed, Turnout } from "./board.ts";
import type { Findings } from "./findings.ts";
import type { Manifest } from "./manifest.ts";
import { verifies } from "../protocol/ed25519.ts";

const SIGNER = "appraisal/1 signer";

/** One class's slips with one signer. */
export interface SlipCount {
  readonly printed: number;
  readonly drawn: number;
  readonly void: number;
}

/** By signer, then class. */
export type SlipCounts = readonly (readonly SlipCount[])[];

export function countSlips(manifest: Manifest, entries: readonly Entry[]): SlipCounts {
  return manifest.signers.map((_, signer) => manifest.classes.map((_, voterClass) => {
    const { printings, turnout } = listsOf(entries, signer, voterClass);
    return {
      printed: printings.reduce((sum, { slips }) => sum + slips.length, 0),
      drawn: turnout?.drawn.length ?? 0,
      void: turnout?.voided.length ?? 0,
    };
  }));
}

function listsOf(entries: readonly Entry[], signer: number, voterClass: number) {
  const mine = (entry: Printed | Turnout) =>
    entry.signer === signer && entry.voterClass === voterClass;
  return {
    printings: entries.filter((e): e is Printed => e.kind === "printed" && mine(e)),
    turnout: entries.find((e): e is Turnout => e.kind === "turnout" && mine(e)),
  };
}

/** Check 5: no slip twice, what was drawn or void was printed, and statements verify. */
export function checkSlips(
  manifest: Manifest,
  entries: readonly Entry[],
  findings: Findings,
): void {
  const seen = new Set<string>();
  for (const entry of entries) {
    if (entry.kind !== "printed" && entry.kind !== "turnout") continue;
    const { signer, voterClass, place } = entry;
    const where = `board.bin:${place + 1}`;
    const key = manifest.signerKeys[signer];
    if (!manifest.classes[voterClass]) {
      findings.add(5, "票种不存在", "a class that there is not", where);
    }
    if (key) {
      const message = join(ascii(SIGNER), Uint8Array.of(0), manifest.hash, entry.stated);
      if (!verifies(entry.statement, message, key)) {
        findings.add(5, "第二签发方的声明签名无效", "the signer's statement does not verify", where);
      }
    }
    if (entry.kind !== "printed") continue;
    const again = entry.slips.filter((slip) => seen.size === seen.add(slip).size).length;
    if (again) {
      findings.add(5, `${again} 个凭证重复`, `${again} slips stand twice`, where);
    }
  }
  manifest.signers.forEach((_, signer) => manifest.classes.forEach((_, voterClass) =>
    checkClass(manifest, entries, { signer, voterClass }, findings)));
  findings.made(5);
}

function checkClass(
  manifest: Manifest,
  entries: readonly Entry[],
  { signer, voterClass }: { readonly signer: number; readonly voterClass: number },
  findings: Findings,
): void {
  const { printings, turnout } = listsOf(entries, signer, voterClass);
  const { name, slips: said = 0 } = manifest.classes[voterClass] ?? {};
  const add = (zh: string, en: string) => findings.add(5, zh, en, whose(manifest, signer, name?.zh));
  const first = printings[0]?.slips.length ?? 0;
  if (first !== said) {
    add(`首次印制 ${first} 张，评议书规定 ${said} 张`,
      `the first printing has ${first} slips, the manifest says ${said}`);
  }
  if (signer && printings.length > 1) {
    add("第二签发方收了不止一批凭证", "a further signer has more than one printing");
  }
  if (!turnout) return;
  const printed = new Set(printings.flatMap(({ slips }) => slips));
  const drawn = new Set(turnout.drawn);
  const strange = [...turnout.drawn, ...turnout.voided].filter((slip) => !printed.has(slip)).length;
  if (strange) add(`${strange} 个凭证没有印制过`, `${strange} slips were never printed`);
  const both = turnout.voided.filter((slip) => drawn.has(slip)).length;
  if (both) add(`${both} 个凭证又领取又作废`, `${both} slips are both drawn and void`);
  const repeated =
    turnout.drawn.length - drawn.size + turnout.voided.length - new Set(turnout.voided).size;
  if (repeated) add(`${repeated} 个凭证重复登记`, `${repeated} slips are listed twice`);
  if (signer && turnout.voided.length) {
    add("第二签发方不能作废凭证", "nothing is void with a further signer");
  }
}

/** A class, after the name of a further signer. */
export const whose = (manifest: Manifest, signer: number, name = ""): string =>
  signer ? `${manifest.signers[signer]?.name ?? ""} · ${name}` : name;
