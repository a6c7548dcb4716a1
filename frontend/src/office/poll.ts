// Asking the service again and again, kindly: not while nobody looks, slower after a failure.

/** Calls `ask` every `every` milliseconds until it says that it is done. */
export function poll(every: number, ask: () => Promise<boolean>): void {
  let wait = every;
  const turn = async (): Promise<void> => {
    if (!document.hidden) {
      try {
        if (await ask()) return;
        wait = every;
      } catch {
        wait = Math.min(wait * 2, 30_000);
      }
    }
    setTimeout(() => void turn(), wait);
  };
  setTimeout(() => void turn(), every);
}

/** The JSON at an address of this office; throws if it did not come. */
export async function read(address: string): Promise<unknown> {
  const response = await fetch(address, { headers: { Accept: "application/json" }, redirect: "error" });
  if (!response.ok) throw new Error(`${response.status}`);
  return response.json();
}
