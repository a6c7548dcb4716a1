// After close: the board is checked, the teller sees what will be opened, and the key works out one
// factor for each of those ballots (§4.13), which are handed in. The key itself stays here.

import { say } from "../i18n/teller.ts";
import { b64encode, Malformed } from "../protocol/encoding.ts";
import { factorOf } from "../protocol/factors.ts";
import type { KeyCard } from "../protocol/keycard.ts";
import type { Ballot } from "../recount/ballot.ts";
import { checkClosedBoard, type ClosedBoard } from "../recount/checkboard.ts";
import type { Work } from "../recount/findings.ts";
import type { Manifest } from "../recount/manifest.ts";
import { language } from "../i18n/language.ts";
import { show } from "../ui/stage.ts";
import { findComments } from "./comments.ts";
import { loadStatus } from "./facts.ts";
import { follow } from "./following.ts";
import { whoseLink } from "./keycheck.ts";
import { loadManifest, mismatch, otherLink } from "./manifest.ts";
import { type Read, readBack } from "./reading.ts";
import { onRetry, type Room, tell, unlock } from "./room.ts";
import { summary } from "./screens/summary.ts";
import { fraction, note, waiting } from "./screens/waiting.ts";
import { fetchBytes, passing, post } from "./service.ts";
import { inSlices } from "./slices.ts";

/** From a card to its factors; without one it is asked for first. */
export function open(room: Room, scanned: Read | undefined): void {
  if (scanned) return void check(room, scanned);
  readBack({
    session: room.facts.session,
    purpose: "opening",
    take: (read) => void check(room, read),
  });
}

async function check(room: Room, read: Read): Promise<void> {
  const { session } = room.facts;
  const { card } = read;
  // The link that was opened is later than the one on the card.
  const secret = room.secret ?? read.secret;
  const again = () => void check(room, read);
  const back = () => open(room, undefined);
  show(() => waiting(say("board.loading")));
  const owner = await whoseLink(session, secret);
  if (typeof owner !== "number") return tell(owner, passing(owner) ? { again } : { back });
  const manifest = await loadManifest(session);
  if (typeof manifest === "string") return tell(manifest, { again });
  const wrong = mismatch(manifest, card) ?? otherLink(manifest, card, owner);
  if (wrong) return tell(wrong.which, { values: wrong.values, back });
  const name = manifest.opening.tellers[card.teller]?.name ?? "";
  if (room.status.tellers[card.teller]?.handed_in) return follow(session, room.status, card.teller);
  const then = (privateKey: Uint8Array) => void verify(room, card, secret, privateKey);
  unlock(session, card, name, { then, back });
}

async function verify(
  room: Room,
  card: KeyCard,
  secret: string,
  privateKey: Uint8Array,
): Promise<void> {
  const { session } = room.facts;
  const again = () => void verify(room, card, secret, privateKey);
  show(() => waiting(say("board.checking")));
  const files = await Promise.all([
    `/v/${session}/manifest.json`, `/b/${session}/board.bin`, `/b/${session}/checkpoint.txt`,
  ].map((path) => fetchBytes(path)));
  const [manifest, board, checkpoint] = files;
  if (!manifest || !board || !checkpoint) return tell("unreachable", { again });
  let closed: ClosedBoard;
  try {
    closed = await inSlices(checkClosedBoard(manifest, board, checkpoint), (done, all) =>
      fraction(all ? done / all : 0));
  } catch (error) {
    if (error instanceof Malformed) return tell("bad-board", { again, found: [error.message] });
    throw error;
  }
  const wrong = mismatch(closed.manifest, card);
  if (wrong) return tell(wrong.which, { values: wrong.values });
  if (closed.findings.length) {
    return tell("bad-board", { again, found: closed.findings.map((f) => f[language()]) });
  }
  await findComments(room, secret, closed, (comments) => {
    const hand = () => void handIn(room, card.teller, secret, privateKey, closed, comments);
    show(() => summary(room.status, closed, comments, { open: hand, again }));
  });
}

/** One factor for each of these, in their order. */
function* factors(
  manifest: Manifest,
  toOpen: readonly Ballot[],
  teller: number,
  privateKey: Uint8Array,
): Work<string[]> {
  const told: string[] = [];
  for (const [done, { box, sealed }] of toOpen.entries()) {
    yield { phase: "opening", done, all: toOpen.length };
    const factor = factorOf(manifest, box, teller, privateKey, sealed);
    told.push(factor ? b64encode(factor) : "");
  }
  return told;
}

async function handIn(
  room: Room,
  teller: number,
  secret: string,
  privateKey: Uint8Array,
  { manifest, toOpen }: ClosedBoard,
  comments: readonly Ballot[] = [],
): Promise<void> {
  const { session } = room.facts;
  show(() => waiting(say("opening.title")));
  const work = factors(manifest, [...toOpen, ...comments], teller, privateKey);
  const told = await inSlices(work, (done, all) => {
    fraction(done / all);
    note(say("board.progress", { done, all }));
  });
  const send = async () => {
    show(() => waiting(say("opening.sending")));
    const answer = await post(`/t/${session}/factors`, { secret, factors: told }, onRetry);
    if (answer.kind === "refused") {
      const { problem } = answer;
      const again = passing(problem) || problem === "not-closed";
      return tell(problem, again ? { again: () => void send() } : {});
    }
    privateKey.fill(0);
    room.memory.remember("secret", undefined);
    const now = await loadStatus(session);
    follow(session, now ?? room.status, teller);
  };
  await send();
}
