// waits: it starts a browser
/** The page in a real browser: what a reader sees, and does. */
import {
  afterAll,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PALETTE } from "../../../outputs/html/page/palette.ts";
import html from "../../../outputs/html/index.ts";
import type { Sample } from "../../../src/model/sample.ts";
import {
  BROWSER,
  openBrowser,
  type Browser,
  type Tab,
} from "../../support/browser.ts";
import { makeContext } from "../../support/context.ts";
import { lackOf, needing } from "../../support/needs.ts";
import { makeSample, row, type SampleFields } from "../../support/samples.ts";

setDefaultTimeout(120_000);

const EVIL = "</script><img src=x onerror=alert(1)>";
const BEGIN_MS = Date.UTC(2026, 10, 24, 2, 0, 0);
const MIB = 1024 ** 2;

/** The second that ends so many seconds after the begin. */
const second = (endS: number, more: SampleFields): Sample =>
  makeSample({ seq: endS, timeMs: BEGIN_MS + endS * 1000, ...more });

/** A minute in which fio writes from the 20th second to the 40th, and another program reads all the time. */
const minute = (): Sample[] =>
  Array.from({ length: 60 }, (_, n) =>
    second(n + 1, {
      threads: [
        row({ tid: 5, comm: "fio", writeBytes: n >= 20 && n < 40 ? MIB : 0 }),
        row({ tid: 6, comm: EVIL, readBytes: 1024, ioWaitNs: 5e8 }),
      ],
      host: { pressure: { someRatio: 0.5, fullRatio: 0.25 } },
    }),
  );

