import { describe, expect, test } from "bun:test";
import { UsageError } from "../../src/errors.ts";
import { DEFAULT_SCREEN } from "../../src/model/options/screen-settings.ts";
import { DEFAULT_VIEW } from "../../src/model/view/view.ts";
import {
  parseCommandLine,
  type Settings,
  type Surroundings,
} from "../../src/cli/settings.ts";

const RC = "/home/ann/.config/iotop/iotoprc";
const AROUND: Surroundings = {
  env: { TERM: "xterm-256color" },
  stdoutIsTerminal: true,
  uidOfUser: (name) => ({ root: 0, daemon: 1, "1000": 5000 })[name] ?? null,
  readSettings: () => ({ path: RC, text: "", flaw: null }),
};

/** Splits at blanks: no case here needs a blank inside a word. */
const words = (line: string): string[] => (line === "" ? [] : line.split(" "));

function settings(line: string, around: Partial<Surroundings> = {}): Settings {
  const request = parseCommandLine(words(line), { ...AROUND, ...around });
  if (request.kind !== "run") throw new Error(`${line}: ${request.kind}`);
  return request.settings;
}

const names = (line: string, around: Partial<Surroundings> = {}): string[] =>
  settings(line, around).outputs.map((o) =>
    o.target === null ? o.name : `${o.name}=${o.target}`,
  );

test("nothing given: every default", () => {
  expect(settings("")).toEqual({
    intervalMs: 1000,
    count: null,
    durationMs: null,
    view: DEFAULT_VIEW,
    screen: DEFAULT_SCREEN,
    onScreen: { view: DEFAULT_VIEW, screen: DEFAULT_SCREEN, colorLevel: 2 },
    settingsPath: RC,
    notice: null,
    lock: null,
    outputs: [
      { name: "screen", isPath: false, target: null, options: new Map() },
    ],
    source: {
      kind: "live",
      source: "auto",
      idleDetection: true,
      exitBufferBytes: 64 * 2 ** 20,
      tracePath: null,
    },
    files: false,
    colorLevel: 2,
  });
});

