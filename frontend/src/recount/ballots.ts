// Ballots one by one: form and keys (check 6), tokens (check 7), signatures (check 8).

import { hexEncode, join, Malformed } from "../protocol/encoding.ts";
import { BALLOT, binding, TOKEN } from "../protocol/labels.ts";
import { type Ballot, type Content, decodeBallot } from "./ballot.ts";
import type { BallotEntry } from "./board.ts";
import type { Findings, Work } from "./findings.ts";
import type { Manifest } from "./manifest.ts";
import { verifies } from "../protocol/ed25519.ts";
import { verifyPss } from "./pss.ts";

/** Check 6. The ballots, or comments, that have their form, in order of the board. */
export function checkForms(
  manifest: Manifest,
  entries: readonly BallotEntry[],
  content: Content,
  findings: Findings,
): Ballot[] {
  const seen = new Set<string>();
  const ballots: Ballot[] = [];
  for (const entry of entries) {
    const where = `board.bin:${entry.place + 1}`;
    try {
      const ballot = decodeBallot(manifest, entry, content);
      const key = `${ballot.box} ${hexEncode(ballot.key)}`;
      if (seen.has(key)) {
        findings.add(6, "同一票箱里有两张选票用同一把钥匙",
          "a ballot key stands twice in one box", where);
      }
      seen.add(key);
      ballots.push(ballot);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      findings.add(6, `选票格式不对（${error.message}）`, `not a ballot: ${error.message}`, where);
    }
  }
  findings.made(6);
  return ballots;
}

/** Checks 7 and 8, which take almost all of the time. */
export function* checkSignatures(
  manifest: Manifest,
  ballots: readonly Ballot[],
  findings: Findings,
): Work<void> {
  let done = 0;
  for (const ballot of ballots) {
    yield { phase: "ballots", done: done++, all: ballots.length };
    const { box, key, tokens, sealed, signature, place } = ballot;
    const where = `board.bin:${place + 1}`;
    const message = join(binding(TOKEN, manifest.hash, box), key);
    tokens.forEach((token, signer) => {
      const prepared = join(token.subarray(0, 32), message);
      const n = manifest.tokenKeys[box]?.[signer];
      if (n === undefined || !verifyPss(n, prepared, token.subarray(32))) {
        const { name = "" } = manifest.signers[signer] ?? {};
        findings.add(7, `盲签名无效（${name}）`, `the token of ${name} does not verify`, where);
      }
    });
    if (!verifies(signature, join(binding(BALLOT, manifest.hash, box), ...tokens, sealed), key)) {
      findings.add(8, "选票签名无效", "the ballot key did not sign this ballot", where);
    }
  }
  findings.made(7, 8);
}
