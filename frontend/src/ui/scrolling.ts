/**
 * Says beside each table that is wider than its place that it moves: phones show no bar for it.
 *
 * The sentence stands before the table, hidden.
 */
export function tellOfScrolling(): void {
  const places = [...document.querySelectorAll<HTMLElement>(".scroll")];
  const look = (): void => {
    for (const place of places) {
      const hint = place.previousElementSibling;
      if (hint instanceof HTMLElement && hint.matches(".wider")) {
        hint.hidden = place.scrollWidth <= place.clientWidth;
      }
    }
  };
  look();
  if (typeof ResizeObserver !== "function") return;
  // A table is another size when it is unfolded, in the other language, in larger type.
  const watch = new ResizeObserver(look);
  for (const place of places) for (const child of place.children) watch.observe(child);
}
