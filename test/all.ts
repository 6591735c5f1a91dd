/**
 * Everything that must hold, in one run: format, types, the build and all tests. The last line is
 * `N passed, N failed, N skipped`; format, types and build count as one test each.
 *
 * Under CI (CI=true) a skipped test is a failure: there the machine is known to have what the tests need.
 */
import { join, relative, resolve } from "node:path";

const ROOT = resolve(import.meta.dir, "..");
const BUN = process.execPath;
const IS_CI = (process.env["CI"] ?? "") !== "" && process.env["CI"] !== "false";

/** Longest time for one step, ms: what hangs must not hang the whole run. */
const STEP_LIMIT_MS = 4 * 60_000;

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const add = (a: Counts, b: Counts): Counts => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

const describe = ({ passed, failed, skipped }: Counts): string =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

const seconds = (sinceMs: number): string =>
  `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;

/** A counterexample can be a line of 100 kB; its seed, which is enough to see it again, stands on another. */
const shorten = (line: string): string =>
  line.length > 2000 ? `${line.slice(0, 2000)} ...` : line;

interface Ending {
  /** 0 when the program ended well. */
  readonly status: number;
  /** Ended by a signal, ours when the time was up or that of a crash. */
  readonly isKilled: boolean;
  readonly lines: readonly string[];
}

/** Runs a command; prints those of its lines that `isNews` picks, as they come. */
async function run(
  command: readonly string[],
  isNews: (line: string) => boolean = () => true,
): Promise<Ending> {
  const child = Bun.spawn([...command], {
    cwd: ROOT,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    timeout: STEP_LIMIT_MS,
    killSignal: "SIGKILL",
  });
  const lines: string[] = [];
  const take = (line: string) => {
    lines.push(line);
    if (isNews(line)) console.log(shorten(line));
  };
  const read = async (stream: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder();
    let rest = "";
    for await (const bytes of stream) {
      const parts = (rest + decoder.decode(bytes, { stream: true })).split(
        "\n",
      );
      rest = parts.pop()!;
      parts.forEach(take);
    }
    if (rest !== "") take(rest);
  };
  await Promise.all([read(child.stdout), read(child.stderr), child.exited]);
  const isKilled = child.signalCode !== null;
  if (isKilled) take(`killed by ${child.signalCode}`);
  return { status: child.exitCode ?? 1, isKilled, lines };
}

/**
 * The summary of `bun test`. A run that names no failed test counts as one failure all the same if it ended badly or did
 * not get through its files: a test that calls process.exit(0) takes the rest of the file with it.
 */
function parseCounts({ status, lines }: Ending, fileCount: number): Counts {
  const count = (word: string): number =>
    lines.reduce((sum, line) => {
      const match = /^ *(\d+) (pass|fail|skip|todo)$/.exec(line);
      return match?.[2] === word ? sum + Number(match[1]) : sum;
    }, 0);
  const isComplete = lines.some(
    (line) =>
      /^Ran \d+ tests? across (\d+) files?\./.exec(line)?.[1] ===
      String(fileCount),
  );
  return {
    passed: count("pass"),
    failed: count("fail") || (status === 0 && isComplete ? 0 : 1),
    skipped: count("skip") + count("todo"),
  };
}

/** Of the output of `bun test`: what failed and why, and what was skipped; not the long list of what is well. */
const isTestNews = (line: string): boolean =>
  line.trim() !== "" &&
  !/^\(pass\)|^bun test v|^(?:\.\/)?test\/\S+\.test\.ts:$|^ *\d+ (?:pass|fail|skip|todo|error|expect\(\) calls|snapshots?.*)$|^Ran \d+ tests? /.test(
    line,
  );

async function check(
  title: string,
  command: readonly string[],
): Promise<Counts> {
  const startMs = performance.now();
  console.log(`\n== ${title}`);
  const { status } = await run(command);
  console.log(`${status === 0 ? "ok" : "FAILED"}, ${seconds(startMs)}`);
  return {
    passed: status === 0 ? 1 : 0,
    failed: status === 0 ? 0 : 1,
    skipped: 0,
  };
}

async function test(
  files: readonly string[],
  flags: readonly string[],
): Promise<Counts> {
  const startMs = performance.now();
  const paths = files.map((file) => `./${file}`);
  const ending = await run([BUN, "test", ...flags, ...paths], isTestNews);
  const counts = parseCounts(ending, files.length);
  if (ending.isKilled) {
    const unseen = files.filter((file) => !ending.lines.includes(`${file}:`));
    console.log(
      `Ended before its time. Not heard of: ${unseen.join(", ") || "none"}`,
    );
  }
  const name = files.length === 1 ? files[0]! : `${files.length} files`;
  console.log(`${name}: ${describe(counts)}, ${seconds(startMs)}`);
  return counts;
}

/** Whether a test needs the machine for itself: it measures, moves bytes, or drives the built program. */
const isAlone = (file: string): boolean =>
  /^test\/(?:e2e|live)\/|^test\/build\.test\.ts$/.test(file);

const startMs = performance.now();
const files = [...new Bun.Glob("test/**/*.test.ts").scanSync({ cwd: ROOT })]
  .map((path) => relative(ROOT, join(ROOT, path)))
  .filter((file) => !file.startsWith("test/bench/"))
  .sort();

let total = await check("Format", [BUN, "fmt", "--check"]);
total = add(total, await check("Types", [BUN, "check"]));
const built = await check("Build", [BUN, "build.ts"]);
total = add(total, built);

console.log("\n== Tests that may run side by side");
total = add(
  total,
  await test(
    files.filter((file) => !isAlone(file)),
    ["--parallel"],
  ),
);

console.log("\n== Tests that run alone");
for (const file of files.filter(isAlone)) {
  total = add(total, await test([file], ["--timeout=30000"]));
}

const isRefused = IS_CI && total.skipped > 0;
console.log(`\n== All: ${seconds(startMs)}`);
if (isRefused) {
  console.log(
    `Nothing may be skipped under CI, yet ${total.skipped} were: see the lines with (skip) and (todo).`,
  );
}
console.log(describe(total));
process.exit(total.failed > 0 || isRefused ? 1 : 0);
