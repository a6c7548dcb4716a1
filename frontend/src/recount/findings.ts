// What a verification found (§6): twelve numbered checks, how each ended, and the findings.

/** A sentence in both languages. */
export interface Words {
  readonly zh: string;
  readonly en: string;
}

export interface Finding extends Words {
  readonly check: number;
  /** The place in the record, such as `board.bin:17`; empty if it is all of it. */
  readonly where: string;
}

/** `unreached`: an earlier finding left nothing to check; `needs-factors`: a public record. */
export type State = "passed" | "failed" | "unreached" | "needs-factors";

export const CHECKS: Readonly<Record<number, Words>> = {
  1: { zh: "文件齐全，写法唯一", en: "The files are complete, each in its one form" },
  2: { zh: "公示板属于这份评议书", en: "The board belongs to this manifest" },
  3: { zh: "公示板条目次序正确", en: "The board's entries stand in order" },
  4: { zh: "检查点与公示板相符，签名齐全有效", en: "The checkpoint is the board's, signed and cosigned" },
  5: { zh: "选票凭证清单前后一致", en: "The lists of slips agree" },
  6: { zh: "选票格式正确，没有重复", en: "Every ballot has its form, none stands twice" },
  7: { zh: "每张选票的盲签名有效", en: "Every ballot's tokens verify" },
  8: { zh: "每张选票的签名有效", en: "Every ballot's signature verifies" },
  9: { zh: "收回 ≤ 领取 ≤ 发出 ≤ 印制", en: "Returned ≤ drawn ≤ issued ≤ printed" },
  10: { zh: "开箱内容是公示板登记的那一份", en: "The openings are those that the board names" },
  11: { zh: "重新计票，结果一致", en: "Counting again gives the same results" },
  12: { zh: "重新开箱，选票一致", en: "Opening again gives the same ballots" },
};

/** How many findings of one check are told one by one; the rest are counted. */
const MOST = 20;

/** Collects findings, and which checks were gone through to their end. */
export class Findings {
  readonly told: Finding[] = [];
  private readonly counts = new Map<number, number>();
  private readonly done = new Set<number>();

  add(check: number, zh: string, en: string, where = ""): void {
    const count = (this.counts.get(check) ?? 0) + 1;
    this.counts.set(check, count);
    if (count <= MOST) this.told.push({ check, zh, en, where });
  }

  made(...checks: readonly number[]): void {
    for (const check of checks) this.done.add(check);
  }

  failed(check: number): boolean {
    return this.counts.has(check);
  }

  /** How a check ended, by its number. */
  states(audit: boolean): Record<number, State> {
    const state = (check: number): State => {
      if (this.counts.has(check)) return "failed";
      if (this.done.has(check)) return "passed";
      return check === 12 && !audit ? "needs-factors" : "unreached";
    };
    return Object.fromEntries(Object.keys(CHECKS).map((check) => [check, state(Number(check))]));
  }

  /** By check, how many findings there are, told or not. */
  get totals(): Record<number, number> {
    return Object.fromEntries(this.counts);
  }
}

/** Where a long verification stands. */
export interface Progress {
  readonly phase: "reading" | "board" | "ballots" | "opening" | "counting";
  readonly done: number;
  readonly all: number;
}

/** Long work: yields where it stands, often enough for a page to draw, and returns what it made. */
export type Work<T> = Generator<Progress, T, void>;
