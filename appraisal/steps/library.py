"""The library of ballot forms: those that the service brings along and an organisation's own.

A session takes the library's word until it is frozen; its manifest then has a copy.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from appraisal import codec, instruments, manifest
from appraisal.ballot_form import Instrument, Text
from appraisal.ballot_form_rules import check_instrument
from appraisal.errors import StepError
from appraisal.steps.draft import decode_draft
from appraisal.steps.service import Service
from appraisal.store.instruments import ID_LENGTH, Instruments
from appraisal.store.office import Phase, SessionRow

LIMIT: Final = manifest.LIMIT
"""The size of a form's canonical JSON in bytes, at most: it stands in a manifest one day."""
MAX_OWN: Final = 200
"""How many forms an organisation keeps, at most."""
MAX_OWN_BYTES: Final = 8 * 2**20
"""And how many bytes they have in all: a page reads every one of them, and others wait for it."""


def library_of(service: Service, organisation_id: int) -> Mapping[str, Instrument]:
    """Every form that this organisation may choose, by id: those shipped, then its own."""
    shipped = {instrument.id: instrument for instrument in instruments.available()}
    # One that was made before a form of its id was shipped stays what it was.
    return {**shipped, **own_of(service, organisation_id)}


def own_of(service: Service, organisation_id: int) -> Mapping[str, Instrument]:
    """The forms that this organisation has made for itself, by id."""
    kept = Instruments(service.office.database).all(organisation_id)
    found = (codec.decode(Instrument, form, limit=LIMIT) for form in kept)
    return {instrument.id: instrument for instrument in found}


def keep(service: Service, organisation_id: int, instrument: Instrument) -> None:
    """Keep an organisation's own form, in place of an earlier one of its id.

    `ManifestError` if it contradicts itself, `StepError` if its id is that of a form shipped, or
    there are too many.
    """
    own, store = own_of(service, organisation_id), Instruments(service.office.database)
    if instrument.id not in own:
        if any(instrument.id == shipped.id for shipped in instruments.available()):
            raise StepError("instrument-shipped", "a form of this id is shipped", id=instrument.id)
        if len(own) >= MAX_OWN:
            raise StepError("instruments-too-many", "too many forms", most=MAX_OWN)
    encoded = codec.encode(instrument)
    # What is kept must be readable: ranges are the codec's to check.
    check_instrument(codec.decode(Instrument, encoded, limit=LIMIT))
    replaced = len(codec.encode(own[instrument.id])) if instrument.id in own else 0
    kept = sum(map(len, store.all(organisation_id)))
    if kept - replaced + len(encoded) > MAX_OWN_BYTES:
        raise StepError("instruments-too-large", "too many bytes of forms", most=MAX_OWN_BYTES)
    store.keep(organisation_id, instrument.id, encoded)


def copy(service: Service, organisation_id: int, identifier: str) -> Instrument:
    """A copy of a form of the library to be changed, under an id and a title of its own."""
    library = library_of(service, organisation_id)
    original = library[identifier]
    titles = {instrument.title.zh for instrument in library.values()}
    number = 1
    while (made := _numbered(identifier, number)) in library or (
        title := _titled(original.title, number)
    ).zh in titles:
        number += 1
    instrument = replace(original, id=made, title=title)
    keep(service, organisation_id, instrument)
    return instrument


def remove(service: Service, organisation_id: int, identifier: str) -> None:
    """Remove an organisation's own form; `StepError` while one of its drafts names it."""
    users = users_of(service, organisation_id, identifier)
    if users:
        names = "、".join(row.title for row in users)
        raise StepError("instrument-used", "a draft uses this form", names=names)
    Instruments(service.office.database).remove(organisation_id, identifier)


def users_of(service: Service, organisation_id: int, identifier: str) -> tuple[SessionRow, ...]:
    """The drafts of an organisation that name a form."""
    return tuple(
        row
        for row in service.office.sessions(organisation_id)
        if row.phase is Phase.DRAFT
        and any(form.instrument == identifier for form in decode_draft(row.draft).forms)
    )


def _numbered(identifier: str, number: int) -> str:
    """An id of a copy: the original's without an earlier number, shortened, and a number."""
    stem = re.sub(r"-own-[0-9]+$", "", identifier)
    ending = f"-own-{number}"
    return stem[: ID_LENGTH - len(ending)].rstrip("-") + ending


def _titled(title: Text, number: int) -> Text:
    more = f" {number}" if number > 1 else ""
    return Text(f"{title.zh}（本单位{more}）", f"{title.en} (our own{more})")
