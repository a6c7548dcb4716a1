// A small sheet of SVG, written from top to bottom in millimetres. Presentation attributes only: the
// page's policy allows no inline styles.

export const WIDTH = 124;
const MARGIN = 6;
const SANS = "PingFang SC, HarmonyOS Sans SC, MiSans, Noto Sans CJK SC, Microsoft YaHei, sans-serif";
const SERIF = "Songti SC, Noto Serif CJK SC, Source Han Serif SC, SimSun, serif";
const MONO = "Menlo, Consolas, DejaVu Sans Mono, Noto Sans Mono CJK SC, monospace";

interface Style {
  readonly size: number;
  readonly weight?: number;
  readonly colour?: string;
  readonly serif?: boolean;
  readonly mono?: boolean;
  /** The most lines; what does not fit in them is cut short. */
  readonly most?: number;
}

const escaped = (text: string): string =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");

/** How wide a text runs, in ems: a Chinese character is one, anything else a little over half. */
const ems = (text: string, mono = false): number =>
  [...text].reduce((sum, c) => sum + (c > "\u2e7f" ? 1 : mono ? 0.605 : 0.57), 0);

/** Lines no wider than `width` ems; Chinese breaks anywhere but before punctuation. */
export function wrap(text: string, width: number, mono = false): string[] {
  const pieces = mono
    ? [...text]
    : text.match(/[^\s\u2e80-\uffff]+\s*|[\u2e80-\uffff][，。；：？！、）》”]*|\s+/g) ?? [];
  const lines = [""];
  const add = (piece: string) => {
    const last = lines[lines.length - 1] as string;
    if (last && ems((last + piece).trimEnd(), mono) > width) lines.push(piece);
    else lines[lines.length - 1] = last + piece;
  };
  for (const piece of pieces) {
    if (ems(piece, mono) > width) for (const symbol of piece) add(symbol);
    else add(piece);
  }
  return lines.map((line) => line.trim());
}

export class Sheet {
  y = 0;
  left = MARGIN;
  readonly #parts: string[] = [];

  #line(x: number, text: string, style: Style, anchor = "start"): void {
    const font = style.mono ? MONO : style.serif ? SERIF : SANS;
    this.#parts.push(
      `<text x="${x}" y="${this.y.toFixed(2)}" font-family="${font}" font-size="${style.size}" ` +
      `font-weight="${style.weight ?? 400}" fill="${style.colour ?? "#000"}" ` +
      `text-anchor="${anchor}" xml:space="preserve">${escaped(text)}</text>`);
  }

  text(text: string, style: Style): void {
    const { size, mono = false, most = 1 } = style;
    const lines = wrap(text, (WIDTH - MARGIN - this.left) / size, mono);
    const shown = lines.slice(0, most);
    if (lines.length > most) shown[most - 1] = `${[...(shown[most - 1] ?? "")].slice(0, -1).join("")}…`;
    for (const line of shown) {
      this.y += size;
      this.#line(this.left, line, style);
      this.y += size * 0.34;
    }
  }

  /** Beside the text above, at the right edge. */
  right(text: string, size: number): void {
    this.y -= 2.9;
    this.#line(WIDTH - MARGIN, text, { size }, "end");
    this.y += 2.9;
  }

  bar(y: number, height: number, colour: string): void {
    this.#parts.push(`<rect x="0" y="${y}" width="${WIDTH}" height="${height}" fill="${colour}"/>`);
    this.y = Math.max(this.y, y + height);
  }

  banner(text: string): void {
    this.bar(this.y, 6.4, "#000");
    this.y -= 1.9;
    this.#line(WIDTH / 2, text, { size: 3.8, weight: 700, colour: "#fff" }, "middle");
    this.y += 1.9;
  }

  rule(): void {
    this.y += 1.5;
    this.#parts.push(`<path d="M${MARGIN} ${this.y}H${WIDTH - MARGIN}" stroke="#000" stroke-width=".25"/>`);
    this.y += 1.5;
  }

  qr(modules: readonly (readonly boolean[])[], x: number, size: number): void {
    const unit = size / modules.length;
    const path = modules.flatMap((row, j) =>
      row.map((dark, i) => (dark ? `M${i} ${j}h1v1h-1z` : ""))).join("");
    this.#parts.push(
      `<path transform="translate(${x} ${this.y.toFixed(2)}) scale(${unit.toFixed(5)})" d="${path}" ` +
      `shape-rendering="crispEdges"/>`);
  }

  /** A numbered line of symbols, to be read one by one. */
  symbols(number: string, text: string): void {
    this.y += 5.6;
    this.#line(MARGIN, number, { size: 3.4, colour: "#444" });
    this.#line(MARGIN + 6, text, { size: 5.1, mono: true });
    this.y += 1.2;
  }

  boxed(texts: readonly string[]): void {
    const top = this.y;
    this.y += 2;
    this.left = MARGIN + 3;
    for (const text of texts) this.text(text, { size: 3.8, weight: 700, most: 2 });
    this.left = MARGIN;
    this.y += 1.6;
    this.#parts.push(
      `<rect x="${MARGIN}" y="${top}" width="${WIDTH - 2 * MARGIN}" height="${(this.y - top).toFixed(2)}" ` +
      `fill="none" stroke="#000" stroke-width=".5"/>`);
  }

  /** The whole document; its frame is as high as what was written. */
  end(width: number): string {
    const height = (this.y + MARGIN).toFixed(2);
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" ` +
      `width="${width * 10}" height="${Number(height) * 10}">` +
      `<rect width="${width}" height="${height}" fill="#fff"/>${this.#parts.join("")}` +
      `<rect x=".2" y=".2" width="${width - 0.4}" height="${(Number(height) - 0.4).toFixed(2)}" ` +
      `fill="none" stroke="#000" stroke-width=".4"/></svg>`;
  }
}
