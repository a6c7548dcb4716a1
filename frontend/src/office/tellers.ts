import { poll, read } from "./poll.ts";

/** Keeps what each teller has done fresh, in place; the page is loaded anew when the next step opens. */
export function watchTellers(table: HTMLElement): void {
  const address = table.dataset["tellers"] ?? "";
  const ready = table.dataset["ready"] === "1";
  const said = document.querySelector<HTMLElement>("[data-tellers-said]");
  let phase: string | undefined;
  poll(3000, async () => {
    const answer = (await read(address)) as { phase: string; ready: boolean; tellers: string[] };
    if (answer.ready !== ready || (phase !== undefined && answer.phase !== phase)) {
      location.reload();
      return true;
    }
    phase = answer.phase;
    answer.tellers.forEach((words, number) => {
      const place = table.querySelector(`[data-teller="${number}"]`);
      if (!place || place.textContent === words) return;
      place.textContent = words;
      const name = place.parentElement?.querySelector("th")?.textContent ?? "";
      if (said) said.textContent = `${name} ${words}`;
    });
    return false;
  });
}
