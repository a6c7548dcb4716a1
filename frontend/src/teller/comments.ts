// The comment box 意见箱 at the opening (§4.14): fetched from the service, since no board shows it.

import { language } from "../i18n/language.ts";
import { Malformed } from "../protocol/encoding.ts";
import type { Ballot } from "../recount/ballot.ts";
import type { ClosedBoard } from "../recount/checkboard.ts";
import { checkComments } from "../recount/comments.ts";
import { onRetry, type Room, tell } from "./room.ts";
import { post } from "./service.ts";
import { inSlices } from "./slices.ts";

/** The comments to be opened as well (§4.14), checked; undefined in a session without a comment box. */
export async function findComments(
  room: Room,
  secret: string,
  closed: ClosedBoard,
  then: (comments: readonly Ballot[] | undefined) => void,
): Promise<void> {
  const { manifest, overfull, slips } = closed;
  if (!manifest.comments || overfull) return then(undefined);
  const again = () => void findComments(room, secret, closed, then);
  const answer = await post(`/t/${room.facts.session}/comments`, { secret }, onRetry, (bytes) => bytes);
  if (answer.kind === "refused") return tell(answer.problem, { again });
  try {
    const { sealed, findings } = await inSlices(checkComments(manifest, answer.value, slips), () => undefined);
    if (!findings.length) return then(sealed);
    tell("bad-comments", { again, found: findings.map((f) => f[language()]) });
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    tell("bad-comments", { again, found: [error.message] });
  }
}