describe("the screen", () => {
  test.each([
    ["-o", { only: true }],
    ["-P", { mode: "processes" }],
    ["--tree", { mode: "tree" }],
    ["-P --threads", { mode: "threads" }],
    ["--no-processes", { mode: "threads" }],
    ["-a", { sums: "sums" }],
    ["-a -A", { sums: "means" }],
    ["-A -a", { sums: "sums" }],
    ["-A --no-accum-bw", { sums: "rates" }],
    // As with iotop-c, each takes back its own.
    ["-A --no-accumulated", { sums: "means" }],
    ["--lifetime", { sums: "lifetime" }],
    ["-c", { fullCommand: true }],
    ["--no-fullcmdline", { fullCommand: false }],
    ["-1", { hidden: ["tid"] }],
    ["-19 --show-pid", { hidden: ["command"], shown: ["tid"] }],
    ["--show-unit --no-hide-prio", { shown: ["unit", "prio"] }],
    ["-g io", { graphSource: "io" }],
    ["-gr", { graphSource: "read" }],
    ["-g w", { graphSource: "write" }],
    ["--grtype=rw", { graphSource: "rw" }],
    ["-g s", { graphSource: "swapin" }],
    ["--grtype=swapin", { graphSource: "swapin" }],
    ["-e", { ended: "hidden" }],
    ["-e --show-exited", { ended: "grouped" }],
    ["--ended e", { ended: "each" }],
    ["-T", { clock: false }],
    ["-T --show-time", { clock: true }],
    ["--si", { si: true }],
    ["--si --no-si", { si: false }],
    ["--ascii", { glyphs: "ascii" }],
    ["--ascii --unicode", { glyphs: "auto" }],
    ["--glyphs br", { glyphs: "braille" }],
    ["-N", { theme: "light" }],
    ["--theme=mono", { theme: "mono" }],
    ["-l", { color: false }],
    ["-H none", { hints: false }],
    ["-H w", { help: true }],
    ["--no-help", { hints: false }],
    ["--no-hints --hints", { hints: true }],
    ["--sort write", { sort: "write" }],
    ["--sort -pid", { sort: "tid", descending: true }],
    ["--sort=user", { sort: "user", descending: false }],
    ["--sort +graph", { descending: false }],
    ["--by unit", { groupBy: "unit" }],
    ["--by cgroup", { groupBy: "cgroup" }],
    ["--by com", { groupBy: "command" }],
    ["--group-by unit", { groupBy: "unit" }],
    ["--disks none", { disks: "none" }],
    ["--mouse", { mouse: true }],
    ["--mouse --no-mouse", { mouse: false }],
    ["--readonly", { readonly: true }],
    ["-d 2", { intervalMs: 2000 }],
    ["-x -R --threshold=3 --no-dead-x --no-reverse-graph", {}],
    ["-oPcg rw", { only: true, mode: "processes" }],
  ] as const)("%s", (line, expected) => {
    const { screen, onScreen } = settings(line);
    expect(screen).toEqual({
      ...DEFAULT_SCREEN,
      ...expected,
    } as typeof DEFAULT_SCREEN);
    expect(onScreen.screen).toEqual(screen);
  });

  const withFile = (text: string, more: Partial<Surroundings> = {}) => ({
    readSettings: () => ({ path: RC, text, flaw: null }),
    ...more,
  });

  test("takes the settings file, under the command line; others take nothing of it", () => {
    const file = "--only\n--processes\n--kilobytes\n--no-color\n--delay=3\n";
    const chosen = settings("-a --no-only", withFile(file));
    expect(chosen.onScreen).toMatchObject({
      view: {
        only: false,
        processes: true,
        accumulated: true,
        kilobytes: true,
      },
      screen: { mode: "processes", color: false, intervalMs: 3000 },
      colorLevel: 2,
    });
    expect(chosen).toMatchObject({
      view: {
        only: false,
        processes: false,
        accumulated: true,
        kilobytes: false,
      },
      screen: { ...DEFAULT_SCREEN, sums: "sums" },
      colorLevel: 2,
      intervalMs: 3000,
    });
    expect(settings("-d 1", withFile(file)).intervalMs).toBe(1000);
  });

  test.each(["-b", "--report 5", "--output jsonl", "-t", "--no-config"])(
    "%s does not read it",
    (line) => {
      const readSettings = () => {
        throw new Error("read");
      };
      const { intervalMs, notice } = settings(line, { readSettings });
      expect({ intervalMs, notice }).toEqual({
        intervalMs: 1000,
        notice: null,
      });
    },
  );

  test("a pipe does not read it, nor a terminal that shows no screen", () => {
    const file = withFile("--delay=3\n--nope");
    expect(
      settings("", { ...file, stdoutIsTerminal: false }).notice,
    ).toBeNull();
    expect(settings("", { ...file, env: { TERM: "dumb" } }).notice).toBeNull();
    expect(settings("", file).notice).toBe(
      `${RC}, line 2: --nope is not an option of the screen: not used`,
    );
  });

  test("a file that is not to be trusted is one notice", () => {
    const readSettings = () => ({ path: RC, text: "", flaw: "it is odd" });
    expect(settings("", { readSettings }).notice).toBe(
      `${RC} is not used: it is odd`,
    );
  });

  test("is read-only by --readonly, by the file, and by IOTOP_NO_RENICE", () => {
    expect(settings("").lock).toBeNull();
    expect(settings("--readonly").lock).toBe("read-only by --readonly");
    expect(settings("", withFile("#: --readonly")).lock).not.toBeNull();
    const env = (value: string) => ({ env: { IOTOP_NO_RENICE: value } });
    expect(settings("", env("1")).lock).toBe("read-only by IOTOP_NO_RENICE");
    expect(settings("", env("")).lock).toBeNull();
  });

  test("-W saves both, and takes what else is given", () => {
    const request = parseCommandLine(words("-p 1 -o -W -n 3 -P"), {
      ...AROUND,
      ...withFile("--si\n--nope\n"),
    });
    expect(request).toEqual({
      kind: "save",
      path: RC,
      lines: ["--only", "--processes", "--si"],
      notice: `${RC}, line 2: --nope is not an option of the screen: not used`,
    });
  });
});

