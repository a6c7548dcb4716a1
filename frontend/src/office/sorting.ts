/** Heads of a long table become buttons that sort it: once upwards, again downwards. */
export function sortable(table: HTMLTableElement): void {
  const body = table.tBodies[0];
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  if (!body || body.rows.length < 2) return;
  for (const [column, head] of heads.entries()) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const rows = [...body.rows].sort((a, b) => compare(said(a, column), said(b, column)));
      body.append(...(up ? rows : rows.reverse()));
    });
  }
}

const said = (row: HTMLTableRowElement, column: number): string =>
  row.cells[column]?.textContent?.trim() ?? "";

/** Figures by size, words by the language's order; what is no figure stands after those that are. */
function compare(a: string, b: string): number {
  const [x, y] = [Number.parseFloat(a), Number.parseFloat(b)];
  if (Number.isNaN(x) && Number.isNaN(y)) return a.localeCompare(b, document.documentElement.lang);
  if (Number.isNaN(x)) return 1;
  return Number.isNaN(y) ? -1 : x - y;
}
