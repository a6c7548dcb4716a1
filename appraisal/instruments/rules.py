"""The rules of `ballot_form_rules` held against a form, each refusal in a writer's words.

The core refuses at its first rule. What an answer broke is left out and the rest tried again, as
long as that cannot bring up what was no mistake.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Final

from appraisal.ballot_form import (
    Instrument,
    Limit,
    Option,
    Question,
    QuestionKind,
    SubjectKind,
    Text,
)
from appraisal.ballot_form_rules import check_instrument
from appraisal.errors import ManifestError
from appraisal.instruments.faults import Misfit, Path, quoted

_PLACE: Final = re.compile(r"([a-z_]+(?:\[\d+\])?(?:\.[a-z_]+(?:\[\d+\])?)*)(: | )(.*)", re.DOTALL)
_STEP: Final = re.compile(r"([a-z_]+)(?:\[(\d+)\])?")

# What the core says after the place, its last name before it; then the same in both languages.
_GRADE: Final = '{{ text = "强", points = 100, positive = true }}'
SENTENCES: Final[dict[str, Text]] = {
    r"id: (.*) is no id \(a-z, 0-9, hyphens\)": Text(
        '编号 {0} 不能用；请用小写字母、数字和连字符，如 id = "five-good"',
        '{0} cannot be an id; write lower-case letters, digits and hyphens, as in id = "five-good"',
    ),
    r"limits: one option is limited twice": Text(
        "同一选项有两项名额限制；请合为一项",
        "one option has two limits; make them one",
    ),
    r"text: (.*) stands twice": Text(
        "选项“{0}”重复；请改写，或删去其中一个",
        "the option {0} stands twice; reword or delete one",
    ),
    r"most: only a list to tick has it": Text(
        '只有勾选题才有 most；请删去，或改为 kind = "ticks"',
        'only a list to tick has `most`; leave it out, or write kind = "ticks"',
    ),
    r"most: as many as there are options; leave it out": Text(
        "most 不少于选项的个数，等于不限；请删去，或改为较小的数",
        "`most` is no fewer than there are options; leave it out, or write a smaller number",
    ),
    r"highest: only a score has it": Text(
        '只有打分题才有 highest；请删去，或改为 kind = "score"',
        'only a score has `highest`; leave it out, or write kind = "score"',
    ),
    r"highest is missing": Text(
        "打分题缺少满分；请写 highest = 100",
        "the highest score is missing; write highest = 100",
    ),
    r"at_least: only a band of a score has it": Text(
        "只有打分题的分数段才有 at_least；请删去",
        "only a band of a score has `at_least`; leave it out",
    ),
    r"at_least is missing": Text(
        "分数段缺少下限；请写 at_least = 90 这样的整数，最后一段写 at_least = 0",
        "the band has no lower end; write one such as at_least = 90, for the last at_least = 0",
    ),
    r"at_least: more than the highest score": Text(
        "分数段的下限高于满分 highest；请改小下限，或改大 highest",
        "the band begins above the highest score; lower `at_least`, or raise `highest`",
    ),
    r"at_least: the last band is from 0": Text(
        "最后一个分数段要从 0 开始；请写 at_least = 0",
        "the last band begins at 0; write at_least = 0",
    ),
    r"options: bands do not stand best first": Text(
        "分数段没有从高到低排列；请把 at_least 大的写在前面，且不重复",
        "the bands do not stand best first; put the larger `at_least` first, none twice",
    ),
    r"options: grades do not stand best first": Text(
        "等次没有从高到低排列；请把 points 大的写在前面",
        "the grades do not stand best first; put the larger `points` first",
    ),
    r"options: no grade carries points": Text(
        f"没有一个等次有分值；请写上 points，如 {_GRADE}",
        f"no grade carries points; write them, as in {_GRADE}",
    ),
    r"options: a choice has one option": Text(
        '推选题只有一个选项；请写 options = ["推荐"]，或改为 kind = "grades"',
        'a choice has one option; write options = ["推荐"], or kind = "grades"',
    ),
    r"points: a choice is positive and has 100": Text(
        "推选题的选项就算正面，计 100 分；请删去 points、positive 和 negative",
        "the option of a choice is positive and counts 100; "
        "leave out `points`, `positive` and `negative`",
    ),
    r"required: not to choose is an answer too": Text(
        "推选题不能必答，不推荐也是一种回答；请删去 required",
        "a choice cannot be required, not to choose is an answer too; leave `required` out",
    ),
    r"negative: an option is positive or negative, not both": Text(
        "一个选项不能既是 positive 又是 negative；请只留一个",
        "an option is positive or negative, not both; leave one of them",
    ),
    r"points: only a grade or a choice has them": Text(
        "勾选题和打分题的选项没有分值；请删去 points，打分题请写 at_least",
        "items to tick and bands carry no points; leave `points` out; a band has `at_least`",
    ),
    r"positive: an item to tick is neither positive nor negative": Text(
        "勾选题的选项不分正面与负面；请删去 positive 和 negative",
        "an item to tick is neither positive nor negative; leave both out",
    ),
    r"points: a grade outside the scale is neither good nor bad": Text(
        "没有 points 的等次（如“不了解”）不计分，不能标 positive 或 negative；"
        "请写上 points，或删去这两项",
        "a grade without `points`, such as 不了解, is neither positive nor negative; "
        "write `points`, or leave both out",
    ),
    r"kind: all subjects of the form are of one kind; leave it out": Text(
        "整张表只评一类对象，名额限制不用再写 kind；请删去",
        "all subjects of the form are of one kind; leave `kind` out of the limit",
    ),
    r"question: there is no question (\d+)": Text(
        "没有第 {0} 题；请照抄题目的中文，或写它的序号",
        "there is no question {0}; copy the Chinese text of a question, or write its number",
    ),
    r"question: only grades and choices can be limited": Text(
        "只有等次题和推选题能限制名额；请另指一题，或删去这项限制",
        "only grades and choices can be limited; name another question, or delete the limit",
    ),
    r"option: there is no option (\d+)": Text(
        "没有第 {0} 个选项；请照抄选项的中文，或写它的序号",
        "there is no option {0}; copy the Chinese text of an option, or write its number",
    ),
    r"most: either `most` or `share` belongs here": Text(
        "名额的上限要写一种，且只写一种；请写 most = 3（人数），"
        '或 share = "1/3"（占党员总数的比例）',
        'a limit has one upper end; write most = 3, or share = "1/3" of all members',
    ),
    r"share: not a share above 0 and up to 1": Text(
        '比例应大于 0，不超过 1；请写 share = "1/3"',
        'a share is above 0 and up to 1; write share = "1/3"',
    ),
    r"least: more than `most`, nobody could keep it": Text(
        "least 大于 most，谁也做不到；请改小 least，或改大 most",
        "`least` is more than `most`, nobody could keep it; lower one or raise the other",
    ),
}

# What is wrong whichever other options there are.
_ALONE: Final = re.compile(
    r"text: .* stands twice|at_least: only .*|at_least is missing"
    r"|negative: .*|positive: .*|points: (only|a grade) .*|(most|highest): only .*|required: .*"
)


def question_misfits(question: Question) -> Iterator[Misfit]:
    """What rules a question breaks; paths begin within it."""
    numbers = list(range(len(question.options)))
    whole = len(numbers)
    while refused := _refused(question, ()):
        path, said = refused
        alone = _ALONE.fullmatch(said)
        if len(numbers) < whole and not alone:
            return
        match path:
            case ("options", int(at), *rest):
                yield _misfit(("options", numbers.pop(at), *rest), said)
                if not numbers or not alone:
                    return
                options = question.options
                question = replace(question, options=(*options[:at], *options[at + 1 :]))
            case ("most",):
                yield _misfit(path, said)
                question = replace(question, most=None)
            case ("required",):
                yield _misfit(path, said)
                question = replace(question, required=False)
            case ("highest",) if question.kind is not QuestionKind.SCORE:
                yield _misfit(path, said)
                question = replace(question, highest=None)
            case _:
                yield _misfit(_out_of_order(question) if "best first" in said else path, said)
                return


def limit_misfits(
    question: Question, limit: Limit, *, kind: SubjectKind | None
) -> Iterator[Misfit]:
    """What rule a limit of a form breaks on its question, whatever rules that one breaks."""
    count = range(len(question.options))
    limitable = question.kind in {QuestionKind.GRADES, QuestionKind.CHOICE}
    stand_in = Question(
        QuestionKind.GRADES if limitable else QuestionKind.TICKS,
        question.text,
        required=False,
        options=tuple(
            Option(
                Text(str(n), str(n)),
                positive=False,
                negative=False,
                points=0 if limitable else None,
            )
            for n in count
        ),
    )
    if refused := _refused(stand_in, (replace(limit, question=0),), kind=kind):
        path, said = refused
        yield _misfit(path[2:], said)


def id_misfits(identifier: str) -> Iterator[Misfit]:
    """Whether an id is one."""
    question = Question(QuestionKind.TICKS, Text("1", "1"), required=False, options=())
    if refused := _refused(question, (), identifier):
        yield replace(_misfit(*refused), sure=True)


def translated(said: str) -> Text:
    """A sentence of the core, after its last name, in both languages."""
    for pattern, text in SENTENCES.items():
        if found := re.fullmatch(pattern, said, re.DOTALL):
            said_of = [quoted(group) for group in found.groups()]
            return Text(text.zh.format(*said_of), text.en.format(*said_of))
    return Text(said, said)


def _misfit(path: Path, said: str) -> Misfit:
    text = translated(said)
    return Misfit(path, text.zh, text.en, sure=bool(_ALONE.fullmatch(said)))


def _out_of_order(question: Question) -> Path:
    """The first option that stands below one that it should stand above."""
    score = question.kind is QuestionKind.SCORE
    name = "at_least" if score else "points"
    values = [(n, getattr(option, name)) for n, option in enumerate(question.options)]
    known = [(number, value) for number, value in values if value is not None]
    return next(
        ("options", number, name)
        for (_, before), (number, value) in pairwise(known)
        if value > before or (score and value == before)
    )


def _refused(
    question: Question,
    limits: tuple[Limit, ...],
    identifier: str = "form",
    kind: SubjectKind | None = None,
) -> tuple[Path, str] | None:
    """Where the core refuses, within the question if it is there, and what it says."""
    try:
        check_instrument(Instrument(identifier, Text("1", "1"), (question,), limits, kind=kind))
    except ManifestError as error:
        path, said = taken_apart(str(error))
        return (path[2:] if path[:1] == ("questions",) else path), said
    return None


def taken_apart(refusal: str) -> tuple[Path, str]:
    """The path that a refusal of the core begins with, and its sentence after the last name."""
    found = _PLACE.fullmatch(refusal)
    if not found:
        return (), refusal
    path: list[str | int] = []
    for name, number in _STEP.findall(found[1]):
        path += [name, int(number)] if number else [name]
    names = [step for step in path if isinstance(step, str)]
    return tuple(path), f"{names[-1]}{found[2]}{found[3]}"