describe("view", () => {
  test.each([
    ["-o", { only: true }],
    ["--only", { only: true }],
    ["-oPa", { only: true, processes: true, accumulated: true }],
    ["-A", { mean: true }],
    ["--si", { si: true }],
    ["--lifetime", { accumulated: true, lifetime: true }],
    ["--filter ^a", { filter: expect.objectContaining({ text: "^a" }) }],
    ["-kt", { kilobytes: true, timestamp: true }],
    ["--time", { timestamp: true }],
    ["--timestamp", { timestamp: true }],
    ["-t --no-timestamp", { timestamp: false }],
    ["--devices", { devices: true }],
    ["-q", { quiet: 1 }],
    ["-qqq", { quiet: 3 }],
    ["-q -q --quiet -qq", { quiet: 3 }],
    ["-qq --no-quiet -q", { quiet: 1 }],
    ["-P --threads", { processes: false }],
    ["--threads -P", { processes: true }],
    ["--only --no-only", { only: false }],
    ["--no-only --only", { only: true }],
    ["-p 1 -p 2", { pids: [1, 2] }],
    ["-p1,2 --pid=3 --pid 2", { pids: [1, 2, 3] }],
    ["-u root -u daemon", { uids: [0, 1] }],
    ["-uroot,7", { uids: [0, 7] }],
    ["-u 1000", { uids: [5000] }],
    ["-u +1000", { uids: [1000] }],
    ["-u 4294967294", { uids: [4294967294] }],
    // A recording has its own users: their names mean nothing here, or somebody else.
    ["--replay x -u daemon,nosuch -u7", { users: ["daemon", "nosuch", "7"] }],
    ["-u +1000 --replay x", { users: ["1000"] }],
  ] as const)("%s", (line, expected) => {
    expect(settings(line).view).toEqual({
      ...DEFAULT_VIEW,
      ...expected,
    } as typeof DEFAULT_VIEW);
  });
});

describe("pace", () => {
  test.each([
    ["-bn3", 3, 1000],
    ["-b -n 3", 3, 1000],
    ["--iter=3", 3, 1000],
    ["-n1 -n2", 2, 1000],
    ["-n 99999999999999999999", 1e20, 1000],
    ["-d.5", null, 500],
    ["-d 0.5", null, 500],
    ["--delay=0.5", null, 500],
    ["-d5.", null, 5000],
    ["-d0.1", null, 100],
    ["-d 86400", null, 86_400_000],
  ] as const)("%s", (line, count, intervalMs) => {
    const { count: c, intervalMs: ms } = settings(line);
    expect([c, ms]).toEqual([count, intervalMs]);
  });
});

test.each([
  ["", 1000, null],
  ["--report 10", 1000, 10_000],
  ["--report .5", 1000, 500],
  ["--report 10 -d 2.5", 2500, 10_000],
] as const)("duration of %p", (line, intervalMs, durationMs) => {
  expect(settings(line)).toMatchObject({ intervalMs, durationMs, count: null });
});

