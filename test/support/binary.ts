/** The built executable, as a user runs it. */
import { chmodSync, copyFileSync, existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import packageJson from "../../package.json";
import { build } from "../../build.ts";
import { buildOnce } from "./build-once.ts";

const ROOT = resolve(import.meta.dir, "../..");

function newestSourceMs(): number {
  const paths = ["{src,outputs}/**/*.{ts,css,html,txt}", "*.{ts,json}"].flatMap(
    (pattern) => [...new Bun.Glob(pattern).scanSync({ cwd: ROOT })],
  );
  return Math.max(...paths.map((path) => statSync(join(ROOT, path)).mtimeMs));
}

/** Path of dist/iotop. The variable IOTOP_BINARY names another file to test. */
export const BINARY: string = resolve(
  process.env["IOTOP_BINARY"] ?? join(ROOT, "dist", "iotop"),
);

/** Builds dist/iotop if a source is newer than it. For a `beforeAll`: a file may be run by itself on a fresh checkout. */
export async function ensureBinary(): Promise<void> {
  if (process.env["IOTOP_BINARY"] !== undefined) return;
  const isCurrent = () =>
    existsSync(BINARY) && statSync(BINARY).mtimeMs >= newestSourceMs();
  await buildOnce(BINARY, isCurrent, () => build());
}

/** What `--version` prints: other lines say of what it is built. */
export const VERSION_OUTPUT = new RegExp(
  `^iotop ${RegExp.escape(packageJson.version)}\\ncommit: `,
);

/** So long may the program take for anything on the busiest machine, ms: more means that it hangs. */
const LIMIT_MS = 120_000;

/**
 * A copy of it in a folder where everybody may go, unlike the checkout: for programs that run as another user. @returns
 * its path
 */
export function copyBinary(folder: string): string {
  const path = join(folder, "iotop");
  copyFileSync(BINARY, path);
  chmodSync(path, 0o755);
  return path;
}

/** What tests may need to find programs and nothing else: no variable of the person who runs the tests gets through. */
export const BASE_ENV = {
  PATH: process.env["PATH"] ?? "/usr/sbin:/usr/bin:/sbin:/bin",
  HOME: process.env["HOME"] ?? "/",
  // No settings of theirs either.
  XDG_CONFIG_HOME: "/nonexistent",
  LANG: "C.UTF-8",
  TERM: "xterm-256color",
} as const;

export interface SpawnOptions {
  /** Another program than iotop, with its leading arguments: ["strace", "-f", BINARY]. */
  readonly command?: readonly string[];
  readonly cwd?: string;
  /** Added to the base environment; undefined takes a variable out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface RunOptions extends SpawnOptions {
  /** Text for stdin; none: /dev/null. */
  readonly stdin?: string;
  /** The program is killed when it runs for longer, ms; the outcome then has the signal SIGKILL. */
  readonly timeoutMs?: number;
}

export interface Outcome {
  /** Null if a signal ended the program. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

const spawnOptions = ({ cwd, env }: SpawnOptions) => ({
  ...(cwd === undefined ? {} : { cwd }),
  env: { ...BASE_ENV, ...env },
});

const endOf = (child: Bun.Subprocess) => ({
  status: child.exitCode,
  signal: child.signalCode as NodeJS.Signals | null,
});

/** Runs iotop to its end. */
export async function runBinary(
  args: readonly string[],
  options: RunOptions = {},
): Promise<Outcome> {
  const { command = [BINARY], stdin, timeoutMs = LIMIT_MS } = options;
  const child = Bun.spawn([...command, ...args], {
    ...spawnOptions(options),
    stdin: stdin === undefined ? "ignore" : new TextEncoder().encode(stdin),
    stdout: "pipe",
    stderr: "pipe",
    timeout: timeoutMs,
    killSignal: "SIGKILL",
  });
  const [stdout, stderr] = await Promise.all([
    child.stdout.text(),
    child.stderr.text(),
    child.exited,
  ]);
  return { ...endOf(child), stdout, stderr };
}

/** A running iotop with its output so far. Disposing of it kills it. */
export interface RunningBinary extends AsyncDisposable {
  readonly pid: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly exited: Promise<Outcome>;
  /** Resolves with stdout as soon as it satisfies the predicate. */
  until(
    isReady: (stdout: string) => boolean,
    timeoutMs?: number,
  ): Promise<string>;
  kill(signal?: NodeJS.Signals): void;
}

/** Starts iotop with pipes, for tests that act while it runs. */
export function startBinary(
  args: readonly string[],
  options: SpawnOptions = {},
): RunningBinary {
  const { command = [BINARY] } = options;
  const child = Bun.spawn([...command, ...args], {
    ...spawnOptions(options),
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const text = { stdout: "", stderr: "" };
  const collect = async (name: "stdout" | "stderr") => {
    const decoder = new TextDecoder();
    for await (const bytes of child[name])
      text[name] += decoder.decode(bytes, { stream: true });
  };
  const exited = Promise.all([
    collect("stdout"),
    collect("stderr"),
    child.exited,
  ]).then(() => ({ ...endOf(child), ...text }));
  return {
    pid: child.pid,
    get stdout() {
      return text.stdout;
    },
    get stderr() {
      return text.stderr;
    },
    exited,
    async until(isReady, timeoutMs = LIMIT_MS) {
      await waitUntil(
        () => isReady(text.stdout),
        () => child.exitCode !== null || child.signalCode !== null,
        () => `${text.stdout}\n-- stderr --\n${text.stderr}`,
        timeoutMs,
      );
      return text.stdout;
    },
    kill: (signal = "SIGKILL") => child.kill(signal),
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

/** A program in a pseudo-terminal. Disposing of it kills the program and closes the terminal. */
export interface TerminalSession extends AsyncDisposable {
  readonly pid: number;
  /** Every byte that the program wrote, decoded. */
  readonly output: string;
  /** The terminal's settings: c_iflag, c_oflag, c_lflag of termios. */
  readonly modes: readonly number[];
  readonly exited: Promise<{
    readonly status: number | null;
    readonly signal: NodeJS.Signals | null;
  }>;
  type(keys: string): void;
  resize(columns: number, rows: number): void;
  kill(signal?: NodeJS.Signals): void;
  /** Resolves with the output as soon as it satisfies the predicate. */
  until(
    isReady: (output: string) => boolean,
    timeoutMs?: number,
  ): Promise<string>;
}

export interface TerminalSessionOptions extends SpawnOptions {
  readonly columns?: number;
  readonly rows?: number;
  /** Gets each piece as it arrives: for a terminal emulator. */
  readonly onOutput?: (bytes: Uint8Array) => void;
}

/** Starts iotop in a pseudo-terminal of 80 columns and 24 rows, or as told. */
export function openTerminal(
  args: readonly string[],
  options: TerminalSessionOptions = {},
): TerminalSession {
  const { command = [BINARY], columns = 80, rows = 24, onOutput } = options;
  const decoder = new TextDecoder();
  let output = "";
  const child = Bun.spawn([...command, ...args], {
    ...spawnOptions(options),
    terminal: {
      cols: columns,
      rows,
      data(_, bytes) {
        output += decoder.decode(bytes, { stream: true });
        onOutput?.(bytes);
      },
    },
  });
  const terminal = child.terminal!;
  return {
    pid: child.pid,
    get output() {
      return output;
    },
    get modes() {
      return [terminal.inputFlags, terminal.outputFlags, terminal.localFlags];
    },
    exited: child.exited.then(() => endOf(child)),
    type: (keys) => void terminal.write(keys),
    resize: (toColumns, toRows) => terminal.resize(toColumns, toRows),
    kill: (signal = "SIGKILL") => child.kill(signal),
    async until(isReady, timeoutMs = LIMIT_MS) {
      await waitUntil(
        () => isReady(output),
        () => child.exitCode !== null || child.signalCode !== null,
        () => JSON.stringify(output.slice(-2000)),
        timeoutMs,
      );
      return output;
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
      terminal.close();
    },
  };
}

async function waitUntil(
  isReady: () => boolean,
  hasEnded: () => boolean,
  describe: () => string,
  timeoutMs: number,
): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs;
  while (!isReady()) {
    const ended = hasEnded();
    if (ended) await Bun.sleep(50); // The last bytes may still be on their way.
    if (isReady()) return;
    if (ended) throw new Error(`the program has ended: ${describe()}`);
    if (performance.now() > deadlineMs)
      throw new Error(`not seen in ${timeoutMs} ms: ${describe()}`);
    await Bun.sleep(10);
  }
}
