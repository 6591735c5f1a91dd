/** The page as text: what it may do, what is in it, and how big it is. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import html from "../../../outputs/html/index.ts";
import type { Sample } from "../../../src/model/sample.ts";
import { HOSTILE_NAMES } from "../conformance-samples.ts";
import { makeContext } from "../../support/context.ts";
import { pageDataIn, withoutCode } from "../../support/page.ts";
import { makeSample, makeTask, row } from "../../support/samples.ts";

setDefaultTimeout(120_000);

const DEFAULTS = { group: "comm", rows: 10, points: 1500, every: 60 } as const;

async function pageOf(
  samples: Iterable<Sample>,
  options: Partial<Parameters<typeof html.create>[0]> = {},
): Promise<string> {
  const ctx = makeContext({}, { origin: "replay", intervalMs: null });
  const output = html.create({ ...DEFAULTS, ...options });
  for (const sample of samples) await output.write(sample, ctx);
  await output.close?.(null as never, ctx);
  return ctx.printed.join("");
}

const EVIL = "</script><img src=x onerror=alert(1)>";

const named = (names: readonly string[]): Sample =>
  makeSample({
    origin: { hostname: EVIL },
    threads: names.map((comm, n) => row({ tid: n + 1, comm, readBytes: 1024 })),
  });

describe("a name", () => {
  test("cannot become a part of the page", async () => {
    const [tame, wild] = await Promise.all([
      pageOf([named(["fio"])]),
      pageOf([
        named([EVIL, "<!--", "-->", "<script>", "&lt;b&gt;", "{{data}}"]),
      ]),
    ]);
    const frame = (page: string) =>
      page.replace(/(<script id="data"[^>]*>)[^<]*/, "$1");
    expect(frame(wild)).toBe(frame(tame));
    const { groups, hosts } = pageDataIn(wild);
    expect(hosts).toEqual([EVIL]);
    expect(groups.map(({ name }) => name)).toContain(EVIL);
  });

  test("that could not be printed is spelled out", async () => {
    const page = await pageOf([named(HOSTILE_NAMES)], { rows: 30 });
    expect(withoutCode(page)).not.toMatch(/[^\P{C}\n]|[\p{Zl}\p{Zp}]/u);
    const names = pageDataIn(page).groups.map(({ name }) => name);
    expect(names).toHaveLength(HOSTILE_NAMES.length);
    expect(names).toContain("\\u{202e}txt.exe");
  });
});

describe("the page", () => {
  test("may run its own scripts, use its own style, and load nothing", async () => {
    const page = await pageOf([makeSample()]);
    const policy =
      /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!;
    const hashes = (tag: string) =>
      [...page.matchAll(new RegExp(`<${tag}>(.*?)</${tag}>`, "gs"))].map(
        ([, text]) =>
          `'sha256-${new Bun.CryptoHasher("sha256").update(text!).digest("base64")}'`,
      );
    expect(hashes("script")).toHaveLength(2);
    expect(policy.split("; ")).toEqual([
      "default-src 'none'",
      `script-src ${hashes("script").join(" ")}`,
      `style-src ${hashes("style").join(" ")}`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(withoutCode(page)).not.toMatch(
      /\son\w+=|\sstyle=|<(?:link|img|iframe)\b/,
    );
  });

  test("has the licence of the charts, and the version of these that package.json names", async () => {
    const page = await pageOf([named(["fio"])]);
    const { devDependencies } = await import("../../../package.json");
    expect(page).toContain("Copyright (c) 2022 Leon Sorokin");
    expect(page).toContain('THE SOFTWARE IS PROVIDED "AS IS"');
    expect(page).toContain(`uPlot ${devDependencies.uplot}, MIT license`);
    expect(page).toContain(`uPlot (v${devDependencies.uplot})`);
  });
});

/** Twelve tasks that all do something all the time. */
function* busyRun(samples: number, lengthS: number): Generator<Sample> {
  let state = 1;
  const random = (perSecond: number): number =>
    ((state = (state * 16_807) % 2_147_483_647) % (perSecond * lengthS)) * 1024;
  const tasks = Array.from({ length: 12 }, (_, n) => makeTask({ tid: n + 1 }));
  for (let seq = 1; seq <= samples; seq++)
    yield makeSample({
      ...{ seq, timeMs: Date.UTC(2026, 10, 24) + seq * lengthS * 1000 },
      intervalNs: lengthS * 1e9,
      threads: tasks.map((task) =>
        row({
          ...{ tid: task.tid, task, ioWaitNs: random(900_000) + 7 },
          ...{ readBytes: random(30_000), writeBytes: random(30_000) },
        }),
      ),
      host: {
        pressure: { someRatio: random(1) / 1024 / lengthS, fullRatio: 0 },
        ...{ diskReadBytes: random(90_000), diskWriteBytes: random(90_000) },
      },
    });
}

test.each([
  ["an hour", 3600, 1, 900],
  ["a day", 1440, 60, 1440],
  ["as many pieces as there can be", 1500, 60, 1500],
])("%s takes at most 600 kB", async (_, samples, lengthS, pieces) => {
  const page = await pageOf(busyRun(samples, lengthS));
  expect(Buffer.byteLength(page)).toBeLessThanOrEqual(600_000);
  const data = pageDataIn(page);
  expect([data.samples, data.bin_ns.length]).toEqual([samples, pieces]);
});
