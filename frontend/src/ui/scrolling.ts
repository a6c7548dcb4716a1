// Tables that are wider than the screen, in large type: phones show no bar for what slides sideways.

/** The table's place tells beside it, in the sentence `hint`, whether the table slides in it. */
export function tellWhetherItSlides(place: HTMLElement, hint: HTMLElement): void {
  const look = (): void => {
    hint.hidden = place.scrollWidth <= place.clientWidth;
  };
  look();
  if (typeof ResizeObserver !== "function") return;
  // A table is another size when it is shown, unfolded, in the other language, in larger type.
  const watch = new ResizeObserver(look);
  for (const child of place.children) watch.observe(child);
}

/** The same for each table that came with the page: the sentence stands before it, hidden. */
export function tellOfScrolling(): void {
  for (const place of document.querySelectorAll<HTMLElement>(".scroll")) {
    const hint = place.previousElementSibling;
    if (hint instanceof HTMLElement && hint.matches(".wider")) tellWhetherItSlides(place, hint);
  }
}
