// One ballot through the client's half of the protocol, for tests/test_frontend.py: a JSON value a
// line comes in (the manifest, then the blind signatures of each signer), one a line goes out.

import { createInterface } from "node:readline";
import { castRequest, encodeComment, leafHash, makeEntry, sealEntry } from "../src/protocol/ballot.ts";
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
const { all, contests } = boxesOf(manifest, classOf(code));
const pending = all.map((own) => askForToken(manifest.hash, own, random));
const shown = manifest.signers.map((_, signer) => credential(code, manifest.session, signer));
write(shown.map((one, signer) => JSON.parse(drawRequest(one, signer, pending)) as unknown));

const answers = JSON.parse(await read()) as unknown[];
const signatures = answers.map((answer) => readSignatures(answer, all.length));
const trackers: string[] = [];
const cast = all.map((own, i) => {
  const asked = pending[i];
  if (!asked) throw new Error("one a box");
  const tokens = signatures.map((signed, signer) => {
    const [blinding, signature] = [asked.blindings[signer], signed[i]] as const;
    if (!blinding || !signature) throw new Error("one a signer");
    return takeToken(manifest.hash, own, signer, asked.key, blinding, signature);
  });
  const contest = contests[i];
  if (!contest) {
    const comment = encodeComment("谢谢", manifest.comments?.length ?? 0);
    return sealEntry(manifest, own.box, asked.key, join(...tokens), comment, random);
  }
  const chosen = contest.questions.map((_, question) => question % 3);
  const made = makeEntry(manifest, own.box, asked.key, join(...tokens), chosen, random);
  trackers.push(hexEncode(made.tracker));
  return made.entry;
});
write({
  ...(JSON.parse(castRequest(cast)) as object),
  trackers,
  leafHashes: cast.map((entry) => hexEncode(leafHash(entry))),
  slipHashes: shown.map((one) => hexEncode(slipHash(manifest.session, one))),
  fingerprint: fingerprint(manifest.hash),
});
process.exit();
