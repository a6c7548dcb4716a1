/** The sums below the classes, as they are typed; a weight sum that is not 100 is said. */
export function showSums(form: HTMLFormElement): void {
  const outputs = [...form.querySelectorAll<HTMLOutputElement>("output[data-sum]")];
  const add = (): void => {
    for (const output of outputs) {
      const name = output.dataset["sum"] ?? "";
      const fields = form.querySelectorAll<HTMLInputElement>(`[data-classes] input[name$="-${name}"]`);
      const sum = [...fields].reduce((so_far, field) => so_far + counted(field, name, output.dataset["blank"]), 0);
      const { right, wrong } = output.dataset;
      output.value = right && wrong && String(sum) !== right ? `${sum}${wrong}` : String(sum);
    }
  };
  form.addEventListener("input", add);
  add();
}

/** The number of a field; one left blank counts as the field of its row that is called so. */
function counted(field: HTMLInputElement, name: string, blank?: string): number {
  if (field.value.trim() || !blank) return Number(field.value) || 0;
  const other = field.form?.elements.namedItem(field.name.replace(new RegExp(`${name}$`), blank));
  return other instanceof HTMLInputElement ? Number(other.value) || 0 : 0;
}
