"""Record vectors of check 1, and of what is no record at all."""

from __future__ import annotations

from appraisal.encoding import b64decode, b64encode
from appraisal.tally import archive
from appraisal.tally.record import LIMITS, Record, write_archive
from tests.tally.record_sessions import (
    bit,
    case,
    changed,
    replaced,
    withhold,
)


@case("1,11", "results.json is missing")
def results_missing() -> Record:
    files = dict(withhold().record().files)
    del files["results.json"]
    return Record(files)


@case("1", "the manifest is missing, and with it everything that could be checked")
def manifest_missing() -> Record:
    files = dict(withhold().record().files)
    del files["manifest.json"]
    return Record(files)


@case("1", "a file that does not belong")
def foreign_file() -> bytes:
    return archive.write([*withhold().record().files.items(), ("notes.txt", b"hello")])


@case("1", "a file twice in the archive, the second of them changed")
def file_twice() -> bytes:
    files = list(withhold().record().files.items())
    return archive.write([*files, ("results.json", b"{}")])


@case("1", "the files of the archive in another order")
def files_reordered() -> bytes:
    return archive.write(list(withhold().record().files.items())[::-1])


@case("1", "another date in the archive")
def archive_dated() -> bytes:
    data = write_archive(withhold().record())
    return data[:12] + b"\x22" + data[13:]


@case("1", "a byte after the archive")
def archive_longer() -> bytes:
    return write_archive(withhold().record()) + b"\n"


@case("1", "the archive's directory is cut off; all files are there")
def archive_without_directory() -> bytes:
    data = write_archive(withhold().record())
    return data[: data.index(b"PK\x01\x02")]


@case("1", "a checksum in the archive is wrong")
def archive_checksum() -> bytes:
    return bit(write_archive(withhold().record()), 14)


@case("1", "a space in record.json")
def head_spaced() -> Record:
    return changed(withhold().record(), "record.json", replaced(b",", b", "))


@case("1", "record.json of another format")
def head_format() -> Record:
    return changed(withhold().record(), "record.json", replaced(b"record/1", b"record/2"))


@case("1", "record.json names a kind that there is not")
def head_kind() -> Record:
    return changed(withhold().record(), "record.json", replaced(b'"public"', b'"secret"'))


@case("1", "the manifest's fields in another order")
def manifest_order() -> Record:
    def change(data: bytes) -> bytes:
        at = data.index(b'"board"')
        end = data.index(b'},"boxes"') + 2
        return data[:at] + data[end:-1] + b"," + data[at : end - 1] + b"}"

    return changed(withhold().record(), "manifest.json", change)


@case("1", "the board ends within an entry")
def board_cut_off() -> Record:
    return changed(withhold().record(), "board.bin", lambda data: data[:-1])


@case("1", "the board ends within the length of an entry")
def board_cut_in_a_length() -> Record:
    return changed(withhold().record(), "board.bin", lambda data: data + b"\0\0\0")


@case("1", "an entry of no bytes at the end of the board")
def board_with_an_empty_entry() -> Record:
    return changed(withhold().record(), "board.bin", lambda data: data + bytes(4))


@case("1", "an entry that claims to be longer than all the rest")
def board_long_entry() -> Record:
    return changed(withhold().record(), "board.bin", lambda data: b"\xff" + data[1:])


@case("1", "signed: an entry of a kind that there is not")
def entry_unknown() -> Record:
    held = withhold()
    return held.record(entries=[*held.entries[:-1], b"\x06" + bytes(32), held.entries[-1]])


@case("1,5,9,11", "signed: slip hashes that are not sorted")
def slips_unsorted() -> Record:
    held = withhold()
    entries = held.entries
    entries[1] = entries[1][:3] + entries[1][35:67] + entries[1][3:35] + entries[1][67:]
    # Without the first printing nothing is printed in this class.
    return held.record(entries=entries)


@case("1", "the checkpoint's size with a plus sign, signed")
def checkpoint_size() -> Record:
    def change(data: bytes) -> bytes:
        origin, size, root, *_ = data.decode().split("\n")
        text = f"{origin}\n+{size}\n{root}\n"
        signature = withhold().world.board_key.sign(text.encode())
        line = data.decode().split("\n")[4].split(" ")[2]
        return f"{text}\n— {origin} {b64encode(b64decode(line)[:4] + signature)}\n".encode()

    return changed(withhold().record(), "checkpoint.txt", change)


@case("4", "a second signature line under the checkpoint")
def checkpoint_two_signatures() -> Record:
    def change(data: bytes) -> bytes:
        return data + data.split(b"\n")[4] + b"\n"

    return changed(withhold().record(), "checkpoint.txt", change)


@case("1", "openings.json with a space")
def openings_spaced() -> Record:
    return changed(withhold().record(), "openings.json", replaced(b":", b": "))


@case("1,11", "results.json with a field more")
def results_field() -> Record:
    return changed(withhold().record(), "results.json", replaced(b'"status"', b'"more":1,"status"'))


@case("unreadable", "nothing at all")
def empty() -> bytes:
    return b""


@case("unreadable", "a text")
def text() -> bytes:
    return b"This is not an archive.\n"


@case("unreadable", "the archive is cut off within a file")
def cut_off() -> bytes:
    return write_archive(withhold().record())[:3000]


@case("unreadable", "an archive of other files")
def other_files() -> bytes:
    return archive.write([("notes.txt", b"hello")])


@case("unreadable", "an archive without files")
def no_files() -> bytes:
    return archive.write([])


@case("unreadable", "a file says that it is compressed")
def compressed() -> bytes:
    data = write_archive(withhold().record())
    return data[:8] + b"\x08" + data[9:]


@case("unreadable", "record.json beyond its largest size")
def too_large() -> Record:
    size = LIMITS["record.json"] + 1
    return changed(withhold().record(), "record.json", lambda _: b" " * size)
