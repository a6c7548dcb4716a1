// What a phone keeps of an unfinished ballot, so that a reload, a dead network or a phone call loses
// nothing: everything needed to finish is kept BEFORE it is sent, and wiped once it is in the box.
//
// Several people may share a phone: each ballot is kept under the hash of its slip. What must only
// outlive a reload of this page (the link before the draw) is in the page's session storage.

import { Malformed } from "../protocol/encoding.ts";
import { inMemory, usable } from "./areas.ts";

interface Common {
  readonly format: 2;
  /** The hash by which the registrar knows the slip, hex. */
  readonly slip: string;
  readonly session: string;
  /** M, hex: what the keys were made for. */
  readonly manifest: string;
  readonly voterClass: number;
}

/** Asked for, perhaps signed by some; the exact requests can be sent again. */
export interface Drawing extends Common {
  readonly stage: "drawing";
  /** One a signer, in the order in which they are asked. */
  readonly requests: readonly string[];
  /** Of each signer that has answered its token of every box, b64. */
  readonly tokens: readonly (readonly string[])[];
  /** Per box the ballot key and what takes each signer's blinding off, b64. */
  readonly pending: readonly {
    readonly key: string;
    readonly blindings: readonly { readonly prefix: string; readonly inverse: string }[];
  }[];
}

/** Drawn; being filled in. */
export interface Filling extends Common {
  readonly stage: "filling";
  readonly keys: readonly string[];
  /** Per box the tokens of every signer, joined. */
  readonly tokens: readonly string[];
  /** Per contest one value a place (§4.5). */
  readonly answers: readonly (readonly number[])[];
  /** What is written for the comment box, where there is one. */
  readonly comment?: string;
  /** The page last seen; as many as there are pages for the review. */
  readonly at: number;
}

/** Sealed, perhaps in the box; answers and keys are gone, the exact request can be sent again. */
export interface Casting extends Common {
  readonly stage: "casting";
  readonly request: string;
  readonly leafHashes: readonly string[];
  /** One a contest: a comment has none. */
  readonly trackers: readonly string[];
}

export type Kept = Drawing | Filling | Casting;

const PREFIX = "appraisal/1/";

export class Store {
  readonly #ballots = usable(() => localStorage);
  readonly #page = usable(() => sessionStorage);
  readonly #session: string;

  constructor(session: string) {
    this.#session = session;
  }

  /** Whether what is kept outlives the page. */
  get lasting(): boolean {
    return this.#ballots.lasting;
  }

  #key(slip: string): string {
    return `${PREFIX}${this.#session}/${slip}`;
  }

  keep(kept: Kept): void {
    try {
      this.#ballots.area.setItem(this.#key(kept.slip), JSON.stringify(kept));
    } catch {
      // Full: go on in memory, with what is already kept of other ballots left in peace.
      const memory = inMemory();
      memory.setItem(this.#key(kept.slip), JSON.stringify(kept));
      this.#ballots.area.removeItem(this.#key(kept.slip));
      this.#ballots.area = memory;
      this.#ballots.lasting = false;
    }
  }

  find(slip: string): Kept | undefined {
    return this.#read(this.#key(slip));
  }

  /** Every unfinished ballot of this session on this phone. */
  unfinished(): Kept[] {
    const keys = Array.from({ length: this.#ballots.area.length }, (_, i) =>
      this.#ballots.area.key(i),
    );
    return keys
      .filter((key): key is string => key?.startsWith(`${PREFIX}${this.#session}/`) ?? false)
      .sort()
      .flatMap((key) => this.#read(key) ?? []);
  }

  wipe(slip: string): void {
    this.#ballots.area.removeItem(this.#key(slip));
  }

  /** Forgets a drawing that was refused, unless another page made something else of its slip. */
  wipeDrawing({ slip, requests }: Drawing): void {
    const kept = this.find(slip);
    if (kept?.stage === "drawing" && kept.requests[0] === requests[0]) this.wipe(slip);
  }

  /** A word that this page remembers over a reload; undefined forgets it. */
  remember(name: "link" | "slip" | "done" | "language", value: string | undefined): void {
    const key = `${PREFIX}${name}`;
    if (value === undefined) this.#page.area.removeItem(key);
    else this.#page.area.setItem(key, value);
  }

  recall(name: "link" | "slip" | "done" | "language"): string | undefined {
    return this.#page.area.getItem(`${PREFIX}${name}`) ?? undefined;
  }

  #read(key: string): Kept | undefined {
    const text = this.#ballots.area.getItem(key);
    if (text === null) return undefined;
    try {
      const kept = JSON.parse(text) as Kept;
      if (kept.format !== 2) throw new Malformed("another format");
      return kept;
    } catch {
      this.#ballots.area.removeItem(key); // nothing that a later page could finish
      return undefined;
    }
  }
}