describe("outputs", () => {
  const piped = { stdoutIsTerminal: false };
  test.each([
    ["", {}, ["screen"]],
    ["", piped, ["batch"]],
    ["-o", piped, ["batch"]],
    ["", { env: { TERM: "dumb" } }, ["batch"]],
    ["-b", {}, ["batch"]],
    ["-t", {}, ["batch"]],
    ["--devices", {}, ["batch"]],
    ["-q", {}, ["batch"]],
    ["--output jsonl", {}, ["jsonl"]],
    ["--output jsonl", piped, ["jsonl"]],
    ["-t --output jsonl=f", {}, ["jsonl=f"]],
    ["-b --output jsonl=f", {}, ["batch", "jsonl=f"]],
    ["-b --output batch", {}, ["batch"]],
    ["-b --output batch=f", {}, ["batch", "batch=f"]],
    ["--output screen --output statsd=h:1", {}, ["screen", "statsd=h:1"]],
    ["--report 9", {}, ["report"]],
    ["--report 9", piped, ["report"]],
    ["-b --report 9", {}, ["report"]],
    ["--report 9 --output jsonl=f", {}, ["jsonl=f", "report"]],
    ["--report 9 --output report,rows=3", {}, ["report"]],
    ["--report 9 --output report=f", {}, ["report=f"]],
    ["--replay f", {}, ["screen"]],
    ["--replay f -b", {}, ["batch"]],
    ["--replay f --output report", {}, ["report"]],
  ] as const)("%s %o", (line, around, expected) => {
    expect(names(line, around)).toEqual([...expected]);
  });
});

describe("requests that run nothing", () => {
  test.each([
    ["--help", "help"],
    ["help", "help"],
    ["--help --nonsense", "help"],
    ["-h", "short-help"],
    ["-?", "short-help"],
    ["-bh", "short-help"],
    ["-h --nonsense", "short-help"],
    ["--man", "man"],
    ["--completions zsh", "completions"],
    ["--version", "version"],
    ["version", "version"],
    ["-v", "version"],
    ["-V", "version"],
    ["-v -n 0", "version"],
    ["--list-outputs", "list-outputs"],
    ["--list-outputs -b", "list-outputs"],
  ] as const)("%s", (line, kind) => {
    expect(parseCommandLine(words(line), AROUND).kind).toBe(kind);
  });
});

describe("source and colours", () => {
  test("--source", () => {
    const live = {
      kind: "live",
      source: "taskstats",
      idleDetection: true,
      exitBufferBytes: 65_536 * 1024,
      tracePath: null,
    } as const;
    const source = (line: string) => settings(`--source ${line}`).source;
    expect(source("procfs")).toEqual({ ...live, source: "procfs" });
    expect(source("procfs,idle=off")).toEqual({
      ...live,
      source: "procfs",
      idleDetection: false,
    });
    expect(source("taskstats")).toEqual(live);
    expect(source("taskstats,trace=why.log")).toEqual({
      ...live,
      tracePath: "why.log",
    });
    expect(source("taskstats,idle=off")).toEqual({
      ...live,
      idleDetection: false,
    });
    expect(source("auto,buffer=64,idle")).toEqual({
      ...live,
      source: "auto",
      exitBufferBytes: 65_536,
    });
  });
  test.each([
    ["--replay f", {}],
    ["--replay - --speed max", { paths: ["-"], speed: null }],
    ["--replay=f --speed .5", { speed: 0.5 }],
    ["--replay f --speed 60 -n 3", { speed: 60 }],
    ["--replay f --replay d/ --replay=a,b", { paths: ["f", "d/", "a,b"] }],
    ["--replay f --host web1", { host: "web1" }],
    ["--replay f -d 60", { lengthMs: 60_000 }],
    [
      "--replay f --from -2h --to @5",
      {
        window: {
          from: { kind: "before-end", ms: 7_200_000 },
          to: { kind: "instant", timeMs: 5000 },
        },
      },
    ],
  ] as const)("%s", (line, chosen) => {
    expect(settings(line).source).toEqual({
      ...{ kind: "replay", paths: ["f"], speed: 1, host: null },
      ...{ window: { from: null, to: null }, lengthMs: null },
      ...(chosen as object),
    });
  });
  test("--no-color, --color, -l", () => {
    expect(settings("--no-color").colorLevel).toBe(0);
    expect(settings("-l").colorLevel).toBe(0);
    expect(settings("--no-color --color").colorLevel).toBe(2);
  });
});

