/** What outputs know a process by, as text when somebody asks: of most that come and go nobody does. */
export class ProcessKey {
  readonly #pid: number;
  readonly #startMs: number;
  #text: string | undefined;

  /** @param startMs of the first of its tasks that was heard of, Unix ms: no other one under its tid has the same */
  constructor(pid: number, startMs: number) {
    this.#pid = pid;
    this.#startMs = startMs;
  }

  get text(): string {
    return (this.#text ??= `${this.#pid}.${this.#startMs}`);
  }
}
