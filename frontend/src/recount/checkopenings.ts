// Whether openings are what the board and the floor demand (check 10).

import { sha256 } from "@noble/hashes/sha2.js";
import { type Board, named } from "./checkboard.ts";
import type { Findings, Words } from "./findings.ts";
import type { Manifest } from "./manifest.ts";
import { flawOf, isPublished, type OpenedBallot, type OpenedGroup, type Openings } from "./openings.ts";

/** What is wrong with ballots that do not count (§4.5) and were published all the same. */
const FLAWS: Readonly<Record<NonNullable<ReturnType<typeof flawOf>>, Words>> = {
  "other-length": { zh: "答案的个数与题目不符", en: "have not one answer a place" },
  "answer-out-of-range": { zh: "有题目没有的答案", en: "have answers that no question offers" },
  "empty": { zh: "一项没填，按规则无效，却算成有效", en: "without any answer are spoilt by the rules, and told as valid" },
  "too-many": { zh: "选得过多，按规则无效，却算成有效", en: "choose too many, are spoilt by the rules, and told as valid" },
  "too-few": { zh: "选得不够，按规则无效，却算成有效", en: "choose too few, are spoilt by the rules, and told as valid" },
};

/** Check 10. */
export function checkOpenings(
  manifest: Manifest,
  board: Board,
  openings: Openings,
  bytes: Uint8Array,
  findings: Findings,
): void {
  const entries = board.entries.filter(({ kind }) => kind === "opened").length;
  if (entries !== 1 || named(board.entries, sha256(bytes)) !== 1) {
    findings.add(10, "公示板登记的不是这份开箱内容", "the board does not name these openings",
      "openings.json");
  }
  const { void: reason, groups } = openings;
  const unstated = board.unstated.size > 0;
  if ((reason === "unstated") !== unstated) {
    findings.add(10, "是否作废与各签发方的封箱声明不符",
      "void or not does not follow from the turnouts of the signers", "openings.void");
  } else if (!unstated && (reason === "overfull") !== board.overfull) {
    findings.add(10, "是否作废与票箱里的选票数不符",
      "void or not does not follow from the ballots and the slips drawn", "openings.void");
  }
  if (reason === "unopened" && manifest.opening.custodian) {
    findings.add(10, "由系统代管的评议不会打不开", "a custodian can always open", "openings.void");
  }
  const due = reason ? [] : board.groups;
  if (groups.length !== due.length) {
    findings.add(10, `开箱内容有 ${groups.length} 组，应有 ${due.length} 组`,
      `${groups.length} groups, where ${due.length} follow from the boxes`, "openings.groups");
  }
  groups.forEach((group, i) => {
    const add = (zh: string, en: string) => findings.add(10, zh, en, `openings.groups[${i}]`);
    const expected = due[i];
    if (expected && (expected.boxes.join() !== group.boxes.join()
      || expected.ballots !== group.ballots)) {
      add("票箱或张数与公示板不符", "boxes or number of ballots are not those of the board");
    }
    checkGroup(manifest, group, expected?.sealed ?? false, add);
  });
  findings.made(10);
}

type Add = (zh: string, en: string) => void;

function checkGroup(manifest: Manifest, group: OpenedGroup, sealed: boolean, add: Add): void {
  const { opened, spoilt, ballots } = group;
  if (spoilt?.some((reason, i) => reason < (spoilt[i - 1] ?? ""))) {
    add("无效票没有排序", "spoilt ballots are not sorted by reason");
  }
  if (opened) checkOpened(manifest, group, opened, add);
  if (!isPublished(group)) {
    // That too few ballots of an opened group were valid shows in no record: nothing to check.
    if (opened || spoilt) add("不公布的票箱公布了内容", "a withheld group tells what its ballots are");
  } else if (sealed) {
    add("不到公开下限的票箱被打开了", "a group below the floor was opened");
  } else if (!opened || !spoilt) {
    add("开箱的票箱没有公布选票", "an opened group without its ballots");
  } else if (opened.length + spoilt.length !== ballots) {
    add("公布的选票加无效票不等于收回的选票", "opened and spoilt are not all the ballots");
  } else if (opened.length < manifest.rules.floor) {
    add("有效票不到公开下限却公布了", "fewer valid ballots than the floor are published");
  }
}

function checkOpened(
  manifest: Manifest,
  { boxes }: OpenedGroup,
  opened: readonly OpenedBallot[],
  add: Add,
): void {
  opened.forEach(({ tracker }, i) => {
    const before = opened[i - 1]?.tracker;
    if (before === undefined || before < tracker) return;
    if (before === tracker) add("同一核对号出现两次", "a tracker stands twice");
    else add("选票没有按核对号排列", "opened ballots are not sorted by tracker");
  });
  const form = manifest.forms[manifest.boxes[boxes[0] ?? -1]?.contest ?? -1];
  if (!form) return; // boxes that there are not, or of comments: said already
  const flaws = opened.map((ballot) => flawOf(form, ballot));
  for (const [flaw, { zh, en }] of Object.entries(FLAWS)) {
    const times = flaws.filter((one) => one === flaw).length;
    if (times) add(`${times} 张选票${zh}`, `${times} ballots ${en}`);
  }
}
