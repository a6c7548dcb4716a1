// One voter's way through the booth: draw, fill in, review, cast. Arrival decides that it begins.

import { type Problem, say } from "../i18n/index.ts";
import { hexEncode, type Random } from "../protocol/encoding.ts";
import { type Contest, contestsOf, type Manifest } from "../protocol/manifest.ts";
import { slipHash } from "../protocol/slip.ts";
import type { PendingToken } from "../protocol/token.ts";
import { show } from "../ui/stage.ts";
import { beginCasting, finishCasting } from "./cast.ts";
import { beginDrawing, finishDrawing, makePending } from "./draw.ts";
import type { Facts } from "./facts.ts";
import { post } from "./post.ts";
import { card } from "./screens/card.ts";
import { done } from "./screens/done.ts";
import { landing } from "./screens/landing.ts";
import { problem, type ProblemActions } from "./screens/problem.ts";
import { receipt } from "./screens/receipt.ts";
import { review } from "./screens/review.ts";
import { progress, waiting } from "./screens/waiting.ts";
import type { Casting, Filling, Kept, Store } from "./store.ts";

export interface Booth {
  readonly facts: Facts;
  readonly store: Store;
  readonly random: Random;
  /** Makes ready for another slip, with everything of this voter gone. */
  readonly nextVoter: () => void;
}

/** Refusals after which the same request may still be accepted: what is kept stays kept. */
const passing = (which: Problem): boolean =>
  ["busy", "unreachable", "unexpected", "bad-signature", "bad-receipt"].includes(which);

export class Voting {
  readonly #booth: Booth;
  readonly #manifest: Manifest;
  readonly #voterClass: number;
  readonly #contests: readonly Contest[];
  #pending: Promise<PendingToken[]> | undefined;
  #filling: Filling | undefined;

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
      this.#filling = kept;
      this.#go(kept.at);
    } else {
      void this.#send(kept);
    }
  }

  /** Back and forward keys of the phone walk through the cards. */
  wander(at: unknown): void {
    if (this.#filling && typeof at === "number") this.#go(at, false);
  }

  async #draw(code: string, event: Event): Promise<void> {
    // Only a person's own tap draws: scripts of link scanners click too, but cannot be trusted so.
    if (!event.isTrusted) return;
    const { store, facts } = this.#booth;
    show(() => waiting("wait.drawing"));
    const slip = hexEncode(slipHash(facts.session, code));
    let kept = store.find(slip);
    if (!kept) {
      const pending = this.#pending ?? makePending(this.#manifest, this.#contests, this.#booth.random);
      kept = beginDrawing(this.#manifest, code, await pending);
      store.keep(kept);
    }
    if (kept.stage !== "drawing") return this.resume(kept); // another page of this phone was faster
    store.remember("slip", slip);
    const again = { again: (tap: Event) => void this.#draw(code, tap) };
    const answer = await post(`/v/${facts.session}/draw`, kept.request, (n) =>
      progress(say("wait.retry", { n })));
    if (answer.kind === "refused") {
      if (!passing(answer.problem)) store.wipe(slip);
      const later = answer.problem === "not-open" || answer.problem === "slip-inactive";
      if (later || passing(answer.problem)) return this.#tell(answer.problem, again);
      store.remember("link", undefined);
      return this.#tell(answer.problem, this.#afterRefusal(answer.problem));
    }
    const filling = await finishDrawing(this.#manifest, this.#contests, kept, answer.json);
    if (!filling) return this.#tell("bad-signature", again);
    store.keep(filling);
    store.remember("link", undefined);
    this.#filling = filling;
    this.#go(0);
  }

  #go(at: number, push = true): void {
    const filling = this.#filling;
    if (!filling) return;
    const count = this.#contests.length;
    const index = Math.max(0, Math.min(at, count));
    this.#keep({ ...filling, at: index });
    const here = (history.state as { at?: unknown } | null)?.at;
    if (push && here !== index) history.pushState({ at: index }, "");
    const contest = this.#contests[index];
    if (!contest) {
      return show(() => review(this.#contests, this.#filling?.answers ?? [], {
        change: (wanted) => this.#go(wanted),
        cast: (event) => void this.#cast(event),
      }));
    }
    show(() => card(contest, this.#filling?.answers[index] ?? [], { index, count }, {
      answer: (question, answer) => this.#answer(index, question, answer),
      previous: index > 0 ? () => this.#go(index - 1) : undefined,
      next: () => this.#go(index + 1),
    }));
  }

  #answer(index: number, question: number, answer: number): void {
    const filling = this.#filling;
    if (!filling) return;
    const answers = filling.answers.map((row, i) =>
      i === index ? row.map((old, q) => (q === question ? answer : old)) : row);
    this.#keep({ ...filling, answers });
  }

  #keep(filling: Filling): void {
    this.#filling = filling;
    this.#booth.store.keep(filling);
  }

  async #cast(event: Event): Promise<void> {
    const filling = this.#filling;
    if (!event.isTrusted || !filling) return;
    this.#filling = undefined; // from here on nothing changes an answer
    show(() => waiting("wait.casting"));
    const all = this.#contests.length;
    const casting = await beginCasting(this.#manifest, this.#contests, filling, this.#booth.random,
      (n) => progress(say("wait.sealing", { n, all })));
    this.#booth.store.keep(casting);
    await this.#send(casting);
  }

  async #send(casting: Casting): Promise<void> {
    const { store, facts, nextVoter } = this.#booth;
    show(() => waiting("wait.casting"));
    const answer = await post(`/v/${facts.session}/cast`, casting.request, (n) =>
      progress(say("wait.retry", { n })));
    const again = { again: () => void this.#send(casting) };
    if (answer.kind === "refused") {
      if (answer.problem !== "closed") return this.#tell(answer.problem, again);
      store.wipe(casting.slip);
      store.remember("slip", undefined);
      return this.#tell("closed-cast", this.#afterRefusal("closed"));
    }
    const receipts = finishCasting(this.#manifest, casting, answer.json);
    if (!receipts) return this.#tell("bad-receipt", again);
    store.wipe(casting.slip);
    for (const word of ["slip", "link"] as const) store.remember(word, undefined);
    store.remember("done", "1");
    history.replaceState(null, "");
    const { trackers } = casting;
    const back = () => show(() => done(nextVoter, () => show(toReceipt)));
    const toReceipt = () => receipt(facts, this.#contests, receipts, trackers, back);
    back();
  }

  #afterRefusal(which: Problem): ProblemActions {
    const over = which === "closed";
    return over ? { board: `/b/${this.#booth.facts.session}` } : { typeCode: this.#booth.nextVoter };
  }

  #tell(which: Problem, actions: ProblemActions): void {
    show(() => problem(which, actions));
  }
}
