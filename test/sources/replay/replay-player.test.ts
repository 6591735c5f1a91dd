/** How a recording is played by keys: held, stepped, faster, elsewhere. Time passes only when a test lets it. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findRecordings } from "../../../src/sources/replay/recording-files.ts";
import { openReplaySource } from "../../../src/sources/replay/replay.ts";
import type { Source } from "../../../src/sources/source.ts";
import { eventually } from "../../support/eventually.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { moments, writeRecording } from "../../support/runs/recordings.ts";
import { utcTime } from "../../support/utc-time.ts";

const DAY_MS = Date.parse("2026-11-24T00:00:00Z");

let folder: string;
/** Two hundred seconds; the busiest is the 77th. */
let path: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "iotop-player-"));
  path = writeRecording(
    join(folder, "io.jsonl.zst"),
    moments(200, DAY_MS).map((each) => ({
      ...each,
      writeBytes: each.seq === 77 ? 9e6 : 4096,
    })),
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A replay that is heard as it comes. */
class Playing implements Disposable {
  readonly seqs: number[] = [];
  readonly #ending = new AbortController();
  #hearing: Promise<void> = Promise.resolve();

  readonly source: Source;
  readonly clock: FakeClock;

  private constructor(source: Source, clock: FakeClock) {
    this.source = source;
    this.clock = clock;
  }

  /** The first sample has come. */
  static async open(isAlone = true): Promise<Playing> {
    const clock = new FakeClock();
    const files = findRecordings([path]);
    const source = await openReplaySource(
      { files, speed: 1, isAlone },
      clock,
      utcTime,
    );
    const playing = new Playing(source, clock);
    playing.hear();
    await playing.rest();
    return playing;
  }

  get player() {
    return this.source.player!;
  }

  /** As a run does at first, and when the player is called after the end. */
  hear(): void {
    this.#hearing = (async () => {
      const pace = { intervalMs: 1000, count: null };
      for await (const { seq } of this.source.samples(
        pace,
        this.#ending.signal,
      ))
        this.seqs.push(seq);
    })();
  }

  /** Until it waits for time to pass, or for a key. */
  async rest(): Promise<readonly number[]> {
    await eventually(
      () => this.clock.sleepers,
      (sleepers) => sleepers > 0,
    );
    return this.seqs.splice(0);
  }

  /** What comes in so much time. */
  async pass(ms: number): Promise<readonly number[]> {
    await this.clock.advance(ms);
    return this.rest();
  }

  /** What comes where it goes. */
  async gone(jumps: number): Promise<readonly number[]> {
    await eventually(
      () => this.player.jumps,
      (all) => all === jumps,
    );
    return this.rest();
  }

  async end(): Promise<readonly number[]> {
    await this.clock.passDuring(this.#hearing);
    return this.seqs.splice(0);
  }

  [Symbol.dispose](): void {
    this.#ending.abort();
    this.source[Symbol.dispose]();
  }
}

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, n) => from + n);

test("held, nothing comes but what is asked for; then it goes on", async () => {
  using playing = await Playing.open();
  const { player } = playing;
  expect(await playing.pass(3000)).toEqual([2, 3, 4]);
  player.hold(true);
  expect(await playing.pass(60_000)).toEqual([]);
  expect(player.step()).toBeNull();
  expect(player.step()).toBeNull();
  expect(await playing.pass(0)).toEqual([5, 6]);
  expect(await playing.pass(60_000)).toEqual([]);
  player.hold(false);
  // What was missed meanwhile is not made up for.
  expect(await playing.pass(0)).toEqual([]);
  expect(await playing.pass(3000)).toEqual([7, 8, 9]);
});

test("another speed counts at once", async () => {
  using playing = await Playing.open();
  playing.player.setSpeed(4);
  expect(await playing.pass(1000)).toEqual([2, 3, 4, 5]);
  playing.player.setSpeed(0.5);
  expect(await playing.pass(4000)).toEqual([6, 7]);
  expect(playing.player.speed).toBe(0.5);
});

test("it goes to a time, after what came before, and holds", async () => {
  using playing = await Playing.open();
  const { player } = playing;
  await playing.pass(4000);
  expect(player.goTo("00:01:40")).toBeNull();
  expect(await playing.gone(1)).toEqual(range(41, 101));
  expect(await playing.pass(60_000)).toEqual([]);
  // Back, and to before the begin.
  player.goTo("2026-11-24 00:00:10");
  expect(await playing.gone(2)).toEqual(range(1, 11));
  player.goTo("2026-11-23");
  expect(await playing.gone(3)).toEqual([1]);
  player.goTo("-10s");
  expect(await playing.gone(4)).toEqual(range(131, 191));
  player.hold(false);
  expect(await playing.pass(1000)).toEqual([192]);
  expect(player.goTo("noon")).toStartWith("not a time: write 02:13, ");
});

test("it goes to the sample in which most was moved", async () => {
  using playing = await Playing.open();
  expect(playing.player.goToBusiest()).toBeNull();
  expect(await playing.gone(1)).toEqual(range(17, 77));
});

test("from its end it can go back", async () => {
  using playing = await Playing.open();
  const { player } = playing;
  expect(await playing.end()).toEqual(range(2, 200));
  expect(player.step()).toBe("this is the last sample of the recording");
  const called = player.called();
  player.goTo("2026-11-24T00:00:05Z");
  await called;
  playing.hear();
  expect(await playing.rest()).toEqual(range(1, 6));
  expect(player.step()).toBeNull();
  expect(await playing.pass(0)).toEqual([7]);
});

test("beside other outputs it only goes on", async () => {
  using playing = await Playing.open(false);
  const { player } = playing;
  for (const why of [player.goTo("00:01:40"), player.goToBusiest()])
    expect(why).toBe(
      "other outputs read the recording in order: it can only be held or stepped forward",
    );
  player.hold(true);
  player.step();
  expect(await playing.pass(0)).toEqual([2]);
});

test("its begin and its end are known soon", async () => {
  using playing = await Playing.open();
  const span = await eventually(
    () => playing.player.span,
    (known) => known !== null,
  );
  expect(span).toEqual({ beginMs: DAY_MS, endMs: DAY_MS + 200_000 });
});
