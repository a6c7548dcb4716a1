// A ballot while it is filled in: its answers place by place, and what its form allows next.

import { type Bounds, type Form, given, placesOf, type Question } from "../protocol/form.ts";

/** Why an answer was not taken: a list has enough ticks, or an option is given often enough. */
export type Full = { readonly ticks: number } | { readonly bounds: Bounds };

/** A limit that is not reached yet, and how many are missing. */
export interface Short {
  readonly bounds: Bounds;
  readonly missing: number;
}

export class Marking {
  readonly form: Form;
  readonly #keep: (answers: readonly number[]) => void;
  #answers: readonly number[];
  readonly #given = new Map<Bounds, number>();

  constructor(form: Form, answers: readonly number[], keep: (answers: readonly number[]) => void) {
    this.form = form;
    this.#answers = answers;
    this.#keep = keep;
  }

  get empty(): boolean {
    return !this.#answers.some(Boolean);
  }

  #start(subject: number, question: number): number {
    return subject * this.form.width + (this.form.starts[question] as number);
  }

  /** The values of one question about one subject, one a place. */
  read(subject: number, question: number): readonly number[] {
    const start = this.#start(subject, question);
    return this.#answers.slice(start, start + placesOf(this.form.questions[question] as Question));
  }

  /** How many subjects have a limited option. */
  given(bounds: Bounds): number {
    const known = this.#given.get(bounds) ?? given(bounds, this.#answers, this.form.width);
    this.#given.set(bounds, known);
    return known;
  }

  /** What stands against this value at a place of a question, if anything does. */
  against(subject: number, question: number, place: number, value: number): Full | undefined {
    const { most, kind } = this.form.questions[question] as Question;
    const now = this.read(subject, question);
    if (!value || now[place] === value) return undefined;
    if (kind === "ticks") {
      return most !== undefined && now.filter(Boolean).length >= most ? { ticks: most } : undefined;
    }
    const bounds = this.form.bounds.find((one) =>
      one.limit.question === question && one.value === value &&
      this.given(one) >= one.most && one.subjects.includes(subject));
    return bounds && { bounds };
  }

  /** Takes an answer, unless something stands against it. */
  write(subject: number, question: number, place: number, value: number): Full | undefined {
    const full = this.against(subject, question, place, value);
    if (full) return full;
    const at = this.#start(subject, question) + place;
    this.#set((old, i) => (i === at ? value : old));
    return undefined;
  }

  /** Leaves one subject blank, or all of them. */
  clear(subject?: number): void {
    const { width } = this.form;
    this.#set((old, i) => (subject === undefined || Math.floor(i / width) === subject ? 0 : old));
  }

  #set(change: (old: number, place: number) => number): void {
    this.#answers = this.#answers.map(change);
    this.#given.clear();
    this.#keep(this.#answers);
  }

  /** Whether anything is said about a subject. */
  said(subject: number): boolean {
    const { width } = this.form;
    return this.#answers.slice(subject * width, (subject + 1) * width).some(Boolean);
  }

  /** The questions about a subject that ask for an answer and have none. */
  unanswered(subject: number): readonly number[] {
    return this.form.questions.flatMap(({ required }, question) =>
      required && !this.read(subject, question).some(Boolean) ? [question] : []);
  }

  /** The limits under which this ballot would be spoilt; a ballot without any answer abstains. */
  short(): readonly Short[] {
    if (this.empty) return [];
    return this.form.bounds
      .map((bounds) => ({ bounds, missing: bounds.least - this.given(bounds) }))
      .filter(({ missing }) => missing > 0);
  }
}
