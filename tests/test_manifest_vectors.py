"""Manifests that break one rule each, for both verifiers: `tests/vectors/manifests.json`.

    python -m tests.test_manifest_vectors      writes the file anew; the test compares

A case changes single fields of a manifest that holds; the browser's verifier runs the same file
(frontend/tests/manifest.test.ts). `sentence` is what our refusal says.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any, Final

import pytest

from appraisal.encoding import canonical
from appraisal.errors import ManifestError
from appraisal.manifest import decode_manifest
from tests import manifest_cases, manifest_form_cases
from tests.manifest_cases import Case, Change, base_json

FILE: Final = Path(__file__).parent / "vectors" / "manifests.json"
CASES: Final[tuple[Case, ...]] = (
    *manifest_cases.description(),
    *manifest_form_cases.questions(),
    *manifest_form_cases.limits(),
    *manifest_form_cases.contests(),
    *manifest_cases.classes_and_boxes(),
    *manifest_cases.keys(),
    *manifest_form_cases.rules(),
)


def applied(manifest: dict[str, Any], changes: tuple[Change, ...]) -> dict[str, Any]:
    """The manifest with these fields set."""
    found: Any = copy.deepcopy(manifest)
    for *path, last, value in changes:
        place = found
        for step in path:
            place = place[step]
        if isinstance(place, list) and last == len(place):
            place.append(value)
        else:
            place[last] = copy.deepcopy(value)
    return dict(found)


def written() -> str:
    listed = [
        {
            "name": one.name,
            "comment": one.comment,
            "expect": "refused" if one.sentence else "read",
            **({"sentence": one.sentence} if one.sentence else {}),
            "set": one.changes,
        }
        for one in CASES
    ]
    base, *lines = (json.dumps(value, ensure_ascii=False) for value in (base_json(), *listed))
    joined = ",\n".join(lines)
    return f'{{"base": {base},\n"cases": [\n{joined}\n]}}\n'


def test_the_file_is_the_one_that_is_made() -> None:
    assert FILE.read_text() == written()


@pytest.mark.parametrize("one", CASES, ids=lambda one: one.name)
def test_a_manifest_is_read_or_refused_with_its_sentence(one: Case) -> None:
    data = canonical(applied(base_json(), one.changes))
    if one.sentence:
        with pytest.raises(ManifestError) as refused:
            decode_manifest(data)
        assert str(refused.value).startswith(one.sentence)
    else:
        assert decode_manifest(data).encoded == data


def test_no_case_stands_twice_and_refusals_outnumber_what_holds() -> None:
    assert len({one.name for one in CASES}) == len(CASES)
    assert sum(not one.sentence for one in CASES) * 3 < len(CASES)


if __name__ == "__main__":
    FILE.write_text(written())
