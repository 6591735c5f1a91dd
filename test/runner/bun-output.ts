/** What `bun test FILE` prints, understood line by line. */

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const NOTHING: Counts = { passed: 0, failed: 0, skipped: 0 };

export const addCounts = (a: Counts, b: Counts): Counts => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

export const describeCounts = ({ passed, failed, skipped }: Counts): string =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

/**
 * Variables under which bun prints other lines: signs in place of words, or nothing of what is well. A variable that is
 * undefined here is taken out of the environment.
 */
export const PLAIN_OUTPUT: Readonly<Record<string, undefined>> = {
  AGENT: undefined,
  CLAUDECODE: undefined,
  FORCE_COLOR: undefined,
  REPL_ID: undefined,
};

const RESULT = /^\((pass|fail|skip|todo)\) (.*?)(?: \[[\d.]+ ?m?s\])?$/;
const SUMMARY = /^ *(\d+) (pass|fail|skip|todo)$/;
const LAST_LINE = /^Ran (\d+) tests? across 1 file\./;
const SILENT =
  /^\(pass\)|^bun test v|^::(?:end)?group::|\.test\.ts:$|^ *\d+ (?:errors?|expect\(\) calls|snapshots?.*)$/;

type Word = "pass" | "fail" | "skip" | "todo";

/** Whether the line says that a test has ended. */
export const isResult = (line: string): boolean => RESULT.test(line);

/** Whether a person wants to see the line: what failed and why, what was skipped; not the long list of what is well. */
export const isNews = (line: string): boolean =>
  line.trim() !== "" &&
  ![SILENT, SUMMARY, LAST_LINE].some((pattern) => pattern.test(line));

/** The names of the tests that ended with this word, in the order of their ends. */
export const namesOf = (lines: readonly string[], word: Word): string[] =>
  lines.flatMap((line) => {
    const match = RESULT.exec(line);
    return match?.[1] === word ? [match[2]!] : [];
  });

/** How the process ended that ran a test file. */
export interface FileEnding {
  /** Null if a signal ended it. */
  readonly status: number | null;
  readonly signal: string | null;
  /** Killed because no test ended for this long, ms; null if it was not. */
  readonly overdueMs: number | null;
  /** What it wrote to stderr, where bun has its results. */
  readonly lines: readonly string[];
}

export interface FileResult {
  readonly counts: Counts;
  /** Why the file counts as failed beyond its failed tests; null if it does not. */
  readonly complaint: string | null;
}

/**
 * What a file has brought. A file that did not get through its tests keeps what it has brought until then, and is one
 * failure more: a test that calls process.exit(0) takes the rest of the file with it.
 */
export function judgeFile(ending: FileEnding): FileResult {
  const { status, lines } = ending;
  const ran = lines.findLast((line) => LAST_LINE.test(line));
  const count = (word: Word): number =>
    ran === undefined
      ? namesOf(lines, word).length
      : Number(
          lines
            .map((line) => SUMMARY.exec(line))
            .findLast((match) => match?.[2] === word)?.[1] ?? 0,
        );
  const counts: Counts = {
    passed: count("pass"),
    failed: count("fail"),
    skipped: count("skip") + count("todo"),
  };
  const complaint =
    ran === undefined
      ? explainCut(ending)
      : /^Ran 0 /.test(ran)
        ? "it holds no test"
        : counts.failed === 0 && status !== 0
          ? `no test failed, yet it ended ${describeEnd(ending)}`
          : null;
  return {
    counts:
      complaint === null ? counts : { ...counts, failed: counts.failed + 1 },
    complaint,
  };
}

const describeEnd = ({ status, signal }: FileEnding): string =>
  signal === null ? `with status ${status}` : `by ${signal}`;

function explainCut(ending: FileEnding): string {
  const { status, overdueMs, lines } = ending;
  const last = lines.findLast(isResult);
  const where =
    last === undefined
      ? "before a test had ended"
      : `after "${RESULT.exec(last)![2]}" and before its next test had ended`;
  if (overdueMs !== null)
    return `killed ${where}, as none did for ${overdueMs / 1000} s`;
  const hint = status === 0 ? ": does a test call process.exit?" : "";
  return `it ended ${describeEnd(ending)} ${where}${hint}`;
}
