"""The worked examples of docs/rules.md, read into sessions and the figures that they expect.

    rule    denominator valid
    ask     grades 优秀 100 +, 合格 80 +, 不合格 40 −, 不了解
    class   党员 60 %, entitled 10, issued 9
            5 × 优秀
            2 × –
    expect  党员: valid 7, blank 2 (28.57 %)
    expect  甲: score 71.43 = 500/7

The document says what each line means; a line that says nothing known is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from appraisal.ballot_form import (
    Instrument,
    Limit,
    Option,
    Question,
    QuestionKind,
    SubjectKind,
    Text,
)
from appraisal.counting_rules import (
    BelowFloor,
    Denominator,
    EmptyBallot,
    EmptyClass,
    Percentages,
    Publication,
    Rules,
    Threshold,
    Ties,
)
from appraisal.manifest import Contest, Manifest, Subject, VoterClass
from appraisal.tally.results import SlipCount
from tests.reference.plain import Plain
from tests.reference.sessions import Session, make_manifest

PLAIN_RULES = Rules(
    floor=5,
    below_floor=BelowFloor.WITHHOLD,
    empty_class=EmptyClass.RENORMALISE,
    empty_ballot=EmptyBallot.VALID,
    denominator=Denominator.ANSWERS,
    percentages=Percentages.LARGEST_REMAINDER,
    decimals=2,
    trim=0,
    attendance=None,
    turnout=None,
    positive=None,
    negative=None,
    quota=1,
    quota_organisations=None,
    ties=Ties.OPEN,
    members=0,
    self_appraisal=True,
    publication=Publication.PUBLIC,
    award="",
)
"""What an example has where it does not say otherwise; the document tells it."""

ENUMS: dict[str, Any] = {
    "below_floor": BelowFloor,
    "empty_class": EmptyClass,
    "empty_ballot": EmptyBallot,
    "denominator": Denominator,
    "percentages": Percentages,
    "ties": Ties,
    "publication": Publication,
}
BLANK = "–"
_LIMIT = re.compile(
    r"(?P<option>\S+) (at most (?P<top>\d+)/(?P<bottom>\d+) of members"
    r"|at most (?P<most>\d+)|exactly (?P<exactly>\d+)|(?P<low>\d+) to (?P<high>\d+))"
    r"( (?P<kind>person|organisation))?"
)


@dataclass
class Form:
    """A form in the making; `kind` of the subjects that it asks about, None for all."""

    name: str
    kind: SubjectKind | None = None
    questions: list[Question] = field(default_factory=list)
    limits: list[Limit] = field(default_factory=list)

    def instrument(self, number: int) -> Instrument:
        return Instrument(
            f"form-{number}", text(self.name), tuple(self.questions), tuple(self.limits)
        )


@dataclass
class Voters:
    """A class in the making: its ballots as they are written down, with how many of each."""

    name: str
    weight: int
    entitled: int | None = None
    issued: int | None = None
    drawn: int | None = None
    lines: list[tuple[int, str]] = field(default_factory=list)

    @property
    def ballots(self) -> int:
        return sum(times for times, _ in self.lines)


@dataclass
class Example:
    """One fenced block of the document."""

    title: str
    rules: Rules = PLAIN_RULES
    said: list[tuple[str, str]] = field(default_factory=list)
    """The rules that it sets, with their values as written."""
    forms: list[Form] = field(default_factory=list)
    subjects: list[Subject] = field(default_factory=list)
    classes: list[Voters] = field(default_factory=list)
    expected: list[tuple[str, list[str]]] = field(default_factory=list)
    """Of whom, and what."""

    def session(self) -> Session:
        """The session, voted in."""
        manifest = self._manifest()
        box = 0
        boxes: list[tuple[Plain, ...]] = []
        for contest in manifest.contests:
            for voters in self.classes:
                ballots = [
                    self._plain(manifest, contest, line, box * 1000 + number)
                    for number, line in enumerate(
                        line for times, line in voters.lines for _ in range(times)
                    )
                ]
                boxes.append(tuple(ballots))
                box += 1
        slips = []
        for voters, declared in zip(self.classes, manifest.classes, strict=True):
            issued = declared.slips if voters.issued is None else voters.issued
            drawn = voters.ballots if voters.drawn is None else voters.drawn
            slips.append(SlipCount(declared.slips, issued, drawn, declared.slips - issued))
        return Session(manifest, tuple(slips), tuple(boxes), unopened=False)

    def _manifest(self) -> Manifest:
        contests: list[Contest] = []
        for number, form in enumerate(self.forms):
            own = self.asked(form)
            whole = bool(form.limits)
            contests += [
                Contest(part, number) for part in ([own] if whole else [(n,) for n in own])
            ]
        classes = []
        for voters in self.classes:
            issued = (
                max(voters.ballots, self.rules.floor) if voters.issued is None else voters.issued
            )
            classes.append(
                VoterClass(
                    text(voters.name),
                    entitled=issued if voters.entitled is None else voters.entitled,
                    slips=max(issued, self.rules.floor),
                    weight=voters.weight,
                )
            )
        return make_manifest(
            [form.instrument(n) for n, form in enumerate(self.forms)],
            self.subjects,
            contests,
            classes,
            self.rules,
        )

    def asked(self, form: Form) -> tuple[int, ...]:
        """The subjects that a form asks about, by number."""
        return tuple(n for n, s in enumerate(self.subjects) if form.kind in {None, s.kind})

    def _plain(self, manifest: Manifest, contest: Contest, line: str, number: int) -> Plain:
        """The ballot in this contest of a voter whose line it is."""
        if line == "(unreadable)":
            return None
        form = self.forms[contest.instrument]
        written = parts(line, "|", len(self.forms))[contest.instrument]
        about = parts(written, ";", len(self.asked(form)))
        answers: list[int] = []
        for subject in contest.subjects:
            on_one = parts(about[self.asked(form).index(subject)], "/", len(form.questions))
            for question, answer in zip(form.questions, on_one, strict=True):
                answers += places_of(question, answer)
        return b"\x01" + number.to_bytes(16, "big") + bytes(answers)


def text(zh: str) -> Text:
    return Text(zh, zh)


def parts(written: str, sign: str, number: int) -> list[str]:
    """So many parts between signs; a single – is blank in all of them."""
    found = [part.strip() for part in written.split(sign)]
    if found == [BLANK]:
        return [BLANK] * number
    assert len(found) == number, f"{written!r} has not {number} parts between {sign!r}"
    return found


def places_of(question: Question, answer: str) -> list[int]:
    """The places of an answer as it is written."""
    names = [option.text.zh for option in question.options]
    if question.kind is QuestionKind.TICKS:
        ticked = [] if answer == BLANK else [names.index(name) for name in answer.split("+")]
        return [int(number in ticked) for number in range(len(names))]
    if answer == BLANK:
        return [0]
    if answer.startswith("!"):
        return [int(answer[1:])]
    if question.kind is QuestionKind.SCORE:
        return [int(answer) + 1]
    return [names.index(answer) + 1]


# -- Reading --


def examples_of(document: str) -> Iterator[Example]:
    """Every example, named by the heading above it and its number there."""
    for section in re.split(r"^#+ ", document, flags=re.MULTILINE)[1:]:
        heading = section.splitlines()[0]
        blocks = re.findall(r"^```counting\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)
        for number, block in enumerate(blocks, start=1):
            yield example_of(block, f"{heading} ({number})")


def example_of(block: str, title: str) -> Example:
    example = Example(title)
    for line in block.splitlines():
        word, _, rest = line.strip().partition(" ")
        rest = rest.strip()
        if ballots := re.fullmatch(r"(\d+) × (.+)", line.strip()):
            example.classes[-1].lines.append((int(ballots[1]), ballots[2].strip()))
        elif line.strip():
            READERS[word](example, rest)
    if not example.subjects:
        example.subjects.append(Subject(SubjectKind.PERSON, "甲", ""))
    return example


def _rule(example: Example, rest: str) -> None:
    name, _, written = rest.partition(" ")
    value: Any
    if name in ENUMS:
        value = ENUMS[name](written)
    elif name in {"attendance", "turnout", "positive", "negative"}:
        sign, top, bottom = re.fullmatch(r"([≥>]) (\d+)/(\d+)", written).groups()  # type: ignore[union-attr]
        value = Threshold((int(top), int(bottom)), over=sign == ">")
    elif name == "self_appraisal":
        value = {"yes": True, "no": False}[written]
    else:
        value = int(written)
    example.rules = replace(example.rules, **{name: value})
    example.said.append((name, written))


def _form(example: Example, rest: str) -> None:
    name, _, kind = rest.partition(" for ")
    example.forms.append(Form(name, SubjectKind(kind) if kind else None))


def _ask(example: Example, rest: str) -> None:
    if not example.forms:
        example.forms.append(Form("测评表"))
    kind, _, options = rest.partition(" ")
    example.forms[-1].questions.append(_QUESTIONS[kind](options))


def _grades(written: str) -> Question:
    options = []
    for one in written.split(", "):
        name, *more = one.split(" ")
        points = int(more[0]) if more else None
        options.append(_option(name, more, points=points))
    return Question(QuestionKind.GRADES, text("评定"), required=False, options=tuple(options))


def _score(written: str) -> Question:
    highest, bands = re.fullmatch(r"0–(\d+): (.+)", written).groups()  # type: ignore[union-attr]
    options = []
    for one in bands.split(", "):
        name, word, lowest, *more = one.split(" ")
        assert word == "from"
        options.append(_option(name, more, at_least=int(lowest)))
    return Question(
        QuestionKind.SCORE,
        text("打分"),
        required=False,
        options=tuple(options),
        highest=int(highest),
    )


def _choice(written: str) -> Question:
    chosen = Option(text(written), positive=True, negative=False, points=100)
    return Question(QuestionKind.CHOICE, text("推选"), required=False, options=(chosen,))


def _ticks(written: str) -> Question:
    names, _, most = written.partition("; at most ")
    items = tuple(_option(name, []) for name in names.split(", "))
    return Question(
        QuestionKind.TICKS,
        text("存在问题"),
        required=False,
        options=items,
        most=int(most) if most else None,
    )


def _option(
    name: str, more: Sequence[str], points: int | None = None, at_least: int | None = None
) -> Option:
    return Option(text(name), "+" in more, "−" in more, points=points, at_least=at_least)


_QUESTIONS = {"grades": _grades, "score": _score, "choice": _choice, "ticks": _ticks}


def _limit(example: Example, rest: str) -> None:
    """``优秀 at most 1/3 of members``, ``推选 exactly 2 person``, ``推选 1 to 3``."""
    form = example.forms[-1]
    found = _LIMIT.fullmatch(rest)
    assert found, rest
    question, option = next(
        (q, o)
        for q, asked in enumerate(form.questions)
        for o, one in enumerate(asked.options)
        if one.text.zh == found["option"]
    )
    most = found["most"] or found["exactly"] or found["high"]
    form.limits.append(
        Limit(
            question,
            option,
            least=int(found["exactly"] or found["low"] or 0),
            most=int(most) if most else None,
            share=(int(found["top"]), int(found["bottom"])) if found["top"] else None,
            kind=SubjectKind(found["kind"]) if found["kind"] else None,
        )
    )


def _persons(example: Example, rest: str) -> None:
    example.subjects += [Subject(SubjectKind.PERSON, name, "") for name in rest.split(", ")]


def _organisations(example: Example, rest: str) -> None:
    example.subjects += [Subject(SubjectKind.ORGANISATION, name, "") for name in rest.split(", ")]


def _class(example: Example, rest: str) -> None:
    head, *facts = rest.split(", ")
    name, weight = re.fullmatch(r"(\S+) (\d+) %", head).groups()  # type: ignore[union-attr]
    voters = Voters(name, int(weight))
    for fact in facts:
        what, number = fact.split(" ")
        assert what in {"entitled", "issued", "drawn"}, fact
        setattr(voters, what, int(number))
    example.classes.append(voters)


def _expect(example: Example, rest: str) -> None:
    whom, _, facts = rest.partition(": ")
    example.expected.append((whom, facts.split(", ")))


READERS = {
    "rule": _rule,
    "form": _form,
    "ask": _ask,
    "limit": _limit,
    "persons": _persons,
    "organisations": _organisations,
    "class": _class,
    "expect": _expect,
}
