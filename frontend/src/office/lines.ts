/** Whoever follows a mistake of a file stands on its line: it is marked, as if selected by hand. */
export function findLines(): void {
  const text = document.querySelector<HTMLTextAreaElement>("textarea[wrap=off]");
  if (!text) return;
  for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-line]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const number = Number(link.dataset["line"]);
      const lines = text.value.split("\n");
      const from = lines.slice(0, number - 1).join("\n").length + (number > 1 ? 1 : 0);
      text.focus({ preventScroll: true });
      text.setSelectionRange(from, from + (lines[number - 1]?.length ?? 0));
      const height = text.clientHeight / text.rows;
      scrollTo({ top: text.getBoundingClientRect().top + scrollY + (number - 4) * height });
    });
  }
}
