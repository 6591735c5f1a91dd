/** A folder of modules, and run-program.ts in it: runs as processes, whose source never ends. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "./eventually.ts";

const PROGRAM = join(import.meta.dir, "run-program.ts");

/** Against a run that never ends: far more than any needs, on any machine. */
const TIMEOUT_MS = 100_000;

interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

export interface Running {
  /** Resolves when stdout holds the text. */
  until(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  readonly stdout: string;
  readonly ended: Promise<Ended>;
}

export class ProgramFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), "iotop-run-"));

  /** Writes a module. @returns what --output takes */
  module(name: string, body: string): string {
    writeFileSync(
      join(this.path, name),
      `import { writeFileSync } from "node:fs";
       import { defineOutput } from "iotop";
       export default defineOutput({ api: 1, name: "mine", summary: "s", create: () => (${body}) });`,
    );
    return `./${name}`;
  }

  /** Resolves when a file of that name is there. */
  async untilThere(name: string): Promise<void> {
    await eventually(
      () => existsSync(join(this.path, name)),
      (there) => there,
      TIMEOUT_MS,
    );
  }

  /** Runs a line of bash, in which $IOTOP stands for the program. */
  shell(command: string): Promise<Ended> {
    return this.start("bash", "-c", command).ended;
  }

  /** Starts the program itself, so that its process id is the child's. */
  program(...args: readonly string[]): Running {
    return this.start(process.execPath, PROGRAM, ...args);
  }

  /** The same, by a program in front that becomes it. */
  programBy(launcher: string, ...args: readonly string[]): Running {
    return this.start(launcher, process.execPath, PROGRAM, ...args);
  }

  start(...command: readonly string[]): Running {
    const child = Bun.spawn([...command], {
      cwd: this.path,
      env: { ...process.env, IOTOP: `${process.execPath} ${PROGRAM}` },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
      timeout: TIMEOUT_MS,
      killSignal: "SIGKILL",
    });
    let stdout = "";
    const reading = (async () => {
      const decoder = new TextDecoder();
      for await (const bytes of child.stdout)
        stdout += decoder.decode(bytes, { stream: true });
    })();
    const ended = Promise.all([child.stderr.text(), child.exited, reading]);
    return {
      until: async (text) => {
        await eventually(
          () => stdout.includes(text) || hasEnded(child),
          (over) => over,
          TIMEOUT_MS,
        );
        if (!stdout.includes(text))
          throw new Error(`no ${text} in ${stdout}; ${(await ended)[0]}`);
      },
      kill: (signal) => child.kill(signal),
      get stdout() {
        return stdout;
      },
      ended: ended.then(([stderr, status]) => ({ stdout, stderr, status })),
    };
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true });
  }
}

const hasEnded = (child: Bun.Subprocess): boolean =>
  child.exitCode !== null || child.signalCode !== null;
