// What was typed into a session's form and not sent yet is kept in this tab until it is saved: a
// sign-in that ran out, a lost connection or a wrong key costs nothing. Files cannot be kept.

type Typed = [name: string, value: string][];
const PREFIX = "office/typed/";
const SENT = "office/sent";

/** Keeps what is typed, and puts it back when the page is opened again. */
export function keepTyped(form: HTMLFormElement): void {
  const key = PREFIX + (form.dataset["keep"] ?? "");
  const kept = JSON.parse(sessionStorage.getItem(key) ?? "[]") as Typed;
  // A page that already answers to something sent shows what was sent; only a plain visit restores.
  const plain = !document.querySelector(".errors, .notice");
  if (plain && isOther(kept, new Map(typed(form)))) restore(form, kept, key);
  const keep = (): void => sessionStorage.setItem(key, JSON.stringify(typed(form)));
  form.addEventListener("input", keep);
  form.addEventListener("submit", () => {
    keep();
    sessionStorage.setItem(SENT, key);
  });
}

/** Forgets what was kept for a form once the service says that it is saved. */
export function forgetSaved(): void {
  const sent = sessionStorage.getItem(SENT);
  if (sent === null || !new URLSearchParams(location.search).has("saved")) return;
  sessionStorage.removeItem(sent);
  sessionStorage.removeItem(SENT);
}

/** Whether something else was typed into these fields; rows that are gone cannot be put back. */
function isOther(kept: Typed, shown: ReadonlyMap<string, string>): boolean {
  return kept.every(([name]) => shown.has(name)) && kept.some(([name, value]) => shown.get(name) !== value);
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
