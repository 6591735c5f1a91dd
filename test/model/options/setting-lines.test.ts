/** The settings file, as text: what is read, what is written, what stays. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  SCREEN_OPTIONS,
  SCREEN_SPELLINGS,
} from "../../../src/model/options/screen-options.ts";
import {
  parseSettings,
  replaceSettings,
  settingLines,
} from "../../../src/model/options/setting-lines.ts";
import {
  DEFAULT_SCREEN,
  SCREEN_CHOICES,
  type ScreenSettings,
} from "../../../src/model/options/screen-settings.ts";
import {
  parseFilter,
  type TaskFilter,
} from "../../../src/model/view/task-filter.ts";

const read = (...lines: readonly string[]) => parseSettings(lines.join("\n"));
const settings = (...lines: readonly string[]): ScreenSettings =>
  read(...lines).apply(DEFAULT_SCREEN);

/** One change of each setting, and of each of its values. */
const CHANGES: readonly Partial<ScreenSettings>[] = [
  { only: true },
  ...SCREEN_CHOICES.mode.map((mode) => ({ mode })),
  ...SCREEN_CHOICES.sums.map((sums) => ({ sums })),
  { sort: "write" },
  { sort: "graph", descending: false },
  { sort: "command", descending: false },
  { sort: "command", descending: true },
  { sort: "tid", descending: false },
  { sort: "logical-read", descending: true },
  { hidden: ["tid", "graph"] },
  { hidden: ["command"], shown: ["life-read", "unit"] },
  { fullCommand: false },
  ...SCREEN_CHOICES.graphSource.map((graphSource) => ({ graphSource })),
  ...SCREEN_CHOICES.glyphs.map((glyphs) => ({ glyphs })),
  ...SCREEN_CHOICES.ended.map((ended) => ({ ended })),
  { filter: parseFilter("^(fio|dd) --name=a # b\\.") as TaskFilter },
  { kilobytes: true },
  { si: true },
  ...SCREEN_CHOICES.theme.map((theme) => ({ theme })),
  { color: false },
  { mouse: true },
  { clock: false },
  { hints: false },
  { help: true },
  ...SCREEN_CHOICES.disks.map((disks) => ({ disks })),
  ...SCREEN_CHOICES.groupBy.map((groupBy) => ({ groupBy })),
  { intervalMs: 5000 },
  { intervalMs: 50 },
  { readonly: true },
];

describe("what is saved is read again:", () => {
  test.each(CHANGES.map((change) => [change]))("%j", (change) => {
    const changed = { ...DEFAULT_SCREEN, ...change };
    const lines = settingLines(changed);
    const sorted = (all: ScreenSettings) => ({
      ...all,
      filter: all.filter?.text ?? null,
    });
    expect(sorted(settings(...lines))).toEqual(sorted(changed));
    expect(read(...lines).flaw).toBeNull();
  });

  test("no setting is left out", () => {
    const changed = new Set(CHANGES.flatMap((change) => Object.keys(change)));
    expect([...changed].sort()).toEqual(Object.keys(DEFAULT_SCREEN).sort());
  });

  test.each(["a\nb", "", "a "])(
    "a filter that would be read as another is not saved: %j",
    (text) => {
      const filter = parseFilter(text) as TaskFilter;
      expect(settingLines({ ...DEFAULT_SCREEN, filter })).toEqual([]);
    },
  );
});

test("each option has one name, and one letter at most", () => {
  const names = SCREEN_OPTIONS.flatMap(({ name, letter }) =>
    letter === undefined ? [name] : [name, letter],
  );
  expect(names).toEqual([...new Set(names)]);
});

