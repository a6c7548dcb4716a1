// Arriving at the booth: from a scanned link, a typed code, a reload, or with nothing in hand.

import { type Problem, say } from "../i18n/index.ts";
import { hexEncode, type Random } from "../protocol/encoding.ts";
import { fingerprint, type Manifest } from "../protocol/manifest.ts";
import { classOf, type Link, readFragment, registeredHash } from "../protocol/slip.ts";
import { h } from "../ui/dom.ts";
import { show, type View } from "../ui/stage.ts";
import { type Facts, loadManifest, problemOf } from "./facts.ts";
import type { Booth } from "./finish.ts";
import { codeEntry, compare } from "./screens/code.ts";
import { done, nextVoter } from "./screens/done.ts";
import { problem, type ProblemActions } from "./screens/problem.ts";
import { unfinished } from "./screens/unfinished.ts";
import { waiting } from "./screens/waiting.ts";
import type { Kept, Store } from "./store.ts";
import { Voting } from "./voting.ts";

const codeHeading: View = () => [
  h("h1", {}, say("code.title")),
  h("p", {}, say("code.lead")),
];

export class Arrival {
  readonly #facts: Facts;
  readonly #store: Store;
  readonly #booth: Booth;
  #voting: Voting | undefined;
  /** Unfinished ballots of others were put aside: do not ask again. */
  #aside = false;

  constructor(facts: Facts, store: Store, random: Random) {
    this.#facts = facts;
    this.#store = store;
    this.#booth = { facts, store, random, nextVoter: () => this.#nextVoter() };
  }

  get voting(): Voting | undefined {
    return this.#voting;
  }

  /** Begins anew from the address and from what is kept. */
  async begin(): Promise<void> {
    this.#voting = undefined;
    this.#takeFragment();
    const store = this.#store;
    const fragment = store.recall("link");
    if (fragment === undefined && store.recall("done") !== undefined) {
      return show(() => done(this.#booth.nextVoter, undefined));
    }
    const link = fragment === undefined ? undefined : readFragment(fragment);
    if (fragment !== undefined && !link) {
      store.remember("link", undefined);
      return this.#tell("bad-link", { typeCode: () => this.#askForCode() });
    }
    const kept = this.#keptFor(link);
    const waitingHere = kept ? [] : store.unfinished();
    const over = problemOf(this.#facts.phase);
    // What is sealed may be sent again even after close: the same ballots get the same receipts.
    const sealed = [kept, ...waitingHere].some((ballot) => ballot?.stage === "casting");
    if (over && !sealed) return this.#tellPhase(over);
    const slow = setTimeout(() => show(() => waiting("opening")), 400);
    const manifest = await loadManifest(this.#facts.session);
    clearTimeout(slow);
    if (typeof manifest === "string") {
      return this.#tell(manifest, { again: () => void this.begin() });
    }
    if (link?.fingerprint !== undefined && link.fingerprint !== fingerprint(manifest.hash)) {
      return this.#tell("fingerprint", {});
    }
    if (kept) return this.#resume(manifest, kept);
    if (waitingHere.length && !this.#aside) {
      return show(() => unfinished(waitingHere, link !== undefined,
        (chosen) => this.#resume(manifest, chosen),
        () => {
          this.#aside = true;
          if (link) this.#enter(manifest, link);
          else this.#askForCode();
        }));
    }
    if (link) this.#enter(manifest, link);
    else this.#askForCode();
  }

  /** The link's secret leaves the address bar at once; it is remembered over a reload, no longer. */
  #takeFragment(): void {
    if (location.hash.length < 2) return;
    const fragment = location.hash.slice(1);
    history.replaceState(null, "", location.pathname + location.search);
    this.#store.remember("link", fragment);
    this.#store.remember("slip", undefined);
    this.#store.remember("done", undefined);
    this.#aside = false;
  }

  #keptFor(link: Link | undefined): Kept | undefined {
    const slip = link
      ? hexEncode(registeredHash(this.#facts.session, link.code))
      : this.#store.recall("slip");
    return slip === undefined ? undefined : this.#store.find(slip);
  }

  #enter(manifest: Manifest, link: Link): void {
    const voting = new Voting(this.#booth, manifest, classOf(link.code));
    if (!voting.possible) return this.#tell("wrong-class", { typeCode: () => this.#askForCode() });
    this.#voting = voting;
    if (link.fingerprint !== undefined) return voting.offer(link.code);
    const comparing = () => show(() => compare(fingerprint(manifest.hash),
      () => voting.offer(link.code),
      () => this.#tell("fingerprint", { lookAgain: comparing })));
    comparing();
  }

  #resume(manifest: Manifest, kept: Kept): void {
    if (kept.manifest !== hexEncode(manifest.hash)) return this.#tell("other-manifest", {});
    this.#voting = new Voting(this.#booth, manifest, kept.voterClass);
    this.#voting.resume(kept);
  }

  #askForCode(heading: View = codeHeading): void {
    show(() => codeEntry(heading(), (code) => {
      this.#store.remember("link", code);
      this.#store.remember("done", undefined);
      void this.begin();
    }));
  }

  /** Everything of the last voter goes; ballots that others put aside stay. */
  #nextVoter(): void {
    this.#voting = undefined;
    this.#aside = true;
    for (const word of ["link", "slip", "done"] as const) this.#store.remember(word, undefined);
    this.#askForCode(nextVoter);
  }

  #tellPhase(which: Problem): void {
    const board = `/b/${this.#facts.session}`;
    this.#tell(which, which === "not-open" ? { again: () => location.reload() } : { board });
  }

  #tell(which: Problem, actions: ProblemActions): void {
    show(() => problem(which, actions));
  }
}
