import { inWords, say } from "../../i18n/index.ts";
import type { Option, Question } from "../../protocol/form.ts";
import { button, h } from "../../ui/dom.ts";
import { type Control, noteOf, type Spot } from "./spot.ts";

/** A run of points, from the best down. */
interface Run {
  readonly words: string;
  readonly from: number;
  readonly to: number;
}

/** As many numbers as are looked through at one glance; longer runs are told in tens first. */
const GLANCE = 25;

const range = ({ from, to }: Run): string => (from === to ? `${to}` : `${from}–${to}`);

/** The band that some points fall into. */
export const bandOf = ({ options }: Question, points: number): Option | undefined =>
  options.find(({ at_least = 0 }) => at_least <= points);

function bandsOf({ options, highest = 0 }: Question): Run[] {
  return options.map(({ text, at_least = 0 }, o) => ({
    words: inWords(text),
    from: at_least,
    to: o ? (options[o - 1]?.at_least ?? 1) - 1 : highest,
  }));
}

function tensOf({ words, from, to }: Run): Run[] {
  const runs = [];
  for (let top = to; top >= from; top = Math.floor(top / 10) * 10 - 1) {
    runs.push({ words, from: Math.max(from, Math.floor(top / 10) * 10), to: top });
  }
  return runs;
}

/** Points: first the band in words, then the number; no keyboard, and no number is put forward. */
export function score(spot: Spot): Control {
  const { question, id } = spot;
  const bands = bandsOf(question);
  const numbers = h("div", { class: "numbers" });
  const said = h("p", { class: "said", role: "status" });
  /** The runs that are open, from the band down. */
  let path: readonly Run[] = [];

  const points = () => (spot.read()[0] ?? 0) - 1;
  const opened = (run: Run) => path.some(({ from, to }) => from === run.from && to === run.to);
  const openTo = (value: number) => {
    const within = ({ from, to }: Run) => from <= value && value <= to;
    const band = bands.find(within);
    path = band ? [band, ...(long(band) ? tensOf(band).filter(within) : [])] : [];
  };
  const long = ({ from, to }: Run) => to - from >= GLANCE;

  const chip = (run: Run, words: string, depth: number) => {
    const open = () => {
      const above = path.slice(0, depth);
      if (points() >= 0) spot.write(0, 0); // no points of another band stay behind
      path = [...above, run];
      draw();
      numbers.querySelector<HTMLElement>("input, .tens button")?.focus({ preventScroll: true });
    };
    const made = button(words, open, { class: "chip", "aria-expanded": String(opened(run)) });
    made.append(h("span", { class: "whole" }, range(run)));
    return made;
  };
  const number = (value: number) => {
    const input = h("input", { type: "radio", name: id, value, checked: points() === value });
    input.addEventListener("change", () => spot.write(0, value + 1));
    return h("label", { class: "choice" }, input, h("span", {}, `${value}`));
  };

  const chips = h("div", { class: "chips" });
  function draw(): void {
    const alone = bands.length === 1 && bands[0];
    if (alone && !path.length) path = [alone];
    chips.replaceChildren(...(alone ? [] : bands.map((band) =>
      chip(band, `${band.words} `, 0))));
    const [band, ten] = path;
    const last = ten ?? (band && !long(band) ? band : undefined);
    const tens = band && long(band)
      ? [h("div", { class: "chips tens" },
        ...tensOf(band).map((run) => chip(run, "", 1)))]
      : [];
    const values = last ? Array.from({ length: last.to - last.from + 1 }, (_, i) => last.to - i) : [];
    numbers.replaceChildren(...tens, h("div", { class: "grid" }, ...values.map(number)));
    tell();
  }
  function tell(): void {
    const value = points();
    const band = bandOf(question, value);
    said.textContent = value >= 0 && band
      ? say("score.chosen", { n: value, band: inWords(band.text) })
      : path.length && bands.length > 1 ? say("score.pick") : "";
  }

  openTo(points());
  draw();
  const element = h(
    "fieldset",
    { class: "question score", "aria-describedby": question.note && `${id}-note` },
    h("legend", {}, ...spot.legend),
    noteOf(question, id),
    chips,
    said,
    numbers,
  );
  return {
    element,
    paint: () => {
      const checked = numbers.querySelector<HTMLInputElement>("input:checked");
      if (points() < 0 && checked) path = [];
      if ((points() < 0) === Boolean(checked)) draw();
      else tell();
    },
    begun: () => (points() < 0 && bands.length > 1 ? path[0]?.words : undefined),
  };
}
