// What the service says of the session and its tellers: in the page, and fresh at /t/SESSION/status.

import { say } from "../i18n/teller.ts";
import { byId } from "../ui/dom.ts";
import { fetchJson } from "./service.ts";

export interface Facts {
  readonly session: string;
  readonly title: string;
  readonly organisation: string;
  readonly demonstration: boolean;
}

export type Phase = "draft" | "preparing" | "printed" | "voting" | "closed" | "opened" | "void";

export interface TellerStatus {
  readonly name: string;
  /** The teller's key is registered. */
  readonly checked: boolean;
  /** The teller's factors are there. */
  readonly handed_in: boolean;
}

export interface WitnessStatus {
  /** The name of its key, as in the manifest. */
  readonly name: string;
  /** What people call it, as the service says; empty if it does not say. */
  readonly known: string;
}

export interface Status {
  readonly phase: Phase;
  readonly custodian: boolean;
  readonly quorum: number;
  readonly tellers: readonly TellerStatus[];
  /** Those of the manifest, in its order; none before it is frozen. */
  readonly witnesses: readonly WitnessStatus[];
}

/** A witness as people know it, with the name of its key, which alone the manifest vouches for. */
export function witnessNamed({ witnesses }: Status, name: string): string {
  const { known = "" } = witnesses.find((witness) => witness.name === name) ?? {};
  return known && known !== name ? say("witness.named", { known, name }) : name;
}

export function readFacts(): Facts {
  const { session = "", title = "", organisation = "", demonstration } = byId("screen").dataset;
  return { session, title, organisation, demonstration: demonstration === "yes" };
}

/** Who has done what, or undefined if it cannot be had just now. */
export const loadStatus = async (session: string): Promise<Status | undefined> =>
  (await fetchJson(`/t/${session}/status`)) as Status | undefined;
