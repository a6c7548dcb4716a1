"""Inviting a service 邀请: a link that its office enrols this installation with."""

from __future__ import annotations

import os
from collections.abc import Callable

from appraisal.encoding import base32encode
from appraisal.errors import AppraisalError
from appraisal.peers.messages import SECRET_BYTES
from appraisal.store.invitations import NAME_LENGTH
from appraisal.witness.witness import WitnessDesk


def invite(
    desk: WitnessDesk, name: str, *, url: str, rng: Callable[[int], bytes] = os.urandom
) -> str:
    """The link for a service; whoever has it is that service. The one before it is dead."""
    if not 0 < len(name) <= NAME_LENGTH or not name.isprintable():
        raise AppraisalError(f"a name is a line of 1 to {NAME_LENGTH} characters")
    secret = base32encode(rng(SECRET_BYTES))
    desk.invitations.invite(name, secret=secret)
    return f"{url}#{secret}"
