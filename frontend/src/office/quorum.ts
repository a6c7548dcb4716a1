/** What so many cards and a quorum mean when cards are lost, as it is typed. */
export function showQuorum(form: HTMLFormElement): void {
  const said = form.querySelector<HTMLElement>("[data-quorum]");
  const names = form.querySelector<HTMLTextAreaElement>("[name=tellers]");
  const field = form.querySelector<HTMLInputElement>("[name=quorum]");
  if (!said || !names || !field) return;
  const unsaid = said.textContent ?? "";
  const say = (): void => {
    const tellers = names.value.split(/[\n\r、，,;；]/).filter((name) => name.trim()).length;
    const quorum = field.value.trim() ? Number(field.value) : Math.max(2, Math.floor(tellers / 2) + 1);
    if (tellers < 2 || !(quorum >= 2 && quorum <= tellers)) {
      said.textContent = unsaid;
      return;
    }
    const spare = tellers - quorum;
    const { some, none } = said.dataset;
    said.textContent = ((spare ? some : none) ?? "")
      .replace("{tellers}", String(tellers))
      .replace("{quorum}", String(quorum))
      .replace("{spare}", String(spare))
      .replace("{fatal}", String(spare + 1));
  };
  form.addEventListener("input", say);
  say();
}
