// Where a Chinese heading may break: between words, as a person setting type would break it.

import { named } from "./dom.ts";

interface Segments {
  segment(text: string): Iterable<{ readonly segment: string }>;
}
interface Segmenter {
  new (locale: string, options: { granularity: "word" }): Segments;
}

/** Lets a heading break only between words, where the browser knows Chinese words. */
export function breakBetweenWords(heading: HTMLElement): void {
  const { Segmenter } = Intl as unknown as { Segmenter?: Segmenter };
  const text = heading.textContent;
  if (!Segmenter || !/\p{Script=Han}/u.test(text) || heading.childElementCount) return;
  const words = [...new Segmenter("zh", { granularity: "word" }).segment(text)];
  heading.classList.add("name"); // no break within a word, unless it is longer than the line
  heading.replaceChildren(
    ...words.flatMap(({ segment }, i) => {
      // Numbers stay with what they count, and punctuation with what stands before it.
      const apart = i > 0 && /^[\p{L}\p{N}]/u.test(segment) && !/\d$/.test(words[i - 1]?.segment ?? "");
      return apart ? [document.createElement("wbr"), segment] : [segment];
    }),
  );
}

/** A sentence around a name, which is not broken across lines where it fits on one. */
export function around(name: string, sentence: (mark: string) => string): (Node | string)[] {
  const [before = "", after = ""] = sentence("\u0000").split("\u0000");
  return [before, named(name), after];
}
