/** A form whose answer may take seconds says so once it is sent, and is not sent twice. */
export function showSlow(form: HTMLFormElement): void {
  form.addEventListener("submit", () => {
    const button = form.querySelector<HTMLButtonElement>("button.button");
    if (!button) return;
    button.disabled = true;
    const said = document.createElement("p");
    said.className = "hint";
    said.setAttribute("role", "status");
    button.after(said);
    said.textContent = form.dataset["slow"] ?? "";
  });
}
