// One ballot through the client's half of the protocol, for tests/test_frontend.py: a JSON value a
// line comes in (the manifest, then the blind signatures of each signer), one a line goes out.

import { createInterface } from "node:readline";
import { castRequest, leafHash, makeEntry } from "../src/protocol/ballot.ts";
import { boxesOf } from "../src/protocol/boxes.ts";
import { hexEncode, join } from "../src/protocol/encoding.ts";
import { decodeManifest, fingerprint } from "../src/protocol/manifest.ts";
import { classOf, credential, slipHash } from "../src/protocol/slip.ts";
import { askForToken, drawRequest, readSignatures, takeToken } from "../src/protocol/token.ts";

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const read = async (): Promise<string> => ((await lines.next()) as { value: string }).value;
const write = (value: unknown): void => console.log(JSON.stringify(value));
const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

const code = "07XK9M4TQWE2H8PAZR5DN";
const manifest = decodeManifest(new TextEncoder().encode(await read()));
const { contests } = boxesOf(manifest, classOf(code));
const pending = contests.map((contest) => askForToken(manifest.hash, contest, random));
const shown = manifest.signers.map((_, signer) => credential(code, manifest.session, signer));
write(shown.map((one, signer) => JSON.parse(drawRequest(one, signer, pending)) as unknown));

const answers = JSON.parse(await read()) as unknown[];
const signatures = answers.map((answer) => readSignatures(answer, contests.length));
const cast = contests.map((contest, i) => {
  const asked = pending[i];
  if (!asked) throw new Error("one a box");
  const tokens = signatures.map((signed, signer) => {
    const [blinding, signature] = [asked.blindings[signer], signed[i]] as const;
    if (!blinding || !signature) throw new Error("one a signer");
    return takeToken(manifest.hash, contest, signer, asked.key, blinding, signature);
  });
  const chosen = contest.questions.map((_, question) => question % 3);
  return makeEntry(manifest, contest.box, asked.key, join(...tokens), chosen, random);
});
write({
  ...(JSON.parse(castRequest(cast.map(({ entry }) => entry))) as object),
  trackers: cast.map(({ tracker }) => hexEncode(tracker)),
  leafHashes: cast.map(({ entry }) => hexEncode(leafHash(entry))),
  slipHashes: shown.map((one) => hexEncode(slipHash(manifest.session, one))),
  fingerprint: fingerprint(manifest.hash),
});
process.exit();
