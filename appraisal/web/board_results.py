"""What the board's page says of the results, in both languages (protocol §5).

Subjects stand in the order of the report, which names nobody first by score. Figures are those of
`results.json` as printed there; nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from appraisal.ballot_form import Question, SubjectKind, Text
from appraisal.counting_rules import Rules
from appraisal.documents import words
from appraisal.documents.listing import NONE, in_order
from appraisal.manifest import Manifest
from appraisal.tally.results import (
    ContestResult,
    Figure,
    Finding,
    GroupResult,
    GroupStatus,
    Outcome,
    QuestionCount,
    Results,
    Rule,
    Status,
)

OUTCOMES: Final = {
    Outcome.RECOMMENDED: "Recommended",
    Outcome.TIED: "Tied, to be decided",
    Outcome.BELOW_QUOTA: "Outside the quota",
    Outcome.NOT_MET: "Conditions not met",
    Outcome.WITHHELD: "No result published",
}
QUALIFIES: Final = "Qualifies"
ORGANS_DECIDE: Final = Text(
    "“推荐”只是按评议书的规则算出的建议，由党组织研究决定，不简单以票取人。",
    "“Recommended” is only what the rules of the manifest suggest; the organs decide.",
)
BLANK: Final = Text("弃权", "Blank")
SCORE: Final = Text("得分", "Score")
POSITIVE: Final = Text("正面评价", "Positive")


@dataclass(frozen=True)
class Row:
    """One line of a question's table: a grade or a figure, one cell a group that was opened."""

    name: Text
    cells: tuple[str, ...]


@dataclass(frozen=True)
class QuestionView:
    """One question over all classes, and its table; `width` is the positive share in per cent."""

    text: Text
    positive: str
    width: str
    grades: tuple[Row, ...]
    figures: tuple[Row, ...]


@dataclass(frozen=True)
class SubjectView:
    """One contest: who, how it came out and why, and the answers; `notes` tell what is withheld."""

    name: str
    post: str
    instrument: Text | None
    score: str
    outcome: Text
    reason: Text
    groups: tuple[Text, ...]
    questions: tuple[QuestionView, ...]
    notes: tuple[Text, ...]


@dataclass(frozen=True)
class ResultsView:
    """All that the page shows; a void session has no subjects. `rounding` is the report's note."""

    void: bool
    rules: Text
    rounding: Text
    decide: Text
    organisations: tuple[SubjectView, ...]
    persons: tuple[SubjectView, ...]


def results_view(manifest: Manifest, results: Results) -> ResultsView:
    """The results of a session, for everyone to read."""
    void = results.status is Status.VOID
    order = () if void else in_order(manifest)

    def of(kind: SubjectKind) -> tuple[SubjectView, ...]:
        return tuple(
            _subject(manifest, results, contest)
            for contest in order
            if manifest.subject_of(contest).kind is kind
        )

    return ResultsView(
        void=void,
        rules=_rules(manifest.rules),
        rounding=_rounding(manifest.rules.decimals),
        decide=ORGANS_DECIDE,
        organisations=of(SubjectKind.ORGANISATION),
        persons=of(SubjectKind.PERSON),
    )


def _rules(rules: Rules) -> Text:
    """The conditions, leaving out one that is switched off by a limit of zero."""
    parts = [
        Text(
            f"推荐个人{rules.quota}名，按综合得分",
            f"a quota of {rules.quota} for persons, by score",
        ),
        Text(f"票箱满{rules.floor}张才公布", f"boxes of {rules.floor} ballots or more published"),
    ]
    if rules.positive[0]:
        share = _share(rules.positive)
        parts.insert(
            0,
            Text(
                f"每题正面评价不低于{words.fraction(rules.positive)}",
                f"positive answers to each question at least {share}",
            ),
        )
    if rules.turnout[0]:
        share = _share(rules.turnout)
        parts.insert(
            0, Text(f"收回率不低于{words.fraction(rules.turnout)}", f"turnout at least {share}")
        )
    return Text(
        f"规则：{'，'.join(part.zh for part in parts)}。",
        f"Rules: {', '.join(part.en for part in parts)}.",
    )


def _rounding(decimals: int) -> Text:
    step = words.step(decimals)
    return Text(
        "各等次百分比以有效票为分母，按最大余数法取舍，合计100%，"
        f"相同票数可能相差{step}；其余数字保留{decimals}位小数，四舍五入。",
        "Shares of the grades are of the valid ballots and rounded by largest remainder to 100% in "
        f"all, so that equal numbers may differ by {step}; other figures are rounded half up, "
        f"decimals: {decimals}.",
    )


def _share(value: tuple[int, int]) -> str:
    top, bottom = value
    return f"{top}%" if bottom == 100 else f"{top}/{bottom}"


