/** How long `--version` takes, beside a program of one line compiled by the same runtime. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BINARY } from "../support/binary.ts";
import type { Scenario } from "./scenario.ts";
import { median } from "./statistics.ts";
import { ms } from "./tables.ts";

const ROUNDS = 20;

export const START_UP: Scenario = {
  name: "start-up",
  about: "from the start to the end of short runs",
  isDefault: true,
  async *measure({ rounds, signal }) {
    const figures = await measureStartUp(rounds ?? ROUNDS, signal);
    yield {
      title: "From start to end",
      head: ["", "time", "CPU"],
      rows: figures.map(({ name, wallMs, cpuMs }) => [
        name,
        ms(wallMs),
        ms(cpuMs),
      ]),
    };
  },
};

interface StartUp {
  readonly name: string;
  readonly wallMs: number;
  /** User and system time, ms. */
  readonly cpuMs: number;
}

async function measureStartUp(
  rounds: number,
  signal: AbortSignal,
): Promise<StartUp[]> {
  const folder = mkdtempSync("/var/tmp/iotop-bench-");
  try {
    const hello = join(folder, "hello");
    writeFileSync(`${hello}.ts`, 'console.log("hello world");\n');
    const { exitCode, stderr } = Bun.spawnSync(
      [
        process.execPath,
        "build",
        "--compile",
        `${hello}.ts`,
        "--outfile",
        hello,
      ],
      { stderr: "pipe" },
    );
    if (exitCode !== 0) throw new Error(stderr.toString());
    const commands = [
      { name: "hello world", command: [hello] },
      { name: "iotop --version", command: [BINARY, "--version"] },
      { name: "iotop --help", command: [BINARY, "--help"] },
      {
        name: "iotop -b -n 1 -d 0.1, less 100 ms",
        command: [BINARY, "-b", "-n", "1", "-d", "0.1"],
        sleepMs: 100,
      },
    ];
    const runs = commands.map(() => [] as Run[]);
    for (let round = 0; round < rounds; round++)
      for (const [i, { command }] of commands.entries()) {
        signal.throwIfAborted();
        runs[i]!.push(await runOnce(command));
      }
    return commands.map(({ name, sleepMs = 0 }, i) => ({
      name,
      wallMs: median(runs[i]!.map((run) => run.wallMs)) - sleepMs,
      cpuMs: median(runs[i]!.map((run) => run.cpuMs)),
    }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

type Run = Omit<StartUp, "name">;

async function runOnce(command: readonly string[]): Promise<Run> {
  const beganMs = performance.now();
  const child = Bun.spawn([...command], {
    stdin: "ignore",
    stdout: Bun.file("/dev/null"),
    stderr: "ignore",
  });
  await child.exited;
  const wallMs = performance.now() - beganMs;
  const usage = child.resourceUsage()!;
  return {
    wallMs,
    cpuMs: Number(usage.cpuTime.total) / 1000,
  };
}
