"""The one ZIP archive of a list of files (protocol §6): the same files are the same bytes.

    PK 03 04 · version 1.0 · flags 0 · stored · 00:00 · 1980-01-01 · CRC-32 · sizes · name · data …
    PK 01 02 · …                                                     the same again, with offsets
    PK 05 06 · …                                                     counts, size and offset

Every field that is not named is zero: no attributes, no extra fields, no comments. Any ZIP program
reads it; `read` takes only what is laid out so that `write` could have written it.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from typing import Final

from appraisal.errors import RecordError

LIMIT: Final = 2**31
"""The largest archive, in bytes; below what needs ZIP64."""
_LOCAL: Final = struct.Struct("<4s5H3I2H")
_CENTRAL: Final = struct.Struct("<4s6H3I5H2I")
_END: Final = struct.Struct("<4s4H2IH")
_LOCAL_SIGN, _CENTRAL_SIGN, _END_SIGN = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_VERSION: Final = 10
_MIDNIGHT: Final = 0
_1980_01_01: Final = 0x21


def write(files: Iterable[tuple[str, bytes]]) -> bytes:
    """The archive of files with ASCII names, in this order."""
    parts: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for name, data in files:
        raw, crc, size = name.encode("ascii"), zlib.crc32(data), len(data)
        common = (_VERSION, 0, 0, _MIDNIGHT, _1980_01_01, crc, size, size, len(raw), 0)
        parts += [_LOCAL.pack(_LOCAL_SIGN, *common), raw, data]
        directory += [_CENTRAL.pack(_CENTRAL_SIGN, _VERSION, *common, 0, 0, 0, 0, offset), raw]
        offset += _LOCAL.size + len(raw) + size
        if offset > LIMIT:
            raise RecordError(
                f"more than {LIMIT} bytes do not fit into a record's archive",
                zh=f"压缩包放不下 {LIMIT} 字节以上",
            )
    count, size = len(directory) // 2, sum(map(len, directory))
    end = _END.pack(_END_SIGN, 0, 0, count, count, size, offset, 0)
    return b"".join([*parts, *directory, end])


def read(data: bytes) -> list[tuple[str, bytes]]:
    """The files as they stand one after another, whatever their names and checksums.

    Raises `RecordError` for what is no archive, or one that is compressed, encrypted or cut off.
    Compare with `write` to know whether it is the one archive of its files.
    """
    if not data.startswith((_LOCAL_SIGN, _END_SIGN)):
        raise RecordError("not a ZIP archive", zh="不是 ZIP 文件")
    found: list[tuple[str, bytes]] = []
    at = 0
    while data[at : at + 4] == _LOCAL_SIGN:
        if at + _LOCAL.size > len(data):
            raise _cut_off()
        fields = _LOCAL.unpack_from(data, at)
        flags, method, size, name_size, extra = (fields[i] for i in (2, 3, 8, 9, 10))
        if flags or method:
            raise RecordError(
                "the archive was packed anew, compressed or encrypted: "
                "take the file as it was downloaded, or unpack it and give the folder",
                zh="这个 ZIP 重新打过包，压缩或加密了：请用下载来的原文件，或解压后给出文件夹",
            )
        start = at + _LOCAL.size + name_size + extra
        if start + size > len(data):
            raise _cut_off()
        name = data[at + _LOCAL.size : at + _LOCAL.size + name_size]
        found.append((name.decode("ascii", "replace"), data[start : start + size]))
        at = start + size
    return found


def _cut_off() -> RecordError:
    return RecordError("the archive is cut off", zh="文件不完整，后面少了一截")
