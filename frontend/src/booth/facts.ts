// What the server says about the session, in the page and in the manifest; none of it is secret.

import type { Problem } from "../i18n/index.ts";
import { Malformed } from "../protocol/encoding.ts";
import { decodeManifest, type Manifest } from "../protocol/manifest.ts";
import { byId } from "../ui/dom.ts";
import { get } from "./post.ts";

export type Phase = "preparing" | "printed" | "voting" | "closed" | "opened" | "void";

export interface Facts {
  readonly session: string;
  readonly title: string;
  readonly organisation: string;
  readonly phase: Phase;
}

export function readFacts(): Facts {
  const { session = "", title = "", organisation = "", phase = "voting" } = byId("screen").dataset;
  return { session, title, organisation, phase: phase as Phase };
}

/** Why nobody can vote in this phase, if so. */
export function problemOf(phase: Phase): Problem | undefined {
  if (phase === "voting") return undefined;
  if (phase === "void") return "void";
  return phase === "closed" || phase === "opened" ? "closed" : "not-open";
}

/** The session's manifest, or why it cannot be had. */
export async function loadManifest(session: string): Promise<Manifest | Problem> {
  const bytes = await get(`/v/${session}/manifest.json`);
  if (!bytes) return "unreachable";
  try {
    const manifest = decodeManifest(bytes);
    if (manifest.session === session) return manifest;
  } catch (error) {
    // A TypeError: a field that is not there.
    if (!(error instanceof Malformed) && !(error instanceof TypeError)) throw error;
  }
  return "bad-manifest";
}
