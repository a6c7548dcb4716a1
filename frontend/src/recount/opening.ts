// Opening again (check 12): with the tellers' decryption factors 解密因子 (§4.6) of an audit record.

import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { b64decode, canonicalJson } from "../protocol/encoding.ts";
import { openShare, SHARE_LENGTH } from "../protocol/factors.ts";
import { binding, CONTENT } from "../protocol/labels.ts";
import { multiply } from "../protocol/shamir.ts";
import type { Ballot } from "./ballot.ts";
import { base64, decodeJson, integer, list, object, oneOf, type Read, type Schema } from "./canonical.ts";
import type { Board } from "./checkboard.ts";
import type { Findings, Work } from "./findings.ts";
import { formOf, type Manifest } from "./manifest.ts";
import { isAuditable, type Openings } from "./openings.ts";
import { asPublished, type Content, readPlain } from "./plain.ts";
import { MAX_BALLOTS, MAX_TELLERS } from "./sizes.ts";

const LIMIT = 2 ** 30;
const factor: Schema<string> = (value) => (value === "" ? "" : base64(32)(value));
const SCHEMA = object({
  format: oneOf("appraisal-factors/1"),
  tellers: list(object({
    teller: integer(0, MAX_TELLERS - 1), factors: list(factor, 0, MAX_BALLOTS),
  }), 0, MAX_TELLERS),
});

export type Factors = Read<typeof SCHEMA>;

export const decodeFactors = (bytes: Uint8Array): Factors => decodeJson(bytes, LIMIT, SCHEMA);

/** Check 12: the factors are those of a quorum, good or empty, and give these very openings. */
export function* checkFactors(
  manifest: Manifest,
  board: Board,
  openings: Openings,
  { tellers }: Factors,
  findings: Findings,
): Work<void> {
  const boxes = new Set(openings.groups.filter(isAuditable).flatMap((group) => group.boxes));
  const ballots = board.ballots.filter(({ box }) => boxes.has(box));
  const numbers = tellers.map(({ teller }) => teller);
  const where = "factors.json";
  if (openings.void ? numbers.length : numbers.length !== manifest.opening.quorum) {
    findings.add(12, `${numbers.length} 位监票人的解密因子，应是 ${manifest.opening.quorum} 位`,
      `factors of ${numbers.length} tellers, the quorum is ${manifest.opening.quorum}`, where);
  }
  if (numbers.some((teller, i) => teller <= (numbers[i - 1] ?? -1) || !manifest.tellerKeys[teller])) {
    findings.add(12, "监票人不存在，或者次序不对", "tellers that there are not, or out of order", where);
    return;
  }
  for (const { teller, factors } of tellers) {
    if (factors.length === ballots.length) continue;
    findings.add(12, `第 ${teller + 1} 位监票人有 ${factors.length} 个解密因子，应有 ${ballots.length} 个`,
      `teller ${teller} has ${factors.length} factors for ${ballots.length} ballots`, where);
  }
  if (findings.failed(12)) return;
  const groupOf = new Map(openings.groups.flatMap((group, i) =>
    group.boxes.map((box) => [box, i] as const)));
  const plain: Content[][] = openings.groups.map(() => []);
  for (const [i, ballot] of ballots.entries()) {
    yield { phase: "opening", done: i, all: ballots.length };
    const shares = new Map<number, Uint8Array>();
    for (const { teller, factors } of tellers) {
      const given = factors[i] as string;
      if (!given) continue;
      const share = openShare(manifest, ballot.box, teller, ballot.sealed, b64decode(given, 32));
      if (share) shares.set(teller, share);
      else {
        findings.add(12, `第 ${teller + 1} 位监票人的解密因子打不开这张选票`,
          `teller ${teller}'s factor does not open this ballot`, `board.bin:${ballot.place + 1}`);
      }
    }
    plain[groupOf.get(ballot.box) ?? -1]?.push(contentOf(manifest, ballot, shares));
  }
  openings.groups.forEach((group, i) => {
    if (!isAuditable(group)) return;
    const { opened, spoilt } = asPublished(plain[i] ?? []);
    if (canonicalJson([opened, spoilt]) !== canonicalJson([group.opened ?? [], group.spoilt ?? []])) {
      findings.add(12, "重新开箱得到的选票与公布的不同", "opening again gives other ballots",
        `openings.groups[${i}]`);
    }
  });
  findings.made(12);
}

/** What one ballot holds, from the shares of a quorum; a share that is missing leaves it unreadable. */
function contentOf(
  manifest: Manifest,
  { box, sealed }: Ballot,
  shares: ReadonlyMap<number, Uint8Array>,
): Content {
  if (shares.size < manifest.opening.quorum) return "unreadable";
  const content = sealed.subarray(SHARE_LENGTH * manifest.tellerKeys.length);
  let plain: Uint8Array;
  try {
    plain = chacha20poly1305(combine(shares), new Uint8Array(12), binding(CONTENT, manifest.hash, box))
      .decrypt(content);
  } catch {
    return "unreadable";
  }
  return readPlain(formOf(manifest, box), plain);
}

/** The inverse in GF(2^8): a^254. */
function inverse(a: number): number {
  let result = 1;
  for (let i = 0; i < 254; i++) result = multiply(result, a);
  return result;
}

/** Shamir's secret: Lagrange's polynomial at 0; teller i stands at x = i + 1. */
function combine(shares: ReadonlyMap<number, Uint8Array>): Uint8Array {
  const secret = new Uint8Array(32);
  for (const [teller, share] of shares) {
    let weight = 1;
    for (const other of shares.keys()) {
      if (other === teller) continue;
      weight = multiply(weight, multiply(other + 1, inverse((other + 1) ^ (teller + 1))));
    }
    for (let i = 0; i < 32; i++) {
      secret[i] = (secret[i] as number) ^ multiply(weight, share[i] as number);
    }
  }
  return secret;
}
