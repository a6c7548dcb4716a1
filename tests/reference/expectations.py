"""What an example of docs/rules.md expects, held against openings and results."""

from __future__ import annotations

import re
from typing import Any

from tests.reference.examples import Example
from tests.reference.occurred import OUTCOMES

Json = dict[str, Any]


def hold(example: Example, manifest: Json, openings: Json, results: Json) -> None:
    """Assert everything that an example expects."""
    book = Book(example, manifest, openings, results)
    for whom, facts in example.expected:
        for fact in facts:
            book.hold(whom, fact)


class Book:
    """Results with names instead of numbers."""

    def __init__(self, example: Example, manifest: Json, openings: Json, results: Json) -> None:
        self.example = example
        self.manifest = manifest
        self.openings = openings
        self.results = results
        self.classes = [voters.name for voters in example.classes]
        self.subjects = [subject.name for subject in example.subjects]

    def hold(self, whom: str, fact: str) -> None:
        if whom == "session":
            assert self.results["status"] == fact
            return
        found = re.fullmatch(r"(\S+)(?: on (\S+))?(?: in (\S+))?(?: question (\d+))?", whom)
        assert found, whom
        name, subject, form, question = found.groups()
        number = int(question or 1) - 1
        if name in self.subjects and not form and not question:
            self.subject(name, fact)
        elif name in self.subjects:
            contest, place = self.contest(name, form)
            told = self.results["contests"][contest]["subjects"][place]
            self.figure(told["questions"][number] if question else told, fact)
        else:
            contest, place = self.contest(subject or self.subjects[0], form)
            self.group(contest, place, number, name.split("+"), fact)

    def contest(self, subject: str, form: str | None) -> tuple[int, int]:
        """The contest of a subject under a form, or its first, and its place there."""
        names = [one.name for one in self.example.forms]
        number = self.subjects.index(subject)
        return next(
            (contest, one["subjects"].index(number))
            for contest, one in enumerate(self.manifest["contests"])
            if number in one["subjects"] and form in {None, names[one["instrument"]]}
        )

    def group(self, contest: int, place: int, question: int, names: list[str], fact: str) -> None:
        classes = [self.classes.index(name) for name in names]
        told = next(
            group
            for group in self.results["contests"][contest]["groups"]
            if group["classes"] == classes
        )
        if fact in {"opened", "withheld"}:
            assert told["status"] == fact
        elif found := re.fullmatch(r"(\d+) spoilt as ([a-z-]+)", fact):
            boxes = [contest * len(self.classes) + number for number in classes]
            opened = next(one for one in self.openings["groups"] if one["boxes"] == boxes)
            assert opened["spoilt"].count(found[2]) == int(found[1]), fact
        elif found := re.fullmatch(r"(issued|returned|valid|spoilt) (\d+)", fact):
            assert told[found[1]] == int(found[2]), fact
        elif found := re.fullmatch(r"(\S+) (\d+)(?: \(([\d.]+) %\))?", fact):
            self.column(contest, question, told["subjects"][place][question], found)
        else:
            self.figure(told["subjects"][place][question], fact)

    def column(self, contest: int, question: int, told: Json, found: re.Match[str]) -> None:
        """``优秀 6 (60.00 %)``, ``blank 1``, ``answers 9``."""
        name, number, percent = found.groups()
        if name == "answers":
            assert told["answers"] == int(number)
            return
        instrument = self.manifest["instruments"][self.manifest["contests"][contest]["instrument"]]
        names = [option["text"]["zh"] for option in instrument["questions"][question]["options"]]
        column = [*names, "blank"].index(name)
        assert [*told["counts"], told["blank"]][column] == int(number), found[0]
        if percent:
            assert told["percent"][column] == percent, f"{found[0]}: {told['percent']}"

    def subject(self, name: str, fact: str) -> None:
        told = self.results["subjects"][self.subjects.index(name)]
        if fact in OUTCOMES:
            assert told["outcome"] == fact, f"{name} {fact}: {told['outcome']}"
        elif fact == "no rank":
            assert "rank" not in told
        elif found := re.fullmatch(r"rank (\d+)", fact):
            assert told.get("rank") == int(found[1]), f"{name} {fact}: {told.get('rank')}"
        elif found := re.fullmatch(r"(\w+) ([\d.]+) % (met|not met|red flag|no red flag)", fact):
            rule, value, how = found.groups()
            finding = next(one for one in told["findings"] if one["rule"] == rule)
            assert finding["value"]["printed"] == value, f"{fact}: {finding['value']}"
            assert (rule == "negative") == ("flag" in how), fact
            assert finding["met"] == (how in {"met", "no red flag"}), fact
        else:
            self.figure(told, fact)

    def figure(self, told: Json, fact: str) -> None:
        """``score 88.00``, ``score 88.89 = 800/9``, ``positive 66.67 %``, ``no score``."""
        if fact == "no score":
            assert "score" not in told
            return
        found = re.fullmatch(
            r"(score|positive|negative|turnout) ([\d.]+)(?: %)?(?: = (\S+))?", fact
        )
        assert found, f"nothing known: {fact}"
        name, printed, exact = found.groups()
        assert told[name]["printed"] == printed, f"{fact}: {told[name]}"
        assert exact in {None, told[name]["exact"]}, f"{fact}: {told[name]}"
