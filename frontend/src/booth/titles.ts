// What a ballot is called: by whom it is about, by its form where it spans many.

import { inWords, say } from "../i18n/index.ts";
import type { Form, Subject } from "../protocol/form.ts";

/** Whether a form has limits, so that all its subjects stand on one ballot. */
export const isWhole = ({ instrument }: Form): boolean => instrument.limits.length > 0;

/** Whether a subject has more ballots than this one among all of a voter. */
export const isOneOfMore = (form: Form, forms: readonly Form[]): boolean =>
  forms.some((other) => other !== form && other.subjects.some((one) => one === form.subjects[0]));

/** A subject's name, with the post where another one has the same name. */
export const nameOf = (subject: Subject | undefined, among: readonly Subject[]): string => {
  const { name = "", post = "" } = subject ?? {};
  const shared = among.some((other) => other !== subject && other.name === name);
  return shared && post ? say("subject.title", { name, post }) : name;
};

/** A ballot's name among all of a voter. */
export function titleOf(form: Form, forms: readonly Form[]): string {
  const title = inWords(form.instrument.title);
  const [only, ...more] = form.subjects;
  if (!only || more.length || isWhole(form)) return title;
  const name = nameOf(only, forms.flatMap(({ subjects }) => subjects));
  return isOneOfMore(form, forms) ? say("ballot.title", { name, form: title }) : name;
}
