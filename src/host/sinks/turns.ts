/** Steps that wait for each other. A failed one does not stop those that follow. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Resolves or rejects as the step does, which runs when all before it have ended. */
  take(step: () => Promise<void>): Promise<void> {
    const next = this.#last.then(step);
    this.#last = next.catch(() => {});
    return next;
  }

  /** Resolves when all steps so far have ended. */
  async idle(): Promise<void> {
    await this.#last;
  }
}
