/** Processes and threads of known behaviour: workload.c, compiled on first use. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { compileProgram } from "./c-program.ts";
import { programAs } from "./named-program.ts";

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

/** The program under another name, in a folder where it may be executed. @returns its path */
export const workloadAs = (comm: string, folder: string): string =>
  programAs(comm, folder, workloadProgram());

/**
 * Runs to its end what tells how much it wrote, or read.
 *
 * @param program from `workloadAs`
 * @returns bytes, by the kernel's own sum: of the process, its ended threads and its reaped children
 */
export async function runWorker(
  program: string,
  ...args: readonly (string | number)[]
): Promise<number> {
  const { numbers } = await runAndRead([program, ...args]);
  return numbers[0]!;
}

async function runAndRead(
  command: readonly (string | number)[],
): Promise<{ pid: number; numbers: number[] }> {
  const child = Bun.spawn(command.map(String), {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  const text = await child.stdout.text();
  if ((await child.exited) !== 0 || !/^\d+( \d+)*\n$/.test(text))
    throw new Error(`${command.join(" ")} failed: ${text}`);
  return { pid: child.pid, numbers: text.split(" ").map(Number) };
}

/** What a process that lives, its ended threads and its reaped children have written, bytes, by the kernel's own sum. */
export function writtenBy(pid: number): number {
  const text = readFileSync(`/proc/${pid}/io`, "utf8");
  return Number(/^write_bytes: (\d+)$/m.exec(text)![1]);
}

export interface Burst {
  /** Of the parent of all. */
  readonly pid: number;
  /**
   * Bytes written by the children: the kernel's own sum, which a parent has of its reaped children. A little more than
   * a page each when one also changed an inode.
   */
  readonly written: number;
  /** The same with the parent, who made the file. */
  readonly writtenByAll: number;
  /** Children that had the process id of the one before. */
  readonly reused: number;
}

/**
 * Children that live for a moment, each of which makes one page dirty.
 *
 * @param file is made; a page that was dirty already would not count
 */
export const runBurst = (
  count: number,
  file: string,
  program = workloadProgram(),
): Promise<Burst> => burst(count, program, "burst", count, file);

/** The same, each for `lifeMs`, and nearly all with the process id of the one before. */
export const runReuse = (
  count: number,
  file: string,
  lifeMs: number,
  program = workloadProgram(),
): Promise<Burst> => burst(count, program, "reuse", count, file, lifeMs);

async function burst(
  count: number,
  ...command: readonly (string | number)[]
): Promise<Burst> {
  const { pid, numbers } = await runAndRead(command);
  const [writtenByAll, written, reused] = numbers as [number, number, number];
  const least = count * 4096;
  if (written < least || written > least * 1.02 + 65_536)
    throw new Error(`burst wrote ${written} bytes`);
  return { pid, written, writtenByAll, reused };
}

/** A process that lives on and writes when it is told to. */
export interface Writer extends AsyncDisposable {
  readonly pid: number;
  /** Each of its threads writes once. @returns bytes written since it began, by the kernel's own sum */
  write(): Promise<number>;
  /** Lets it end; resolves when it has. */
  end(): Promise<void>;
}

/** @param program from `workloadAs` */
export function startWriter(
  program: string,
  threads: number,
  kib: number,
  file: string,
): Writer {
  const child = Bun.spawn(
    [program, "rounds", String(threads), String(kib), file],
    { stdin: "pipe", stdout: "pipe", stderr: "inherit" },
  );
  const pieces = child.stdout.values();
  return {
    pid: child.pid,
    async write() {
      void child.stdin.write("x");
      void child.stdin.flush();
      const { value } = await pieces.next();
      const text = new TextDecoder().decode(value);
      if (!/^\d+\n$/.test(text)) throw new Error(`writer said "${text}"`);
      return Number(text);
    },
    async end() {
      await child.stdin.end();
      await child.exited;
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
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