const lack = lackOf(BROWSER);
const folder = mkdtempSync(join(tmpdir(), "iotop-page-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function writePage(
  name: string,
  samples: readonly Sample[],
): Promise<string> {
  const ctx = makeContext({}, { origin: "replay" });
  const options = { group: "comm", rows: 10, points: 1500, every: 60 };
  const output = html.create(options);
  for (const sample of samples) await output.write(sample, ctx);
  await output.close?.(null as never, ctx);
  writeFileSync(join(folder, name), ctx.printed[0]!);
  return `file://${join(folder, name)}`;
}

describe.skipIf(lack !== null)(needing("in a browser", lack), () => {
  let browser: Browser;
  beforeAll(async () => (browser = await openBrowser()));
  afterAll(() => browser[Symbol.asyncDispose]());

  async function open(
    name: string,
    samples: readonly Sample[],
    width = 1200,
  ): Promise<Tab> {
    const url = await writePage(name, samples);
    const tab = await browser.openTab(width, 1600);
    await tab.open(url);
    expect(tab.problems).toEqual([]);
    expect(tab.requests).toEqual([url]);
    return tab;
  }

  const textOf = (tab: Tab, selector: string) =>
    tab.evaluate<string>(
      `document.querySelector(${JSON.stringify(selector)}).innerText`,
    );
  const rowsOf = (tab: Tab) =>
    tab.evaluate<string[][]>(
      `[...document.querySelectorAll("#rows tr, #total tr")].map((row) => [...row.cells].map((cell) => cell.innerText))`,
    );
  /** By chart, how many pixels have a colour. */
  const pixelsOf = (tab: Tab, color: string) =>
    tab.evaluate<
      number[]
    >(`[...document.querySelectorAll("canvas")].map((canvas) => {
      const { width, height } = canvas;
      const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
      copy.drawImage(canvas, 0, 0);
      const { data } = copy.getImageData(0, 0, width, height);
      const wanted = parseInt(${JSON.stringify(color)}.slice(1), 16);
      let count = 0;
      for (let at = 0; at < data.length; at += 4)
        if (data[at] * 65536 + data[at + 1] * 256 + data[at + 2] === wanted) count++;
      return count;
    })`);
  const pictures = (tab: Tab) =>
    tab.evaluate<string[]>(
      `[...document.querySelectorAll("canvas")].map((canvas) => canvas.toDataURL())`,
    );
  /** A point over the first chart, by its place between left and right. */
  const pointAt = async (tab: Tab, part: number): Promise<[number, number]> => {
    const [left, top, width] = await tab.evaluate<[number, number, number]>(
      `(({ left, top, width }) => [left, top, width])(document.querySelector(".u-over").getBoundingClientRect())`,
    );
    return [left + width * part, top + 100];
  };

  test("a reader sees who it was, zooms in and out, hides and sorts", async () => {
    const tab = await open("minute.html", minute());
    expect(await tab.evaluate<string>("document.title")).toBe("db1: disk I/O");
    expect(await textOf(tab, "#span")).toBe(
      "24 Nov 2026, 02:00:00 to 02:01:00 (UTC)",
    );
    expect(await textOf(tab, "#findings")).toContain(
      "fio wrote 20.0 MiB, 100.0 % of all that was written; fastest at 02:00:20, with 1.00 MiB/s.",
    );
    // A name is text, whatever it is.
    expect(await textOf(tab, "#legend")).toBe(`fio\n${EVIL}`);
    expect(await tab.evaluate<number>("document.images.length")).toBe(0);
    const whole = [
      ["fio", "1", "0", "0 B", "20.0 MiB", "0 s", "99.7 %"],
      [EVIL, "1", "0", "60.0 KiB", "0 B", "30.0 s", "0.3 %"],
      ["TOTAL", "2", "0", "60.0 KiB", "20.0 MiB", "30.0 s", "100.0 %"],
    ];
    expect(await rowsOf(tab)).toEqual(whole);
    // Writes, reads, waits.
    const [writes, reads, waits] = await pixelsOf(tab, PALETTE[0]);
    expect(writes).toBeGreaterThan(10_000);
    expect([reads, waits]).toEqual([0, 0]);
    expect((await pixelsOf(tab, PALETTE[1])).map((n) => n > 10_000)).toEqual([
      ...[false, true, true, false],
    ]);

    const before = await pictures(tab);
    expect(new Set(before).size).toBe(4);
    await tab.drag(await pointAt(tab, 0.5), await pointAt(tab, 0.75));
    expect(await textOf(tab, "#span")).toBe(
      "24 Nov 2026, 02:00:30 to 02:00:45 (UTC)",
    );
    expect(await rowsOf(tab)).toEqual([
      ["fio", "1", "0", "0 B", "10.0 MiB", "0 s", "99.9 %"],
      [EVIL, "1", "0", "15.0 KiB", "0 B", "7.50 s", "0.1 %"],
      ["TOTAL", "2", "0", "15.0 KiB", "10.0 MiB", "7.50 s", "100.0 %"],
    ]);
    const zoomed = await pictures(tab);
    for (const [n, picture] of zoomed.entries())
      expect(picture === before[n]).toBe(false);
    const hash = await tab.evaluate<string>("location.hash");
    expect(hash).toBe(`#${BEGIN_MS + 30_000}-${BEGIN_MS + 45_000}`);
    const middle = await pointAt(tab, 0.4);
    await tab.drag(middle, middle, 2);
    expect(await rowsOf(tab)).toEqual(whole);
    expect((await pictures(tab)).every((one, n) => one === before[n])).toBe(
      true,
    );

    const press = (selector: string) =>
      tab.evaluate(
        `document.querySelector(${JSON.stringify(selector)}).click()`,
      );
    await press("#legend button");
    expect((await pixelsOf(tab, PALETTE[0]))[0]).toBe(0);
    expect(
      await tab.evaluate<string>(
        `document.querySelector("#rows button").ariaPressed`,
      ),
    ).toBe("false");
    await press("#rows tr");
    expect((await pixelsOf(tab, PALETTE[0]))[0]).toBe(writes!);
    await press("th.read button");
    expect((await rowsOf(tab)).map(([name]) => name)).toEqual([
      ...[EVIL, "fio", "TOTAL"],
    ]);
    expect(tab.problems).toEqual([]);
    expect(tab.requests).toHaveLength(1);
  });

  test("a link shows a piece of time; the dark and the phone have their looks", async () => {
    const url = await writePage("linked.html", minute());
    const tab = await browser.openTab(390, 1600);
    await tab.send("Emulation.setEmulatedMedia", {
      features: [{ name: "prefers-color-scheme", value: "dark" }],
    });
    await tab.open(`${url}#${BEGIN_MS + 10_000}-${BEGIN_MS + 20_000}`);
    expect(await textOf(tab, "#span")).toContain("02:00:10 to 02:00:20");
    expect(await textOf(tab, "#findings")).toContain("Nothing was written.");
    const [width, background] = await tab.evaluate<[number, string]>(
      `[document.documentElement.scrollWidth, getComputedStyle(document.body).backgroundColor]`,
    );
    expect(width).toBeLessThanOrEqual(390);
    expect(background).toBe("rgb(20, 24, 28)");
    expect(tab.problems).toEqual([]);
  });

  test("one sample, no byte, nothing known, no sample", async () => {
    const [first] = minute();
    const one = await open("one.html", [first!]);
    expect(await textOf(one, "#samples")).toBe("1 sample of 1.00 s");
    expect((await pixelsOf(one, PALETTE[0]))[1]).toBeGreaterThan(10_000);

    const idle = await open("idle.html", [second(1, {}), second(2, {})]);
    expect(await textOf(idle, "#findings")).toBe(
      "Nothing was written.\n\nNothing was read.",
    );
    const blanks = (tab: Tab) =>
      tab.evaluate<string[]>(
        `[...document.querySelectorAll(".blank")].map(({ innerText }) => innerText)`,
      );
    expect(await blanks(idle)).toEqual(Array(4).fill("nothing"));

    const unknown = { readBytes: null, writeBytes: null, ioWaitNs: null };
    const dark = await open("unknown.html", [
      second(1, {
        threads: [
          row({ tid: 5, comm: "dd", ...unknown, cancelledBytes: 4096 }),
        ],
        host: {
          ...unknown,
          pressure: null,
          diskReadBytes: null,
          diskWriteBytes: null,
        },
      }),
    ]);
    expect(await blanks(dark)).toEqual(Array(4).fill("unknown"));
    expect((await rowsOf(dark))[0]).toEqual([
      ...["dd", "1", "0", "?", "?", "4.00 KiB", "?", "?"],
    ]);

    const none = await open("none.html", []);
    expect(await textOf(none, "body")).toContain("Nothing was watched");
  });
});
