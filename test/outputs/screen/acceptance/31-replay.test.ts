import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findRecordings } from "../../../../src/sources/replay/recording-files.ts";
import { openReplaySource } from "../../../../src/sources/replay/replay.ts";
import { eventually } from "../../../support/eventually.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { lineOf } from "../../../support/runs/recordings.ts";
import { culprits } from "../../../support/screen/screen-culprits.ts";
import { ScreenHarness } from "../../../support/screen/screen-harness.ts";
import { utcTime } from "../../../support/utc-time.ts";

setDefaultTimeout(20_000);

let folder: string;
let path: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "iotop-screen-"));
  path = join(folder, "io.jsonl");
  const lines = culprits({ samples: 20 }).map((sample) => lineOf(sample, true));
  writeFileSync(path, lines.join(""));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The screen of a recording, and the frame of each sample by its clock. */
async function play() {
  const clock = new FakeClock();
  const source = await openReplaySource(
    { files: findRecordings([path]), speed: 1, isAlone: true },
    clock,
    utcTime,
  );
  const screen = await ScreenHarness.open({
    ...{ columns: 130, rows: 30, isRecorded: true },
    controls: {
      pace: null,
      replay: source.player!,
      tasks: null,
      settings: null,
      files: null,
    },
  });
  const frames = new Map<string, readonly string[]>();
  const ending = new AbortController();
  void (async () => {
    const pace = { intervalMs: 1000, count: null };
    for await (const sample of source.samples(pace, ending.signal)) {
      const lines = await screen.show(sample);
      frames.set(clockOf(lines), lines);
    }
  })();
  const shows = async (time: string) => {
    await eventually(
      () => clockOf(screen.lines()),
      (shown) => shown === time,
    );
    return screen.lines();
  };
  /** Lets so much of the recording pass, up to a time. */
  const pass = async (ms: number, time: string) => {
    for (let leftMs = ms; leftMs > 0; leftMs -= 500) {
      // While the screen draws, nobody waits for time to pass.
      await eventually(
        () => clock.sleepers,
        (sleepers) => sleepers > 0,
      );
      await clock.advance(500);
    }
    return shows(time);
  };
  return {
    ...{ screen, frames, shows, pass },
    async [Symbol.asyncDispose]() {
      ending.abort();
      source[Symbol.dispose]();
      await screen[Symbol.asyncDispose]();
    },
  };
}

const clockOf = (lines: readonly string[]): string =>
  /\d\d:\d\d:\d\d/.exec(lines.join("\n"))?.[0] ?? "";
/** The rows of the table, idle ones left out. */
const busyRows = (lines: readonly string[]): readonly string[] =>
  lines
    .filter((line) => /fio|dd \(/.test(line))
    .map((line) => line.slice(0, 110).trimEnd());

test("space holds it, ] and [ step, and what was seen looks the same again", async () => {
  await using playing = await play();
  const { screen, frames, shows, pass } = playing;
  await pass(4000, "23:04:05");
  const held = await screen.type(" ");
  expect(held.at(-1)).toContain("frozen, 23:04:05, 5 of 5 kept");
  expect(held.at(-1)).toContain("t time");
  await pass(3000, "23:04:05");
  await screen.type("]");
  await shows("23:04:06");
  await screen.type("]");
  await shows("23:04:07");
  expect(screen.lines().at(-1)).toContain("frozen, 23:04:07, 7 of 7 kept");
  for (const time of ["23:04:06", "23:04:05", "23:04:04"])
    expect(busyRows(await screen.type("["))).toEqual(
      busyRows(frames.get(time)!),
    );
  expect(busyRows(await screen.type("}"))).toEqual(
    busyRows(frames.get("23:04:07")!),
  );
  await screen.type(" ");
  expect((await pass(1000, "23:04:08")).at(-1)).not.toContain("frozen");
});

test("t goes to a time, back and on, and looks as it did", async () => {
  await using playing = await play();
  const { screen, frames, shows, pass } = playing;
  await pass(11_000, "23:04:12");
  expect((await screen.type("t23:04:0")).at(-1)).toContain("go to 23:04:0");
  await screen.type("\x7f\x7f9\r");
  expect(screen.lines().at(-1)).toContain("not a time: write 02:13, ");
  await screen.type("\x7f:05\r");
  const back = await shows("23:04:06");
  expect(back.at(-1)).toContain("frozen, 23:04:06, 6 of 6 kept");
  expect(busyRows(back)).toEqual(busyRows(frames.get("23:04:06")!));
  await screen.type("t23:04:17\r");
  await shows("23:04:18");
  await screen.type("t\x1b");
  expect((await screen.until(/frozen, 23:04:18/)).at(-1)).not.toContain(
    "go to",
  );
});

test("the header says where it is, when that was, and how fast it goes", async () => {
  await using playing = await play();
  const { screen, pass } = playing;
  await pass(9000, "23:04:10");
  const shown = await screen.until(/replay +50 %/);
  expect(shown.join("\n")).toMatch(
    /replay +50 % +1x +\d{4}-\d\d-\d\d 23:04:10/,
  );
  expect((await screen.type("+")).join("\n")).toContain(
    "2x the recorded speed",
  );
  const later = await pass(1000, "23:04:12");
  expect(later.join("\n")).toMatch(/replay +60 % +2x/);
  expect((await screen.type("--")).join("\n")).toContain(
    "0.5x the recorded speed",
  );
  // Speeds of which the number is long have their place too.
  const slowest = (await screen.type("-----")).join("\n");
  expect(slowest).toMatch(/replay +60 % +1\/16x +\d{4}-/);
  expect(slowest).toContain("0.0625x the recorded speed");
  const fastest = (await screen.type("+".repeat(20))).join("\n");
  expect(fastest).toMatch(/replay +60 % +1024x +\d{4}-/);
});

test("w goes to the busiest sample", async () => {
  await using playing = await play();
  const { screen, pass } = playing;
  const moved = culprits({ samples: 20 }).map(
    ({ host, intervalNs }) =>
      ((host.readBytes ?? 0) + (host.writeBytes ?? 0)) / intervalNs,
  );
  const busiest = 1 + moved.indexOf(Math.max(...moved));
  await pass(2000, "23:04:03");
  await screen.type("w");
  await playing.shows(`23:04:${String(busiest).padStart(2, "0")}`);
  await screen.until(/frozen/);
});

test("live, there is no other time to go to", async () => {
  await using screen = await ScreenHarness.open({ columns: 100, rows: 20 });
  await screen.show(culprits()[0]!);
  for (const key of ["t", "w"])
    expect((await screen.type(key)).join("\n")).toContain(
      "only a recording has times to go to: [ looks back",
    );
});
