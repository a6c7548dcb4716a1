"""Record vectors of the second signer and the witnesses (protocol §4.8, §4.9)."""

from __future__ import annotations

from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from appraisal.ballots import board
from appraisal.ballots.board import Printed, Turnout
from appraisal.ballots.checkpoint import cosign, sign_checkpoint
from appraisal.ballots.merkle import RootHash
from appraisal.ballots.statements import sign_statement
from appraisal.ballots.tokens import Token
from appraisal.encoding import b64decode, b64encode
from appraisal.tally.record import Record
from tests.tally.held import COSIGNED_AT, Held, hashes, stated
from tests.tally.record_sessions import bit, case, changed, signed_ballot, whole, withhold
from tests.world import source

# Printings and turnouts stand by signer, then class: 0 and 1 are the registrar's.
SECOND = 2


@case("valid", "three tellers, two signers, two witnesses: the public record")
def whole_public() -> Record:
    return whole().record()


@case("valid", "the audit record of the same session")
def whole_audit() -> Record:
    return whole().record(audit=True)


# --- the second signer --------------------------------------------------------------------------


def with_printed(held: Held, entry: Printed) -> Record:
    """The record with another printing of the second signer's first class."""
    held.printed[SECOND] = entry
    return held.record()


def with_turnout(held: Held, entry: Turnout) -> Record:
    """The record with another turnout of the second signer's first class, opened as it says."""
    held.turnout[SECOND] = entry
    held.reopen()
    return held.record()


@case("5", "a bit of a statement changed")
def statement_bit() -> Record:
    held = whole()
    entry = held.printed[SECOND]
    return with_printed(held, replace(entry, statement=bit(entry.statement, 63)))


@case("5", "a statement of zeros")
def statement_zero() -> Record:
    held = whole()
    return with_printed(held, replace(held.printed[SECOND], statement=bytes(64)))


@case("5", "a statement signed for another session")
def statement_of_another_session() -> Record:
    held = whole()
    entry, other = held.printed[SECOND], withhold().manifest.hash
    key = held.world.signer_keys[0]
    return with_printed(held, sign_statement(entry, manifest_hash=other, key=key))


@case("5", "a statement signed by somebody else")
def statement_of_another_signer() -> Record:
    held = whole()
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    entry = held.turnout[SECOND]
    signed = sign_statement(entry, manifest_hash=held.manifest.hash, key=key)
    return with_turnout(held, signed)


@case("5", "the statement of another class")
def statement_of_another_class() -> Record:
    held = whole()
    other = held.printed[SECOND + 1].statement
    return with_printed(held, replace(held.printed[SECOND], statement=other))


@case("5", "the registrar put other slips under the second signer's statement")
def statement_of_other_slips() -> Record:
    held = whole()
    other = hashes(4, source(12))
    held.printed[SECOND] = replace(held.printed[SECOND], slips=other)
    return with_turnout(held, stated(held.world, Turnout(1, 0, other[:3], ())))


@case("5", "a printing of the second signer without its statement")
def statement_missing() -> Record:
    held = whole()
    entries = held.entries
    entries[1 + SECOND] = entries[1 + SECOND][:-64]
    return held.record(entries=entries)


@case("1,3,9,10", "a turnout of the second signer cut short by one byte")
def turnout_cut() -> Record:
    held = whole()
    entries = held.entries
    number = 1 + len(held.printed) + SECOND
    entries[number] = entries[number][:-1]
    return held.record(entries=entries)


@case("1", "a printing of a signer that the session has not")
def signer_unknown() -> Record:
    held = whole()
    entries = held.entries
    entry = bytearray(entries[1 + SECOND])
    entry[1] = 2
    entries.insert(2 + SECOND, bytes(entry))
    return held.record(entries=entries)


@case("3,9,10", "no turnout of the second signer for a class: nobody states that its keys are gone")
def second_turnout_missing() -> Record:
    held = whole()
    entries = held.entries
    del entries[1 + len(held.printed) + SECOND]
    return held.record(entries=entries)


@case("5", "no printing of the second signer for a class")
def second_printing_missing() -> Record:
    held = whole()
    del held.printed[SECOND]
    return held.record()


@case("3", "turnouts by class, then signer")
def turnouts_by_class() -> Record:
    held = whole()
    held.turnout[1:3] = held.turnout[2:0:-1]
    return held.record()


