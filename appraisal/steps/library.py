"""The library of ballot forms: those that the service brings along and an organisation's own."""

from __future__ import annotations

from collections.abc import Mapping

from appraisal import instruments
from appraisal.ballot_form import Instrument
from appraisal.steps.service import Service


def library_of(service: Service, organisation_id: int) -> Mapping[str, Instrument]:
    """Every form that this organisation may choose, by id."""
    return {instrument.id: instrument for instrument in instruments.available()}
