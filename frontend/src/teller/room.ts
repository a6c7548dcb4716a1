// What every part of the tellers' page works with.

import type { Random } from "../protocol/encoding.ts";
import type { KeyCard } from "../protocol/keycard.ts";
import { say, type TellerProblem } from "../i18n/teller.ts";
import { show } from "../ui/stage.ts";
import type { Facts, Status } from "./facts.ts";
import type { Memory } from "./memory.ts";
import { problem, type ProblemOptions } from "./screens/problem.ts";
import { fraction, note, waiting } from "./screens/waiting.ts";
import { askPassphrase } from "./screens/passphrase.ts";
import { openCard } from "../protocol/keycard.ts";

export interface Room {
  readonly facts: Facts;
  readonly memory: Memory;
  readonly random: Random;
  readonly status: Status;
  /** The secret of the link that was opened, if any. */
  readonly secret: string | undefined;
}

export const tell = (which: TellerProblem, options?: ProblemOptions): void =>
  show(() => problem(which, options));

/** What a network that fails for a moment says. */
export const onRetry = (attempt: number): void => note(say("retry", { n: attempt }));

/** Asks for the passphrase until it opens the card, then goes on with the private key. */
export function unlock(
  session: string,
  card: KeyCard,
  name: string,
  { then, back }: {
    readonly then: (privateKey: Uint8Array) => void;
    /** To another card. */
    readonly back?: () => void;
  },
): void {
  const typed = (passphrase: string) => {
    show(() => waiting(say("unlocking.title")));
    void openCard(session, card, passphrase, fraction).then((privateKey) => {
      if (privateKey) then(privateKey);
      else ask(true);
    });
  };
  const ask = (wrong: boolean) => show(() => askPassphrase(name, wrong, typed, back));
  ask(false);
}
