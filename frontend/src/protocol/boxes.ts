// The boxes of one voter: those of the voter's class, with what is asked in each.

import { b64decode } from "./encoding.ts";
import type { Form } from "./form.ts";
import { formOf, type Manifest } from "./manifest.ts";

/** A box of a voter's class. */
export interface OwnBox {
  readonly box: number;
  /** The RSA modulus of each signer for this box, 256 bytes. */
  readonly tokenKeys: readonly Uint8Array[];
}

/** One ballot of a voter: its box, and what is asked on it. */
export interface Contest extends OwnBox, Form {}

/** The boxes of one class, one a contest and then the comment box, if there is one (§4.14). */
export interface Boxes {
  readonly contests: readonly Contest[];
  readonly comment: OwnBox | undefined;
  /** Every one of them, in order. */
  readonly all: readonly OwnBox[];
}

/** What a voter of this class casts a ballot into. */
export function boxesOf(manifest: Manifest, voterClass: number): Boxes {
  const own = manifest.boxes.flatMap(({ contest, class: of, token_keys }, box) => {
    if (of !== voterClass) return [];
    return [{ box, contest, tokenKeys: token_keys.map((modulus) => b64decode(modulus, 256)) }];
  });
  const count = manifest.contests.length;
  return {
    all: own,
    contests: own
      .filter(({ contest }) => contest < count)
      .map(({ box, contest, tokenKeys }) => ({ box, tokenKeys, ...formOf(manifest, contest) })),
    comment: own.find(({ contest }) => contest === count),
  };
}
