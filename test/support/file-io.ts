/** I/O of known ways and amounts, and what iotop says of it by file: file-io.c, compiled on first use. */
import { expect } from "bun:test";
import { join } from "node:path";
import type { FileDelta } from "../../src/model/files/file-delta.ts";
import type { Sample } from "../../src/model/sample.ts";
import { openLiveSource } from "../../src/sources/live.ts";
import { openFileWatch } from "../../src/tracing/file-watch.ts";
import { compileProgram } from "./c-program.ts";

export const fileIo = (): string =>
  compileProgram("file-io", join(import.meta.dir, "file-io.c"));

/** What file-io.c ends with where the kernel does not offer a way of I/O. */
const NOT_HERE = 77;

/** Runs one way of I/O to its end. @returns its pid; null where there is no io_uring */
export async function tryIo(
  kind: string,
  folder: string,
): Promise<number | null> {
  const child = Bun.spawn([fileIo(), kind, folder], { stderr: "inherit" });
  const status = await child.exited;
  if (kind === "uring" && status === NOT_HERE) return null;
  expect([kind, status]).toEqual([kind, 0]);
  return child.pid;
}

/** The same, of those that every kernel has. */
export async function doIo(kind: string, folder: string): Promise<number> {
  return (await tryIo(kind, folder))!;
}

/** The samples that are taken while `work` runs, with the one that holds its end. */
export async function watchFiles(
  work: () => Promise<void>,
): Promise<readonly Sample[]> {
  const files = { open: openFileWatch };
  using source = openLiveSource({ source: "taskstats", files });
  const said = source.notices.filter(({ text }) => text.includes("--files"));
  expect(said).toEqual([]);
  const ending = new AbortController();
  const samples: Sample[] = [];
  let begun: Promise<void> | undefined;
  const pace = { intervalMs: 50, count: null };
  for await (const sample of source.samples(pace, ending.signal)) {
    samples.push(sample);
    begun ??= work().finally(() => ending.abort());
  }
  await begun;
  return samples;
}

export const sumOfFiles = (
  rows: readonly FileDelta[],
  amount: "readBytes" | "writeBytes" | "toDiskBytes",
): number => rows.reduce((all, row) => all + (row[amount] ?? 0), 0);

export const filesOf = (samples: readonly Sample[], pid: number) =>
  samples.flatMap((sample) => sample.files!.filter((row) => row.pid === pid));

/** What the kernel counted for the process in the end. */
export function countedOf(samples: readonly Sample[], pid: number) {
  const rows = samples.flatMap(({ processes }) =>
    processes.filter(({ task }) => task.pid === pid),
  );
  const add = (amount: "readBytes" | "writeBytes"): number =>
    rows.reduce((all, row) => all + row[amount]!, 0);
  return { readBytes: add("readBytes"), writeBytes: add("writeBytes") };
}
