"""Record vectors of checks 2 to 5 and 9: the board and its slips."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from appraisal.ballots import board
from appraisal.ballots.board import ManifestEntry, Opened, Printed, Turnout
from appraisal.ballots.checkpoint import sign_checkpoint
from appraisal.encoding import b64decode, b64encode
from appraisal.manifest import ManifestHash
from appraisal.tally.record import Record
from tests.tally.held import hashes
from tests.tally.record_sessions import (
    ballot_entries,
    bit,
    case,
    changed,
    roomy,
    spare,
    withhold,
)
from tests.world import source


@case("2", "signed: the board begins with another manifest's hash")
def another_manifest() -> Record:
    held = withhold()
    first = board.encode(ManifestEntry(ManifestHash(bytes(32))))
    return held.record(entries=[first, *held.entries[1:]])


@case("2,3", "signed: the board does not begin with the manifest")
def manifest_second() -> Record:
    held = withhold()
    first, second, *rest = held.entries
    return held.record(entries=[second, first, *rest])


@case("3", "signed: two ballots change places")
def ballots_unsorted() -> Record:
    held = withhold()
    before, (first, second, *rest), after = ballot_entries(held)
    return held.record(entries=[*before, second, first, *rest, *after])


@case("3,6,9,10", "signed: one ballot stands twice")
def ballot_twice() -> Record:
    held = withhold()
    before, ballots, after = ballot_entries(held)
    first = next(entry for entry in ballots if entry[1:3] == bytes(2))
    doubled = sorted([*ballots, first], key=lambda entry: hashlib.sha256(b"\0" + entry).digest())
    return held.record(entries=[*before, *doubled, *after])


@case("3", "signed: the ballots stand before the turnout, as if the box had no close")
def turnout_after_ballots() -> Record:
    held = withhold()
    before, ballots, after = ballot_entries(held)
    return held.record(entries=[*before[:-2], *ballots, *before[-2:], *after])


@case("3", "signed: the classes' turnout in another order")
def turnout_reordered() -> Record:
    held = withhold()
    held.turnout.reverse()
    return held.record()


@case("3,9,10", "signed: the turnout of one class is left out")
def turnout_missing() -> Record:
    held = withhold()
    entries = held.entries
    del entries[4]
    return held.record(entries=entries)


@case("3,10", "signed: no entry names the openings")
def opened_missing() -> Record:
    held = withhold()
    return held.record(entries=held.entries[:-1])


@case("3,10", "signed: the boxes were opened twice")
def opened_twice() -> Record:
    held = withhold()
    first = board.encode(Opened(bytes(32)))
    return held.record(entries=[*held.entries[:-1], first, held.entries[-1]])


@case("4", "the checkpoint from before the opening")
def checkpoint_earlier() -> Record:
    held = withhold()
    text = held.checkpoint(held.entries[:-1])
    return changed(held.record(), "checkpoint.txt", lambda _: text.encode())


@case("4", "the board names another turnout than the checkpoint")
def board_changed() -> Record:
    held = withhold()
    checkpoint = held.checkpoint(held.entries).encode()
    slips = held.printed[1].slips
    held.turnout[1] = Turnout(0, 1, slips[:1] + slips[2:], slips[1:2])
    return changed(held.record(), "checkpoint.txt", lambda _: checkpoint)


@case("4", "a ballot was taken off the board after the checkpoint, and all else put right")
def ballot_dropped() -> Record:
    held = withhold()
    checkpoint = held.checkpoint(held.entries).encode()
    held.ballots = [b for b in held.ballots if b.box == 0]
    held.reopen()
    return changed(held.record(), "checkpoint.txt", lambda _: checkpoint)


@case("4", "the checkpoint is signed by another key")
def checkpoint_forged() -> Record:
    held = withhold()
    head = board.head(held.entries, origin=held.manifest.board.origin)
    text = sign_checkpoint(head, Ed25519PrivateKey.from_private_bytes(bytes(32)))
    return changed(held.record(), "checkpoint.txt", lambda _: text.encode())


@case("4", "the checkpoint's signature has one bit changed")
def checkpoint_bit() -> Record:
    def change(data: bytes) -> bytes:
        *head, line, end = data.split(b"\n")
        *words, signature = line.split(b" ")
        broken = b64encode(bit(b64decode(signature.decode()), 20)).encode()
        return b"\n".join([*head, b" ".join([*words, broken]), end])

    return changed(withhold().record(), "checkpoint.txt", change)


@case("4", "the checkpoint is of another board of the same key")
def checkpoint_of_another_board() -> Record:
    held = withhold()
    head = board.head(held.entries, origin="example.org/b/0000000000")
    text = sign_checkpoint(head, held.world.board_key)
    return changed(held.record(), "checkpoint.txt", lambda _: text.encode())


@case("5", "signed: a slip printed in both classes")
def slip_twice() -> Record:
    held = withhold()
    held.printed.append(Printed(0, 1, held.printed[0].slips[:1]))
    held.reopen()
    return held.record()


@case("5", "signed: a slip was drawn that was never printed")
def drawn_not_printed() -> Record:
    held = withhold()
    drawn = tuple(sorted([*held.turnout[0].drawn[:2], hashes(1, source(9))[0]]))
    held.turnout[0] = replace(held.turnout[0], drawn=drawn)
    return held.record()


@case("5", "signed: a slip of the other class was drawn")
def drawn_of_another_class() -> Record:
    held = withhold()
    drawn = tuple(sorted([*held.turnout[1].drawn[:1], held.printed[0].slips[0]]))
    held.turnout[1] = replace(held.turnout[1], drawn=drawn)
    return held.record()


@case("5,9", "signed: a slip both drawn and void")
def drawn_and_void() -> Record:
    held = withhold()
    held.turnout[0] = replace(
        held.turnout[0], void=tuple(sorted([*held.turnout[0].void, held.turnout[0].drawn[0]]))
    )
    held.reopen()
    return held.record()


@case("5", "signed: fewer slips printed than the manifest says")
def too_few_printed() -> Record:
    held = withhold()
    held.printed[0] = replace(held.printed[0], slips=held.printed[0].slips[:3])
    held.turnout[0] = replace(held.turnout[0], void=())
    held.reopen()
    return held.record()


@case("5", "signed: more slips in one printing than the manifest says")
def too_many_printed() -> Record:
    held = withhold()
    own = tuple(sorted([*held.printed[0].slips, *hashes(1, source(9))]))
    held.printed[0] = replace(held.printed[0], slips=own)
    held.reopen()
    return held.record()


@case("5", "signed: the first printing has too few slips, a later one the rest")
def first_printing_short() -> Record:
    held = withhold()
    slips = held.printed[0].slips
    held.printed[0] = replace(held.printed[0], slips=slips[:3])
    held.printed.append(Printed(0, 0, slips[3:]))
    held.reopen()
    return held.record()


@case("5", "signed: the first printing has too many slips, and there is another")
def first_printing_long() -> Record:
    held = withhold()
    own = tuple(sorted([*held.printed[0].slips, *hashes(1, source(9))]))
    held.printed[0] = replace(held.printed[0], slips=own)
    held.printed.append(Printed(0, 0, hashes(1, source(10))))
    held.reopen()
    return held.record()


@case("1", "signed: a later printing without slips")
def printing_empty() -> Record:
    held = withhold()
    held.printed.append(Printed(0, 0, ()))
    held.reopen()
    return held.record()


@case("9", "a void session: more ballots than slips were drawn; nothing was opened")
def void() -> Record:
    held = withhold()
    held.ballots.append(spare("good"))
    held.reopen()
    return held.record(audit=True)


@case("9,10", "signed: more ballots than slips were drawn, and opened all the same")
def overfull_opened() -> Record:
    held = roomy()
    held.ballots.append(spare("good"))
    held.reopen()
    held.turnout[0] = replace(held.turnout[0], drawn=held.turnout[0].drawn[:3])
    held.reopened(held.openings)
    return held.record()
