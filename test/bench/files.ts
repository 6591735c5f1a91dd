/** What reading and writing costs more while `--files` counts it: the same program in turn without it and with it. */
import { join } from "node:path";
import { Tracer } from "../../src/tracing/tracer.ts";
import { BPF_REFUSAL } from "../support/machine/bpf.ts";
import { compileProgram } from "../support/c-program.ts";
import { diskFolder } from "../support/workload.ts";
import type { Scenario } from "./scenario.ts";
import { median } from "./statistics.ts";
import { percent, spread, us } from "./tables.ts";

const ROUNDS = 15;
const KINDS = [
  { how: "write", about: "write of a new page", count: 20_000 },
  { how: "direct", about: "direct read of 4 KiB", count: 10_000 },
  { how: "cached", about: "read of 4 KiB from the page cache", count: 200_000 },
] as const;

interface Cost {
  readonly medianNs: number;
  readonly cpuNs: number;
}

export const FILES: Scenario = {
  name: "files",
  about: "what reading and writing costs more with --files",
  isDefault: false,
  async *measure({ rounds, signal }) {
    if (BPF_REFUSAL !== null) throw new Error(BPF_REFUSAL);
    using folder = diskFolder();
    const rows: string[][] = [];
    for (const { how, about, count } of KINDS) {
      const run = () => runOnce(how, join(folder.path, "file"), count);
      const off: Cost[] = [];
      const on: Cost[] = [];
      await run();
      for (let round = 0; round < (rounds ?? ROUNDS); round++) {
        signal.throwIfAborted();
        off.push(await run());
        using _tracer = new Tracer();
        on.push(await run());
      }
      const more = (of: (cost: Cost) => number): number[] =>
        on.map((cost, round) => of(cost) / of(off[round]!) - 1);
      const longer = more(({ medianNs }) => medianNs);
      rows.push([
        about,
        us(median(off.map(({ medianNs }) => medianNs))),
        us(median(on.map(({ medianNs }) => medianNs))),
        percent(median(longer)),
        spread(longer, percent),
        percent(median(more(({ cpuNs }) => cpuNs))),
      ]);
    }
    yield {
      title: "What --files costs the programs that it watches",
      head: ["one", "without", "with", "more", "spread", "more CPU"],
      rows,
    };
  },
};

async function runOnce(
  how: string,
  path: string,
  count: number,
): Promise<Cost> {
  const program = compileProgram(
    "file-cost",
    join(import.meta.dir, "file-cost.c"),
  );
  const child = Bun.spawn([program, how, path, String(count)], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  const text = await child.stdout.text();
  if ((await child.exited) !== 0) throw new Error("file-cost has failed");
  return JSON.parse(text) as Cost;
}
