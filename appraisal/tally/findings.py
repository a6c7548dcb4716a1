"""What a verification found: numbered checks, findings, and the short report people read.

The numbers are those of protocol §6 and of `verifier.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from appraisal.ballot_form import Text
from appraisal.codec import CONTROLS
from appraisal.tally.record import REPACKED, RecordKind
from appraisal.tally.summary import Language, Summary, summary_lines

MOST: Final = 20
"""How many findings of one check are told one by one."""

CHECKS: Final[Mapping[int, Text]] = {
    1: Text("文件齐全，写法唯一", "the files are complete and each has its one form"),
    2: Text("公示板属于这份评议书", "the board belongs to this manifest"),
    3: Text("公示板条目次序正确", "the board's entries stand in order"),
    4: Text(
        "检查点与公示板相符，签名和见证有效", "the checkpoint is the board's, signed and cosigned"
    ),
    5: Text("选票凭证清单前后一致", "the lists of slips agree"),
    6: Text("选票格式正确，没有重复", "every ballot has its form, none stands twice"),
    7: Text("每张选票的盲签名有效", "every token verifies"),
    8: Text("每张选票的签名有效", "every ballot's signature verifies"),
    9: Text(
        "收回不多于领取，领取不多于发出",
        "no more ballots than slips drawn, issued and printed",
    ),
    10: Text("开箱结果与公示板相符", "the openings are those that the board names"),
    11: Text("重新计票，结果一致", "counting again gives the same results"),
    12: Text("重新开箱，结果一致", "opening again gives the same ballots"),
}


class State(Enum):
    """How a check ended; `UNREACHED` if an earlier finding left it nothing to work on."""

    PASSED = "passed"
    FAILED = "failed"
    UNREACHED = "unreached"
    NEEDS_FACTORS = "needs-factors"


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it must be: which check, what, and where in the record."""

    check: int
    text: Text
    where: str


@dataclass(frozen=True)
class Report:
    """The outcome of a verification. `more` counts, by check, findings that are not told."""

    kind: RecordKind
    summary: Summary | None
    states: Mapping[int, State]
    findings: tuple[Finding, ...]
    more: Mapping[int, int]

    @property
    def ok(self) -> bool:
        """Whether everything that this kind of record allows was checked and holds."""
        return all(state in {State.PASSED, State.NEEDS_FACTORS} for state in self.states.values())

    @property
    def only_repacked(self) -> bool:
        """Whether nothing is wrong but the archive's own form: every file holds in every check."""
        return not self.more and [finding.text for finding in self.findings] == [REPACKED]

    def text(self, language: Language) -> str:
        """The report for people, in one language.

        A record's own words stand in it, so that every control character is shown as U+FFFD.
        """
        return "".join(CONTROLS.sub("\ufffd", line) + "\n" for line in _lines(self, language))


class Findings:
    """Collects findings, and which checks were made."""

    def __init__(self) -> None:
        self._told: list[Finding] = []
        self._counts: Counter[int] = Counter()
        self._made: set[int] = set()

    def add(self, check: int, *, zh: str, en: str, where: str = "") -> None:
        """Note one finding; beyond `MOST` of a check they are only counted."""
        self._counts[check] += 1
        self._made.add(check)
        if self._counts[check] <= MOST:
            self._told.append(Finding(check, Text(zh, en), where))

    def made(self, *checks: int) -> None:
        """Note that these checks were gone through to their end."""
        self._made.update(checks)

    def report(self, kind: RecordKind, summary: Summary | None) -> Report:
        """The report of what was noted."""
        told = sorted(self._told, key=lambda finding: finding.check)
        more = {check: count - MOST for check, count in self._counts.items() if count > MOST}
        states = {check: self._state(check, kind) for check in CHECKS}
        return Report(kind, summary, states, tuple(told), more)

    def _state(self, check: int, kind: RecordKind) -> State:
        if self._counts[check]:
            return State.FAILED
        if check in self._made:
            return State.PASSED
        return State.NEEDS_FACTORS if check == 12 and kind is RecordKind.PUBLIC else State.UNREACHED


def _lines(report: Report, language: Language) -> Iterator[str]:
    def say(zh: str, en: str) -> str:
        return zh if language == "zh" else en

    audit = report.kind is RecordKind.AUDIT
    yield (
        say("评议记录验证 · 审计记录", "Verification of an audit record")
        if audit
        else say("评议记录验证 · 公开记录", "Verification of a public record")
    )
    if report.summary is not None:
        yield from summary_lines(report.summary, language)
    yield ""
    for check, state in report.states.items():
        yield f"{_MARKS[state]} {check:2} {_say(CHECKS[check], language)}{_why(state, language)}"
    yield ""
    for finding in report.findings:
        where = f"{finding.where}: " if finding.where else ""
        yield f"[{finding.check}] {where}{_say(finding.text, language)}"
    for check, count in sorted(report.more.items()):
        yield say(f"[{check}] 另有 {count} 处", f"[{check}] and {count} more")
    total = len(report.findings) + sum(report.more.values())
    if report.only_repacked:
        yield say(
            "结论：内容没有变，核对都无误，只是文件的装法不同，所以第 1 项不通过。"
            "请用下载来的原文件。",
            "Result: the content is unchanged and holds; only the archive was packed otherwise, so"
            " check 1 fails. Take the file as it was downloaded.",
        )
    elif total:
        findings = "1 finding" if total == 1 else f"{total} findings"
        yield say(f"结论：发现 {total} 处问题。", f"Result: {findings}.")
    elif audit:
        yield say("结论：全部核对无误。", "Result: every check holds.")
    else:
        yield say(
            "结论：公开记录能核对的都无误。第 12 项要用解密因子（审计人）；投票人可凭核对号自查。",
            "Result: every check that a public record allows holds. Check 12 needs the decryption"
            " factors (auditors); voters who kept their tracker can look for it.",
        )


_MARKS: Final = {
    State.PASSED: "✓",
    State.FAILED: "✗",
    State.UNREACHED: "?",
    State.NEEDS_FACTORS: "–",
}


def _say(text: Text, language: Language) -> str:
    return text.zh if language == "zh" else text.en


def _why(state: State, language: Language) -> str:
    match state:
        case State.PASSED | State.FAILED:
            return ""
        case State.UNREACHED:
            return _say(Text("（因前面的问题无法核对）", " (not reached)"), language)
        case State.NEEDS_FACTORS:
            return _say(
                Text("（公开记录不含解密因子）", " (a public record has no decryption factors)"),
                language,
            )