@case("3", "the second signer's turnout twice")
def second_turnout_twice() -> Record:
    held = whole()
    held.turnout.append(held.turnout[-1])
    return held.record()


@case("9", "fewer slips were drawn with the second signer than there are ballots: void")
def second_drawn_shorter() -> Record:
    held = whole()
    entry = held.turnout[SECOND]
    return with_turnout(held, stated(held.world, replace(entry, drawn=entry.drawn[:2])))


@case("9,10", "signed: the same, and opened all the same")
def second_drawn_shorter_and_opened() -> Record:
    held = whole()
    entry, openings = held.turnout[SECOND], held.openings
    with_turnout(held, stated(held.world, replace(entry, drawn=entry.drawn[:2])))
    held.reopened(openings)
    return held.record()


@case("valid", "more slips were drawn with the registrar than with the second signer")
def drawn_with_one_only() -> Record:
    held = whole()
    extra = replace(held.turnout[0], drawn=held.printed[0].slips, void=())
    held.turnout[0] = extra
    held.reopen()
    return held.record()


@case("5", "a slip drawn with the second signer that was never printed with it")
def second_drawn_not_printed() -> Record:
    held = whole()
    foreign = hashes(1, source(13))
    drawn = tuple(sorted([*held.turnout[SECOND].drawn[:2], *foreign]))
    return with_turnout(held, stated(held.world, Turnout(1, 0, drawn, ())))


@case("5", "the second signer's slips are the registrar's: one hash twice")
def second_same_hashes() -> Record:
    held = whole()
    own = held.printed[0].slips
    held.printed[SECOND] = stated(held.world, Printed(1, 0, own))
    return with_turnout(held, stated(held.world, Turnout(1, 0, own[:3], ())))


@case("5", "a slip void with the second signer")
def second_void() -> Record:
    held = whole()
    entry = held.turnout[SECOND]
    void = held.printed[SECOND].slips[3:]
    return with_turnout(held, stated(held.world, replace(entry, void=void)))


@case("5", "a second printing of a class with the second signer")
def second_later_printing() -> Record:
    held = whole()
    more = stated(held.world, Printed(1, 0, hashes(2, source(14))))
    held.printed.insert(SECOND + 1, more)
    return held.record()


@case("5", "a printing of the second signer with one slip too few")
def second_printing_short() -> Record:
    held = whole()
    entry = held.printed[SECOND]
    return with_printed(held, stated(held.world, replace(entry, slips=entry.slips[:3])))


def with_tokens(held: Held, tokens: tuple[Token, ...]) -> Record:
    """The record with other tokens of the first ballot, signed anew by a key that fits none."""
    held.ballots[0] = replace(held.ballots[0], tokens=tokens)
    held.reopen()
    return held.record()


@case("7,8", "a ballot's two tokens exchanged")
def tokens_exchanged() -> Record:
    held = whole()
    return with_tokens(held, held.ballots[0].tokens[::-1])


@case("7,8", "the registrar's token in place of the second signer's")
def second_token_missing() -> Record:
    held = whole()
    first, _ = held.ballots[0].tokens
    return with_tokens(held, (first, first))


@case("7", "signed by another ballot key: the tokens are not for it")
def ballot_signed_anew() -> Record:
    held = whole()
    held.ballots[0] = signed_ballot(held.manifest, held.ballots[0])
    held.reopen()
    return held.record()


@case("6,10", "a ballot with the registrar's token alone")
def one_token() -> Record:
    held = whole()
    entries = held.entries
    number = next(n for n, entry in enumerate(entries) if entry[:1] == b"\x04")
    cut = entries[number][:35] + entries[number][35 + 288 :]
    return held.record(entries=[*entries[:number], *entries[number + 1 : -1], cut, entries[-1]])


# --- witnesses ----------------------------------------------------------------------------------


def with_lines(change: slice | None = None, more: str = "") -> Record:
    """The record of `whole` with some of its cosignatures, and more lines below."""
    held = whole()

    def changed_note(data: bytes) -> bytes:
        *note, one, other = data.decode().splitlines(keepends=True)
        kept = [one, other][change] if change is not None else [one, other]
        return "".join([*note, *kept, more]).encode()

    return changed(held.record(), "checkpoint.txt", changed_note)


