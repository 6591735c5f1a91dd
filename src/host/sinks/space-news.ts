/** What a user is told of a full disk: once when it is full, and once when there is space again. */
export class SpaceNews {
  readonly #path: string;
  /** Number of the sample that was written last, or waits for space. */
  #seq = 0;
  /** The sample that was written when there was space again, until the next one says how many were merged. */
  #freedSeq: number | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  full(reason: string): string {
    return `${this.#path}: ${reason}: waiting for space; samples are merged meanwhile`;
  }

  freed(): void {
    this.#freedSeq = this.#seq;
  }

  /** The line to say before the sample of that number is written; null if there is nothing new. */
  next(seq: number): string | null {
    const merged = this.#freedSeq === null ? 0 : seq - this.#freedSeq;
    const line = this.#freedSeq === null ? null : this.#spaceAgain(merged);
    this.#freedSeq = null;
    this.#seq = seq;
    return line;
  }

  /** The same at the end, when no sample follows. */
  end(): string | null {
    return this.#freedSeq === null ? null : this.#spaceAgain(0);
  }

  #spaceAgain(merged: number): string {
    const what =
      merged > 1
        ? `${merged} samples were merged into one`
        : "no sample was merged";
    return `${this.#path}: there is space again: ${what}`;
  }
}
