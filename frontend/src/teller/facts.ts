// What the service says of the session and its tellers: in the page, and fresh at /t/SESSION/status.

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

export interface Status {
  readonly phase: Phase;
  readonly custodian: boolean;
  readonly quorum: number;
  readonly tellers: readonly TellerStatus[];
}

export function readFacts(): Facts {
  const { session = "", title = "", organisation = "", demonstration } = byId("screen").dataset;
  return { session, title, organisation, demonstration: demonstration === "yes" };
}

/** Who has done what, or undefined if it cannot be had just now. */
export const loadStatus = async (session: string): Promise<Status | undefined> =>
  (await fetchJson(`/t/${session}/status`)) as Status | undefined;
