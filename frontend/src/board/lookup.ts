// Looking a ballot up by its tracker 核对号: all openings come to the phone, the tracker stays there.

import { say } from "../i18n/index.ts";
import { get } from "../booth/post.ts";
import { answersOf } from "../booth/screens/answers.ts";
import { titleOf } from "../booth/titles.ts";
import { Malformed } from "../protocol/encoding.ts";
import { faultOf } from "../protocol/form.ts";
import { decodeManifest, formOf, type Manifest } from "../protocol/manifest.ts";
import { decodeOpenings, type OpenedGroup } from "../protocol/openings.ts";
import { button, type Child, h, named } from "../ui/dom.ts";
import type { View } from "../ui/stage.ts";
import { namesOpenings } from "./find.ts";
import { failed, sentence } from "./search.ts";

/** One ballot in plain: of which contest, and what was answered. */
interface Found {
  readonly contest: number;
  readonly answers: readonly number[];
}

/** Before anything is shown: that it will be how somebody voted. */
export function warning(phase: string, told: boolean, onShow: () => void): View {
  if (phase === "void") return () => [sentence("look.void", {}, "advice")];
  if (phase === "opened" && !told) return () => [sentence("look.untold", {}, "advice")];
  if (phase !== "opened") return () => [sentence("look.early", {}, "advice")];
  return () => [
    sentence("look.warning", {}, "warning"),
    button(say("look.show"), onShow, { id: "show-ballot" }),
  ];
}

/** What the opened boxes hold under these trackers; `results` is the path that tells them. */
export async function lookUp(
  session: string,
  results: string,
  trackers: readonly string[],
  onHide: () => void,
): Promise<View> {
  const [board, openings, description] = await Promise.all([
    get(`/b/${session}/board.bin`),
    get(`${results}/openings.json`),
    get(`/v/${session}/manifest.json`),
  ]);
  if (!board || !openings || !description) return failed;
  try {
    if (!namesOpenings(board, openings)) {
      return () => [sentence("look.differs", {}, "error")];
    }
    const manifest = decodeManifest(description);
    const groups = decodeOpenings(openings);
    const found = trackers.map((tracker) => ballotsOf(manifest, groups, tracker));
    const ballots = found.flat();
    const missing = { n: found.filter(({ length }) => !length).length, all: trackers.length };
    const shown = () => ballots.map((ballot) => content(manifest, ballot));
    shown();
    return () => [
      ...(ballots.length ? [sentence("look.found", {}, "advice")] : []),
      ...shown(),
      ...(ballots.length ? [sentence("look.otherwise")] : []),
      ...(missing.n ? whyMissing(groups, missing) : []),
      button(say("look.hide"), onHide, { class: "second" }),
    ];
  } catch (error) {
    // A TypeError: a field that is not there.
    if (error instanceof Malformed || error instanceof TypeError) return failed;
    throw error;
  }
}

/** A tracker is drawn at random, so it stands in one box; if it stands in two, both are shown. */
function ballotsOf(
  manifest: Manifest,
  groups: readonly OpenedGroup[],
  tracker: string,
): readonly Found[] {
  return groups.flatMap(({ boxes, opened = [] }) => {
    const contest = manifest.boxes[boxes[0] ?? -1]?.contest;
    if (contest === undefined) throw new Malformed("openings of no box");
    return opened
      .filter((ballot) => ballot.tracker === tracker)
      .map(({ answers }) => ({ contest, answers }));
  });
}

function content(manifest: Manifest, { contest, answers }: Found): HTMLElement {
  const forms = manifest.contests.map((_, number) => formOf(manifest, number));
  const form = forms[contest];
  const fault = form && faultOf(form, answers);
  if (!form || fault) throw new Malformed("openings that are no ballots");
  return h("section", { class: "ballot" },
    h("h3", {}, named(titleOf(form, forms))),
    ...answersOf(form, answers));
}

function whyMissing(
  groups: readonly OpenedGroup[],
  missing: { readonly n: number; readonly all: number },
): Child[] {
  const spoilt = groups.reduce((sum, group) => sum + (group.spoilt?.length ?? 0), 0);
  const withheld = groups.filter(({ status, ballots }) => status === "withheld" && ballots).length;
  return [
    sentence("look.missing", missing, "error"),
    h("ul", {},
      h("li", {}, say("look.copied")),
      spoilt > 0 && h("li", {}, say("look.spoilt", { n: spoilt })),
      withheld > 0 && h("li", {}, say("look.withheld", { n: withheld }))),
    sentence("look.ask"),
  ];
}
