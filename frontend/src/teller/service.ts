// Asking the service. What is handed in is the very same text each time, so that trying again can do
// no harm; a network that fails costs nothing but patience.

import { isTellerProblem, type TellerProblem } from "../i18n/teller.ts";

export type Answer<T = unknown> =
  | { readonly kind: "accepted"; readonly value: T }
  | { readonly kind: "refused"; readonly problem: TellerProblem };

/** What the bytes of an answer say; undefined if they are none. */
type Reading<T> = (bytes: Uint8Array) => T | undefined;

const json: Reading<unknown> = (bytes) => {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch {
    return undefined;
  }
};

/** Milliseconds to wait before each further attempt. */
const PAUSES: readonly number[] = [500, 1500, 3000, 5000, 8000];
/** Milliseconds after which an attempt counts as lost; factors take a while on a slow line. */
const PATIENCE = 60_000;

/** Whether the same request may well be accepted a moment later. */
export const passing = (problem: TellerProblem): boolean =>
  problem === "busy" || problem === "unreachable" || problem === "unexpected";

/** Posts `body` as JSON; `onRetry` hears the number of each attempt after the first. */
export async function post<T = unknown>(
  path: string,
  body: unknown,
  onRetry: (attempt: number) => void = () => undefined,
  read: Reading<T> = json as Reading<T>,
  pauses = PAUSES,
): Promise<Answer<T>> {
  const text = JSON.stringify(body);
  for (let attempt = 1; ; attempt++) {
    const answer = await once(path, text, read);
    const pause = pauses[attempt - 1];
    if (answer.kind === "accepted" || !passing(answer.problem) || pause === undefined) return answer;
    onRetry(attempt + 1);
    await waited(pause);
  }
}

async function once<T>(path: string, body: string, read: Reading<T>): Promise<Answer<T>> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), PATIENCE);
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
    const bytes = new Uint8Array(await response.arrayBuffer());
    const value = response.ok ? read(bytes) : undefined;
    if (value !== undefined && value !== null) return { kind: "accepted", value };
    const code = (json(bytes) as { error?: unknown } | null | undefined)?.error;
    const known = typeof code === "string" && isTellerProblem(code);
    return { kind: "refused", problem: known ? code : "unexpected" };
  } catch {
    return { kind: "refused", problem: "unreachable" };
  } finally {
    clearTimeout(timer);
  }
}

/** The bytes at a path of this site, trying again a few times; undefined if they do not come. */
export async function fetchBytes(path: string, pauses = [500, 2000]) {
  for (let attempt = 0; ; attempt++) {
    try {
      const response = await fetch(path, { credentials: "omit", redirect: "error" });
      if (response.ok) return new Uint8Array(await response.arrayBuffer());
    } catch {
      // no network: the pause below, then again
    }
    const pause = pauses[attempt];
    if (pause === undefined) return undefined;
    await waited(pause);
  }
}

export async function fetchJson(path: string): Promise<unknown> {
  const bytes = await fetchBytes(path);
  return bytes && json(bytes);
}

/** Waits this long, or less if the device says that the network is back. */
function waited(milliseconds: number): Promise<void> {
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
