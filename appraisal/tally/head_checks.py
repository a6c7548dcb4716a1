"""What the checkpoint shows: check 4 of protocol §6, and check 1 for its form."""

from __future__ import annotations

from collections.abc import Sequence

from appraisal.ballots import board
from appraisal.ballots.checkpoint import SignedHead, verify_checkpoint
from appraisal.ballots.merkle import RootHash
from appraisal.errors import CryptoError, MalformedError
from appraisal.manifest import Manifest
from appraisal.tally.findings import Findings

WHERE = "checkpoint.txt"


def signed_head(
    manifest: Manifest, raw: Sequence[bytes], data: bytes | None, found: Findings
) -> tuple[RootHash, SignedHead | None]:
    """The root of the encoded entries, and the checkpoint if board and witnesses signed it.

    `data` is the file's content, None if it is missing (which is noted elsewhere).
    """
    head = board.head(raw, origin=manifest.board.origin)
    if data is None:
        return head.root, None
    try:
        signed = verify_checkpoint(data.decode(), manifest.board, manifest.witnesses)
    except UnicodeDecodeError:
        found.add(1, zh="不是 UTF-8 文本", en="not UTF-8", where=WHERE)
        return head.root, None
    except MalformedError as error:
        found.add(1, zh=f"不符合规定的写法（英文细节：{error}）", en=str(error), where=WHERE)
        return head.root, None
    except CryptoError as error:
        zh = f"检查点的签名不对（英文细节：{error}）"
        found.add(4, zh=zh, en=str(error), where=WHERE)
        return head.root, None
    size = signed.checkpoint.size
    if size != head.size:
        zh = f"检查点写 {size} 条，公示板有 {head.size} 条"
        en = f"the checkpoint says {size} entries, the board has {head.size}"
        found.add(4, zh=zh, en=en, where=WHERE)
    if signed.checkpoint.root != head.root:
        zh, en = "检查点的根与公示板不符", "the root is not that of the board's entries"
        found.add(4, zh=zh, en=en, where=WHERE)
    cosigned = {number for number, _ in signed.cosigned}
    for number, witness in enumerate(manifest.witnesses):
        if number not in cosigned:
            zh = f"缺少见证方{witness.name}的签名"
            en = f"{witness.name}, a witness, has not cosigned"
            found.add(4, zh=zh, en=en, where=WHERE)
    found.made(4)
    return head.root, signed
