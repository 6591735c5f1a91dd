/** forker.c, compiled on first use: a program whose speed shows what watching costs others. */
import { join } from "node:path";
import { compileProgram } from "../support/c-program.ts";

export interface Load {
  readonly about: string;
  /** As forker.c has it. */
  readonly how: "fork" | "vfork";
  /** Forks a second; null: as many as can be. */
  readonly ratePerS: number | null;
}

export interface Forked {
  readonly pid: number;
  readonly forks: number;
  readonly tookNs: number;
  /** Time between the beginning of a fork and the end of its wait, all forks together: sleeping in between is not in it. */
  readonly forkingNs: number;
  /** Of single forks, to 100 ns. What other programs take from this one in between is not in it. */
  readonly medianNs: number;
  /** Of the program and its children. */
  readonly cpuNs: number;
}

export const nsPerFork = ({ forks, forkingNs }: Forked): number =>
  forkingNs / forks;

/** @param prefix a command to run it with, as taskset(1) */
export async function runForker(
  { how, ratePerS }: Load,
  seconds: number,
  prefix: readonly string[] = [],
): Promise<Forked> {
  const program = compileProgram("forker", join(import.meta.dir, "forker.c"));
  const rate = ratePerS === null ? [] : [String(ratePerS)];
  const child = Bun.spawn([...prefix, program, how, String(seconds), ...rate], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  const text = await child.stdout.text();
  if ((await child.exited) !== 0) throw new Error("forker has failed");
  return JSON.parse(text) as Forked;
}
