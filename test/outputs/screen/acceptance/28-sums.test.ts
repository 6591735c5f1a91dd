import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { makeSample, row } from "../../../support/samples.ts";
import { culprits } from "../../../support/screen/screen-culprits.ts";
import { ScreenHarness } from "../../../support/screen/screen-harness.ts";

setDefaultTimeout(60_000);

const SIZE = { columns: 120, rows: 30 } as const;
const MIB = 1024 ** 2;

const titlesOf = (lines: readonly string[]): string =>
  lines.find((line) => line.includes("COMMAND"))!;

describe("a", () => {
  test("shows sums, means and whole lives, and says so in the titles", async () => {
    await using screen = await ScreenHarness.open(SIZE);
    for (const sample of culprits()) await screen.show(sample);
    const titles = [titlesOf(screen.lines())];
    for (let i = 0; i < 4; i++) titles.push(titlesOf(await screen.type("a")));
    const [rates, sums, means, lives, again] = titles;
    expect(rates).toContain("DISK READ DISK WRITE");
    expect(sums).toContain("DISK READ DISK WRITE");
    expect(means).toContain("MEAN R");
    expect(means).toContain("MEAN W");
    expect(lives).toContain("LIFE R");
    expect(lives).toContain("LIFE W");
    expect(again).toBe(rates!);
  });

  test("shows the right numbers: of five seconds, of a task older than the watch", async () => {
    await using screen = await ScreenHarness.open(SIZE);
    const lifetime = { readBytes: 0, writeBytes: 0, cancelledBytes: 0 };
    for (let seq = 1; seq <= 5; seq++)
      await screen.show(
        makeSample({
          seq,
          threads: [
            row({
              tid: 7,
              comm: "old",
              readBytes: seq === 1 ? 100 * MIB : 0,
              since: { readBytes: 100 * MIB },
              lifetime: { ...lifetime, readBytes: 700 * MIB },
            }),
          ],
        }),
      );
    /** Below the title of what is read. */
    const cell = (lines: readonly string[]): string => {
      const title = /(?:DISK READ|MEAN R|LIFE R)/.exec(titlesOf(lines))!;
      const old = lines.find((line) => line.endsWith(" old"))!;
      const end = title.index + title[0].length;
      return old.slice(0, end).split(" ").at(-1)!;
    };
    expect(cell(screen.lines())).toBe("0");
    expect(cell(await screen.type("a"))).toBe("100M");
    const means = await screen.type("a");
    expect(cell(means)).toBe("20.0M");
    expect(means[0]).toMatch(/Total DISK READ: +20\.00? ?M/);
    expect(cell(await screen.type("a"))).toBe("700M");
  });
});

describe("z", () => {
  test("lets sums start from 0, of rows, of ended tasks and of the total", async () => {
    await using screen = await ScreenHarness.open(SIZE);
    const samples = culprits({ samples: 13 });
    for (const sample of samples.slice(0, 12)) await screen.show(sample);
    await screen.type("ao");
    expect(screen.lines().join("\n")).toContain("fio --name=archive");
    const zero = (await screen.type("z")).join("\n");
    expect(zero).toMatch(/Total DISK READ: +0/);
    expect(zero).not.toContain("fio --name=");
    expect(zero).not.toContain("dd (");
    const next = await screen.show(samples[12]!);
    expect(next.find((line) => line.includes("archive"))).toContain("29.7M");
    expect(next.join("\n")).toContain("dd (22 ended)");
    expect(next.join("\n")).toContain(" since 23:04:12");
  });

  test("of means: those of the time since", async () => {
    await using screen = await ScreenHarness.open(SIZE);
    const sample = (seq: number, since: number) =>
      makeSample({
        seq,
        threads: [
          row({
            tid: 7,
            comm: "writer",
            writeBytes: 10 * MIB,
            since: { writeBytes: since * MIB },
          }),
        ],
      });
    await screen.show(sample(1, 10));
    await screen.type("aaz");
    await screen.show(sample(2, 20));
    const shown = await screen.show(sample(3, 30));
    expect(shown.find((line) => / writer/.test(line))).toContain("10.0M");
  });
});

describe("groups of what a filter selects", () => {
  const dd = (tid: number, user: string, exit: object = {}) =>
    row({
      ...{ tid, comm: "dd", user, uid: 1000 + user.length, ...exit },
      cgroup: "/system.slice/dd.service",
      writeBytes: 3 * MIB,
    });
  const ended = { exit: { code: 0, signal: 0 } };

  test.each([
    ["user", { users: ["ann"] }, " ann", "6.00M"],
    ["user", { uids: [1003] }, " ann", "6.00M"],
    ["command", { users: ["ann"] }, " dd", "6.00M"],
    ["command", { names: ["dd"] }, " dd", "9.00M"],
    ["unit", { users: ["ann"] }, " dd.service", "6.00M"],
  ] as const)(
    "by %s with %j have what ended tasks did",
    async (groupBy, narrow, name, amount) => {
      await using screen = await ScreenHarness.open({
        ...{ ...SIZE, screen: { groupBy } },
        view: { ...narrow, accumulated: true, processes: true },
      });
      const amountOf = (lines: readonly string[]) =>
        lines
          .find((line) => line.trimEnd().endsWith(name))
          ?.match(/[0-9.]+M/g)
          ?.at(-1);
      await screen.show(
        makeSample({
          seq: 1,
          threads: [dd(7, "ann"), dd(8, "ann", ended), dd(9, "robert", ended)],
        }),
      );
      const idle = row({
        ...{ tid: 7, comm: "dd", user: "ann", uid: 1003 },
        cgroup: "/system.slice/dd.service",
        since: { writeBytes: 3 * MIB },
      });
      const shown = await screen.show(makeSample({ seq: 2, threads: [idle] }));
      expect(amountOf(shown)).toBe(amount);
      const again = await screen.show(makeSample({ seq: 3, threads: [idle] }));
      expect(amountOf(again)).toBe(amount);
      // Whole lives are those of living tasks.
      expect(amountOf(await screen.type("aa"))).toBe("3.00M");
    },
  );
});
