"""Voting begins: from here on the registrar signs and the box admits."""

from __future__ import annotations

from appraisal.errors import StepError
from appraisal.manifest import SessionId
from appraisal.steps import signers
from appraisal.steps.service import Service
from appraisal.steps.setup import manifest_of
from appraisal.steps.slips import turnout
from appraisal.store.admission import Admission
from appraisal.store.office import Phase


def begin(service: Service, session: SessionId) -> None:
    """PRINTED to VOTING, once at least the floor of every class's slips is active."""
    with service.step(session):
        service.row(session, Phase.PRINTED)
        manifest = manifest_of(service, session)
        for count in turnout(service, session, exact=True):
            if count.active < manifest.rules.floor:
                name = manifest.classes[count.voter_class].name.zh
                raise StepError(
                    "too-few-active",
                    f"{name}: {count.active} active slips are fewer than the floor of "
                    f"{manifest.rules.floor}",
                    **{"class": name},
                    active=count.active,
                    floor=manifest.rules.floor,
                )
        signers.begin(service, manifest)
        # The box first: who draws must be able to cast.
        service.box.admit(session, Admission.OPEN)
        with service.office.database.write() as tx:
            service.registry.admit(tx, session, Admission.OPEN)
            service.office.change(
                tx,
                session,
                phases=[Phase.PRINTED],
                becomes=Phase.VOTING,
                begun_at=service.now(),
            )
