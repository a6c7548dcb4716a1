// What a verification says to people: one line a check, what is wrong, and what it cannot show.

import { language } from "../i18n/index.ts";
import { type RecountKey, say } from "../i18n/recount.ts";
import { CHECKS, type Finding, type State } from "../recount/findings.ts";
import type { Report, Summary } from "../recount/recount.ts";
import { type Child, h } from "../ui/dom.ts";

const MARKS: Readonly<Record<State, readonly [mark: string, meaning: RecountKey]>> = {
  passed: ["✓", "passed"],
  failed: ["✗", "failed-mark"],
  unreached: ["?", "unreached"],
  "needs-factors": ["–", "skipped"],
};

/** The whole answer: conclusion, twelve lines, and what nobody can see from a record. */
export function told(report: Report, seconds: number): Child[] {
  const states = Object.values(report.states);
  const failed = states.filter((state) => state === "failed").length;
  const passed = states.filter((state) => state === "passed").length;
  const good = states.every((state) => state === "passed" || state === "needs-factors");
  const bad = !good && !report.repacked;
  return [
    bad
      ? h("p", { class: "verdict wrong" }, say("bad", { n: failed }))
      : h("p", { class: "verdict" },
        say(report.repacked ? "repacked" : report.audit ? "good" : "good-public", { n: passed })),
    !good && h("p", {}, say(bad ? "bad-advice" : "repacked-advice")),
    h("p", { class: "quiet" }, say("seconds", { n: Math.max(1, Math.round(seconds)) })),
    report.summary?.root && h("p", { class: "quiet" },
      say("root"), h("span", { class: "symbols" }, report.summary.root)),
    h("h3", {}, say("checks")),
    h("ol", { class: "checks" }, ...Object.keys(CHECKS).map((check) => line(Number(check), report))),
    h("h3", {}, say("limits")),
    h("p", {}, say(report.audit ? "limits-audit" : "limits-public")),
    report.summary?.signers === 1 && h("p", {}, say("limits-signer")),
    ...fewValid(report.summary?.fewValid ?? []),
    h("p", {}, say("limits-page")),
  ];
}

/** How many groups, and how many ballots in them: the more, the less likely that few were valid. */
function fewValid(groups: readonly number[]): HTMLElement[] {
  const ballots = groups.reduce((sum, group) => sum + group, 0);
  return groups.length ? [h("p", {}, say("limits-few-valid", { n: groups.length, ballots }))] : [];
}

function line(check: number, report: Report): HTMLElement {
  const state = report.states[check] ?? "unreached";
  const [mark, meaning] = MARKS[state];
  return h("li", { class: state },
    h("span", { class: "mark", "aria-hidden": "true" }, mark),
    h("div", {},
      `${check}. `,
      h("span", { class: "visually-hidden" }, say(meaning), say("colon")),
      inWords(check, state, report),
      state === "failed" && findingsOf(check, report)));
}

function inWords(check: number, state: State, { summary, totals }: Report): string {
  const name = (CHECKS[check] ?? { zh: "", en: "" })[language()];
  if (state === "failed") return say("wrong", { check: name, n: totals[check] ?? 0 });
  if (state === "needs-factors") return say("check-12-skipped");
  if (state === "unreached" || !summary) return say("not-reached", { check: name });
  const shown = summary.fingerprint.match(/.{1,5}/g)?.join("-") ?? "";
  const { title: _, isVoid: __, fewValid: ___, ...values } = { ...summary, fingerprint: shown };
  return say(keyOf(check, summary), values);
}

function keyOf(check: number, summary: Summary) {
  if (summary.isVoid && (check === 10 || check === 11)) return `check-${check}-void` as const;
  if (check === 4 && summary.witnesses) return "check-4-witnesses";
  // A void session may lack the very statement.
  if (check === 5 && summary.signers > 1 && !summary.isVoid) return "check-5-signers";
  return `check-${check}` as RecountKey;
}

function findingsOf(check: number, { findings, totals }: Report): HTMLElement {
  const mine = findings.filter((finding) => finding.check === check);
  const more = (totals[check] ?? 0) - mine.length;
  const said = ({ where, ...words }: Finding) => h("li", {},
    where && h("span", { class: "symbols" }, `${where} `), words[language()]);
  return h("details", {},
    h("summary", {}, say("show")),
    h("ul", {}, ...mine.map(said), more > 0 && h("li", {}, say("more", { n: more }))));
}
