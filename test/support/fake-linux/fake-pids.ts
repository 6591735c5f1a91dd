/** Ids of tasks, as the kernel gives them out: in turn, each to one task at a time. */

/** Where it begins again when it has given out all ids. */
export const FIRST_AGAIN = 300;

export class FakePids {
  /** The id given out last. */
  last = 999;
  /** kernel.pid_max: all ids are below it. */
  max = 4096;
  readonly #tasks: ReadonlyMap<number, unknown>;
  /** Given out for tasks that are not there yet. */
  readonly #reserved = new Set<number>();

  /** @param tasks by id */
  constructor(tasks: ReadonlyMap<number, unknown>) {
    this.#tasks = tasks;
  }

  /**
   * Gives out an id.
   *
   * @param tid a free one, to which the kernel has come by now, as if others had got those in between, or because
   * kernel.ns_last_pid was set; else the next one
   */
  give(tid = this.next()): number {
    // Those below were given out when the machine was started.
    if (tid >= FIRST_AGAIN) this.last = tid;
    return tid;
  }

  /** The free one whose turn it is, or comes after another's. */
  next(after = this.last): number {
    let id = after;
    do id = id + 1 < this.max ? id + 1 : FIRST_AGAIN;
    while (!this.isFree(id));
    return id;
  }

  /** A free one whose turn is half way to another's. */
  halfWayTo(tid: number): number {
    const round = this.max - FIRST_AGAIN;
    const turns = ((tid - this.last + round - 1) % round) + 1;
    const half = this.last - FIRST_AGAIN + Math.floor(turns / 2);
    return this.next(FIRST_AGAIN + (half % round));
  }

  /** The free one whose turn is just before another's; that one itself if it is next. */
  before(tid: number): number {
    let id = tid;
    do id = id > FIRST_AGAIN ? id - 1 : this.max - 1;
    while (id !== this.last && !this.isFree(id));
    return id === this.last ? tid : id;
  }

  isFree(tid: number): boolean {
    return !this.#tasks.has(tid) && !this.#reserved.has(tid);
  }

  /** Whoever begins in `begin` is given an id of its own choice: clone3 with set_tid. */
  outOfTurn<T>(begin: () => T): T {
    const { last } = this;
    const begun = begin();
    this.last = last;
    return begun;
  }

  /** Gives out an id to a task that begins when what is returned is called. */
  reserve<T>(tid: number, begin: (tid: number) => T): () => T {
    this.give(tid);
    this.#reserved.add(tid);
    return () => {
      this.#reserved.delete(tid);
      return this.outOfTurn(() => begin(tid));
    };
  }
}
