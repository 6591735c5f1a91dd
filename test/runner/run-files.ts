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
  /** Files that run at a time, of those that may. */
  readonly workers: number;
  /** Gets what a person wants to see. */
  readonly print: (line: string) => void;
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

/** Takes the files one after the other; with several workers the lines of a file are printed when it has ended. */
async function runQueue(
  files: readonly PlannedFile[],
  options: RunOptions,
): Promise<FileReport[]> {
  const { print, stop } = options;
  const waiting = [...files];
  const reports: FileReport[] = [];
  const work = async () => {
    for (let file; (file = waiting.shift()) !== undefined;) {
      if (stop?.aborted) return;
      const lines: string[] = [];
      const isLive = options.workers === 1;
      reports.push(
        await runFile(
          file,
          options,
          isLive ? print : (line) => void lines.push(line),
        ),
      );
      lines.forEach(print);
    }
  };
  await Promise.all(Array.from({ length: options.workers }, work));
  return reports;
}

export async function runFiles(
  files: readonly PlannedFile[],
  options: RunOptions,
): Promise<FileReport[]> {
  const { print, workers } = options;
  const { alone = [], beside = [] } = Object.groupBy(
    inOrder(files),
    ({ isAlone }) => (isAlone ? "alone" : "beside"),
  );
  print(`\n== ${beside.length} test files, ${workers} at a time`);
  const first = await runQueue(beside, options);
  print(`\n== ${alone.length} test files that run alone`);
  return [...first, ...(await runQueue(alone, { ...options, workers: 1 }))];
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
