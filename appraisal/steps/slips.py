"""Step 2, slips: printed, made active, declared void, printed again; and how many are where.

The codes leave this module once, on their way to the printer; only their hashes are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import TypeAlias

from sqlalchemy.orm import Session

from appraisal.ballots import board
from appraisal.ballots.slips import SlipCode, credential, new_code, slip_hash
from appraisal.errors import StepError
from appraisal.manifest import REGISTRAR, Manifest, SessionId
from appraisal.steps import signers, witnesses
from appraisal.steps.board import sign_head
from appraisal.steps.retention import ballots_cast
from appraisal.steps.service import Service
from appraisal.steps.setup import manifest_of
from appraisal.store.office import Phase
from appraisal.store.registry import SlipState, SlipTotals


@dataclass(frozen=True)
class PrintedSlip:
    """A slip on its way to paper: class, serial from 1, and the code that is nowhere else."""

    voter_class: int
    serial: int
    code: SlipCode


@dataclass(frozen=True)
class Turnout:
    """The numbers of a class: slips by what became of them, and ballots cast.

    `active` counts every slip made active so far that is not void, the drawn ones included.
    """

    voter_class: int
    printed: int
    active: int
    drawn: int
    void: int
    cast: int


LayOut: TypeAlias = Callable[[Manifest, tuple[PrintedSlip, ...]], object]
"""Puts new slips on paper, before they exist anywhere else."""


def _not_laid_out(_manifest: Manifest, _slips: tuple[PrintedSlip, ...]) -> None:
    """Leave the slips to the caller."""


def print_slips(
    service: Service, session: SessionId, *, lay_out: LayOut = _not_laid_out
) -> tuple[PrintedSlip, ...]:
    """FROZEN to PRINTED: every slip of every class, by class and serial.

    They exist once `lay_out` has put them on paper: if it raises, nothing was printed.
    """
    with service.step(session):
        service.row(session, Phase.FROZEN)
        manifest = manifest_of(service, session)
        printed = tuple(
            slip
            for number, voter_class in enumerate(manifest.classes)
            for slip in _new_slips(service, number, first=1, count=voter_class.slips)
        )
        # Before the transaction: other sessions of the same database are voting.
        further = signers.print_statements(service, manifest, _codes(printed))
        lay_out(manifest, printed)
        with service.office.database.write() as tx:
            _keep(
                service,
                tx,
                manifest,
                printed,
                further=further,
                becomes=Phase.PRINTED,
                phases=[Phase.FROZEN],
            )
    witnesses.ask_witnesses(service, session)
    return printed


def activate(
    service: Service, session: SessionId, *, voter_class: int, first: int, last: int
) -> int:
    """How many printed slips with serials `first` to `last` became active just now."""
    return _change(
        service,
        session,
        voter_class=voter_class,
        first=first,
        last=last,
        states=[SlipState.PRINTED],
        becomes=SlipState.ACTIVE,
    )


def void(service: Service, session: SessionId, *, voter_class: int, first: int, last: int) -> int:
    """How many slips with serials `first` to `last`, not drawn, were declared void just now."""
    return _change(
        service,
        session,
        voter_class=voter_class,
        first=first,
        last=last,
        states=[SlipState.PRINTED, SlipState.ACTIVE],
        becomes=SlipState.VOID,
    )


def reprint(
    service: Service,
    session: SessionId,
    *,
    voter_class: int,
    first: int,
    last: int,
    lay_out: LayOut = _not_laid_out,
) -> tuple[PrintedSlip, ...]:
    """Replacements for a lost sheet: what was not drawn of it becomes void, as many are printed.

    They continue the serials of their class and have to be made active like any other. If
    `lay_out` raises, nothing became void and nothing was printed.
    """
    with service.step(session):
        service.row(session, Phase.PRINTED, Phase.VOTING)
        manifest = _checked(service, session, voter_class=voter_class, first=first, last=last)
        if len(manifest.signers) > 1:
            raise StepError("signer-no-reprint", "a further signer takes one printing a class")
        with service.office.database.write() as tx:
            number = service.registry.change(
                tx,
                session,
                voter_class=voter_class,
                first=first,
                last=last,
                states=[SlipState.PRINTED, SlipState.ACTIVE],
                becomes=SlipState.VOID,
            )
            if not number:
                raise StepError(
                    "nothing-to-reprint",
                    "every slip of this range is drawn or void already",
                    first=first,
                    last=last,
                )
            serial = service.registry.last_serial(tx, session, voter_class=voter_class) + 1
            printed = tuple(_new_slips(service, voter_class, first=serial, count=number))
            # In the transaction, which draws wait for: how many there are must not change.
            lay_out(manifest, printed)
            _keep(service, tx, manifest, printed, phases=[Phase.PRINTED, Phase.VOTING])
    witnesses.ask_witnesses(service, session)
    return printed


def turnout(service: Service, session: SessionId, *, exact: bool) -> tuple[Turnout, ...]:
    """One turnout a class.

    With `exact` false, while voting, drawn and cast are rounded down to steps of the floor until
    all active slips are in, so that nobody watches a single voter.
    """
    row = service.row(session)
    manifest = manifest_of(service, session)
    with service.office.database.read() as tx:
        totals = service.registry.totals(tx, session)
    counts = ballots_cast(service, session)
    step = 1 if exact or row.phase is not Phase.VOTING else manifest.rules.floor
    return tuple(
        _turnout(
            totals.get(number, SlipTotals.none(number)),
            cast=max(counts.get(box, 0) for box in manifest.boxes_of_class(number)),
            step=step,
        )
        for number in range(len(manifest.classes))
    )


def _turnout(totals: SlipTotals, *, cast: int, step: int) -> Turnout:
    return Turnout(
        voter_class=totals.voter_class,
        printed=totals.printed,
        active=totals.active,
        drawn=totals.drawn if totals.drawn == totals.active else totals.drawn // step * step,
        void=totals.void,
        cast=cast if cast == totals.active else cast // step * step,
    )


def _change(
    service: Service,
    session: SessionId,
    *,
    voter_class: int,
    first: int,
    last: int,
    states: Iterable[SlipState],
    becomes: SlipState,
) -> int:
    with service.step(session):
        service.row(session, Phase.PRINTED, Phase.VOTING)
        _checked(service, session, voter_class=voter_class, first=first, last=last)
        with service.office.database.write() as tx:
            return service.registry.change(
                tx,
                session,
                voter_class=voter_class,
                first=first,
                last=last,
                states=states,
                becomes=becomes,
            )


def _checked(
    service: Service, session: SessionId, *, voter_class: int, first: int, last: int
) -> Manifest:
    manifest = manifest_of(service, session)
    if not 0 <= voter_class < len(manifest.classes):
        raise StepError("class-unknown", "there is no such class", number=voter_class)
    if not 1 <= first <= last:
        raise StepError(
            "range-wrong", "serials run from 1, the first first", first=first, last=last
        )
    return manifest


def _new_slips(
    service: Service, voter_class: int, *, first: int, count: int
) -> Iterator[PrintedSlip]:
    """As many slips of a class, which nobody knows of yet; serials from `first` on."""
    for serial in range(first, first + count):
        yield PrintedSlip(voter_class, serial, new_code(voter_class, rng=service.rng))


def _codes(printed: Iterable[PrintedSlip]) -> dict[int, list[SlipCode]]:
    """The codes of each class."""
    found: dict[int, list[SlipCode]] = {}
    for slip in printed:
        found.setdefault(slip.voter_class, []).append(slip.code)
    return found


def _keep(
    service: Service,
    tx: Session,
    manifest: Manifest,
    printed: Iterable[PrintedSlip],
    *,
    phases: Iterable[Phase],
    further: Iterable[board.Printed] = (),
    becomes: Phase | None = None,
) -> None:
    """The slips exist, and their hashes go on the board, in one transaction.

    `further` are the same slips as further signers state them.
    """
    session = manifest.session
    new: list[bytes] = []
    for number, group in groupby(printed, key=attrgetter("voter_class")):
        slips = list(group)
        hashes = [
            slip_hash(session, credential(slip.code, session=session, signer=REGISTRAR))
            for slip in slips
        ]
        first = slips[0].serial
        service.registry.add(tx, session, voter_class=number, first=first, hashes=hashes)
        new.append(board.encode(board.Printed(REGISTRAR, number, tuple(sorted(hashes)))))
    new += map(board.encode, further)
    standing = service.office.entries(tx, session)
    service.office.add_entries(tx, session, new)
    service.office.change(
        tx,
        session,
        phases=phases,
        becomes=becomes,
        checkpoint=sign_head(service, manifest, [*standing, *new]),
    )
