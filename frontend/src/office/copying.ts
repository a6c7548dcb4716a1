/** Shows a button that copies what stands beside it; without script the text can still be marked. */
export function offerCopy(button: HTMLButtonElement): void {
  const source = document.getElementById(button.dataset["copy"] ?? "");
  if (!source || !navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    void navigator.clipboard.writeText(source.textContent?.trim() ?? "").then(() => {
      button.textContent = button.dataset["copied"] ?? "";
    });
  });
}
