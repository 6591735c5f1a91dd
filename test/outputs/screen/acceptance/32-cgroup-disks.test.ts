import { expect, setDefaultTimeout, test } from "bun:test";
import { cgroupDelta, makeSample, row } from "../../../support/samples.ts";
import { ScreenHarness } from "../../../support/screen/screen-harness.ts";

setDefaultTimeout(60_000);

const WEB = "/system.slice/web.service";
const SIZE = { columns: 140, rows: 20 } as const;
const at = (seq: number, toDiskBytes?: number | null) =>
  makeSample({
    ...{ seq, timeMs: 1_700_000_000_000 + seq * 500 },
    threads: [row({ tid: 7, cgroup: WEB, readBytes: 1024 })],
    ...(toDiskBytes === undefined
      ? {}
      : { cgroups: [cgroupDelta(WEB, toDiskBytes, 0)] }),
  });

class Asked {
  count = 0;
  problem: string | null = null;

  want(): string | null {
    this.count++;
    return this.problem;
  }
}

const open = (asked: Asked, shown: readonly ("from-disk" | "to-disk")[]) =>
  ScreenHarness.open({
    ...SIZE,
    screen: { groupBy: "user", shown },
    controls: {
      ...{ pace: null, tasks: null, settings: null, replay: null, files: null },
      cgroups: asked,
    },
  });

/** The titles, and the row of the unit below them. */
function table(lines: readonly string[]): readonly [string, string] {
  const y = lines.findIndex((line) => /DISK READ +DISK WRITE/.test(line));
  return [lines[y]!, lines[y + 1]!];
}

test("TO DISK is asked for while it is there, and says what the kernel counted last", async () => {
  const asked = new Asked();
  await using screen = await open(asked, ["to-disk"]);
  await screen.show(at(1));
  expect(table(screen.lines())[0]).not.toContain("TO DISK");
  expect(asked.count).toBe(0);
  // By cgroup.
  await screen.type("y");
  expect(asked.count).toBeGreaterThan(0);
  await screen.show(at(2, 3 * 2 ** 20));
  for (const seq of [2, 3, 4]) {
    if (seq > 2) await screen.show(at(seq));
    const [titles, line] = table(screen.lines());
    const end = titles.indexOf("TO DISK") + "TO DISK".length;
    expect(line.slice(0, end)).toMatch(/ 3\.00M$/);
    expect(titles).not.toContain("FROM DISK");
  }
  // What was read long ago says nothing of now.
  await screen.show(at(20));
  const [titles, line] = table(screen.lines());
  const end = titles.indexOf("TO DISK") + "TO DISK".length;
  expect(line.slice(0, end)).toMatch(/ \?$/);
});

test("where it is unknown a line says why, while it is there", async () => {
  const asked = new Asked();
  asked.problem = "io is not enabled for system.slice";
  await using screen = await open(asked, ["from-disk"]);
  await screen.show(at(1, null));
  const says = () =>
    screen.lines().filter((line) => line.includes(asked.problem!));
  expect(says()).toEqual([]);
  await screen.type("y");
  expect(says()).toEqual([`FROM DISK, TO DISK: ${asked.problem}`]);
  await screen.type("yyy");
  expect(says()).toEqual([]);
});

test("nobody is asked unless a column is shown", async () => {
  const asked = new Asked();
  await using screen = await open(asked, []);
  await screen.show(at(1));
  await screen.type("yyyyy");
  expect(asked.count).toBe(0);
});