describe("one-line errors", () => {
  test.each([
    ["--nope", "unknown option --nope; see iotop --help"],
    ["--onl", "unknown option --onl; did you mean --only?"],
    ["-Z", "unknown option -Z; see iotop --help"],
    ["-oZ", "unknown option -Z in -oZ; see iotop --help"],
    ["-o=1", "-o takes no value"],
    ["-Pb=yes", "-b takes no value"],
    ["-=", "unknown option -=; see iotop --help"],
    [
      "--replay a.jsonl b.jsonl",
      'unexpected argument "b.jsonl"; for several, repeat the option: --replay a.jsonl --replay b.jsonl',
    ],
    [
      "-b -p 1 2",
      'unexpected argument "2"; for several, repeat the option: -p 1 -p 2',
    ],
    [
      "-d 1 2",
      'unexpected argument "2"; iotop takes only options, see iotop --help',
    ],
    [
      "-bo csv=x",
      'unexpected argument "csv=x"; -o is --only: to choose an output, write --output csv=x',
    ],
    [
      "-o 5",
      'unexpected argument "5"; iotop takes only options, see iotop --help',
    ],
    ["-n3 -bZ", "unknown option -Z in -bZ; see iotop --help"],
    ["--nope=1", "unknown option --nope; see iotop --help"],
    [
      "--filter (",
      /^--filter \(: must be an extended regular expression: unclosed \(/,
    ],
    ["--filter", "--filter needs a value: --filter REGEX"],
    ["--sort speed", /^--sort speed: must be one of pid, .*prio, .*command/],
    ["--theme pink", "--theme pink: must be one of auto, dark, light, mono"],
    ["-g x", "--grtype x: must be one of io, r, w, rw, sw"],
    ["-H bogus", "--help-type bogus: must be one of none, win, inline"],
    ["--threshold 11", "--threshold 11: must be a whole number from 1 to 10"],
    ["--threshold=0", /^--threshold 0: must be/],
    ["--hide-pid=1", "--hide-pid takes no value"],
    ["--hide-nothing", "unknown option --hide-nothing; see iotop --help"],
    ["-W --no-config", /^-W writes the settings file/],
    ["--o", "unknown option --o; see iotop --help"],
    ["--nope -h", "unknown option --nope; see iotop --help"],
    [
      "extra",
      'unexpected argument "extra"; iotop takes only options, see iotop --help',
    ],
    [
      "-",
      'unexpected argument "-"; iotop takes only options, see iotop --help',
    ],
    [
      "-- -b",
      'unexpected argument "-b"; iotop takes only options, see iotop --help',
    ],
    ["--only=yes", "--only takes no value"],
    ["--no-only=1", "--no-only takes no value"],
    ["-n", "-n needs a value: -n NUM"],
    ["--iter", "--iter needs a value: --iter NUM"],
    ["--delay=", "--delay needs a value: --delay SEC"],
    ["-n 0", "--iter 0: must be a whole number, 1 or more"],
    ["-n -1", "--iter -1: must be a whole number, 1 or more"],
    ["-n 1.5", "--iter 1.5: must be a whole number, 1 or more"],
    ["-n 1e3", "--iter 1e3: must be a whole number, 1 or more"],
    ["-nb", "--iter b: must be a whole number, 1 or more"],
    ["-n=3", "--iter =3: must be a whole number, 1 or more"],
    [
      "-d abc",
      "--delay abc: must be a number of seconds from 0.05 to 86400, such as 0.5",
    ],
    [
      "-d 0",
      "--delay 0: must be a number of seconds from 0.05 to 86400, such as 0.5",
    ],
    [
      "-d 1,5",
      "--delay 1,5: must be a number of seconds from 0.05 to 86400, such as 0.5",
    ],
    [
      "-d 86401",
      "--delay 86401: must be a number of seconds from 0.05 to 86400, such as 0.5",
    ],
    ["-d .", /^--delay \.: must be/],
    ["-d Infinity", /^--delay Infinity: must be/],
    ["-d 0x10", /^--delay 0x10: must be/],
    ["-p 0", "--pid 0: must be a process or thread id, 1 to 4194304"],
    ["-p 1,,2", "--pid 1,,2: an item is empty; write a list as A,B,C"],
    ["-p abc", "--pid abc: must be a process or thread id, 1 to 4194304"],
    [
      "-p 4194305",
      "--pid 4194305: must be a process or thread id, 1 to 4194304",
    ],
    [
      "-u nosuch",
      "--user nosuch: no such user; give a login name or a user id",
    ],
    ["-u 4294967295", /^--user 4294967295: no such user/],
    ["-u root,", /^--user root,: an item is empty; /],
    ["--source ebpf", "--source ebpf: must be one of auto, taskstats, procfs"],
    ["--source", "--source needs a value: --source NAME[,KEY=VALUE]..."],
    ["--source ,idle=off", /^--source ,idle=off: must be one of/],
    [
      "--source procfs,buffer=64",
      '--source procfs has no option "buffer"; it has "idle", "trace"',
    ],
    [
      "--source auto,cache=1",
      '--source auto has no option "cache"; it has "idle", "trace", "buffer"',
    ],
    [
      "--source auto,idle=maybe",
      "--source auto: idle=maybe: must be yes or no",
    ],
    ["--source auto,idle=on,idle=off", /: idle is given twice$/],
    ["--source auto,,", /^--source auto,,: must be one of/],
    [
      "--source auto,",
      /^--source auto,: a key is missing after a comma; write KEY=VALUE/,
    ],
    [
      "--source auto,buffer",
      /^--source auto: buffer needs a value: a whole number/,
    ],
    [
      "--source auto,buffer=0",
      "--source auto: buffer=0: must be a whole number from 2 to 1048575",
    ],
    ["--source auto,buffer=1048576", /^--source auto: buffer=1048576: must be/],
    [
      "--source auto,buffer=64.5",
      "--source auto: buffer=64.5: must be a whole number from 2 to 1048575",
    ],
    ["--report", "--report needs a value: --report SEC"],
    [
      "--report 0",
      "--report 0: must be a number of seconds from 0.05 to 86400, such as 0.5",
    ],
    ["--report 86401", /^--report 86401: must be a number of seconds/],
    ["--report 5 -n 3", "--report and -n both say when to exit; give only one"],
    ["--report 5 -d 0", /^--delay 0: must be/],
    [
      "--output csv,shape=file",
      "--output csv,shape=file shows what --files counts: add --files",
    ],
    [
      "-b --output jsonl=a --output csv=b,all,shape=file",
      /^--output csv,shape=file shows what --files counts/,
    ],
    ["--replay", "--replay needs a value: --replay PATH"],
    ["--replay f --source auto", /^--replay and --source both say where/],
    ["--replay f --from noon", /^--from noon: must be a time: 02:13, /],
    ["--replay f --to 24:00", /^--to 24:00: must be a time: 02:13, /],
    ["--replay f -d 0", /^--delay 0: must be/],
    [
      "--replay f --report 5",
      /^--report watches this machine; .* --output report$/,
    ],
    ["--replay f --speed 0", /^--speed 0: must be a number above 0/],
    ["--replay f --speed fast", /^--speed fast: must be a number above 0/],
    ["--replay f --speed -1", /^--speed -1: must be a number above 0/],
    ["--speed 2", /^--speed works only with --replay: .* --replay io\.jsonl$/],
    ["--host web1", /^--host works only with --replay: /],
    ["--from 02:13", /^--from works only with --replay: name the recording /],
    ["--to 02:13", /^--to works only with --replay: /],
    ["--output =f", /^--output =f: the name of the output is missing/],
    ["-b --output screen", /cannot both use the terminal/],
    ["-b --output screen --report 5", /cannot both use the terminal/],
    ["-n 0 --list-outputs", "--iter 0: must be a whole number, 1 or more"],
  ] as const)("%s", (line, message) => {
    const attempt = () => parseCommandLine(words(line), AROUND);
    expect(attempt).toThrow(UsageError);
    expect(attempt).toThrow(
      typeof message === "string" ? new UsageError(message) : message,
    );
  });
});