describe("read", () => {
  test("as iotop-c writes it", () => {
    // Its own file after `iotop -oPc -A -k -2 --si -x -R -g rw --threshold=3 --ascii -d 3 -W`, and with what 1.31 adds.
    const text = `# iotop configuration file
# empty lines are ignored, comments start with #
# each line contains a single option

--help-type=none
--only
--delay=3
--processes
--accum-bw
--kilobytes
--fullcmdline
--hide-prio
--dead-x
--reverse-graph
--grtype=rw
--si
--threshold=3
--ascii
--hide-time
--inverse
--filter=^fio`;
    const { apply, flaw } = parseSettings(text);
    expect(flaw).toBeNull();
    expect(apply(DEFAULT_SCREEN)).toEqual({
      ...DEFAULT_SCREEN,
      only: true,
      intervalMs: 3000,
      mode: "processes",
      sums: "means",
      kilobytes: true,
      hidden: ["prio"],
      si: true,
      glyphs: "ascii",
      clock: false,
      theme: "light",
      filter: expect.objectContaining({ text: "^fio" }),
    });
  });

  test("--help-type=none, which iotop-c always writes, hides no hints", () => {
    expect(settings("--help-type=none").hints).toBe(true);
    expect(settings("--help-type=win")).toMatchObject({ help: true });
  });

  test.each([
    ["  --only  ", { only: true }],
    ["--only\r", { only: true }],
    ["-o", { only: true }],
    ["--sort write", { sort: "write" }],
    ["--sort=+write", { sort: "write", descending: false }],
    ["#: --sort=user", { sort: "user", descending: false }],
    ["#:--no-help", { hints: false }],
    ["--filter=a = b", { filter: expect.objectContaining({ text: "a = b" }) }],
    ["# --only", {}],
    ["#", {}],
    ["", {}],
  ] as const)("%j", (line, expected) => {
    expect(settings(line)).toEqual({ ...DEFAULT_SCREEN, ...expected });
    expect(read(line).flaw).toBeNull();
  });

  test("the last line counts", () => {
    expect(settings("--only", "--no-only").only).toBe(false);
  });

  test.each([
    ["--output x.ts", "line 1: --output is not an option of the screen"],
    ["--source=procfs", "line 1: --source is not an option of the screen"],
    ["#: --replay f", "line 1: --replay is not an option of the screen"],
    ["-b", "line 1: -b is not an option of the screen"],
    ["--only=1", "line 1: --only takes no value"],
    ["--sort=speed", /^line 1: --sort must be one of pid, /],
    ["--delay=0", /^line 1: --delay must be a number of seconds/],
    ["--grtype=x", /^line 1: --grtype must be one of io, /],
    ["--grtype", "line 1: --grtype needs a value"],
    ["--filter=", "line 1: --filter needs a value"],
    ["--filter=(", /^line 1: --filter must be .* unclosed \($/],
    // Nothing of a file that root reads for others shows, but what looks like an option.
    ["root:$6$salt$hash:19000::::::", /^line 1: its text is not an option/],
    ["=x", /^line 1: its text is not/],
  ] as const)("%j is refused", (line, flaw) => {
    const found = read(line).flaw!;
    if (typeof flaw === "string") expect(found).toBe(flaw);
    else expect(found).toMatch(flaw);
    expect(settings(line)).toEqual(DEFAULT_SCREEN);
  });

  test("several are one warning, and the lines around them count", () => {
    const { apply, flaw } = read("--only", "", "--nope", "--output=x", "-P");
    expect(flaw).toBe(
      "line 3: --nope is not an option of the screen (and 1 more)",
    );
    expect(apply(DEFAULT_SCREEN)).toMatchObject({
      only: true,
      mode: "processes",
    });
  });
});

describe("written", () => {
  const lines = ["--only", "#: --sort=write"];

  test("with a heading if there was none", () => {
    const text = replaceSettings("", lines);
    expect(text.split("\n").filter((line) => !line.startsWith("# "))).toEqual([
      "",
      ...lines,
      "",
    ]);
    expect(text).toStartWith("# iotop configuration file\n");
  });

  test("the same again", () => {
    const text = replaceSettings("", lines);
    expect(replaceSettings(text, lines)).toBe(text);
    expect(replaceSettings(text, [])).not.toContain("--");
  });

  test("in the place of what was set; all else stays", () => {
    const old = `# mine
--processes
--output x.ts
--threshold=3

# about the order
#: --sort=io
--help-type=none
--grtype=io
`;
    expect(replaceSettings(old, lines)).toBe(`# mine
--output x.ts
--threshold=3

# about the order
--help-type=none

--only
#: --sort=write
`);
  });
});

const anyLine = fc.oneof(
  fc.string({ maxLength: 30 }).filter((line) => !line.includes("\n")),
  fc.constantFrom(
    ...[...SCREEN_SPELLINGS.keys()].flatMap((word) => [word, `${word}=1`]),
  ),
);

test("any text is read, and what is not replaced stays, in its order", () => {
  fc.assert(
    fc.property(fc.array(anyLine), (lines) => {
      const text = lines.join("\n");
      const read = parseSettings(text).apply(DEFAULT_SCREEN);
      const saved = settingLines(read);
      const again = replaceSettings(text, saved);
      expect(settingLines(parseSettings(again).apply(DEFAULT_SCREEN))).toEqual(
        saved,
      );
      expect(replaceSettings(again, saved)).toBe(again);
      const comments = (all: string) =>
        all.split("\n").filter((line) => /^\s*#(?!:)/.test(line));
      expect(comments(again).join("\n")).toContain(comments(text).join("\n"));
    }),
  );
});
