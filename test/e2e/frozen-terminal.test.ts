/** A terminal that takes no text: a frozen connection, a stopped emulator. Nothing but what it shows stands still. */
import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { SampleRecord } from "../../src/model/record/record-types.ts";
import { BINARY, copyBinary, ensureBinary } from "../support/binary.ts";
import { eventually } from "../support/eventually.ts";
import { parseLines } from "../support/json-run.ts";
import { lackOf, lackOfRoot, needing } from "../support/needs.ts";
import {
  QuietTerminal,
  type QuietTerminalOptions,
} from "../support/screen/quiet-terminal.ts";
import { diskFolder } from "../support/workload.ts";

setDefaultTimeout(120_000);
beforeAll(ensureBinary);
const PATIENCE_MS = 60_000;
const ENTER = "\x1b[?1049h";
const LEAVE = "\x1b[?1049l";
const O_NONBLOCK = 0o4000;

/** What it takes to run as another user. */
const OTHER_USER = [lackOfRoot, lackOf("setpriv")];
const AS_NOBODY = ["setpriv", "--reuid=65534", "--clear-groups"];
const isAlone = OTHER_USER.some((lack) => lack !== null);

/** A folder where everybody may write, and in it a recording that is made beside what is on the terminal. */
function openFolder() {
  const { path, ...disk } = diskFolder();
  chmodSync(path, 0o777);
  const file = join(path, "beside.jsonl");
  const text = (): string =>
    existsSync(file) ? readFileSync(file, "utf8") : "";
  const lines = (): number => text().split("\n").length - 1;
  return {
    ...disk,
    file,
    recorded: (): SampleRecord[] =>
      parseLines(text().slice(0, text().lastIndexOf("\n") + 1)),
    /** Waits until that many samples more are in the recording. */
    async moreSamples(count: number): Promise<void> {
      const before = lines();
      await eventually(lines, (now) => now >= before + count, PATIENCE_MS);
    },
    /** @returns a copy of iotop that everybody may execute */
    copyBinary: () => copyBinary(path),
  };
}
type Folder = ReturnType<typeof openFolder>;

/** Starts with a recording beside, and lets the terminal freeze when that has begun. */
async function freeze(
  { file, moreSamples }: Folder,
  args: readonly string[],
  options: QuietTerminalOptions = {},
): Promise<QuietTerminal> {
  const terminal = new QuietTerminal(
    [...args, "-d", "0.1", "--output", `jsonl=${file}`],
    options,
  );
  await moreSamples(2);
  terminal.fill();
  await moreSamples(12);
  return terminal;
}

/** Modes of a terminal, as stty saves them. */
const modesOf = ({ path }: QuietTerminal): string =>
  Bun.spawnSync(["stty", "-F", path, "-g"]).stdout.toString();

describe.concurrent("the screen", () => {
  test.each(["SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP"] as const)(
    "records on beside it, ends by %s, and gives the terminal back",
    async (signal) => {
      using folder = openFolder();
      await using terminal = await freeze(folder, ["--output", "screen"]);
      terminal.child.kill(signal);
      expect(await terminal.exited()).toEqual({ status: 0, signal: null });
      expect(terminal.read()).toEndWith(LEAVE);
      expect(modesOf(terminal)).toBe(terminal.modesAtFirst);
    },
  );

  test("ends by -n", async () => {
    await using terminal = new QuietTerminal(["-n", "3", "-d", "0.1"]);
    terminal.fill();
    expect(await terminal.exited()).toEqual({ status: 0, signal: null });
  });

  test("frozen before the start: it is entered, drawn whole and current when the reader is back, and Ctrl-C ends it", async () => {
    using folder = openFolder();
    const { file, moreSamples } = folder;
    const args = ["--output", "screen", "-d", "0.1"];
    await using terminal = new QuietTerminal(
      [...args, "--output", `jsonl=${file}`],
      { columns: 200, rows: 60 },
    );
    terminal.fill();
    await moreSamples(12);
    terminal.type("?");
    await moreSamples(2);
    await eventually(
      () =>
        ["all keys and settings", ENTER].every((text) =>
          terminal.read().includes(text),
        ),
      (isShown) => isShown,
      PATIENCE_MS,
    );
    terminal.type("\x03");
    expect(await terminal.exited()).toEqual({ status: 0, signal: null });
    expect(terminal.read()).toEndWith(LEAVE);
    expect(modesOf(terminal)).toBe(terminal.modesAtFirst);
    // One picture of a few kilobytes and what changed in it since, not one for each sample.
    expect(terminal.output.split(ENTER)).toHaveLength(2);
  });

  test("leaves the flags of the shell's own descriptors alone", async () => {
    using folder = openFolder();
    await using terminal = await freeze(folder, ["--output", "screen"]);
    for (const fd of [0, 1, 2]) {
      const path = `/proc/${terminal.child.pid}/fdinfo/${fd}`;
      const flags = /^flags:\s*(\d+)/m.exec(readFileSync(path, "latin1"))![1]!;
      expect(parseInt(flags, 8) & O_NONBLOCK).toBe(0);
    }
  });

  test.skipIf(isAlone).each([
    ["the terminal of the session", false],
    ["one that cannot be opened anew", true],
  ])(
    needing("of another user, on %s: recorded on all the same", ...OTHER_USER),
    async (_, isForeign) => {
      using folder = openFolder();
      const asNobody = [...AS_NOBODY, folder.copyBinary()];
      await using terminal = await freeze(folder, ["--output", "screen"], {
        command: asNobody,
        isForeign,
      });
      terminal.child.kill("SIGTERM");
      expect(await terminal.exited()).toEqual({ status: 0, signal: null });
      expect(modesOf(terminal)).toBe(terminal.modesAtFirst);
    },
  );
});

