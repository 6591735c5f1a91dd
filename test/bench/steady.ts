/**
 * Whether memory grows: twenty samples a second among sleeping threads, while a few programs a second come, write and
 * go.
 */
import { BINARY } from "../support/binary.ts";
import { runDds } from "../support/machine/dd.ts";
import { TaskstatsClient } from "../support/machine/taskstats-client.ts";
import { diskFolder } from "../support/workload.ts";
import { sleepers, startHerd } from "./herds.ts";
import { cpuMsOf, readMemory, type Memory } from "./process.ts";
import type { Scenario } from "./scenario.ts";
import { mib, type Figures } from "./tables.ts";

const SECONDS = 60;
const DELAY_S = 0.05;
/** When to look, s; and at the end. */
const LOOKS_S = [10, 60, 120, 300, 600];
const DDS_AT_ONCE = 4;
const DDS_PAUSE_MS = 1000;

export const STEADY: Scenario = {
  name: "steady",
  about: `memory over --seconds ${SECONDS} of ${1 / DELAY_S} samples a second, among --threads`,
  isDefault: false,
  async *measure({ seconds, threads, signal }) {
    yield await watch(seconds ?? SECONDS, threads, signal);
  },
};

interface Look extends Memory {
  readonly atS: number;
  readonly cpuMs: number;
}

async function watch(
  seconds: number,
  threads: number,
  signal: AbortSignal,
): Promise<Figures> {
  using client = new TaskstatsClient();
  const herd = sleepers(threads);
  await using _herd = await startHerd(herd);
  await using _busy = startActivity();
  const child = Bun.spawn(
    [BINARY, "--output", "jsonl", "-d", String(DELAY_S)],
    { stdin: "ignore", stdout: Bun.file("/dev/null"), stderr: "ignore" },
  );
  try {
    const beganMs = performance.now();
    const looks: Look[] = [];
    const times = LOOKS_S.filter((atS) => atS < seconds);
    for (const atS of [...times, seconds]) {
      while (performance.now() - beganMs < atS * 1000) {
        signal.throwIfAborted();
        await Bun.sleep(50);
      }
      const cpuMs = cpuMsOf(child.pid, client);
      looks.push({ ...readMemory(child.pid), atS, cpuMs });
    }
    return figures(`${1 / DELAY_S} samples a second, ${herd.about}`, looks);
  } finally {
    child.kill("SIGKILL");
    await child.exited;
  }
}

function figures(title: string, looks: readonly Look[]): Figures {
  return {
    title,
    head: ["after", "resident", "of no file", "peak", "CPU ms/s until then"],
    rows: looks.map((look, i) => {
      const before = looks[i - 1] ?? { atS: 0, cpuMs: 0 };
      const cpuMsPerS = (look.cpuMs - before.cpuMs) / (look.atS - before.atS);
      return [
        `${look.atS} s`,
        mib(look.residentBytes),
        mib(look.anonymousBytes),
        mib(look.peakBytes),
        cpuMsPerS.toFixed(0),
      ];
    }),
  };
}

/** A few dd a second, until disposed. */
function startActivity(): AsyncDisposable {
  const disk = diskFolder();
  let isOver = false;
  const done = (async () => {
    while (!isOver) {
      await runDds(DDS_AT_ONCE, disk.path, "bench-dd");
      await Bun.sleep(DDS_PAUSE_MS);
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      isOver = true;
      await done;
      disk[Symbol.dispose]();
    },
  };
}
