// Filling in a drawn ballot: page after page to the review. Every tap is kept, and nothing is sent.

import { BLANK } from "../protocol/ballot.ts";
import type { Contest } from "../protocol/boxes.ts";
import type { Manifest } from "../protocol/manifest.ts";
import { show, type View } from "../ui/stage.ts";
import { Marking } from "./marking.ts";
import { card } from "./screens/card.ts";
import { comment } from "./screens/comment.ts";
import { list } from "./screens/list.ts";
import type { Page } from "./screens/page.ts";
import { review } from "./screens/review.ts";
import type { Filling, Store } from "./store.ts";
import { isOneOfMore, isWhole } from "./titles.ts";

export class FillingIn {
  readonly #store: Store;
  readonly #manifest: Manifest;
  readonly #contests: readonly Contest[];
  readonly #cast: (event: Event) => void;
  /** Who said "this is me" in which list: of this page alone, kept nowhere. */
  readonly #skipped = new Map<number, Set<number>>();
  #filling: Filling;

  constructor(
    store: Store,
    manifest: Manifest,
    contests: readonly Contest[],
    filling: Filling,
    cast: (event: Event) => void,
  ) {
    this.#store = store;
    this.#manifest = manifest;
    this.#contests = contests;
    this.#filling = filling;
    this.#cast = cast;
  }

  get filling(): Filling {
    return this.#filling;
  }

  /** Shows the page of this number, or the review after the last; `push` is false for a back key. */
  go(at: number, push = true): void {
    const count = this.#contests.length + (this.#manifest.comments ? 1 : 0);
    const index = Math.max(0, Math.min(at, count));
    this.#keep({ ...this.#filling, at: index });
    const here = (history.state as { at?: unknown } | null)?.at;
    if (push && here !== index) history.pushState({ at: index }, "");
    show(this.#view({
      index,
      count,
      previous: index > 0 ? () => this.go(index - 1) : undefined,
      next: () => this.go(index + 1),
    }));
  }

  #view(page: Page): View {
    const { comments, rules } = this.#manifest;
    const { index, count } = page;
    const contest = this.#contests[index];
    if (contest) return () => this.#ballot(contest, page);
    if (comments && index < count) {
      return () => comment(comments, this.#filling.comment ?? "", page,
        (written) => this.#keep({ ...this.#filling, comment: written }));
    }
    return () => review(this.#contests, this.#filling, {
      notSelf: !rules.self_appraisal,
      comments: comments !== undefined,
      change: (wanted) => this.go(wanted),
      cast: this.#cast,
    });
  }

  #ballot(contest: Contest, page: Page) {
    const { index } = page;
    const marking = new Marking(contest, this.#filling.answers[index] ?? [],
      (answers) => this.#answer(index, answers));
    const notSelf = !this.#manifest.rules.self_appraisal;
    const named = isOneOfMore(contest, this.#contests);
    const ground = { contest, marking, page, notSelf, named, skip: () => this.#skip(index) };
    if (!isWhole(contest)) return card(ground);
    const skipped = this.#skipped.get(index) ?? new Set();
    this.#skipped.set(index, skipped);
    return list(ground, skipped);
  }

  /** Leaves every ballot about the subject of this one blank, and goes on after the last of them. */
  #skip(index: number): void {
    const about = (contest: Contest | undefined) =>
      contest && !isWhole(contest) && contest.subjects[0] === this.#contests[index]?.subjects[0];
    const answers = this.#filling.answers.map((row, i) =>
      about(this.#contests[i]) ? row.map(() => BLANK) : row);
    this.#keep({ ...this.#filling, answers });
    let next = index + 1;
    while (about(this.#contests[next])) next++;
    this.go(next);
  }

  #answer(index: number, answers: readonly number[]): void {
    this.#keep({
      ...this.#filling,
      answers: this.#filling.answers.map((old, i) => (i === index ? answers : old)),
    });
  }

  #keep(filling: Filling): void {
    this.#filling = filling;
    this.#store.keep(filling);
  }
}
