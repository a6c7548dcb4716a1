// Tiles of the board's tree (§4.12, c2sp.org/tlog-tiles): which there are, and what stands in them.

import { equal, join } from "../protocol/encoding.ts";
import { rootOf } from "./merkle.ts";

const WIDTH = 256;

interface Tile {
  readonly path: string;
  /** Its hashes are over so many leaves each, beginning with this one. */
  readonly span: number;
  readonly first: number;
  readonly width: number;
}

/** Every tile of a tree with so many leaves, level by level. */
export function tilesOf(size: number): Tile[] {
  const tiles: Tile[] = [];
  for (let level = 0, left = size, span = 1; left > 0; level++, span *= WIDTH) {
    const full = Math.floor(left / WIDTH);
    for (let number = 0; number * WIDTH < left; number++) {
      const width = number < full ? WIDTH : left % WIDTH;
      const partial = width === WIDTH ? "" : `.p/${width}`;
      const path = `${level}/${digits(number)}${partial}`;
      tiles.push({ path, span, first: number * WIDTH * span, width });
    }
    left = full;
  }
  return tiles;
}

/** A tile's number in groups of three digits, all but the last after an x. */
function digits(number: number): string {
  const groups = [String(number % 1000).padStart(3, "0")];
  for (let head = Math.floor(number / 1000); head; head = Math.floor(head / 1000)) {
    groups.unshift(`x${String(head % 1000).padStart(3, "0")}`);
  }
  return groups.join("/");
}

/** The hashes of a tile, 32 bytes each. */
const hashesOf = (leaves: readonly Uint8Array[], { first, span, width }: Tile): Uint8Array =>
  join(...Array.from({ length: width }, (_, i) =>
    rootOf(leaves.slice(first + i * span, first + (i + 1) * span))));

/** The paths of tiles that are not those of a board with these leaf hashes, or are not there. */
export async function disagreeing(
  leaves: readonly Uint8Array[],
  fetched: (path: string) => Promise<Uint8Array | undefined>,
): Promise<string[]> {
  const found: string[] = [];
  for (const tile of tilesOf(leaves.length)) {
    const bytes = await fetched(tile.path);
    if (!bytes || !equal(bytes, hashesOf(leaves, tile))) found.push(tile.path);
  }
  return found;
}
