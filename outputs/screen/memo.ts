/** The last result of a pure function, kept for as long as its inputs are the same. */
export class Memo<T> {
  #inputs: readonly unknown[] | null = null;
  #result: T | undefined;

  /** Inputs are compared one by one, objects by identity. */
  get(inputs: readonly unknown[], make: () => T): T {
    if (this.#inputs === null || !areSame(this.#inputs, inputs)) {
      this.#result = make();
      this.#inputs = inputs;
    }
    return this.#result as T;
  }
}

function areSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}
