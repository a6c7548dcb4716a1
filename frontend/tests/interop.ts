// One ballot through the client's half of the protocol, for tests/test_frontend.py: a JSON value a
// line comes in (the manifest, then the blind signatures), one a line goes out.

import { createInterface } from "node:readline";
import { castRequest, leafHash, makeEntry } from "../src/protocol/ballot.ts";
import { ascii, hexEncode } from "../src/protocol/encoding.ts";
import { contestsOf, decodeManifest, fingerprint } from "../src/protocol/manifest.ts";
import { classOf, slipHash } from "../src/protocol/slip.ts";
import { askForToken, drawRequest, readSignatures, takeToken } from "../src/protocol/token.ts";

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const read = async (): Promise<string> => ((await lines.next()) as { value: string }).value;
const write = (value: unknown): void => console.log(JSON.stringify(value));
const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

const code = "07XK9M4TQWE2H8PAZR5DN";
const manifest = decodeManifest(ascii(await read()));
const contests = contestsOf(manifest, classOf(code));
const pending = contests.map((contest) => askForToken(manifest.hash, contest, random));
write(JSON.parse(drawRequest(code, pending)));

const signatures = readSignatures(JSON.parse(await read()), contests.length);
const cast = contests.map((contest, i) => {
  const [asked, signature] = [pending[i], signatures[i]] as const;
  if (!asked || !signature) throw new Error("one a box");
  const token = takeToken(manifest.hash, contest, asked, signature);
  const answers = contest.questions.map((_, question) => question % 3);
  return makeEntry(manifest, contest.box, asked.key, token, answers, random);
});
write({
  ...(JSON.parse(castRequest(cast.map(({ entry }) => entry))) as object),
  trackers: cast.map(({ tracker }) => hexEncode(tracker)),
  leafHashes: cast.map(({ entry }) => hexEncode(leafHash(entry))),
  slipHash: hexEncode(slipHash(manifest.session, code)),
  fingerprint: fingerprint(manifest.hash),
});
process.exit();
