// The key check (§4.13): that the service and this card mean the same teller, and that the key works.

import type { TellerProblem } from "../i18n/teller.ts";
import { b64decode, b64encode, Malformed } from "../protocol/encoding.ts";
import { answerChallenge, type KeyCard } from "../protocol/keycard.ts";
import { type Answer, post } from "./service.ts";

type OnRetry = (attempt: number) => void;

async function challengeFor(session: string, secret: string, key: Uint8Array, onRetry?: OnRetry) {
  return post(`/t/${session}/challenge`, { secret, key: b64encode(key) }, onRetry);
}

function sealedIn(answer: Extract<Answer, { kind: "accepted" }>): Uint8Array {
  return b64decode((answer.value as { challenge?: unknown }).challenge, 80);
}

/** Which teller's link this is, by its number, or why it is nobody's. */
export async function whoseLink(session: string, secret: string): Promise<number | TellerProblem> {
  const answer = await post(`/t/${session}/link`, { secret });
  if (answer.kind === "refused") return answer.problem;
  const { teller } = answer.value as { teller?: unknown };
  return typeof teller === "number" ? teller : "unexpected";
}

/** Hands the public key in, with what was sealed to it; undefined once it is registered. */
export async function handInKey(
  session: string,
  secret: string,
  card: KeyCard,
  privateKey: Uint8Array,
  onRetry: OnRetry,
): Promise<TellerProblem | undefined> {
  const asked = await challengeFor(session, secret, card.publicKey, onRetry);
  if (asked.kind === "refused") return asked.problem;
  try {
    const opened = answerChallenge(session, card.teller, privateKey, sealedIn(asked));
    // Sealed for another number: the card was made by another teller than the link is for.
    if (!opened) return "answer-wrong";
    const { tellers, quorum } = card;
    const key = b64encode(card.publicKey);
    const body = { secret, key, answer: b64encode(opened), tellers, quorum };
    const answer = await post(`/t/${session}/key`, body, onRetry);
    return answer.kind === "refused" ? answer.problem : undefined;
  } catch (error) {
    if (error instanceof Malformed) return "unexpected";
    throw error;
  }
}
