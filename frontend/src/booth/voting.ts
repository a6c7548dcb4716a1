// One voter's way through the booth: draw, fill in, cast. Arrival decides that it begins.

import { type Problem, say } from "../i18n/index.ts";
import { type Boxes, boxesOf } from "../protocol/boxes.ts";
import type { Manifest } from "../protocol/manifest.ts";
import { show } from "../ui/stage.ts";
import { beginCasting, finishCasting } from "./cast.ts";
import { askSigners, beginDrawing, type Refused } from "./draw.ts";
import { FillingIn } from "./filling.ts";
import { type Booth, finish } from "./finish.ts";
import { passing, post } from "./post.ts";
import { landing } from "./screens/landing.ts";
import { problem, type ProblemActions } from "./screens/problem.ts";
import { progress, waiting } from "./screens/waiting.ts";
import type { Casting, Drawing, Filling, Kept } from "./store.ts";

export class Voting {
  readonly #booth: Booth;
  readonly #manifest: Manifest;
  readonly #voterClass: number;
  readonly #boxes: Boxes;
  #drawing: Promise<Drawing> | undefined;
  #cards: FillingIn | undefined;

  constructor(booth: Booth, manifest: Manifest, voterClass: number) {
    this.#booth = booth;
    this.#manifest = manifest;
    this.#voterClass = voterClass;
    this.#boxes = boxesOf(manifest, voterClass);
  }

  /** Whether this session has boxes for the voter's class. */
  get possible(): boolean {
    return this.#boxes.all.length > 0;
  }

  /** The landing: keys are made meanwhile, on this phone alone; nothing is sent before a tap. */
  offer(code: string): void {
    this.#land(beginDrawing(this.#manifest, this.#boxes, code, this.#booth.random));
  }

  #land(drawing: Promise<Drawing>): void {
    this.#drawing = drawing;
    const draw = (event: Event) => void this.#draw(event);
    const { lasting } = this.#booth.store;
    show(() => landing(this.#manifest, this.#boxes.contests, this.#voterClass, lasting, draw));
  }

  /** Goes on with what was kept. */
  resume(kept: Kept): void {
    this.#booth.store.remember("slip", kept.slip);
    if (kept.stage === "drawing") {
      this.#land(Promise.resolve(kept)); // a repetition is sent by a tap, like the first
    } else if (kept.stage === "filling") {
      this.#fillIn(kept);
    } else {
      void this.#send(kept);
    }
  }

  /** Back and forward keys of the phone walk through the cards. */
  wander(at: unknown): void {
    if (typeof at === "number") this.#cards?.go(at, false);
  }

  async #draw(event: Event): Promise<void> {
    // Only a person's own tap draws: scripts of link scanners click too, but cannot be trusted so.
    if (!event.isTrusted || !this.#drawing) return;
    const { store } = this.#booth;
    show(() => waiting("wait.drawing"));
    const made = await this.#drawing;
    // What is kept goes first: of a lost attempt, or of another page of this phone that was faster.
    const kept = store.find(made.slip) ?? made;
    if (kept.stage !== "drawing") return this.resume(kept);
    store.keep(kept);
    store.remember("slip", kept.slip);
    const drawn = await askSigners(this.#manifest, this.#boxes, kept,
      (further) => {
        if (store.find(further.slip)?.stage === "drawing") store.keep(further);
      },
      (n) => progress(say("wait.retry", { n })));
    const now = store.find(kept.slip);
    if (now && now.stage !== "drawing") return this.resume(now);
    if ("problem" in drawn) return this.#refused(kept, drawn);
    store.keep(drawn);
    store.remember("link", undefined);
    this.#fillIn(drawn);
  }

  #refused(drawing: Drawing, { problem: which, signer }: Refused): void {
    const { store } = this.#booth;
    // What a signer has given already is kept, whatever the next one says; so is an open question.
    const open = passing(which) || which === "bad-signature";
    if (!open && (signer === 0 || which === "closed")) store.wipeDrawing(drawing);
    const later = ["not-open", "slip-inactive", "signer-away"].includes(which);
    if (open || later) return this.#tell(which, { again: (tap) => void this.#draw(tap) });
    store.remember("link", undefined);
    this.#tell(which, this.#afterRefusal(which));
  }

  #fillIn(filling: Filling): void {
    const cast = (event: Event) => void this.#cast(event);
    this.#cards = new FillingIn(this.#booth.store, this.#manifest, this.#boxes.contests, filling, cast);
    this.#cards.go(filling.at);
  }

  async #cast(event: Event): Promise<void> {
    const filling = this.#cards?.filling;
    if (!event.isTrusted || !filling) return;
    this.#cards = undefined; // from here on nothing changes an answer
    const kept = this.#booth.store.find(filling.slip);
    if (kept?.stage === "casting") return this.resume(kept); // sealed by another page of this phone
    show(() => waiting("wait.casting"));
    const all = this.#boxes.all.length;
    const casting = await beginCasting(this.#manifest, this.#boxes, filling, this.#booth.random,
      (n) => progress(say("wait.sealing", { n, all })));
    this.#booth.store.keep(casting);
    await this.#send(casting);
  }

  async #send(casting: Casting): Promise<void> {
    const { store, facts } = this.#booth;
    show(() => waiting("wait.casting"));
    const answer = await post(`/v/${facts.session}/cast`, casting.request, (n) =>
      progress(say("wait.retry", { n })));
    const again = { again: () => void this.#send(casting) };
    if (answer.kind === "refused") {
      const { problem: which } = answer;
      if (which !== "closed" && which !== "key-used") return this.#tell(which, again);
      store.wipe(casting.slip);
      store.remember("slip", undefined);
      return this.#tell(which === "closed" ? "closed-cast" : which, this.#afterRefusal(which));
    }
    const receipts = finishCasting(this.#manifest, casting, answer.json);
    if (!receipts) return this.#tell("bad-receipt", again);
    finish(this.#booth, this.#manifest, this.#boxes.contests, casting, receipts);
  }

  #afterRefusal(which: Problem): ProblemActions {
    const { facts, nextVoter } = this.#booth;
    return which === "closed" ? { board: `/b/${facts.session}` } : { typeCode: nextVoter };
  }

  #tell(which: Problem, actions: ProblemActions): void {
    show(() => problem(which, actions));
  }
}
