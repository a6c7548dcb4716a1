// Whether the tiles that the board gives to monitors are those of the record (§4.12).

import { get } from "../booth/post.ts";
import { Malformed } from "../protocol/encoding.ts";
import { readArchive } from "../recount/archive.ts";
import { entriesOf, leafOf } from "../recount/board.ts";
import { disagreeing } from "../recount/tiles.ts";

/** The tiles that disagree; undefined if the record cannot be read. */
export async function compareTiles(
  session: string,
  archive: Uint8Array,
): Promise<readonly string[] | undefined> {
  try {
    const board = readArchive(archive).files.get("board.bin");
    if (!board) return undefined;
    return await disagreeing(entriesOf(board).map(leafOf), (path) => get(`/b/${session}/tile/${path}`));
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}
