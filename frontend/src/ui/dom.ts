// Elements made in script: no inline style or handler, as the content security policy demands.

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;
export type Child = Node | string | false | undefined;

/** An element; a boolean attribute is there or not, a handler is added by the caller. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) if (child !== undefined && child !== false) element.append(child);
  return element;
}

/** A button that does something on a tap or a key, once at a time. */
export function button(
  text: string,
  onTap: (event: Event) => void,
  attributes: Attributes = {},
): HTMLButtonElement {
  const element = h("button", { type: "button", ...attributes }, text);
  element.addEventListener("click", onTap);
  return element;
}

/** A name, which is not broken across lines where it fits on one. */
export const named = (text: string): HTMLElement =>
  // No line begins with the dot that parts a name; it may end with one.
  h("span", { class: "name" }, text.replace(/·/g, "\u2060·"));

/** The element with this id; the template promises it. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element as T;
}
