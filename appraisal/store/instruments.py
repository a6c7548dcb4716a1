"""The ballot forms 测评表 that an organisation has made for itself, beside those shipped.

A frozen session has a copy of its forms in its manifest: whoever alters a row alters the drafts
that name the form, and no ballot.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import ForeignKey, LargeBinary, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from appraisal.store.database import Database
from appraisal.store.registry import RegistryBase

ID_LENGTH: Final = 60


class InstrumentRow(RegistryBase):
    """A ballot form of an organisation by id; `form` is canonical JSON of an `Instrument`."""

    __tablename__ = "instrument"

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id"), primary_key=True, autoincrement=False
    )
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    form: Mapped[bytes] = mapped_column(LargeBinary)


class Instruments:
    """The ballot forms of each organisation."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, organisation_id: int, identifier: str, form: bytes) -> None:
        """Keep a form, in place of an earlier one of its id."""
        with self._database.write() as tx:
            tx.merge(InstrumentRow(organisation_id=organisation_id, id=identifier, form=form))

    def all(self, organisation_id: int) -> tuple[bytes, ...]:
        """Every form of an organisation, by id."""
        query = (
            select(InstrumentRow.form)
            .where(InstrumentRow.organisation_id == organisation_id)
            .order_by(InstrumentRow.id)
        )
        with self._database.read() as tx:
            return tuple(tx.execute(query).scalars())

    def remove(self, organisation_id: int, identifier: str) -> None:
        """Remove a form; nothing happens if there is none."""
        with self._database.write() as tx:
            tx.execute(
                delete(InstrumentRow).where(
                    InstrumentRow.organisation_id == organisation_id,
                    InstrumentRow.id == identifier,
                )
            )
