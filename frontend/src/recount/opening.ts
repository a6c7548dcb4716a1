// Opening again (check 12): with the tellers' decryption factors 解密因子 (§4.6) of an audit record.

import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { b64decode, hexEncode } from "../protocol/encoding.ts";
import { openShare, SHARE_LENGTH } from "../protocol/factors.ts";
import { binding, CONTENT } from "../protocol/labels.ts";
import { multiply } from "../protocol/shamir.ts";
import type { Ballot } from "./ballot.ts";
import { base64, decodeJson, integer, list, object, oneOf, type Read, type Schema } from "./canonical.ts";
import type { Board } from "./checkboard.ts";
import type { Findings, Work } from "./findings.ts";
import { faultOf } from "./form.ts";
import { formOf, type Manifest } from "./manifest.ts";
import { isAuditable, type OpenedBallot, type Openings, type Reason } from "./openings.ts";

const LIMIT = 2 ** 30;
const factor: Schema<string> = (value) => (value === "" ? "" : base64(32)(value));
const SCHEMA = object({
  format: oneOf("appraisal-factors/1"),
  tellers: list(object({ teller: integer(0, 8), factors: list(factor) })),
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
  const plain: (OpenedBallot | Reason)[][] = openings.groups.map(() => []);
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
    const { opened, spoilt } = sorted(plain[i] ?? []);
    const same = JSON.stringify([opened, spoilt]) ===
      JSON.stringify([(group.opened ?? []).map(line), group.spoilt ?? []]);
    if (!same) {
      findings.add(12, "重新开箱得到的选票与公布的不同", "opening again gives other ballots",
        `openings.groups[${i}]`);
    }
  });
  findings.made(12);
}

const line = ({ tracker, answers }: OpenedBallot): string => `${tracker} ${answers.join()}`;

/** What one ballot holds, from the shares of a quorum; a share that is missing leaves it unreadable. */
function contentOf(
  manifest: Manifest,
  { box, sealed }: Ballot,
  shares: ReadonlyMap<number, Uint8Array>,
): OpenedBallot | Reason {
  if (shares.size < manifest.opening.quorum) return "unreadable";
  const content = sealed.subarray(SHARE_LENGTH * manifest.tellerKeys.length);
  let plain: Uint8Array;
  try {
    plain = chacha20poly1305(combine(shares), new Uint8Array(12), binding(CONTENT, manifest.hash, box))
      .decrypt(content);
  } catch {
    return "unreadable";
  }
  if (plain[0] !== 1) return "not-a-ballot";
  const answers = [...plain.subarray(17)];
  return faultOf(formOf(manifest, box), answers)
    ?? { tracker: hexEncode(plain.subarray(1, 17)), answers };
}

/** Ballots and reasons in their published order; of equal trackers none is told. */
function sorted(plain: readonly (OpenedBallot | Reason)[]) {
  const ballots = plain.filter((one): one is OpenedBallot => typeof one === "object");
  const times = new Map<string, number>();
  for (const { tracker } of ballots) times.set(tracker, (times.get(tracker) ?? 0) + 1);
  const good = ballots.filter(({ tracker }) => times.get(tracker) === 1);
  const spoilt = [
    ...plain.filter((one): one is Reason => typeof one === "string"),
    ...Array.from({ length: ballots.length - good.length }, (): Reason => "tracker-repeated"),
  ];
  return { opened: good.map(line).sort(), spoilt: spoilt.sort() };
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
