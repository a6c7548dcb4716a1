// One voter's way through the booth: draw, fill in, cast. Arrival decides that it begins.

import { type Problem, say } from "../i18n/index.ts";
import { hexEncode } from "../protocol/encoding.ts";
import { type Contest, contestsOf, type Manifest } from "../protocol/manifest.ts";
import { slipHash } from "../protocol/slip.ts";
import type { PendingToken } from "../protocol/token.ts";
import { show } from "../ui/stage.ts";
import { beginCasting, finishCasting } from "./cast.ts";
import { beginDrawing, finishDrawing, makePending } from "./draw.ts";
import { FillingIn } from "./filling.ts";
import { type Booth, finish } from "./finish.ts";
import { passing, post } from "./post.ts";
import { landing } from "./screens/landing.ts";
import { problem, type ProblemActions } from "./screens/problem.ts";
import { progress, waiting } from "./screens/waiting.ts";
import type { Casting, Filling, Kept } from "./store.ts";

export class Voting {
  readonly #booth: Booth;
  readonly #manifest: Manifest;
  readonly #voterClass: number;
  readonly #contests: readonly Contest[];
  #pending: Promise<readonly PendingToken[]> = Promise.resolve([]);
  #cards: FillingIn | undefined;

  constructor(booth: Booth, manifest: Manifest, voterClass: number) {
    this.#booth = booth;
    this.#manifest = manifest;
    this.#voterClass = voterClass;
    this.#contests = contestsOf(manifest, voterClass);
  }

  /** Whether this session has boxes for the voter's class. */
  get possible(): boolean {
    return this.#contests.length > 0;
  }

  /** The landing: keys are made meanwhile, on this phone alone; nothing is sent before a tap. */
  offer(code: string): void {
    const { store, random } = this.#booth;
    this.#pending = makePending(this.#manifest, this.#contests, random);
    const draw = (event: Event) => void this.#draw(code, event);
    show(() => landing(this.#manifest, this.#contests, this.#voterClass, store.lasting, draw));
  }

  /** Goes on with what was kept. */
  resume(kept: Kept): void {
    this.#booth.store.remember("slip", kept.slip);
    if (kept.stage === "drawing") {
      // The code is in the request that was kept; a repetition is sent by a tap, like the first.
      this.offer((JSON.parse(kept.request) as { slip: string }).slip);
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

  async #draw(code: string, event: Event): Promise<void> {
    // Only a person's own tap draws: scripts of link scanners click too, but cannot be trusted so.
    if (!event.isTrusted) return;
    const { store, facts } = this.#booth;
    show(() => waiting("wait.drawing"));
    const slip = hexEncode(slipHash(facts.session, code));
    const pending = await this.#pending;
    // What is kept goes first: of a lost attempt, or of another page of this phone that was faster.
    const kept = store.find(slip) ?? beginDrawing(this.#manifest, code, pending);
    if (kept.stage !== "drawing") return this.resume(kept);
    store.keep(kept);
    store.remember("slip", slip);
    const again = { again: (tap: Event) => void this.#draw(code, tap) };
    const answer = await post(`/v/${facts.session}/draw`, kept.request, (n) =>
      progress(say("wait.retry", { n })));
    if (answer.kind === "refused") {
      if (!passing(answer.problem)) store.wipe(slip, kept.request);
      const later = answer.problem === "not-open" || answer.problem === "slip-inactive";
      if (later || passing(answer.problem)) return this.#tell(answer.problem, again);
      store.remember("link", undefined);
      return this.#tell(answer.problem, this.#afterRefusal(answer.problem));
    }
    const filling = await finishDrawing(this.#manifest, this.#contests, kept, answer.json);
    if (!filling) return this.#tell("bad-signature", again);
    store.keep(filling);
    store.remember("link", undefined);
    this.#fillIn(filling);
  }

  #fillIn(filling: Filling): void {
    const cast = (event: Event) => void this.#cast(event);
    this.#cards = new FillingIn(this.#booth.store, this.#contests, filling, cast);
    this.#cards.go(filling.at);
  }

  async #cast(event: Event): Promise<void> {
    const filling = this.#cards?.filling;
    if (!event.isTrusted || !filling) return;
    this.#cards = undefined; // from here on nothing changes an answer
    const kept = this.#booth.store.find(filling.slip);
    if (kept?.stage === "casting") return this.resume(kept); // sealed by another page of this phone
    show(() => waiting("wait.casting"));
    const all = this.#contests.length;
    const casting = await beginCasting(this.#manifest, this.#contests, filling, this.#booth.random,
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
    finish(this.#booth, this.#contests, casting, receipts);
  }

  #afterRefusal(which: Problem): ProblemActions {
    const { facts, nextVoter } = this.#booth;
    return which === "closed" ? { board: `/b/${facts.session}` } : { typeCode: nextVoter };
  }

  #tell(which: Problem, actions: ProblemActions): void {
    show(() => problem(which, actions));
  }
}
