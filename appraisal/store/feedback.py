"""What the secretary writes to each subject of a session, for its feedback sheet 反馈单.

It stands beside results that the office has anyway; nothing in it comes out of a single ballot.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import ForeignKey, LargeBinary, select
from sqlalchemy.orm import Mapped, mapped_column

from appraisal.manifest import SessionId
from appraisal.store.database import Database
from appraisal.store.registry import RegistryBase

LIMIT: Final = 2**16
"""The size of what is written to one subject, at most."""


class FeedbackRow(RegistryBase):
    """What is written to one subject, by its number; `written` is canonical JSON."""

    __tablename__ = "feedback"

    session_id: Mapped[str] = mapped_column(ForeignKey("session.id"), primary_key=True)
    subject: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    written: Mapped[bytes] = mapped_column(LargeBinary)


class FeedbackTexts:
    """What is written to the subjects of each session."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, session: SessionId, subject: int, written: bytes) -> None:
        """Keep what is written to a subject, in place of what was."""
        with self._database.write() as tx:
            tx.merge(FeedbackRow(session_id=session, subject=subject, written=written))

    def all(self, session: SessionId) -> dict[int, bytes]:
        """What is written to the subjects of a session, by number."""
        query = select(FeedbackRow.subject, FeedbackRow.written).where(
            FeedbackRow.session_id == session
        )
        with self._database.read() as tx:
            return {row.subject: row.written for row in tx.execute(query)}
