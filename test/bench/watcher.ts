/** Programs that watch while another one forks. */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { SampleRecord } from "../../src/model/record/record-types.ts";
import { BINARY } from "../support/binary.ts";
import { parseLines, tasksOf } from "../support/json-run.ts";

export interface Watcher {
  readonly about: string;
  readonly command: readonly string[];
  /** It writes JSON lines. */
  readonly isOurs: boolean;
}

export interface Placement {
  readonly about: string;
  /** Commands to run the program, and its watchers, with. */
  readonly forker: readonly string[];
  readonly watcher: readonly string[];
}

const FREE: Placement = {
  about: "wherever the kernel runs them",
  forker: [],
  watcher: [],
};
const APART: Placement = {
  about: "the program on one CPU, the watcher on another",
  forker: ["taskset", "-c", "0"],
  watcher: ["taskset", "-c", "1"],
};

/** Those that this machine has the CPUs for. */
export const PLACEMENTS: readonly Placement[] =
  availableParallelism() > 1 ? [APART, FREE] : [FREE];

export function watchers(): readonly Watcher[] {
  const peer = Bun.which("iotop-c", {
    PATH: `${process.env["PATH"]}:/usr/sbin`,
  });
  return [
    {
      about: "a listener for exits, nothing else",
      command: [process.execPath, join(import.meta.dir, "listener.ts")],
      isOurs: false,
    },
    iotopWatcher("jsonl"),
    ...(peer === null
      ? []
      : [
          {
            about: "iotop-c -b",
            command: [peer, "-b", "-d", "1"],
            isOurs: false,
          },
        ]),
  ];
}

export const iotopWatcher = (output: string): Watcher => ({
  about: `iotop --output ${output}`,
  command: [BINARY, "--output", output, "-d", "1"],
  isOurs: true,
});

export interface Watching extends AsyncDisposable {
  readonly pid: number;
  /** Asks it to end; resolves with all lines that it has written, if they are ours. */
  end(): Promise<readonly SampleRecord[]>;
}

export function startWatcher(
  watcher: Watcher | null,
  placement: Placement,
): Watching | null {
  if (watcher === null) return null;
  const child = Bun.spawn([...placement.watcher, ...watcher.command], {
    stdin: "ignore",
    stdout: watcher.isOurs ? "pipe" : Bun.file("/dev/null"),
    stderr: "ignore",
    env: { ...process.env, LC_ALL: "C.UTF-8", TERM: "dumb" },
  });
  const text = watcher.isOurs
    ? new Response(child.stdout as ReadableStream).text()
    : Promise.resolve("");
  const end = async (): Promise<readonly SampleRecord[]> => {
    child.kill("SIGTERM");
    await child.exited;
    return parseLines(await text);
  };
  return {
    pid: child.pid,
    end,
    async [Symbol.asyncDispose]() {
      await end();
    },
  };
}

/** What the health of all samples adds up to. */
export interface Losses {
  readonly lostExits: number;
  readonly vanished: number;
}

export function lossesOf(lines: readonly SampleRecord[]): Losses {
  if (lines.length === 0) throw new Error("iotop wrote no sample");
  const sum = (of: (line: SampleRecord) => number) =>
    lines.reduce((all, line) => all + of(line), 0);
  return {
    lostExits: sum(({ health }) => health.lost_exit_events),
    vanished: sum(({ health }) => health.vanished_tasks),
  };
}

/** How many children of a process were told to have ended; with all tasks listed these are all. */
export const endsOf = (
  lines: readonly SampleRecord[],
  parent: number,
): number =>
  tasksOf(lines, ({ life, ppid }) => life === "exited" && ppid === parent)
    .length;
