import { say } from "../../i18n/index.ts";
import type { Contest } from "../../protocol/boxes.ts";
import { type Receipt, writeReceipts } from "../../protocol/receipt.ts";
import { button, type Child, h, named } from "../../ui/dom.ts";
import { announce } from "../../ui/stage.ts";
import type { Facts } from "../facts.ts";
import { titleOf } from "../titles.ts";

/** The receipt, on request, as text to copy; the trackers behind a second tap and a warning. */
export function receipt(
  { title, session }: Facts,
  contests: readonly Contest[],
  { receipts, trackers, telling, told }: {
    readonly receipts: readonly Receipt[];
    readonly trackers: readonly string[];
    /** Whether what opens each ballot is published, so that a receipt leads to its answers. */
    readonly telling: boolean;
    /** Whether openings are told to anybody: if not, a tracker is of use only against its voter. */
    readonly told: boolean;
  },
  onBack: () => void,
): Child[] {
  const head = say("receipt.head", { title, session });
  const board = `${location.origin}/b/${session}`;
  const text = h("textarea", { id: "receipt-text", readonly: true, rows: 8, spellcheck: "false" });
  text.value = `${head}\n${say("receipt.board")}${board}\n${writeReceipts(receipts)}\n`;
  const copied = h("p", { class: "quiet", role: "status" });
  return [
    h("h1", {}, say("receipt.title")),
    telling
      ? h("p", { class: "warning" }, say("receipt.telling"))
      : h("p", {}, say("receipt.lead")),
    h("label", { for: "receipt-text" }, say("receipt.text")),
    text,
    button(say("receipt.copy"), () => {
      void copy(text).then((ok) => {
        copied.textContent = say(ok ? "receipt.copied" : "receipt.not-copied");
      });
    }, { class: "second" }),
    copied,
    h("p", {}, say("receipt.board"), h("a", { href: board, class: "symbols" }, board)),
    told && secret(contests, trackers),
    button(say("receipt.back"), onBack, { class: "link" }),
  ];
}

/** The clipboard is missing on plain http and in old WeChat: then the selection is copied. */
async function copy(text: HTMLTextAreaElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text.value);
    return true;
  } catch {
    text.focus();
    text.select();
    return document.execCommand("copy");
  }
}

function secret(contests: readonly Contest[], trackers: readonly string[]): Child {
  const details = h("section", { class: "trackers" },
    h("h2", {}, say("tracker.title")),
    h("p", { class: "warning" }, say("tracker.warning")));
  const show = button(say("tracker.show"), () => {
    const rows = contests.flatMap((contest, i) => [
      h("dt", {}, named(titleOf(contest, contests))),
      h("dd", { class: "symbols" }, trackers[i]?.match(/.{1,8}/g)?.join(" ") ?? ""),
    ]);
    show.replaceWith(h("dl", { class: "tracker-list" }, ...rows));
    announce(say("tracker.title"));
  });
  details.append(show);
  return details;
}
