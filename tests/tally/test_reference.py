"""The tally against a reference count that shares no code with it (`reference.py`), on sessions of
every form and rule and their combinations."""

from __future__ import annotations

import ast
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest

from appraisal.ballots.ballot import Ballot, Spoilt, SpoiltError, decode_ballot, encode_ballot
from appraisal.codec import encode
from appraisal.manifest import Manifest
from appraisal.tally.canvass import canvass
from appraisal.tally.disclosure import groups
from appraisal.tally.opening import Plain, sorted_plain
from appraisal.tally.openings import FORMAT, OpenedGroup, Openings, encode_openings
from appraisal.tally.results import GroupStatus, Results, SlipCount
from tests.tally import generated, reference

SESSIONS: Final = 10_000
PARTS: Final = 20


def plain(manifest: Manifest, contest: int, ballot: generated.Ballot) -> Plain:
    """A ballot as the tellers find it."""
    if ballot is None:
        return Spoilt.UNREADABLE
    tracker, answers = ballot
    data = encode_ballot(Ballot(bytes.fromhex(tracker), answers))
    try:
        return decode_ballot(data, manifest.forms[contest])
    except SpoiltError as error:
        return error.reason


def openings(manifest: Manifest, boxes: Sequence[Sequence[generated.Ballot]]) -> Openings:
    """What is published of these boxes."""
    found = []
    for group in groups(manifest, [len(box) for box in boxes]):
        if group.status is GroupStatus.WITHHELD:
            found.append(OpenedGroup(group.boxes, group.ballots, group.status, None, None))
            continue
        contents = [plain(manifest, group.contest, b) for box in group.boxes for b in boxes[box]]
        opened, spoilt = sorted_plain(contents)
        told = len(opened) >= manifest.rules.floor
        status = GroupStatus.OPENED if told else GroupStatus.WITHHELD
        found.append(
            OpenedGroup(group.boxes, group.ballots, status, opened if told else None, spoilt)
        )
    return Openings(FORMAT, tuple(found))


def both(seed: int) -> tuple[Manifest, Results, Any, Any]:
    """One session: its manifest and results, these as JSON, and the reference's."""
    manifest, slips, boxes = generated.session(Random(seed))
    results = canvass(manifest, slips, openings(manifest, boxes))
    counted = reference.results(json.loads(manifest.encoded), [told(s) for s in slips], boxes)
    return manifest, results, json.loads(encode(results)), counted


def told(slips: SlipCount) -> dict[str, int]:
    return {
        "printed": slips.printed,
        "issued": slips.issued,
        "drawn": slips.drawn,
        "void": slips.void,
    }


def test_what_was_published_gives_the_same_again() -> None:
    """From openings, which say nothing of ballots that were spoilt."""
    for seed in range(200):
        manifest, slips, boxes = generated.session(Random(seed))
        published = json.loads(encode_openings(openings(manifest, boxes)))
        asked = json.loads(manifest.encoded), [told(s) for s in slips]
        assert reference.recount(*asked, published) == reference.results(*asked, boxes), seed


def test_the_reference_count_imports_nothing_of_the_package() -> None:
    tree = ast.parse(Path(reference.__file__).read_text())
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= sys.stdlib_module_names


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_the_tally_is_the_reference_count(part: int) -> None:
    for seed in range(part, SESSIONS, PARTS):
        _, _, found, counted = both(seed)
        assert found == counted, f"session {seed}"


def test_every_rule_and_combination_of_two_is_among_the_sessions() -> None:
    """So that agreement says something about each."""
    seen: Counter[tuple[str, str]] = Counter()
    for seed in range(1000):
        manifest, results, *_ = both(seed)
        traits = set(_traits(manifest, results))
        seen.update((a, b) for a in traits for b in traits)
    names = {a for a, _ in seen}
    assert names >= {
        *("grades", "choice", "ticks", "score", "whole", "share", "several groups"),
        *("withhold", "merge", "renormalise", "zero", "valid", "spoilt"),
        *("of answers", "of valid", "of returned", "of present", "of entitled"),
        *("largest-remainder", "last-takes-rest", "trim", "over", "reached"),
        *("open", "all", "none", "organisations ranked", "organisations unranked"),
        *("is recommended", "is tied", "is below-quota", "is not-met", "is unscored"),
        *("is withheld", "opened", "withheld", "spoilt ballots"),
    }
    scarce = {pair for pair in seen if seen[pair] < 3}
    of_rules = {"merge", "zero", "spoilt", "last-takes-rest", "trim", "whole", "share", "score"}
    assert not {(a, b) for a in of_rules for b in of_rules} & scarce


def _traits(manifest: Manifest, results: Results) -> list[str]:
    rules = manifest.rules
    kinds = [q.kind.value for i in manifest.instruments for q in i.questions]
    limits = [limit for i in manifest.instruments for limit in i.limits]
    held = [rules.quorum, rules.turnout, rules.positive, rules.negative]
    chosen = [rules.below_floor, rules.empty_class, rules.empty_ballot, rules.percentages]
    groups_ = [group for contest in results.contests for group in contest.groups]
    flags = {
        "whole": bool(limits),
        "share": any(limit.share for limit in limits),
        "several groups": any(len(contest.groups) > 1 for contest in results.contests),
        "trim": rules.trim > 0,
        "organisations ranked": rules.quota_organisations is not None,
        "organisations unranked": rules.quota_organisations is None,
        "spoilt ballots": any(group.spoilt for group in groups_),
    }
    return [
        *kinds,
        *(name for name, holds in flags.items() if holds),
        *("over" if threshold.over else "reached" for threshold in held if threshold),
        *(rule.value for rule in chosen),
        rules.ties.value,
        f"of {rules.denominator.value}",
        *(f"is {subject.outcome.value}" for subject in results.subjects),
        *(group.status.value for group in groups_),
    ]