def _subject(manifest: Manifest, results: Results, number: int) -> SubjectView:
    contest = results.contests[number]
    subject, instrument = manifest.subject_of(number), manifest.instrument_of(number)
    opened = [group for group in contest.groups if group.status is GroupStatus.OPENED]
    return SubjectView(
        name=subject.name,
        post=subject.post,
        instrument=instrument.title if len(manifest.instruments) > 1 else None,
        score=_printed(contest.score),
        outcome=outcome_of(subject.kind, contest.outcome),
        reason=_reason(manifest, results, contest),
        groups=tuple(_name(manifest, group) for group in opened),
        questions=tuple(
            _question(question, contest, opened, place)
            for place, question in enumerate(instrument.questions if opened else ())
        ),
        notes=tuple(_notes(manifest, contest)),
    )


def outcome_of(kind: SubjectKind, found: Outcome) -> Text:
    """An outcome in the words of the report; the award is for persons, others only qualify."""
    qualifies = kind is SubjectKind.ORGANISATION and found is Outcome.RECOMMENDED
    return Text(words.outcome(kind, found), QUALIFIES if qualifies else OUTCOMES[found])


def _question(
    question: Question, contest: ContestResult, opened: list[GroupResult], place: int
) -> QuestionView:
    counted: list[QuestionCount] = [group.questions[place] for group in opened]
    combined = contest.questions[place]
    names = [*(grade.text for grade in question.grades), BLANK]
    return QuestionView(
        text=question.text,
        positive=_printed(combined.positive, "%"),
        width=f"{combined.positive.printed}%" if combined.positive else "0",
        grades=tuple(
            Row(name, tuple(f"{count.percent[column]}%" for count in counted))
            for column, name in enumerate(names)
        ),
        figures=(
            Row(POSITIVE, tuple(_printed(count.positive, "%") for count in counted)),
            Row(SCORE, tuple(_printed(count.score) for count in counted)),
        ),
    )


def _printed(figure: Figure | None, unit: str = "") -> str:
    return figure.printed + unit if figure else NONE


def _name(manifest: Manifest, group: GroupResult) -> Text:
    names = [manifest.classes[number].name.en for number in group.classes]
    together = names[0] if len(names) == 1 else f"{', '.join(names)} (merged)"
    return Text(words.classes_of(manifest, group), together)


def _notes(manifest: Manifest, contest: ContestResult) -> Iterator[Text]:
    """What is kept sealed, and what did not count."""
    floor = manifest.rules.floor
    for group in contest.groups:
        name = _name(manifest, group)
        if group.status is GroupStatus.OPENED:
            if group.spoilt:
                yield Text(
                    f"{name.zh}：收回{group.returned}张，其中无效票{group.spoilt}张。",
                    f"{name.en}: {group.returned} returned, of them {group.spoilt} spoilt.",
                )
        elif group.returned < floor:
            yield Text(
                f"{name.zh}：收回{group.returned}张，不足{floor}张，没有开箱，内容不公布。",
                f"{name.en}: {group.returned} returned, fewer than {floor};"
                " the box stays sealed and nothing of it is published.",
            )
        else:
            yield Text(
                f"{name.zh}：收回{group.returned}张，有效票不足{floor}张，内容不公布。",
                f"{name.en}: {group.returned} returned, fewer than {floor} of them valid;"
                " nothing of them is published.",
            )


def _reason(manifest: Manifest, results: Results, contest: ContestResult) -> Text:
    """Why a subject has its outcome; of what is withheld the notes tell more."""
    if contest.outcome is not Outcome.WITHHELD:
        zh = words.reason(manifest, results, contest)
        en = _reason_in_english(manifest, results, contest)
        return Text(zh, en[:1].upper() + en[1:])
    if any(group.questions for group in contest.groups):
        return Text("没有可以计分的答案", "No answer carries a score")
    return Text("没有可以公布的票箱", "No box can be published")


def _reason_in_english(manifest: Manifest, results: Results, contest: ContestResult) -> str:
    score = f"score {contest.score.printed}" if contest.score else ""
    ranked = f"meets the conditions, {score}"
    equal = [other for other in results.contests if other.rank and other.rank == contest.rank]
    if equal:
        ranked += f", {'equal ' if len(equal) > 1 else ''}rank {contest.rank}"
    quota = manifest.rules.quota
    match contest.outcome:
        case Outcome.RECOMMENDED if equal:
            return f"{ranked}, within the quota of {quota}"
        case Outcome.RECOMMENDED:
            return ranked
        case Outcome.TIED:
            left = quota - (contest.rank or 1) + 1
            return f"{ranked}; {len(equal)} have this score and {left} can be recommended"
        case Outcome.BELOW_QUOTA:
            return f"{ranked}, outside the quota of {quota}"
        case Outcome.NOT_MET | Outcome.WITHHELD:
            return "; ".join(_unmet(manifest, contest))


def _unmet(manifest: Manifest, contest: ContestResult) -> Iterator[str]:
    questions = manifest.instrument_of(contest.contest).questions
    for finding in contest.findings:
        if not finding.met:
            yield _missed(finding, questions)


def _missed(finding: Finding, questions: tuple[Question, ...]) -> str:
    reached = f"{finding.value.printed}%, below {finding.limit.printed}%"
    match finding.rule:
        case Rule.TURNOUT:
            return f"turnout {reached}"
        case Rule.POSITIVE:
            return f"“{questions[finding.question or 0].text.en}”: positive answers {reached}"
