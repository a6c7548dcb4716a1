// Looking a slip 选票凭证 up: the board comes to the phone, the code stays there (§4.2, §4.8).

import { get } from "../booth/post.ts";
import { inWords } from "../i18n/index.ts";
import { type RecountKey, say } from "../i18n/recount.ts";
import { base32typed, hexEncode, Malformed } from "../protocol/encoding.ts";
import { decodeManifest } from "../protocol/manifest.ts";
import { classOf, credential, readCode, slipHash } from "../protocol/slip.ts";
import { decodeEntry, entriesOf, type Printed, type Turnout } from "../recount/board.ts";
import { button, h } from "../ui/dom.ts";
import type { View } from "../ui/stage.ts";

/** What became of a slip with one signer. */
type State = "absent" | "printed" | "unused" | "drawn" | "void";

const error = (text: string): HTMLElement => h("p", { class: "error" }, text);

/** What the board says of the slip with this code, as typed or out of a link. */
export async function findSlip(session: string, typed: string, onHide: () => void): Promise<View> {
  // A link's fragment is CODE.FINGERPRINT.
  const code = readCode(typed.replace(/^.*#/, "").split(".")[0] ?? "");
  if (!code) {
    const read = base32typed(typed).replace(/[^0-9A-HJKMNP-TV-Z]/g, "").length;
    return () => [error(say("slip.wrong", { n: read }))];
  }
  const [board, description] = await Promise.all([
    get(`/b/${session}/board.bin`),
    get(`/v/${session}/manifest.json`),
  ]);
  if (!board || !description) return () => [error(say("slip.failed"))];
  try {
    const manifest = decodeManifest(description);
    const voterClass = manifest.classes[classOf(code)];
    if (!voterClass) return () => [error(say("slip.class"))];
    const lists = entriesOf(board)
      .map((entry, place) => decodeEntry(entry, place, entry))
      .filter((entry): entry is Printed | Turnout =>
        entry.kind === "printed" || entry.kind === "turnout");
    const states = manifest.signers.map(({ name }, signer) => {
      const hash = hexEncode(slipHash(session, credential(code, session, signer)));
      return { name, state: stateOf(lists.filter((entry) => entry.signer === signer), hash) };
    });
    const hide = () => button(say("slip.hide"), onHide);
    if (states.every(({ state }) => state === "absent")) {
      return () => [error(say("slip.unknown")), hide()];
    }
    const [first] = states;
    const differ = states.some(({ state }, i) => i > 0 && first && !agree(first.state, state));
    return () => [
      h("p", { class: "advice" }, say("slip.of", { class: inWords(voterClass.name) }),
        ...(states.length === 1 ? [` ${say(`slip.${states[0]?.state ?? "absent"}`)}`] : [])),
      states.length > 1 && h("ul", {}, ...states.map(({ name, state }, i) =>
        h("li", {}, i ? name : say("slip.registrar"), say("colon"), say(worded(state, i))))),
      differ && error(say("slip.differ")),
      first?.state === "drawn" && h("p", {}, say("slip.drawn-advice")),
      hide(),
    ];
  } catch (failure) {
    if (failure instanceof Malformed) return () => [error(say("slip.failed"))];
    throw failure;
  }
}

function stateOf(lists: readonly (Printed | Turnout)[], hash: string): State {
  const stated = lists.filter((entry): entry is Turnout => entry.kind === "turnout");
  if (stated.some(({ drawn }) => drawn.includes(hash))) return "drawn";
  if (stated.some(({ voided }) => voided.includes(hash))) return "void";
  if (!lists.some((entry) => entry.kind === "printed" && entry.slips.includes(hash))) return "absent";
  return stated.length ? "unused" : "printed";
}

/** What a signer says of a slip; only the registrar's turnout lists void ones (§4.8). */
const worded = (state: State, signer: number): RecountKey =>
  signer && state === "unused" ? "slip.unused-further" : `slip.${state}`;

/** A further signer knows nothing of void slips: with it they are merely not drawn. */
const agree = (registrar: State, further: State): boolean =>
  registrar === further || (registrar === "void" && further === "unused");
