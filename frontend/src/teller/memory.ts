// What a reload of this page may remember: the link's secret and the language, in the session of
// this one tab. A phone that leaves the page to take a picture often loads it anew, and the link is
// gone from the address by then. Keys, cards and passphrases are never kept; the secret is wiped
// when it has done its work.

export type Word = "secret" | "language";

export class Memory {
  readonly #name: string;

  constructor(session: string) {
    this.#name = `appraisal/1/t/${session}/`;
  }

  recall(word: Word): string | undefined {
    try {
      return sessionStorage.getItem(this.#name + word) ?? undefined;
    } catch {
      return undefined; // a browser that keeps nothing
    }
  }

  remember(word: Word, text: string | undefined): void {
    try {
      if (text === undefined) sessionStorage.removeItem(this.#name + word);
      else sessionStorage.setItem(this.#name + word, text);
    } catch {
      // Then a reload starts from the link again.
    }
  }
}
