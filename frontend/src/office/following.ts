/** The title and the first subject follow the organisation's name while they still say the old one. */
export function followOrganisation(form: HTMLFormElement): void {
  const source = form.querySelector<HTMLInputElement>("[name=organisation]");
  // What the service compares with: it follows by itself only where no script did.
  const shown = form.querySelector<HTMLInputElement>("[name=organisation_shown]");
  const title = form.querySelector<HTMLInputElement>("[name=title]");
  const first = form.querySelector<HTMLInputElement>("[name^=subjects-][name$=-name]");
  if (!source || !shown) return;
  source.addEventListener("change", () => {
    const [old, now] = [shown.value, source.value.trim()];
    if (!now || !old || now === old) return;
    if (first?.value === old) first.value = now;
    if (title?.value.startsWith(old)) title.value = now + title.value.slice(old.length);
    shown.value = now;
  });
}
