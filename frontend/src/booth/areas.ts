// Where a page may keep things: the phone's storage, or memory where the phone keeps nothing.

const PROBE = "appraisal/1/probe";

/** Storage that forgets with the page: for private windows and phones that keep nothing. */
export function inMemory(): Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length"> {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
    key: (index) => [...items.keys()][index] ?? null,
    get length() {
      return items.size;
    },
  };
}

export type Area = ReturnType<typeof inMemory>;

/** The phone's storage if it can be written to, else memory. */
export function usable(open: () => Storage): { area: Area; lasting: boolean } {
  try {
    const area = open();
    area.setItem(PROBE, "1");
    area.removeItem(PROBE);
    return { area, lasting: true };
  } catch {
    return { area: inMemory(), lasting: false };
  }
}
