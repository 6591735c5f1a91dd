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
import { DEFAULT_VIEW } from "../../../src/model/view/view.ts";
import { encodeRecord, toRecord } from "../../../src/model/record/record.ts";
import { findRecordings } from "../../../src/sources/replay/recording-files.ts";
import { openReplaySource } from "../../../src/sources/replay/replay.ts";
import type { Source } from "../../../src/sources/source.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { makeSample, row } from "../../support/samples.ts";

setDefaultTimeout(120_000);

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "iotop-replay-"))));
afterAll(() => rmSync(folder, { recursive: true }));

function write(...lines: readonly string[]): string {
  const path = join(folder, "io.jsonl");
  writeFileSync(path, lines.map((line) => `${line}\n`).join(""));
  return path;
}

const line = (seq: number, intervalS = 1): string =>
  encodeRecord(
    toRecord(
      makeSample({
        seq,
        intervalNs: intervalS * 1e9,
        threads: [row({ tid: 5, readBytes: 1024 })],
      }),
      { all: false, view: DEFAULT_VIEW },
    ),
  );

interface Heard {
  readonly seq: number;
  /** After the beginning, in the time of the test. */
  readonly atMs: number;
}

interface Playing {
  readonly speed?: number | null;
  readonly count?: number | null;
  readonly signal?: AbortSignal;
  readonly onSample?: (heard: Heard, clock: FakeClock) => Promise<void> | void;
}

/** Plays what `write` was given last; time passes whenever the replay waits. */
async function play(path: string, playing: Playing = {}): Promise<Heard[]> {
  const clock = new FakeClock();
  const { speed = 1 } = playing;
  using source = await openReplaySource(
    { files: findRecordings([path]), speed },
    clock,
  );
  return clock.passDuring(hear(source, clock, playing));
}

async function hear(
  source: Source,
  clock: FakeClock,
  { count = null, signal = new AbortController().signal, onSample }: Playing,
): Promise<Heard[]> {
  const all: Heard[] = [];
  for await (const { seq } of source.samples(
    { intervalMs: 1000, count },
    signal,
  )) {
    all.push({ seq, atMs: clock.nowMs });
    await onSample?.(all.at(-1)!, clock);
  }
  return all;
}

const seqs = (heard: readonly Heard[]) => heard.map(({ seq }) => seq);
const times = (heard: readonly Heard[]) => heard.map(({ atMs }) => atMs);

describe("pace", () => {
  test("the first at once, the others as far apart as their intervals", async () => {
    const path = write(line(1, 5), line(2, 0.1), line(3, 0.2));
    expect(await play(path)).toEqual([
      { seq: 1, atMs: 0 },
      { seq: 2, atMs: 100 },
      { seq: 3, atMs: 300 },
    ]);
  });

  test("--speed", async () => {
    const path = write(line(1), line(2, 10), line(3, 20));
    expect(times(await play(path, { speed: 100 }))).toEqual([0, 100, 300]);
    expect(times(await play(path, { speed: 0.5 }))).toEqual([0, 2e4, 6e4]);
  });

  test("--speed max waits for nothing", async () => {
    const path = write(line(1), line(2, 3600), line(3, 1e9));
    const heard = await play(path, { speed: null });
    expect(seqs(heard)).toEqual([1, 2, 3]);
    expect(times(heard)).toEqual([0, 0, 0]);
  });

  test("an interval that no timer holds lasts as long as it is", async () => {
    const path = write(line(1), line(2, 100 * 86_400));
    expect(times(await play(path))).toEqual([0, 100 * 86_400_000]);
  });

  test("what was late is made up for by one sample, not by a burst", async () => {
    const path = write(...[1, 2, 3, 4, 5, 6].map((seq) => line(seq, 0.1)));
    const heard = await play(path, {
      onSample: async ({ seq }, clock) => {
        if (seq === 2) await clock.sleep(450);
      },
    });
    expect(times(heard)).toEqual([0, 100, 550, 650, 750, 850]);
  });

  test("an output that takes less than a step costs no time", async () => {
    const path = write(...[1, 2, 3, 4].map((seq) => line(seq, 0.1)));
    const heard = await play(path, {
      onSample: async ({ seq }, clock) => {
        if (seq === 2) await clock.sleep(80);
      },
    });
    expect(times(heard)).toEqual([0, 100, 200, 300]);
  });
});

describe("ends", () => {
  test("after the count", async () => {
    const path = write(line(1), line(2), line(3));
    expect(seqs(await play(path, { speed: null, count: 2 }))).toEqual([1, 2]);
  });

  test("when told, also while it waits", async () => {
    const path = write(line(1), line(2, 60));
    const ending = new AbortController();
    let endedMs = NaN;
    const heard = await play(path, {
      signal: ending.signal,
      onSample(_, clock) {
        void clock.sleep(50).then(() => {
          ending.abort();
          endedMs = clock.nowMs;
        });
      },
    });
    expect(seqs(heard)).toEqual([1]);
    expect(endedMs).toBe(50);
  });
});

describe("bad lines", () => {
  test("are counted and told once, when it has ended", async () => {
    const path = write(line(1), "{", line(2), "{}");
    const clock = new FakeClock();
    using source = await openReplaySource(
      { files: findRecordings([path]), speed: null },
      clock,
    );
    expect(source.notices).toEqual([]);
    expect(await hear(source, clock, {})).toHaveLength(2);
    expect(source.notices).toEqual([
      {
        text: `${path}: skipped 2 lines, the first is line 2: not a line of JSON`,
        explains: [],
      },
    ]);
  });

  test("one is told as one, also when the end was not reached", async () => {
    const path = write("{}", line(1), line(2));
    const clock = new FakeClock();
    using source = await openReplaySource(
      { files: findRecordings([path]), speed: null },
      clock,
    );
    await hear(source, clock, { count: 1 });
    expect(source.notices.map(({ text }) => text)).toEqual([
      `${path}: skipped line 1: schema is not a string`,
    ]);
  });
});

describe("is refused before anything is opened", () => {
  const refusal = async (path: string): Promise<string> => {
    const opening = async () =>
      openReplaySource({ files: findRecordings([path]), speed: 1 });
    return opening().then(
      () => "opened",
      ({ name, message }) => `${name}: ${message.replace(path, "FILE")}`,
    );
  };

  test("an empty file", async () => {
    expect(await refusal(write())).toBe(
      "RecordingError: FILE: the recording is empty",
    );
    expect(await refusal("/dev/null")).toContain("the recording is empty");
  });

  test("a file without a sample", async () => {
    expect(await refusal(write("", "Total DISK READ: 0"))).toBe(
      "RecordingError: FILE: not a recording: it has no sample; line 2: not a line of JSON",
    );
  });

  test("another version, a directory, nothing", async () => {
    const other = write(line(1).replace("sample/1", "sample/2"));
    expect(await refusal(other)).toStartWith(
      'RecordingError: FILE: line 1: "iotop.sample/2" was written by another version of iotop: this one reads iotop.sample/1',
    );
    expect(await refusal("/etc")).toBe(
      "RecordingError: FILE: it has no recordings: their names end in .jsonl, .jsonl.gz or .jsonl.zst",
    );
    expect(await refusal(join(folder, "none"))).toBe(
      "RecordingError: FILE: no such file or directory",
    );
  });
});
