"""What a witness 见证方 has seen: the last head of each board that it cosigned.

Whoever alters a row can make the witness cosign a second history; nothing here is secret.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from sqlalchemy import BigInteger, LargeBinary, String, Text, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from appraisal.manifest import KEY_SIZE
from appraisal.store.database import Database
from appraisal.store.registry import RegistryBase

ORIGIN_LENGTH: Final = 255
_HASH_SIZE: Final = 32


class WitnessedBoardRow(RegistryBase):
    """A board by its origin: key, size and root of the last head cosigned, and that checkpoint."""

    __tablename__ = "witnessed_board"

    origin: Mapped[str] = mapped_column(String(ORIGIN_LENGTH), primary_key=True)
    origin_hash: Mapped[bytes] = mapped_column(LargeBinary(_HASH_SIZE), unique=True)
    key: Mapped[bytes] = mapped_column(LargeBinary(KEY_SIZE))
    size: Mapped[int] = mapped_column(BigInteger)
    root: Mapped[bytes] = mapped_column(LargeBinary(_HASH_SIZE))
    checkpoint: Mapped[str | None] = mapped_column(Text)


@dataclass(frozen=True)
class WitnessedBoard:
    """A board's key and its last head cosigned: the empty tree's, without text, if none was."""

    origin: str
    key: bytes
    size: int
    root: bytes
    checkpoint: str | None


class WitnessedBoards:
    """The boards that a witness knows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, origin: str) -> WitnessedBoard | None:
        """A board; None if it was never added."""
        with self._database.read() as tx:
            return _board(tx.get(WitnessedBoardRow, origin))

    def with_hash(self, origin_hash: bytes) -> WitnessedBoard | None:
        """The board whose origin has this SHA-256."""
        query = select(WitnessedBoardRow).where(WitnessedBoardRow.origin_hash == origin_hash)
        with self._database.read() as tx:
            return _board(tx.execute(query).scalar_one_or_none())

    def add(self, board: WitnessedBoard) -> WitnessedBoard:
        """Make a board known; what stands if it was known before, whatever its key."""
        try:
            with self._database.write() as tx:
                tx.add(
                    WitnessedBoardRow(
                        origin=board.origin,
                        origin_hash=hashlib.sha256(board.origin.encode()).digest(),
                        key=board.key,
                        size=board.size,
                        root=board.root,
                        checkpoint=board.checkpoint,
                    )
                )
        except IntegrityError:
            pass
        return self.get(board.origin) or board

    def advance(self, known: WitnessedBoard, *, size: int, root: bytes, checkpoint: str) -> bool:
        """Put a new head in place of the `known` one, durably; False if that is no more the last.

        Comparing and changing are one statement: of two requests at once one sees the other's.
        """
        with self._database.write() as tx:
            changed = tx.execute(
                update(WitnessedBoardRow)
                .where(
                    WitnessedBoardRow.origin == known.origin,
                    WitnessedBoardRow.size == known.size,
                    WitnessedBoardRow.root == known.root,
                )
                .values(size=size, root=root, checkpoint=checkpoint)
                .execution_options(synchronize_session=False)
            )
            return bool(changed.rowcount == 1)  # type: ignore[attr-defined]


def _board(row: WitnessedBoardRow | None) -> WitnessedBoard | None:
    if row is None:
        return None
    return WitnessedBoard(row.origin, row.key, row.size, row.root, row.checkpoint)
