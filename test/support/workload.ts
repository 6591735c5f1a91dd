/** Processes and threads of known behaviour: workload.c, compiled on first use. */
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { compileProgram } from "./c-program.ts";

/** A directory on a real disk: what is written to a tmpfs is not I/O. */
export function diskFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync("/var/tmp/iotop-test-");
  return {
    path,
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** Path of the program. @throws when there is no C compiler */
export const workloadProgram = (): string =>
  compileProgram("workload", join(import.meta.dir, "workload.c"));

export interface Workload extends AsyncDisposable {
  readonly pid: number;
  /** It has done what it does at first, and waits. */
  readonly ready: Promise<void>;
  /** Lets it end; resolves when it has. */
  end(): Promise<void>;
}

export function startWorkload(...args: readonly (string | number)[]): Workload {
  const child = Bun.spawn([workloadProgram(), ...args.map(String)], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
  });
  const end = async (): Promise<void> => {
    await child.stdin.end();
    await child.exited;
  };
  return {
    pid: child.pid,
    ready: (async () => {
      let text = "";
      for await (const bytes of child.stdout) {
        text += new TextDecoder().decode(bytes);
        if (text === "ready\n") return;
      }
      throw new Error(`workload ${args.join(" ")} ended early`);
    })(),
    end,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}

export interface Burst {
  /** Of the parent of all. */
  readonly pid: number;
  /**
   * Bytes written by the children: the kernel's own sum, which a parent has of its reaped children. A little more than
   * a page each when one also changed an inode.
   */
  readonly written: number;
  /** Children that had the process id of the first. */
  readonly reused: number;
}

/** Children that live for a moment, each of which makes one page dirty. */
export const runBurst = (count: number, file: string): Promise<Burst> =>
  burst(count, "burst", count, file);

/** The same, each for `lifeMs`, and nearly all with one and the same process id. */
export const runReuse = (
  count: number,
  file: string,
  lifeMs: number,
): Promise<Burst> => burst(count, "reuse", count, file, lifeMs);

async function burst(
  count: number,
  ...args: readonly (string | number)[]
): Promise<Burst> {
  const child = Bun.spawn([workloadProgram(), ...args.map(String)], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  const [written = NaN, reused = NaN] = (await child.stdout.text())
    .split(" ")
    .map(Number);
  const least = count * 4096;
  if ((await child.exited) !== 0 || !(written >= least))
    throw new Error(`burst failed: ${written}`);
  if (written > least * 1.02 + 65_536)
    throw new Error(`burst wrote ${written} bytes`);
  return { pid: child.pid, written, reused };
}

/** Runs it to its end; stdin is closed already. */
export async function runWorkload(
  ...args: readonly (string | number)[]
): Promise<void> {
  const child = Bun.spawn([workloadProgram(), ...args.map(String)], {
    stdin: "ignore",
    stdout: "ignore",
    stderr: "inherit",
  });
  if ((await child.exited) !== 0)
    throw new Error(`workload ${args.join(" ")} failed`);
}
