// How many there may be of what (§4.1): a file with more is none of its kind.

export const MAX_CLASSES = 32;
export const MAX_CONTESTS = 2000;
export const MAX_SUBJECTS = 2000;
export const MAX_QUESTIONS = 32;
export const MAX_OPTIONS = 250;
export const MAX_TELLERS = 9;
/** Slips of a class at its first printing. */
export const MAX_SLIPS = 1_000_000;
/** Bytes of one ballot's answers. */
export const MAX_PLACES = 20_000;
/** Ballots of one group of boxes. */
export const MAX_BALLOTS = MAX_SLIPS * MAX_CLASSES;
