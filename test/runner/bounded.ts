/** Runs a command that may hang, and leaves nothing of it behind. */
import { killFamily, readFamily, readMark, type Process } from "./family.ts";

export interface Bounds {
  readonly cwd: string;
  /** Added to the runner's own environment; undefined takes a variable out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Longest time without a sign of progress, ms. */
  readonly limitMs: number;
  /** Whether a line of stderr is such a sign. */
  readonly isProgress?: (line: string) => boolean;
  /** Gets each line of stdout and stderr as it comes. */
  readonly onLine?: (line: string) => void;
  /** Aborted: the command is killed. */
  readonly stop?: AbortSignal;
}

export interface BoundedEnding {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly isOverdue: boolean;
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  /** What the command had left behind when it ended by itself; it is killed by now. */
  readonly left: readonly Process[];
}

/** Time for what is ending by itself when the command has ended, ms. */
const GRACE_MS = 1000;
/** Time for the last lines to arrive when everybody is gone who can write any, ms. */
const DRAIN_MS = 5000;

let count = 0;

export async function runBounded(
  command: readonly string[],
  bounds: Bounds,
): Promise<BoundedEnding> {
  const { cwd, env, limitMs, isProgress = () => false, onLine, stop } = bounds;
  const name = "IOTOP_TEST_FAMILY";
  const value = `${process.pid}.${++count}.${crypto.randomUUID()}`;
  const child = Bun.spawn([...command], {
    cwd,
    env: { ...process.env, ...env, [name]: value },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    // A session of its own: a signal to it reaches the runner in no way.
    detached: true,
  });
  const mark = readMark(child.pid, `${name}=${value}`);

  const end = Promise.withResolvers<"overdue" | "stopped">();
  const expire = () => end.resolve("overdue");
  let timer = setTimeout(expire, limitMs);
  const onStop = () => end.resolve("stopped");
  stop?.addEventListener("abort", onStop);
  if (stop?.aborted) onStop();

  const stdout = new LineReader(child.stdout, (line) => onLine?.(line));
  const stderr = new LineReader(child.stderr, (line) => {
    if (isProgress(line)) {
      clearTimeout(timer);
      timer = setTimeout(expire, limitMs);
    }
    onLine?.(line);
  });

  const why = await Promise.race([child.exited.then(() => null), end.promise]);
  clearTimeout(timer);
  stop?.removeEventListener("abort", onStop);
  if (why === null) await isEmptySoon(mark);
  const killed = await killFamily(mark);
  await child.exited;
  await Promise.all([stdout.finish(DRAIN_MS), stderr.finish(DRAIN_MS)]);
  return {
    status: child.exitCode,
    signal: child.signalCode as NodeJS.Signals | null,
    isOverdue: why === "overdue",
    stdout: stdout.lines,
    stderr: stderr.lines,
    left: why === null ? killed : [],
  };
}

async function isEmptySoon(mark: Parameters<typeof readFamily>[0]) {
  const deadlineMs = performance.now() + GRACE_MS;
  while (readFamily(mark).length > 0 && performance.now() < deadlineMs)
    await Bun.sleep(20);
}

/** Cuts a stream into lines as they come. */
class LineReader {
  readonly lines: string[] = [];
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #done: Promise<void>;

  readonly #onLine: (line: string) => void;

  constructor(
    stream: ReadableStream<Uint8Array>,
    onLine: (line: string) => void,
  ) {
    this.#onLine = onLine;
    this.#reader =
      stream.getReader() as ReadableStreamDefaultReader<Uint8Array>;
    this.#done = this.#read();
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    for (;;) {
      const { value, done } = await this.#reader.read();
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const lines = rest.split("\n");
      rest = lines.pop()!;
      lines.forEach((line) => this.#take(line));
      if (done) break;
    }
    if (rest !== "") this.#take(rest);
  }

  #take(line: string): void {
    this.lines.push(line);
    this.#onLine(line);
  }

  /** Waits for the end of the stream, but not longer than this: somebody unknown may hold it open for ever. */
  async finish(patienceMs: number): Promise<void> {
    const patience = Promise.withResolvers<void>();
    const timer = setTimeout(patience.resolve, patienceMs);
    await Promise.race([this.#done, patience.promise]);
    clearTimeout(timer);
    await this.#reader.cancel().catch(() => {});
  }
}