test.concurrent.skipIf(isAlone)(
  needing(
    "a terminal of another user shows what is wrong, although iotop ends at once",
    ...OTHER_USER,
  ),
  async () => {
    using folder = openFolder();
    const asNobody = [...AS_NOBODY, folder.copyBinary()];
    for (const isForeign of [true, false]) {
      await using terminal = new QuietTerminal(["--nope"], {
        command: asNobody,
        isForeign,
      });
      expect(await terminal.exited()).toEqual({ status: 2, signal: null });
      expect(terminal.read()).toContain("iotop: unknown option --nope");
    }
  },
);

describe.concurrent("lines on it", () => {
  test.each(["SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP"] as const)(
    "record on beside it, and are left behind on %s",
    async (signal) => {
      using folder = openFolder();
      await using terminal = await freeze(folder, ["-b"]);
      terminal.child.kill(signal);
      expect(await terminal.exited()).toEqual({ status: 1, signal: null });
    },
  );

  test("are merged meanwhile, and lose nothing", async () => {
    using folder = openFolder();
    await using terminal = await freeze(folder, ["--output", "jsonl"]);
    const shown = (): SampleRecord[] =>
      terminal
        .read()
        .replaceAll(/\.{20,}/g, "")
        .split("\r\n")
        .slice(0, -1)
        .filter((line) => line.startsWith("{"))
        .flatMap(parseLines);
    const merged = await eventually(
      shown,
      (records) =>
        records.some(({ seq }, i) => i > 0 && seq > records[i - 1]!.seq + 2),
      PATIENCE_MS,
    );
    const last = merged.at(-1)!;
    const beside = folder.recorded().filter(({ seq }) => seq <= last.seq);
    const sum = (records: readonly SampleRecord[]) =>
      records.reduce(
        (all, { interval_s, total }) => ({
          seconds: all.seconds + interval_s,
          written: all.written + (total.write_bytes ?? 0),
        }),
        { seconds: 0, written: 0 },
      );
    const expected = sum(beside);
    expect(sum(merged).written).toBe(expected.written);
    expect(sum(merged).seconds).toBeCloseTo(expected.seconds, 3);
    expect(merged.length).toBeLessThan(beside.length);
  });
});

test.concurrent(
  "a terminal that is closed while the screen is up ends it without a word, each time",
  async () => {
    using folder = openFolder();
    const { file } = folder;
    for (let round = 0; round < 12; round++) {
      await using terminal = new QuietTerminal(["-d", "0.05"], {
        // What is printed after the hang-up has nowhere else to go.
        command: ["sh", "-c", `exec "$0" "$@" 2>>'${file}'`, BINARY],
      });
      // On an idle machine next to nothing is drawn but what a key asks for.
      await eventually(
        () => {
          terminal.type("?");
          return terminal.read().length;
        },
        (length) => length > 3000 + 50 * round,
        PATIENCE_MS,
      );
      terminal.hangUp();
      expect(await terminal.exited()).toEqual({ status: 0, signal: null });
    }
    expect(readFileSync(file, "utf8")).toBe("");
  },
);

test.concurrent.each([
  [60_000, 60_000],
  [65_535, 24],
  [1, 65_535],
])(
  "a window of %p by %p is drawn as far as one looks",
  async (columns, rows) => {
    await using terminal = new QuietTerminal(["-n", "4", "-d", "0.1"], {
      columns,
      rows,
    });
    const exited = terminal.exited();
    let isOver = false;
    void exited.then(() => (isOver = true));
    await eventually(
      () => terminal.read() !== "" && isOver,
      (over) => over,
      PATIENCE_MS,
    );
    expect(await exited).toEqual({ status: 0, signal: null });
    // Positions are those of the picture: line;column H.
    for (const [, line, column] of terminal.output.matchAll(
      /\x1b\[(\d+)(?:;(\d+))?H/g,
    )) {
      expect(Number(line)).toBeLessThanOrEqual(1000);
      expect(Number(column ?? 1)).toBeLessThanOrEqual(2000);
    }
  },
);