def line(held: Held, witness: int = 1, **parts: object) -> str:
    """A cosignature line of a witness; parts of it may be others."""
    head = board.head(held.entries, origin=held.manifest.board.origin)
    given = {
        "name": held.manifest.witnesses[witness].name,
        "key": held.world.witness_keys[witness],
        "seconds": COSIGNED_AT,
    }
    checkpoint = replace(head, **parts.pop("head", {}))  # type: ignore[arg-type]
    return cosign(checkpoint, **given | parts)  # type: ignore[arg-type]


@case("4", "no witness has cosigned")
def cosignatures_missing() -> Record:
    return with_lines(slice(0, 0))


@case("4", "one of two witnesses has not cosigned")
def cosignature_missing() -> Record:
    return with_lines(slice(0, 1))


@case("4", "cosignatures in another order")
def cosignatures_reordered() -> Record:
    return with_lines(slice(None, None, -1))


@case("4", "a cosignature twice")
def cosignature_twice() -> Record:
    return with_lines(more=line(whole()))


@case("4", "a witness cosigned at two times")
def cosignature_at_two_times() -> Record:
    return with_lines(more=line(whole(), seconds=COSIGNED_AT + 60))


@case("4", "a cosignature, rightly signed, of a time beyond 63 bits")
def cosignature_after_all_time() -> Record:
    return with_lines(slice(0, 1), more=line(whole(), seconds=2**63))


@case("4", "a cosignature of a witness that the manifest does not name")
def cosignature_of_a_stranger() -> Record:
    return with_lines(more=line(whole(), name="stranger.example.org"))


@case("4", "a cosignature under a witness's name by another key")
def cosignature_by_another_key() -> Record:
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    return with_lines(slice(0, 1), line(whole(), key=key))


@case("4", "a cosignature of another root: the witness was shown another board")
def cosignature_of_another_root() -> Record:
    other = line(whole(), head={"root": RootHash(bytes(32))})
    return with_lines(slice(0, 1), other)


@case("4", "a cosignature of an earlier head")
def cosignature_of_an_earlier_head() -> Record:
    held = whole()
    size = len(held.entries) - 1
    earlier = board.head(held.entries[:size], origin=held.manifest.board.origin)
    return with_lines(slice(0, 1), line(held, head={"size": size, "root": earlier.root}))


@case("4", "a cosignature with another time than was signed")
def cosignature_time_changed() -> Record:
    name = whole().manifest.witnesses[1].name
    data = b64decode(line(whole()).removeprefix(f"— {name} ").strip())
    later = data[:4] + (COSIGNED_AT + 1).to_bytes(8, "big") + data[12:]
    return with_lines(slice(0, 1), f"— {name} {b64encode(later)}\n")


@case("1", "the board's own kind of signature in place of a cosignature")
def cosignature_of_the_wrong_kind() -> Record:
    held = whole()
    head = board.head(held.entries, origin=held.manifest.board.origin)
    name, key = held.manifest.witnesses[1].name, held.world.witness_keys[1]
    own = sign_checkpoint(replace(head, origin=name), key).splitlines(keepends=True)[-1]
    return with_lines(slice(0, 1), own)


@case("1", "cosignatures above the board's own signature")
def cosignatures_above() -> Record:
    def change(data: bytes) -> bytes:
        *note, own, one, other = data.splitlines(keepends=True)
        return b"".join([*note, one, other, own])

    return changed(whole().record(), "checkpoint.txt", change)


@case("4", "a cosignature in a session without witnesses")
def cosignature_without_witnesses() -> Record:
    held = withhold()
    head = board.head(held.entries, origin=held.manifest.board.origin)
    key = whole().world.witness_keys[0]
    own = cosign(head, name="witness1.example.org", key=key, seconds=COSIGNED_AT)
    return changed(held.record(), "checkpoint.txt", lambda data: data + own.encode())


@case("4", "a checkpoint from the future: of more entries than the board has, signed by all")
def checkpoint_of_the_future() -> Record:
    held = whole()
    head = board.head(held.entries, origin=held.manifest.board.origin)
    later = held.cosigned(replace(head, size=head.size + 1))
    return changed(held.record(), "checkpoint.txt", lambda _data: later.encode())


@case("4", "a checkpoint that all have signed, over a board with one ballot less")
def checkpoint_of_fewer_ballots() -> Record:
    held = whole()
    del held.ballots[0]
    fewer = held.checkpoint(held.entries).encode()
    return changed(whole().record(), "checkpoint.txt", lambda _data: fewer)
