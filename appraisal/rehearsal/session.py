"""A whole rehearsed session, from the draft to the report, and what it leaves behind.

DIR/slips.pdf  DIR/record/  DIR/report.pdf  DIR/results.csv  DIR/summary.json
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

from appraisal import verifier
from appraisal.ballot_form import Question, QuestionKind
from appraisal.ballots.slips import SlipCode
from appraisal.documents.report import report_pdf
from appraisal.documents.slips import slips_pdf
from appraisal.documents.spreadsheets import results_csv
from appraisal.errors import AppraisalError
from appraisal.manifest import BoxNumber, Manifest, SessionId
from appraisal.rehearsal import electorate, voting
from appraisal.rehearsal.booth import Booth
from appraisal.rehearsal.electorate import Person
from appraisal.rehearsal.tellers import KeyHolder, holders
from appraisal.steps import close, opening, publish, setup, slips, tellers
from appraisal.steps import voting as voting_step
from appraisal.steps.draft import Draft
from appraisal.steps.report import report_of
from appraisal.steps.service import Service
from appraisal.steps.slips import PrintedSlip
from appraisal.tally.record import RecordKind, write_folder
from appraisal.tally.results import GroupStatus, Results

T = TypeVar("T")

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""

_COUNTED: Final = ("printed", "active", "drawn", "void", "cast")


class MismatchError(AppraisalError):
    """The tally is not what the voters cast: the service must not be used."""


@dataclass(frozen=True)
class Crowd:
    """How many people of each class cast, and how many draw in vain or stay away, in all."""

    casting: tuple[int, ...]
    gave_up: int
    away: int
    seed: int


@dataclass
class Rehearsal:
    """One run; the fields fill as it goes on."""

    service: Service
    url: str
    draft: Draft
    crowd: Crowd
    organisation_id: int
    progress: Progress
    timings: dict[str, float] = field(default_factory=dict)
    key_holders: tuple[KeyHolder, ...] = ()

    def run(self, out: Path) -> dict[str, Any]:
        """The summary, also written to `out`; `MismatchError` if a figure is wrong."""
        out.mkdir(parents=True, exist_ok=True)
        session, manifest = self._prepare()
        printed = self._timed("print", lambda: slips.print_slips(self.service, session))
        (out / "slips.pdf").write_bytes(
            self._timed("slips_pdf", lambda: slips_pdf(manifest, printed, base_url=self.url))
        )
        people = electorate.people(
            manifest,
            casting=self.crowd.casting,
            gave_up=self.crowd.gave_up,
            away=self.crowd.away,
            seed=self.crowd.seed,
        )
        handed_out = self._hand_out(session, printed, people)
        voting_step.begin(self.service, session)
        self._vote(manifest, handed_out)
        counted = slips.turnout(self.service, session, exact=True)
        self._timed("close", lambda: close.close(self.service, session))
        self._timed("factors", lambda: self._hand_in_factors(manifest))
        results = self._timed("open", lambda: opening.open_boxes(self.service, session))
        cast = [person for _, person in handed_out if person.casts]
        known = electorate.known_counts(manifest, cast)
        compare(manifest, results, known, electorate.unticked_lists(manifest, cast))
        self._write(out, session, manifest, results)
        summary = {
            "session": session,
            "seed": self.crowd.seed,
            "slips": [{name: getattr(c, name) for name in _COUNTED} for c in counted],
            "counts": {str(box): counts for box, counts in sorted(known.items())},
            "timings": self.timings,
        }
        (out / "summary.json").write_text(json.dumps(summary, ensure_ascii=False, indent=1) + "\n")
        return summary

    def _prepare(self) -> tuple[SessionId, Manifest]:
        session = setup.create(self.service, self.draft, organisation_id=self.organisation_id)
        secrets = [
            tellers.invite(self.service, session, number)
            for number in range(len(self.draft.tellers))
        ]
        self.key_holders = holders(Booth(self.url), session, secrets)
        manifest = self._timed(
            "freeze",
            lambda: setup.freeze(
                self.service, session, progress=lambda i, n: self.progress("freeze", i, n)
            ),
            tells=True,
        )
        return session, manifest

    def _hand_in_factors(self, manifest: Manifest) -> None:
        """A quorum comes to open: those invited last, since any will do."""
        booth = Booth(self.url)
        for holder in self.key_holders[len(self.key_holders) - self.draft.quorum :]:
            holder.hand_in_factors(booth, manifest)

    def _hand_out(
        self, session: SessionId, printed: Sequence[PrintedSlip], people: Sequence[Person]
    ) -> list[tuple[SlipCode, Person]]:
        """Gives each person a slip of their class and makes exactly those slips active."""
        left = {
            c: [s for s in printed if s.voter_class == c] for c in range(len(self.draft.classes))
        }
        holders = [(left[person.voter_class].pop(0).code, person) for person in people]
        for voter_class, rest in left.items():
            handed_out = self.draft.classes[voter_class].slips - len(rest)
            if handed_out:
                slips.activate(
                    self.service, session, voter_class=voter_class, first=1, last=handed_out
                )
        return holders

    def _vote(self, manifest: Manifest, holders: Sequence[tuple[SlipCode, Person]]) -> None:
        booth = Booth(self.url)
        start = time.perf_counter()
        times = voting.vote_all(
            booth,
            booth.manifest(manifest.session),
            holders,
            progress=lambda i, n: self.progress("vote", i, n),
        )
        self.timings["vote"] = round(time.perf_counter() - start, 3)
        for name in ("draw", "cast"):
            waited = [t for t in (getattr(found, name) for found in times) if t is not None]
            if waited:
                self.timings[f"{name}_median"] = round(statistics.median(waited), 4)

    def _write(self, out: Path, session: SessionId, manifest: Manifest, results: Results) -> None:
        record = publish.record(self.service, session, kind=RecordKind.PUBLIC)
        write_folder(record, out / "record")
        report = verifier.verify(record)
        if not report.ok:
            raise MismatchError("the record does not verify")
        (out / "results.csv").write_text(results_csv(manifest, results), newline="")
        (out / "report.pdf").write_bytes(
            self._timed("report", lambda: report_pdf(report_of(self.service, session)))
        )

    def _timed(self, name: str, step: Callable[[], T], *, tells: bool = False) -> T:
        """What a step returns, its seconds kept; `tells` where it reports progress itself."""
        if not tells:
            self.progress(name, 0, 1)
        start = time.perf_counter()
        found = step()
        self.timings[name] = round(time.perf_counter() - start, 3)
        if not tells:
            self.progress(name, 1, 1)
        return found


def compare(
    manifest: Manifest,
    results: Results,
    known: Mapping[BoxNumber, tuple[tuple[int, ...], ...]],
    unticked: Mapping[tuple[BoxNumber, int], int],
) -> None:
    """Raise `MismatchError` unless every opened group counts just what was cast into its boxes.

    `known` by box, place and answer; `unticked` by box and first place of a list.
    """
    for contest in results.contests:
        for group in contest.groups:
            if group.status is GroupStatus.WITHHELD:
                continue
            boxes = [manifest.box(contest=contest.contest, voter_class=c) for c in group.classes]
            form = manifest.forms[contest.contest]
            of_subjects = zip(group.subjects, range(0, form.size, form.width), strict=True)
            for questions, first in of_subjects:
                for number, start in enumerate(form.starts):
                    question = form.instrument.questions[number]
                    at = first + start
                    cast = [
                        _together(known[box][place] for box in boxes)
                        for place in range(at, at + len(question.places))
                    ]
                    left = sum(unticked.get((box, at), 0) for box in boxes)
                    expected = _expected(question, cast, left)
                    found = [questions[number].blank, *questions[number].counts]
                    if found != expected:
                        raise MismatchError(f"question {number}: counted {found}, cast {expected}")


def _together(counts: Iterable[Sequence[int]]) -> list[int]:
    return [sum(answers) for answers in zip(*counts, strict=True)]


def _expected(question: Question, cast: Sequence[Sequence[int]], unticked: int) -> list[int]:
    """Blank and then each option, from how often each answer was cast in each place."""
    match question.kind:
        case QuestionKind.TICKS:
            return [unticked, *(of_place[1] for of_place in cast)]
        case QuestionKind.SCORE:
            bands = [0] * len(question.options)
            for points, times in enumerate(cast[0][1:]):
                lowest = [points >= (band.at_least or 0) for band in question.options]
                bands[lowest.index(True)] += times
            return [cast[0][0], *bands]
        case QuestionKind.GRADES | QuestionKind.CHOICE:
            return list(cast[0])
