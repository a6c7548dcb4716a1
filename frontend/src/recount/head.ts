// Check 4: the checkpoint is the head of these entries, signed by the board, cosigned by witnesses.

import { equal } from "../protocol/encoding.ts";
import type { Findings } from "./findings.ts";
import type { Manifest } from "./manifest.ts";
import { type Checkpoint, cosignedAt, signedByBoard } from "./note.ts";

/** The manifest's witnesses that cosigned a head, with the time in seconds since 1970. */
export type Cosigned = ReadonlyMap<number, number>;

/** `complete`: whether every witness must have cosigned already, as in a record. */
export function checkHead(
  manifest: Manifest,
  checkpoint: Checkpoint,
  { size, root }: { readonly size: number; readonly root: Uint8Array },
  complete: boolean,
  findings: Findings,
): Cosigned {
  const where = "checkpoint.txt";
  if (checkpoint.size !== size) {
    findings.add(4, `检查点有 ${checkpoint.size} 项，公示板有 ${size} 项`,
      `the checkpoint is of ${checkpoint.size} entries, the board has ${size}`, where);
  }
  if (!equal(checkpoint.root, root)) {
    findings.add(4, "检查点的根与公示板不符", "the checkpoint has another root than the board", where);
  }
  if (!signedByBoard(checkpoint, manifest.board.origin, manifest.boardKey)) {
    findings.add(4, "公示板的签名无效", "the board's key did not sign the checkpoint", where);
  }
  const cosigned = new Map<number, number>();
  let last = -1;
  for (const line of checkpoint.lines.slice(1)) {
    const number = manifest.witnesses.findIndex(({ name }) => name === line.name);
    const key = manifest.witnessKeys[number];
    const seconds = key && cosignedAt(checkpoint, line, { name: line.name, key });
    if (seconds === undefined) {
      findings.add(4, `不是评议书里见证方的有效签名：${line.name}`,
        `no valid cosignature of a witness of the manifest: ${line.name}`, where);
    } else if (number <= last) {
      findings.add(4, "见证签名的次序不对", "cosignatures out of order", where);
    } else {
      cosigned.set(number, seconds);
      last = number;
    }
  }
  manifest.witnesses.forEach(({ name }, number) => {
    if (complete && !cosigned.has(number)) {
      findings.add(4, `见证方 ${name} 没有见证签名`, `${name} has not cosigned`, where);
    }
  });
  findings.made(4);
  return cosigned;
}
