import { describe, expect, test } from "bun:test";
import { OPTION_LIST } from "../../src/cli/options.ts";
import { parseCommandLine, type Surroundings } from "../../src/cli/settings.ts";
import { UsageError } from "../../src/errors.ts";
import { OUTPUTS } from "../../outputs/index.ts";

const AROUND: Surroundings = {
  env: {},
  stdoutIsTerminal: true,
  uidOfUser: () => 26,
  readSettings: () => ({ path: null, text: "sort=read\naccum-bw", flaw: null }),
};
const parse = (words: readonly string[]) => parseCommandLine(words, AROUND);
const refusal = (...words: string[]): string | null => {
  try {
    parse(words);
    return null;
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
};

/** Each option of what is shown, and the outputs that follow it; null: all do, or do nothing else anyway. */
const FOLLOWED_BY: Readonly<Record<string, readonly string[] | null>> = {
  only: null,
  processes: null,
  accumulated: null,
  pid: ["batch", "csv", "html", "jsonl", "report", "screen"],
  user: ["batch", "csv", "html", "jsonl", "report", "screen"],
  filter: ["batch", "csv", "html", "jsonl", "report", "screen"],
  by: ["batch", "html", "prometheus", "report", "screen", "statsd"],
  files: ["batch", "jsonl", "report", "screen"],
  "accum-bw": ["batch", "screen"],
  lifetime: ["batch", "csv", "jsonl", "screen"],
  sort: ["batch", "screen"],
  fullcmdline: null,
  kilobytes: ["batch", "report", "screen"],
  si: ["batch", "html", "report", "screen"],
  time: ["batch", "csv", "html", "jsonl"],
  devices: ["batch", "jsonl"],
  quiet: ["batch", "jsonl"],
};
const VALUES: Readonly<Record<string, string>> = {
  pid: "1",
  user: "ann",
  filter: "x",
  by: "user",
  sort: "read",
};

describe("an option of what is shown is refused where no output follows it", () => {
  const options = OPTION_LIST.filter(
    ([, { group }]) => group === "What is shown",
  ).map(([name]) => name);

  test.each(options)("--%s", (name) => {
    const value = VALUES[name];
    const words = [`--${name}`, ...(value === undefined ? [] : [value])];
    const followers = Object.keys(OUTPUTS).filter(
      (output) => refusal(...words, "--output", output) === null,
    );
    expect(followers.sort()).toEqual([
      ...(FOLLOWED_BY[name] ?? Object.keys(OUTPUTS).sort()),
    ]);
  });

  test.each([
    [
      ["-tq", "--report", "9"],
      "-t, --time has no effect on report; it is for batch, html, jsonl, csv",
    ],
    [
      ["--sort", "io", "--output", "jsonl", "--output", "statsd"],
      "--sort has no effect on jsonl and statsd; it is for screen, batch",
    ],
    [
      ["--files", "--output", "csv=f"],
      "--files has no effect on csv; it is for screen, batch, report, jsonl, csv,shape=file",
    ],
    [
      ["--by", "cgroup", "--output", "csv"],
      "--by has no effect on csv; it is for screen, batch, report, html, statsd, prometheus, jsonl",
    ],
    [
      ["-A", "--report", "9"],
      "-A, --accum-bw has no effect on report; it is for screen, batch",
    ],
    [
      ["--replay", "f", "--devices", "--output", "report"],
      "--devices has no effect on report; it is for batch, jsonl",
    ],
  ])("%p", (words, message) => {
    expect(refusal(...words)).toBe(message);
  });

  test.each([
    "-t -b --output jsonl=f",
    "-t --output batch=f --report 9",
    "--sort io --output screen --output report",
    "-A --output ./mine.ts",
    "--sort io --output mine.js --report 9",
    "--no-time --no-quiet --by off --report 9",
    "--by unit --output jsonl",
    "--files --output csv,shape=file",
    "-A -a --report 9",
    "-boPa --report 9",
    "--threads --report 9",
    "--theme dark --tree --report 9",
    "--sort io -W --report 9",
  ])(
    "%s is not: one of several follows it, it is taken back, or it is of the screen",
    (line) => {
      expect(refusal(...line.split(" "))).toBeNull();
    },
  );

  test("what the settings file says of the screen is not asked of other outputs", () => {
    expect(refusal("--output", "screen", "--report", "9")).toBeNull();
    expect(refusal("--report", "9")).toBeNull();
  });

  test("nor is anything of an output that is not known: it is refused later", () => {
    expect(refusal("-t", "--output", "jsno")).toBeNull();
  });
});
