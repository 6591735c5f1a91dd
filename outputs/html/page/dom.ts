/** Elements of the page. Foreign text gets into it here alone, and as text. */

type Child = Node | string;

/** An element with a class, and what is in it. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = "",
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className !== "") made.className = className;
  made.append(...children);
  return made;
}

/** @throws Error if the page has no such place */
export function place(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}

/** A square in a colour: a value of CSS. */
export function swatch(color: string): HTMLElement {
  const made = element("span", "swatch");
  made.style.background = color;
  return made;
}

/** What a variable of the style sheet is now, in the light or the dark. */
export const styleValue = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Whoever uses the keyboard stays where they are when elements are made anew: these have the same `data-key`. */
export function keepFocus(draw: () => void): void {
  const key = (document.activeElement as HTMLElement | null)?.dataset["key"];
  draw();
  if (key === undefined) return;
  const selector = `[data-key="${CSS.escape(key)}"]`;
  document.querySelector<HTMLElement>(selector)?.focus();
}
