// Before freezing: a teller's key is made, put on a card, read back from it, and only then registered.

import { say } from "../i18n/teller.ts";
import { linesOf } from "../protocol/cardtext.ts";
import { areTerms, type KeyCard, makeCard, type Terms, writeCard } from "../protocol/keycard.ts";
import { type Language, language } from "../i18n/language.ts";
import { refresh, show } from "../ui/stage.ts";
import { type CardFacts, drawCard } from "./card/drawing.ts";
import { pngOf } from "./card/picture.ts";
import { loadStatus, type Status } from "./facts.ts";
import { handInKey } from "./keycheck.ts";
import { readBack } from "./reading.ts";
import { onRetry, type Room, tell, unlock } from "./room.ts";
import { checked } from "./screens/done.ts";
import { card as cardScreen, explanation } from "./screens/making.ts";
import { choosePassphrase } from "./screens/passphrase.ts";
import { fraction, waiting } from "./screens/waiting.ts";
import { passing } from "./service.ts";

/** How often the page looks whether a phone has finished what was begun here, in milliseconds. */
const LOOK_AGAIN = 3000;

/** From the explanation to the card in hand. */
export function make(room: Room, secret: string, teller: number): void {
  const { facts, status, random } = room;
  const name = status.tellers[teller]?.name ?? "";
  const terms = termsOf(status, teller);
  if (!areTerms(terms)) return changed();
  const work = async (passphrase: string) => {
    show(() => waiting(say("making.title")));
    // The page may have been open since before a change: no card is made that says otherwise.
    const now = termsOf((await loadStatus(facts.session)) ?? status, teller);
    if (now.tellers !== terms.tellers || now.quorum !== terms.quorum) return changed();
    const card = await makeCard(facts.session, terms, passphrase, random, fraction);
    addEventListener("beforeunload", warn);
    await keep(room, secret, card, name);
  };
  show(() => explanation(status, name, () =>
    show(() => choosePassphrase(random, (passphrase) => void work(passphrase)))));
}

const termsOf = ({ quorum, tellers }: Status, teller: number): Terms =>
  ({ teller, tellers: tellers.length, quorum });

/** How many there are, or how many open, is no more what the page, or a card, says. */
function changed(): void {
  removeEventListener("beforeunload", warn);
  tell("terms-changed", { again: () => location.reload() });
}

/** Leaving now loses a card that may not have been kept. */
const warn = (event: BeforeUnloadEvent): void => event.preventDefault();

interface Drawing {
  readonly svg: string;
  readonly png: string;
}

/** The card on the screen, until its teller says that it is printed or saved. */
async function keep(room: Room, secret: string, card: KeyCard, name: string): Promise<void> {
  const { session } = room.facts;
  const drawings: Partial<Record<Language, Drawing>> = {};
  /** The card in the language spoken: another paper, the same key. */
  const drawn = async (): Promise<Drawing> => {
    const svg = drawCard(factsOf(room, secret, card, name));
    return (drawings[language()] = { svg, png: await pngOf(svg) });
  };
  let shown = await drawn();
  const back = () => show(() => {
    const present = drawings[language()];
    if (present) shown = present;
    else void drawn().then(refresh);
    return cardScreen(shown.svg, shown.png, name, session, confirm);
  });
  const confirm = () => {
    follow(room, card.teller);
    readBack({
      session,
      purpose: "read",
      back,
      take: (read) => {
        if (!equalCards(read.card, card)) return say("read.another");
        register(room, secret, read.card);
        return undefined;
      },
    });
  };
  back();
}

const equalCards = (a: KeyCard, b: KeyCard): boolean =>
  writeCard(a) === writeCard(b);

function factsOf(room: Room, secret: string, card: KeyCard, name: string): CardFacts {
  const { facts } = room;
  const address = `${location.origin}/t/${facts.session}`;
  const text = writeCard(card);
  const today = new Date();
  const date = language() === "zh"
    ? `${today.getFullYear()}年${today.getMonth() + 1}月${today.getDate()}日`
    : `${today.getDate()} ${today.toLocaleString("en-GB", { month: "long" })} ${today.getFullYear()}`;
  return {
    ...facts, name, date, address, number: card.teller + 1,
    tellers: card.tellers, quorum: card.quorum,
    link: `${address}#${secret}.${text}`, lines: linesOf(text, secret),
  };
}

let following: ReturnType<typeof setInterval> | undefined;

/** The card may be read back on a phone: then this page is done as well. */
function follow({ facts, memory }: Room, teller: number): void {
  clearInterval(following);
  following = setInterval(() => void loadStatus(facts.session).then((now) => {
    if (following !== undefined && now?.tellers[teller]?.checked) finish(memory);
  }), LOOK_AGAIN);
}

/** From a card that was read to a key that is registered. */
export function register(room: Room, secret: string, card: KeyCard): void {
  const { facts, status, memory } = room;
  clearInterval(following);
  following = undefined;
  const teller = status.tellers[card.teller];
  if (!teller) return tell("other-teller", { values: { n: card.teller + 1 } });
  const then = (privateKey: Uint8Array) => {
    const send = async () => {
      show(() => waiting(say("sending.title")));
      const refused = await handInKey(facts.session, secret, card, privateKey, onRetry);
      if (refused === undefined) {
        privateKey.fill(0);
        finish(memory);
      } else if (refused === "terms-changed") changed();
      else tell(refused, passing(refused) ? { again: () => void send() } : {});
    };
    void send();
  };
  unlock(facts.session, card, teller.name, { then });
}

function finish(memory: Room["memory"]): void {
  clearInterval(following);
  following = undefined;
  removeEventListener("beforeunload", warn);
  memory.remember("secret", undefined);
  show(checked);
}
