// Ballot forms 测评表: what is asked about each subject, where its answers stand, and which limits
// span the subjects of one ballot (§4.1, §4.5).

import { Malformed } from "./encoding.ts";

/** A text in both languages. */
export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}
export interface Option {
  readonly text: Bilingual;
  /** Absent on a grade outside the scale (不了解), on items to tick and on bands. */
  readonly points?: number;
  /** The lowest number of points of a band. */
  readonly at_least?: number;
}
const KINDS = ["grades", "choice", "ticks", "score"] as const;
export interface Question {
  readonly kind: (typeof KINDS)[number];
  readonly text: Bilingual;
  readonly note?: Bilingual;
  readonly required: boolean;
  /** How many items may be ticked, if not any number. */
  readonly most?: number;
  /** The best score. */
  readonly highest?: number;
  readonly options: readonly Option[];
}
export type SubjectKind = "organisation" | "person";
export interface Limit {
  readonly question: number;
  readonly option: number;
  readonly least: number;
  readonly most?: number;
  readonly share?: readonly [top: number, bottom: number];
  readonly kind?: SubjectKind;
}
export interface Instrument {
  readonly title: Bilingual;
  /** The only kind of subject it asks about; its limits are of that kind and name none. */
  readonly kind?: SubjectKind;
  readonly instruction?: Bilingual;
  readonly notes?: { readonly title: Bilingual; readonly items: readonly Bilingual[] };
  readonly questions: readonly Question[];
  readonly limits: readonly Limit[];
}
export interface Subject {
  readonly kind: SubjectKind;
  readonly name: string;
  readonly post: string;
  readonly commitment: string;
}

/** A limit in numbers: how many of these subjects, by place on the ballot, may have the option. */
export interface Bounds {
  readonly limit: Limit;
  /** The place of its question among those of one subject, and the option's value there. */
  readonly place: number;
  readonly value: number;
  readonly subjects: readonly number[];
  readonly least: number;
  readonly most: number;
}

/** One contest's ballot: its subjects, under one instrument. */
export interface Form {
  readonly subjects: readonly Subject[];
  readonly instrument: Instrument;
  readonly questions: readonly Question[];
  /** Where each question's places begin among those of one subject. */
  readonly starts: readonly number[];
  /** How many places one subject takes. */
  readonly width: number;
  readonly bounds: readonly Bounds[];
  /** A ballot without any answer is spoilt, instead of counting as 弃权. */
  readonly emptySpoils: boolean;
}

/** Of `ticks` one an option, of every other kind one. */
export const placesOf = ({ kind, options }: Question): number => (kind === "ticks" ? options.length : 1);

/** The largest value of a question's places. */
export function largest({ kind, options, highest = 0 }: Question): number {
  if (kind === "ticks") return 1;
  return kind === "score" ? highest + 1 : options.length;
}

export function makeForm(
  instrument: Instrument,
  subjects: readonly Subject[],
  rules: { readonly members: number; readonly empty_ballot: string },
): Form {
  const { questions, limits } = instrument;
  for (const { kind, options } of questions) {
    if (!KINDS.includes(kind) || !options.length) throw new Malformed("a question of no kind");
  }
  const starts: number[] = [];
  const width = questions.reduce((at, question) => (starts.push(at), at + placesOf(question)), 0);
  const bounds = limits.map((limit): Bounds => {
    const { question, option, least, most, share, kind } = limit;
    if (!questions[question]?.options[option]) throw new Malformed("a limit of nothing");
    return {
      limit,
      place: starts[question] as number,
      value: option + 1,
      subjects: subjects.flatMap((subject, n) => (kind && subject.kind !== kind ? [] : [n])),
      least,
      most: most ?? (share ? Math.floor((rules.members * share[0]) / share[1]) : 0),
    };
  });
  const emptySpoils = rules.empty_ballot === "spoilt";
  return { subjects, instrument, questions, starts, width, bounds, emptySpoils };
}

/** To how many of its subjects a ballot gives a limited option. */
export const given = ({ place, value, subjects }: Bounds, answers: readonly number[], width: number) =>
  subjects.filter((subject) => answers[subject * width + place] === value).length;

/** The first reason why a ballot with these answers, one a place, would not count (§4.5). */
export function faultOf(form: Form, answers: readonly number[]) {
  const { subjects, questions, starts, width, bounds } = form;
  if (answers.length !== subjects.length * width) return "not-a-ballot";
  const cells = subjects.flatMap((_, subject) => questions.map((question, q) => {
    const start = subject * width + (starts[q] as number);
    return { question, values: answers.slice(start, start + placesOf(question)) };
  }));
  if (cells.some(({ question, values }) => values.some((value) => value > largest(question)))) {
    return "answer-out-of-range";
  }
  if (!answers.some(Boolean)) return form.emptySpoils ? "empty" : undefined;
  const overticked = cells.some(({ question: { most }, values }) =>
    most !== undefined && values.filter(Boolean).length > most);
  const times = bounds.map((bound) => ({ ...bound, given: given(bound, answers, width) }));
  if (overticked || times.some(({ given, most }) => given > most)) return "too-many";
  return times.some(({ given, least }) => given < least) ? "too-few" : undefined;
}
