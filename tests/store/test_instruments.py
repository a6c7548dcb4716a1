"""The ballot forms that organisations keep: each its own, one an id."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from appraisal.config import Settings
from appraisal.store.database import REGISTRY, Database
from appraisal.store.instruments import Instruments
from appraisal.store.office import Office


@pytest.fixture
def database(settings_everywhere: Settings) -> Iterator[Database]:
    settings_everywhere.data.mkdir(parents=True)
    opened = Database(settings_everywhere.registry_url, name=REGISTRY)
    opened.migrate()
    yield opened
    opened.dispose()


def test_a_form_is_kept_replaced_and_removed(database: Database) -> None:
    here, there = (Office(database).organisation(name) for name in ("一支部", "二支部"))
    forms = Instruments(database)
    forms.keep(here, "b", b"first")
    forms.keep(here, "a", b"other")
    forms.keep(there, "b", b"theirs")
    forms.keep(here, "b", b"second")
    assert forms.all(here) == (b"other", b"second"), "by id"
    forms.remove(here, "b")
    forms.remove(here, "b")
    assert forms.all(here) == (b"other",)
    assert forms.all(there) == (b"theirs",)
