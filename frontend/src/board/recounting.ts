// "Recount here" 在此复算 on the board's page: download, verify on this device, say what was checked.

import { say } from "../i18n/recount.ts";
import type { Progress } from "../recount/findings.ts";
import { button, byId, type Child, h } from "../ui/dom.ts";
import { announce, type View } from "../ui/stage.ts";
import { run } from "./run.ts";
import type { Message } from "./steps.ts";
import { compareTiles } from "./tiles.ts";
import { told } from "./told.ts";

/** Where the page shows it, and what it needs to begin. */
interface Place {
  readonly session: string;
  /** The path below which results are told (§5.5). */
  readonly results: string;
  /** The address of the worker's script. */
  readonly script: string;
  readonly show: (view: View) => void;
}

/** How much of the bar each phase is worth; ballots take almost all of the time. */
const SHARES: Readonly<Record<Progress["phase"], readonly [from: number, to: number]>> = {
  reading: [0, 2], board: [2, 12], ballots: [12, 90], counting: [90, 91], opening: [91, 100],
};

let stop = (): void => undefined;

/** Downloads this session's public record and verifies it. */
export async function recountHere(place: Place): Promise<void> {
  const download = new AbortController();
  busy(place, () => download.abort(), say("loading"));
  try {
    const answer = await fetch(`${place.results}/record.zip`, { signal: download.signal });
    if (!answer.ok) throw new TypeError("no record");
    const archive = new Uint8Array(await answer.arrayBuffer());
    verify(place, archive, await compareTiles(place.session, archive));
  } catch {
    if (!download.signal.aborted) ended(place, () => [problem(say("failed"))]);
  }
}

/** Verifies a record that somebody has as a file, such as an audit record. */
export async function recountFile(place: Place, file: File): Promise<void> {
  stop();
  verify(place, new Uint8Array(await file.arrayBuffer()));
}

function verify(place: Place, archive: Uint8Array, apart?: readonly string[]): void {
  let end = (): void => undefined;
  const bar = busy(place, () => end(), say("reading"));
  end = run(archive, place.script, (message) => hear(place, bar, message, apart));
}

/** `apart`: the board's tiles that are not those of the record; undefined where none were asked for. */
function hear(place: Place, bar: Bar, message: Message, apart?: readonly string[]): void {
  if (message.kind === "progress") {
    bar.move(message.progress);
  } else if (message.kind === "unreadable") {
    ended(place, () => [problem(say(message.repacked ? "unreadable-repacked" : "unreadable"))]);
  } else {
    const { report, seconds } = message;
    const { session, title } = report.summary ?? { session: place.session, title: "" };
    ended(place, () => [
      session !== place.session && problem(say("other", { title })),
      !!apart?.length && problem(say("tiles.apart", { tiles: apart.join(", ") })),
      ...told(report, seconds),
      apart && !apart.length && h("p", { class: "quiet", id: "tiles" }, say("tiles.same")),
    ]);
  }
}

interface Bar {
  readonly move: (progress: Progress) => void;
}

/** The progress bar with its button to stop; each phase is read out once. */
function busy(place: Place, onStop: () => void, first: string): Bar {
  stop = onStop;
  const bar = h("progress", { max: 100, value: 0, "aria-label": say("progress") });
  const label = h("p", {}, first);
  const cancel = button(say("cancel"), () => {
    stop();
    ended(place, () => [h("p", { class: "advice" }, say("cancelled"))]);
  }, { id: "recount-stop" });
  place.show(() => [label, bar, cancel]);
  cancel.focus({ preventScroll: true }); // the button that was tapped is gone
  announce(first);
  let phase = "";
  return {
    move: (progress) => {
      const [from, to] = SHARES[progress.phase];
      bar.value = from + ((to - from) * progress.done) / Math.max(1, progress.all);
      label.textContent = say(progress.phase, { done: progress.done, all: progress.all });
      if (phase !== progress.phase) announce(label.textContent);
      phase = progress.phase;
    },
  };
}

function ended(place: Place, view: View): void {
  stop = () => undefined;
  const again = (): Child => button(say("again"), () => void recountHere(place), { id: "recount-go" });
  place.show(() => [...view(), again()]);
  const first = byId("recounted").firstElementChild as HTMLElement;
  first.tabIndex = -1;
  first.focus({ preventScroll: true });
  announce(first.textContent ?? "");
}

const problem = (text: string): HTMLElement => h("p", { class: "error" }, text);
