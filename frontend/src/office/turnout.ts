import { poll, read } from "./poll.ts";

const FIGURES = ["printed", "active", "drawn", "cast", "void"] as const;
type Figures = Readonly<Record<(typeof FIGURES)[number], number>>;

/** Keeps the figures of the turnout fresh, in place; says them aloud only when they have changed. */
export function watchTurnout(part: HTMLElement): void {
  const address = part.dataset["live"] ?? "";
  const lost = document.querySelector<HTMLElement>("[data-live-lost]");
  const said = document.querySelector<HTMLElement>("[data-live-said]");
  let phase: string | undefined;
  poll(3000, async () => {
    let answer: { phase: string; classes: Figures[] };
    try {
      answer = (await read(address)) as typeof answer;
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
    const total = { printed: 0, active: 0, drawn: 0, cast: 0, void: 0 };
    answer.classes.forEach((figures, number) => {
      for (const name of FIGURES) {
        total[name] += figures[name];
        put(`${number}-${name}`, figures[name]);
      }
      const bar = document.querySelector<HTMLProgressElement>(`[data-bar="${number}"]`);
      if (bar) {
        bar.max = Math.max(figures.active, 1);
        bar.value = figures.cast;
      }
    });
    let changed = false;
    for (const name of FIGURES) changed = put(`total-${name}`, total[name]) || changed;
    if (changed && said) {
      said.textContent = (said.dataset["sentence"] ?? "")
        .replace("{cast}", String(total.cast))
        .replace("{drawn}", String(total.drawn));
    }
    return false;
  });
}

/** Writes a figure wherever it stands; whether it is another one than before. */
function put(name: string, figure: number): boolean {
  let changed = false;
  for (const place of document.querySelectorAll(`[data-figure="${name}"]`)) {
    if (place.textContent !== String(figure)) {
      place.textContent = String(figure);
      changed = true;
    }
  }
  return changed;
}
