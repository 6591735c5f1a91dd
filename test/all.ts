/**
 * Everything that must hold, in one run: format, types, the build and all tests. The last line is
 * `N passed, N failed, N skipped`; format, types and build count as one test each.
 *
 * Each test file runs in a process of its own; test/runner/plan.ts says what a file can ask for. Under CI (CI=true) a
 * skipped test is a failure: there the machine is known to have what the tests need.
 */
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { runBounded } from "./runner/bounded.ts";
import { addCounts, describeCounts, type Counts } from "./runner/bun-output.ts";
import { defaultLimitMs, planFile } from "./runner/plan.ts";
import { runFiles, summarize, sumOf } from "./runner/run-files.ts";

const ROOT = resolve(import.meta.dir, "..");
const BUN = process.execPath;
const IS_CI = (process.env["CI"] ?? "") !== "" && process.env["CI"] !== "false";
const LIMIT_MS = defaultLimitMs(IS_CI);

const stopper = new AbortController();
for (const [signal, status] of [
  ["SIGHUP", 129],
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)
  process.on(signal, () => {
    process.exitCode = status;
    stopper.abort();
  });

const secondsSince = (startMs: number): string =>
  `${((performance.now() - startMs) / 1000).toFixed(1)} s`;

async function check(
  title: string,
  command: readonly string[],
): Promise<Counts> {
  const startMs = performance.now();
  console.log(`\n== ${title}`);
  const { status, isOverdue } = await runBounded(command, {
    cwd: ROOT,
    limitMs: LIMIT_MS,
    onLine: (line) => console.log(line),
    stop: stopper.signal,
  });
  const isGood = status === 0;
  const how = isOverdue ? "FAILED, killed as it did not end" : "FAILED";
  console.log(`${isGood ? "ok" : how}, ${secondsSince(startMs)}`);
  return { passed: isGood ? 1 : 0, failed: isGood ? 0 : 1, skipped: 0 };
}

const startMs = performance.now();
const files = [...new Bun.Glob("test/**/*.test.ts").scanSync({ cwd: ROOT })];
const plan = files.map((path) =>
  planFile(path, readFileSync(join(ROOT, path), "utf8"), LIMIT_MS),
);

const format = await check("Format", [BUN, "fmt", "--check"]);
const types = await check("Types", [BUN, "check"]);
const built = await check("Build", [BUN, "build.ts"]);
const reports = await runFiles(plan, {
  root: ROOT,
  // What is built by now is what the tests drive. Without it each of them says why it cannot be built.
  env:
    built.failed > 0
      ? {}
      : { IOTOP_BINARY: process.env["IOTOP_BINARY"] ?? `${ROOT}/dist/iotop` },
  processors: availableParallelism(),
  print: (line) => console.log(line),
  stop: stopper.signal,
});

const total = [format, types, built].reduce(addCounts, sumOf(reports));
const isRefused = IS_CI && total.skipped > 0;
console.log(`\n== All: ${secondsSince(startMs)}`);
for (const line of summarize(reports)) console.log(line);
if (isRefused)
  console.log(
    `Nothing may be skipped under CI, yet ${total.skipped} were: see the lines with (skip) and (todo).`,
  );
if (stopper.signal.aborted)
  console.log(`Stopped: ${files.length - reports.length} files were not run.`);
console.log(describeCounts(total));
process.exit(process.exitCode ?? (total.failed > 0 || isRefused ? 1 : 0));
