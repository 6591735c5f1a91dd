/** Runs test files, each in a process of its own, so that none can take the results of another with it. */
import {
  addCounts,
  isNews,
  isResult,
  judgeFile,
  namesOf,
  NOTHING,
  PLAIN_OUTPUT,
  describeCounts,
  type FileResult,
} from "./bun-output.ts";
import { runBounded } from "./bounded.ts";
import { inOrder, type PlannedFile } from "./plan.ts";
import type { Process } from "./family.ts";

export interface RunOptions {
  /** The top of the checkout: paths begin there, and tests run there. */
  readonly root: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Files that compute at a time; of those that wait, twice as many run beside them. */
  readonly processors: number;
  /** Gets what a person wants to see: of each file when it has ended. */
  readonly print: (line: string) => void;
  /** Gets it at once, while other files print too. */
  readonly printNow?: (line: string) => void;
  /** Aborted: what runs is killed, and nothing is started any more. */
  readonly stop?: AbortSignal;
}

export interface FileReport extends FileResult {
  readonly path: string;
  /** Names of the tests that failed. */
  readonly failures: readonly string[];
  /** Processes that the file left behind. */
  readonly left: readonly Process[];
}

/** A counterexample can be a line of 100 kB; its seed, which is enough to see it again, stands on another. */
const shorten = (line: string): string =>
  line.length > 2000 ? `${line.slice(0, 2000)} ...` : line;

/** Limit of a test that does not set one, ms: a hang is the runner's business, and a slow machine is no failure. */
const TEST_LIMIT_MS = 60_000;

async function runFile(
  { path, limitMs }: PlannedFile,
  { root, env, stop }: RunOptions,
  print: (line: string) => void,
): Promise<FileReport> {
  const startMs = performance.now();
  const command = [
    process.execPath,
    "test",
    `--timeout=${Math.min(TEST_LIMIT_MS, limitMs)}`,
    `./${path}`,
  ];
  const ending = await runBounded(command, {
    cwd: root,
    env: { ...env, ...PLAIN_OUTPUT },
    limitMs,
    isProgress: isResult,
    onLine: (line) => {
      if (isNews(line)) print(shorten(line));
    },
    ...(stop === undefined ? {} : { stop }),
  });
  const result = judgeFile({
    ...ending,
    overdueMs: ending.isOverdue ? limitMs : null,
    lines: ending.stderr,
  });
  const { complaint, counts } = result;
  if (complaint !== null) print(`${path}: ${complaint}`);
  for (const { pid, name } of ending.left)
    print(`${path}: left ${name} (${pid}) behind, which is killed`);
  const tookMs = performance.now() - startMs;
  print(`${path}: ${describeCounts(counts)}, ${(tookMs / 1000).toFixed(1)} s`);
  return {
    ...result,
    path,
    failures: namesOf(ending.stderr, "fail"),
    left: ending.left,
  };
}

/** So many workers take the files in their order, one each. */
async function runQueue(
  files: readonly PlannedFile[],
  workers: number,
  options: RunOptions,
): Promise<FileReport[]> {
  const { print, printNow, stop } = options;
  const waiting = inOrder(files);
  const reports: FileReport[] = [];
  const work = async () => {
    for (let file; (file = waiting.shift()) !== undefined;) {
      if (stop?.aborted) return;
      const lines: string[] = [];
      reports.push(
        await runFile(file, options, (line) => {
          lines.push(line);
          printNow?.(line);
        }),
      );
      lines.forEach(print);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return reports;
}

/** Files that wait take little of a processor: as many as this run for each. */
const WAITING_PER_PROCESSOR = 2;

export async function runFiles(
  files: readonly PlannedFile[],
  options: RunOptions,
): Promise<FileReport[]> {
  const { print, processors } = options;
  const {
    computes = [],
    alone = [],
    waits = [],
  } = Object.groupBy(files, ({ kind }) => kind);
  const waiters = WAITING_PER_PROCESSOR * processors;
  print(
    `\n== Of ${files.length} test files ${computes.length} compute, ${processors} at a time; beside them ${alone.length} run alone, then ${waits.length} that wait, ${waiters} at a time`,
  );
  // Those that run alone come first, while there is most to compute.
  const beside = async () => [
    ...(await runQueue(alone, 1, options)),
    ...(await runQueue(waits, waiters, options)),
  ];
  const reports = await Promise.all([
    runQueue(computes, processors, options),
    beside(),
  ]);
  return reports.flat();
}

export const sumOf = (reports: readonly FileReport[]) =>
  reports.reduce((sum, { counts }) => addCounts(sum, counts), NOTHING);

/** What a person must know at the end without reading all that was printed. */
export const summarize = (reports: readonly FileReport[]): string[] =>
  reports.flatMap(({ path, complaint, failures, left }) => [
    ...failures.map((name) => `FAILED ${path}: ${name}`),
    ...(complaint === null ? [] : [`FAILED ${path}: ${complaint}`]),
    ...left.map(({ name, pid }) => `LEFT BEHIND ${path}: ${name} (${pid})`),
  ]);
