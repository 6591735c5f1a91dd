/** How tasks of a history begin: under which id, and when. */
import type { FakeLinux } from "./fake-linux.ts";
import type { FakeProcess, FakeTask } from "./fake-linux-tasks.ts";
import type { Birth } from "./history.ts";
import { UsedTids } from "./used-tids.ts";

export class HistoryBirths {
  readonly #linux: FakeLinux;
  readonly #tids: UsedTids;
  readonly #say: (line: string) => void;
  /** Each starts a task that has its id already. */
  readonly #heldUp: (() => void)[] = [];

  constructor(linux: FakeLinux, say: (line: string) => void) {
    this.#linux = linux;
    this.#tids = new UsedTids(linux);
    this.#say = say;
  }

  /** @param maker the process that makes the new one, or the new thread */
  begin(birth: Birth, maker: FakeProcess, isInScan: boolean): void {
    const linux = this.#linux;
    const { pids } = linux;
    const when = birth.birth ?? "in turn";
    const first = maker.running[0]!;
    if (birth.op === "fork") linux.run(first);
    const used = birth.again
      ? this.used(isInScan, when !== "out of turn")
      : null;
    const tid = used ?? this.#tids.next();
    const start = (): void => {
      // It may have ended while the birth was held up.
      if (first.hasEnded) return;
      this.use(this.#start(birth.op, maker, tid).tid);
    };
    if (when === "in turn") start();
    else if (when === "out of turn") pids.outOfTurn(start);
    else {
      this.#say(`${tid} is about to begin`);
      this.#heldUp.push(pids.reserve(tid, start));
    }
  }

  #start(op: Birth["op"], maker: FakeProcess, tid: number): FakeTask {
    const verb = op === "fork" ? "forks" : "makes thread";
    this.#say(`${maker.pid} ${verb} ${tid}`);
    return op === "fork"
      ? this.#linux.fork(maker.pid, tid)
      : this.#linux.clone(maker, tid);
  }

  /** A tid that was used before, to which the counter has come round; null if none is free. */
  used(isInScan: boolean, isInTurn = true): number | null {
    const tid = this.#tids.free(isInScan) ?? null;
    if (tid !== null && isInTurn) this.#tids.comeRoundTo(tid);
    return tid;
  }

  next(): number {
    return this.#tids.next();
  }

  use(tid: number): void {
    this.#tids.use(tid);
  }

  /** Those that were held up go on. */
  release(): void {
    for (const start of this.#heldUp.splice(0)) start();
  }
}
