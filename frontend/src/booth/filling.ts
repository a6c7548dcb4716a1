// Filling in a drawn ballot: card after card to the review. Every tap is kept, and nothing is sent.

import type { Contest } from "../protocol/manifest.ts";
import { show } from "../ui/stage.ts";
import { card } from "./screens/card.ts";
import { review } from "./screens/review.ts";
import type { Filling, Store } from "./store.ts";

export class FillingIn {
  readonly #store: Store;
  readonly #contests: readonly Contest[];
  readonly #cast: (event: Event) => void;
  #filling: Filling;

  constructor(
    store: Store,
    contests: readonly Contest[],
    filling: Filling,
    cast: (event: Event) => void,
  ) {
    this.#store = store;
    this.#contests = contests;
    this.#filling = filling;
    this.#cast = cast;
  }

  get filling(): Filling {
    return this.#filling;
  }

  /** Shows the card of this number, or the review after the last; `push` is false for a back key. */
  go(at: number, push = true): void {
    const count = this.#contests.length;
    const index = Math.max(0, Math.min(at, count));
    this.#keep({ ...this.#filling, at: index });
    const here = (history.state as { at?: unknown } | null)?.at;
    if (push && here !== index) history.pushState({ at: index }, "");
    const contest = this.#contests[index];
    if (!contest) {
      const change = (wanted: number) => this.go(wanted);
      const cast = this.#cast;
      return show(() => review(this.#contests, this.#filling.answers, { change, cast }));
    }
    show(() => card(contest, this.#filling.answers[index] ?? [], { index, count }, {
      answer: (question, answer) => this.#answer(index, question, answer),
      previous: index > 0 ? () => this.go(index - 1) : undefined,
      next: () => this.go(index + 1),
    }));
  }

  #answer(index: number, question: number, answer: number): void {
    const answers = this.#filling.answers.map((row, i) =>
      i === index ? row.map((old, q) => (q === question ? answer : old)) : row);
    this.#keep({ ...this.#filling, answers });
  }

  #keep(filling: Filling): void {
    this.#filling = filling;
    this.#store.keep(filling);
  }
}
