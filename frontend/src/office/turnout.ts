import { poll, read } from "./poll.ts";

type Answer = {
  phase: string;
  classes: { active: number; cast: number }[];
  /** What stands where, in the language of the page. */
  figures: Readonly<Record<string, string>>;
};

/** Keeps the figures of the turnout fresh, in place; says them aloud only when they have changed. */
export function watchTurnout(part: HTMLElement): void {
  const address = part.dataset["live"] ?? "";
  const lost = document.querySelector<HTMLElement>("[data-live-lost]");
  const said = document.querySelector<HTMLElement>("[data-live-said]");
  let phase: string | undefined;
  poll(3000, async () => {
    let answer: Answer;
    try {
      answer = (await read(address)) as Answer;
    } catch (error) {
      if (lost) lost.hidden = false;
      throw error;
    }
    if (lost) lost.hidden = true;
    if (phase !== undefined && answer.phase !== phase) {
      location.reload();
      return true;
    }
    phase = answer.phase;
    answer.classes.forEach((figures, number) => {
      const bar = document.querySelector<HTMLProgressElement>(`[data-bar="${number}"]`);
      if (bar) {
        bar.max = Math.max(figures.active, 1);
        bar.value = figures.cast;
      }
    });
    let changed = false;
    for (const [name, figure] of Object.entries(answer.figures)) changed = put(name, figure) || changed;
    if (changed && said) {
      said.textContent = (said.dataset["sentence"] ?? "")
        .replace("{cast}", answer.figures["total-cast-said"] ?? "")
        .replace("{drawn}", answer.figures["total-drawn-said"] ?? "");
    }
    return false;
  });
}

/** Writes a figure wherever it stands; whether it is another one than before. */
function put(name: string, figure: string): boolean {
  let changed = false;
  for (const place of document.querySelectorAll(`[data-figure="${name}"]`)) {
    if (place.textContent !== figure) {
      place.textContent = figure;
      changed = true;
    }
  }
  return changed;
}
