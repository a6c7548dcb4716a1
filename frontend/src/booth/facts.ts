// What the server wrote into the page about the session; none of it is secret.

import { byId } from "../ui/dom.ts";

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
