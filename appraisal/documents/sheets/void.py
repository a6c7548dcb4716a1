"""The sheet of a void session 作废: slips, why nothing was opened, lines to sign."""

from __future__ import annotations

from functools import partial
from typing import Final

from appraisal.documents.flow import Faces, Paper, Part, Sheet, space
from appraisal.documents.sheets import frame
from appraisal.documents.sheets.session import CountedSession
from appraisal.tally.openings import VoidReason

NAME: Final = "民主测评作废情况表"


def void_sheet(session: CountedSession, faces: Faces, paper: Paper) -> Sheet:
    """One page: there is nothing else to tell."""
    pieces = [
        *frame.slip_rows(session, faces, paper),
        space(3),
        *frame.caption(f"{_why(session)}全部票箱均未开启，没有结果。", faces, paper),
        *frame.notes(frame.key_notes(session), faces, paper),
        *frame.signatures(paper),
    ]
    return Sheet(
        [Part([frame.title(session, NAME, faces, paper)]), Part([pieces])],
        partial(frame.foot, paper=paper),
        name=NAME,
    )


def _why(session: CountedSession) -> str:
    match session.void:
        case VoidReason.UNOPENED:
            return "监票人不足，无法开箱，经宣布本次评议无效。"
        case VoidReason.UNSTATED:
            names = "”、“".join(session.unstated)
            return f"签发方“{names}”没有声明领取张数，不能封箱，经宣布本次评议无效。"
        case VoidReason.OVERFULL | None:
            return "有票箱的选票多于该票种已领取的凭证，本次评议无效。"
