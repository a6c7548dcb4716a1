// The end of a vote: what the phone kept is wiped, and only this page still holds the receipt.

import type { Contest } from "../protocol/boxes.ts";
import type { Random } from "../protocol/encoding.ts";
import type { Manifest } from "../protocol/manifest.ts";
import type { Receipt } from "../protocol/receipt.ts";
import { show } from "../ui/stage.ts";
import type { Facts } from "./facts.ts";
import { done } from "./screens/done.ts";
import { receipt } from "./screens/receipt.ts";
import type { Casting, Store } from "./store.ts";

export interface Booth {
  readonly facts: Facts;
  readonly store: Store;
  readonly random: Random;
  /** Makes ready for another slip, with everything of this voter gone. */
  readonly nextVoter: () => void;
}

export function finish(
  { facts, store, nextVoter }: Booth,
  manifest: Manifest,
  contests: readonly Contest[],
  casting: Casting,
  receipts: readonly Receipt[],
): void {
  store.wipe(casting.slip);
  for (const word of ["slip", "link"] as const) store.remember(word, undefined);
  store.remember("done", "1");
  history.replaceState(null, "");
  const final = () => show(() => done(nextVoter, () => show(toReceipt)));
  const toReceipt = () => receipt(facts, contests, {
    // A comment never stands on the board, so nothing could be found by its receipt.
    receipts: receipts.slice(0, contests.length),
    trackers: casting.trackers,
    telling: manifest.opening.publish_factors,
    told: manifest.rules.publication !== "subject",
  }, final);
  final();
}
