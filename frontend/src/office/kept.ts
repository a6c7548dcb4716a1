// What was typed into a session's form and not sent yet is kept in this tab until it is saved: a
// sign-in that ran out, a lost connection or a wrong key costs nothing. Files cannot be kept.

type Typed = [name: string, value: string][];
const PREFIX = "office/typed/";

/** Keeps what is typed, and puts it back when the page is opened again. */
export function keepTyped(form: HTMLFormElement): void {
  const key = PREFIX + (form.dataset["keep"] ?? "");
  const fresh = JSON.stringify(typed(form));
  const kept = sessionStorage.getItem(key);
  // A page that already answers to something sent shows what was sent; only a plain visit restores.
  const plain = !document.querySelector(".errors, .notice");
  if (kept !== null && kept !== fresh && plain) restore(form, JSON.parse(kept) as Typed, key);
  form.addEventListener("input", () => sessionStorage.setItem(key, JSON.stringify(typed(form))));
  form.addEventListener("submit", () => {
    // Kept until another page of the office is reached: that is where saving leads.
    sessionStorage.setItem(key, JSON.stringify(typed(form)));
    sessionStorage.setItem(`${PREFIX}sent`, key);
  });
}

/** Forgets what was kept for a form once it was saved. */
export function forgetSent(): void {
  const sent = sessionStorage.getItem(`${PREFIX}sent`);
  if (sent === null || document.querySelector("form[data-keep], input[type=password]")) return;
  sessionStorage.removeItem(sent);
  sessionStorage.removeItem(`${PREFIX}sent`);
}

function typed(form: HTMLFormElement): Typed {
  const found: Typed = [];
  for (const [name, value] of new FormData(form)) {
    if (name !== "csrf_token" && name !== "do" && typeof value === "string") found.push([name, value]);
  }
  return found;
}

function restore(form: HTMLFormElement, kept: Typed, key: string): void {
  const left = new Map(kept);
  const missing = kept.some(([name]) => form.elements.namedItem(name) === null);
  if (missing) return; // rows were added that this page does not have
  for (const element of form.elements) {
    if (element instanceof HTMLInputElement && (element.type === "radio" || element.type === "checkbox")) {
      element.checked = left.get(element.name) === element.value;
    } else if (
      (element instanceof HTMLInputElement && element.type !== "hidden" && element.type !== "file") ||
      element instanceof HTMLTextAreaElement ||
      element instanceof HTMLSelectElement
    ) {
      const value = left.get(element.name);
      if (value !== undefined) element.value = value;
    }
  }
  const notice = document.createElement("div");
  notice.className = "notice";
  notice.setAttribute("role", "status");
  const discard = document.createElement("button");
  discard.type = "button";
  discard.className = "link";
  discard.textContent = form.dataset["discard"] ?? "";
  discard.addEventListener("click", () => {
    sessionStorage.removeItem(key);
    location.reload();
  });
  notice.append(`${form.dataset["restored"] ?? ""} `, discard);
  form.before(notice);
}
