// Arriving at the tellers' page: by a link, by a scanned card, after a reload, or with nothing.

import { say } from "../i18n/teller.ts";
import { readTellerLink, type TellerLink } from "../protocol/cardtext.ts";
import { Malformed, type Random } from "../protocol/encoding.ts";
import { type KeyCard, OtherVersion } from "../protocol/keycard.ts";
import { h } from "../ui/dom.ts";
import { around } from "../ui/phrases.ts";
import { show } from "../ui/stage.ts";
import { type Facts, loadStatus } from "./facts.ts";
import { whoseLink } from "./keycheck.ts";
import { make, register } from "./making.ts";
import type { Memory } from "./memory.ts";
import { loadManifest, mismatch } from "./manifest.ts";
import { open } from "./opening.ts";
import { readBack } from "./reading.ts";
import { type Room, tell } from "./room.ts";
import { final, keep, nobody, opened } from "./screens/done.ts";
import { waiting } from "./screens/waiting.ts";
import { passing } from "./service.ts";

/** Begins anew from the address and from what a reload remembers. */
export async function arrive(facts: Facts, memory: Memory, random: Random): Promise<void> {
  const fragment = location.hash.slice(1);
  // The secret leaves the address at once; a card is remembered nowhere.
  if (fragment) history.replaceState(null, "", location.pathname + location.search);
  let link: TellerLink | undefined;
  try {
    link = readTellerLink(fragment || (memory.recall("secret") ?? ""));
  } catch (error) {
    if (error instanceof OtherVersion) return tell("card-version");
    if (error instanceof Malformed) return tell("bad-card");
    throw error;
  }
  if (fragment && !link) return tell("bad-link");
  memory.remember("secret", link?.secret);
  await enter(facts, memory, random, link?.secret, link?.card);
}

async function enter(
  facts: Facts,
  memory: Memory,
  random: Random,
  secret: string | undefined,
  card: KeyCard | undefined,
): Promise<void> {
  const again = () => void enter(facts, memory, random, secret, card);
  show(() => waiting(facts.title));
  const status = await loadStatus(facts.session);
  if (!status) return tell("unreachable", { again });
  if (status.custodian) return tell("custodian");
  const room: Room = { facts, memory, random, status, secret };
  const board = `/b/${facts.session}`;
  switch (status.phase) {
    case "draft":
      if (secret === undefined) return show(() => nobody(status));
      if (card) return register(room, secret, card);
      return begin(room, secret, again);
    case "preparing":
    case "printed":
    case "voting":
      return wait(room, status.phase, card);
    case "closed":
      return open(room, card && secret !== undefined ? { card, secret } : undefined);
    case "opened":
      return show(() => opened(board));
    case "void":
      return tell("void", { board });
  }
}

async function begin(room: Room, secret: string, again: () => void): Promise<void> {
  const teller = await whoseLink(room.facts.session, secret);
  if (typeof teller !== "number") return tell(teller, passing(teller) ? { again } : {});
  if (room.status.tellers[teller]?.checked) return tell("key-standing");
  make(room, secret, teller);
}

/** Nothing to do; whoever brings a card sees whether the manifest names its key. */
function wait(room: Room, phase: "preparing" | "printed" | "voting", card?: KeyCard): void {
  const { session } = room.facts;
  const resting = () => show(() => keep(phase, () => readBack({
    session,
    purpose: "verify",
    back: resting,
    take: (read) => void compare(read.card),
  })));
  const compare = async (read: KeyCard): Promise<void> => {
    show(() => waiting(say("board.loading")));
    const manifest = await loadManifest(session);
    if (typeof manifest === "string") return tell(manifest, { again: () => void compare(read) });
    const wrong = mismatch(manifest, read);
    if (wrong) return tell(wrong.which, { values: wrong.values });
    const { quorum, tellers } = manifest.opening;
    const name = tellers[read.teller]?.name ?? "";
    show(() => final(
      say("verify.right"),
      h("p", { class: "final-close" }, ...around(name, (mark) =>
        say("verify.right-lead", { n: read.teller + 1, name: mark, quorum, all: tellers.length }))),
    ));
  };
  if (card) void compare(card);
  else resting();
}
