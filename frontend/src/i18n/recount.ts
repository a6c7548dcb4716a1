// What the board says of recounting and of slips. Apart, so that a voter's phone never loads it.

import { fillIn, language } from "./index.ts";
import { recountEn } from "./recount.en.ts";
import { recountZh } from "./recount.zh.ts";

export type RecountKey = keyof typeof recountZh;

export const say = (
  key: RecountKey,
  values: Readonly<Record<string, string | number>> = {},
): string => fillIn((language() === "zh" ? recountZh : recountEn)[key], values);
