/** The sums below the classes, as they are typed; a weight sum that is not 100 is said. */
export function showSums(form: HTMLFormElement): void {
  const outputs = [...form.querySelectorAll<HTMLOutputElement>("output[data-sum]")];
  const add = (): void => {
    for (const output of outputs) {
      const fields = form.querySelectorAll<HTMLInputElement>(
        `[data-classes] input[name$="-${output.dataset["sum"] ?? ""}"]`,
      );
      const sum = [...fields].reduce((so_far, field) => so_far + (Number(field.value) || 0), 0);
      const { right, wrong } = output.dataset;
      output.value = right && wrong && String(sum) !== right ? `${sum}${wrong}` : String(sum);
    }
  };
  form.addEventListener("input", add);
  add();
}
