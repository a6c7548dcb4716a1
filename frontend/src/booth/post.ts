// Sending a request until it is answered. The very same text is sent each time: the service gives a
// repetition the same answer, so that trying again can neither lose a ballot nor double it (§3).

import { isProblem, type Problem } from "../i18n/index.ts";

export type Answer =
  | { readonly kind: "accepted"; readonly json: unknown }
  | { readonly kind: "refused"; readonly problem: Problem };

export interface Patience {
  /** Milliseconds to wait before each further attempt. */
  readonly pauses: readonly number[];
  /** Milliseconds after which an attempt counts as lost. */
  readonly patience: number;
}

export const PATIENT: Patience = { pauses: [500, 1500, 3000, 5000, 8000], patience: 20_000 };

/** Posts JSON text; `onRetry` hears the number of each attempt after the first. */
export async function post(
  path: string,
  body: string,
  onRetry: (attempt: number) => void,
  { pauses, patience }: Patience = PATIENT,
): Promise<Answer> {
  let last: Problem = "unreachable";
  for (let attempt = 0; attempt <= pauses.length; attempt++) {
    if (attempt > 0) {
      onRetry(attempt + 1);
      await untilOnline(pauses[attempt - 1] ?? 0);
    }
    const answer = await once(path, body, patience);
    if (answer.kind !== "refused" || !passing(answer.problem)) return answer;
    last = answer.problem;
  }
  return { kind: "refused", problem: last };
}

/** Whether the same request may well be accepted a moment later: what is kept stays kept. */
export const passing = (problem: Problem): boolean =>
  problem === "busy" || problem === "unreachable" || problem === "unexpected";

async function once(path: string, body: string, patience: number): Promise<Answer> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), patience);
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body,
      signal: abort.signal,
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
    });
    const json: unknown = await response.json().catch(() => undefined);
    if (response.ok && typeof json === "object" && json !== null) return { kind: "accepted", json };
    const code = (json as { error?: unknown } | undefined)?.error;
    if (typeof code === "string" && isProblem(code)) return { kind: "refused", problem: code };
    return { kind: "refused", problem: "unexpected" };
  } catch {
    return { kind: "refused", problem: "unreachable" };
  } finally {
    clearTimeout(timer);
  }
}

/** Waits this long, or less if the phone says that the network is back. */
function untilOnline(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    addEventListener("online", done);
  });
}

/** The bytes at a path of this site, trying again a few times; undefined if they do not come. */
export async function get(path: string, pauses: readonly number[] = [500, 2000]) {
  for (let attempt = 0; ; attempt++) {
    try {
      const response = await fetch(path, { credentials: "same-origin", redirect: "error" });
      if (response.ok) return new Uint8Array(await response.arrayBuffer());
    } catch {
      // no network: the pause below, then again
    }
    const pause = pauses[attempt];
    if (pause === undefined) return undefined;
    await untilOnline(pause);
  }
}
