import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_VIEW } from "../../src/model/view.ts";
import { encodeRecord, toRecord } from "../../src/model/record.ts";
import { openReplaySource } from "../../src/sources/replay.ts";
import type { Source } from "../../src/sources/source.ts";
import { makeSample, row } from "../support/samples.ts";

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
  readonly atMs: number;
}

async function play(
  source: Source,
  {
    count = null,
    signal = new AbortController().signal,
    onSample = async () => {},
  }: {
    count?: number | null;
    signal?: AbortSignal;
    onSample?: (heard: Heard) => Promise<void>;
  } = {},
): Promise<Heard[]> {
  const all: Heard[] = [];
  const beganMs = performance.now();
  for await (const { seq } of source.samples(
    { intervalMs: 1000, count },
    signal,
  )) {
    all.push({ seq, atMs: performance.now() - beganMs });
    await onSample(all.at(-1)!);
  }
  return all;
}

const seqs = (heard: readonly Heard[]) => heard.map(({ seq }) => seq);

describe("pace", () => {
  test("the first at once, the others as far apart as their intervals", async () => {
    const path = write(line(1, 5), line(2, 0.1), line(3, 0.2));
    using source = await openReplaySource({ path, speed: 1 });
    const heard = await play(source);
    expect(seqs(heard)).toEqual([1, 2, 3]);
    const [first, second, third] = heard.map(({ atMs }) => atMs);
    expect(first).toBeLessThan(50);
    expect(second).toBeWithin(99, 180);
    expect(third).toBeWithin(299, 380);
  });

  test("--speed", async () => {
    const path = write(line(1), line(2, 10), line(3, 20));
    using source = await openReplaySource({ path, speed: 100 });
    const [, second, third] = await play(source);
    expect(second!.atMs).toBeWithin(99, 180);
    expect(third!.atMs).toBeWithin(299, 380);
  });

  test("--speed max waits for nothing", async () => {
    const path = write(line(1), line(2, 3600), line(3, 1e9));
    using source = await openReplaySource({ path, speed: null });
    const heard = await play(source);
    expect(seqs(heard)).toEqual([1, 2, 3]);
    expect(heard[2]!.atMs).toBeLessThan(100);
  });

  test("what was late is made up for by one sample, not by a burst", async () => {
    const path = write(...[1, 2, 3, 4, 5, 6].map((seq) => line(seq, 0.1)));
    using source = await openReplaySource({ path, speed: 1 });
    const heard = await play(source, {
      onSample: async ({ seq }) => {
        if (seq === 2) await Bun.sleep(450);
      },
    });
    const gaps = heard.map(({ atMs }, n) => atMs - (heard[n - 1]?.atMs ?? 0));
    expect(gaps[2]).toBeWithin(449, 500);
    expect(gaps[3]).toBeWithin(80, 180);
    expect(gaps[4]).toBeWithin(80, 180);
    expect(gaps[5]).toBeWithin(80, 180);
  });
});

describe("ends", () => {
  test("after the count", async () => {
    const path = write(line(1), line(2), line(3));
    using source = await openReplaySource({ path, speed: null });
    expect(seqs(await play(source, { count: 2 }))).toEqual([1, 2]);
  });

  test("when told, also while it waits", async () => {
    const path = write(line(1), line(2, 60));
    using source = await openReplaySource({ path, speed: 1 });
    const ending = new AbortController();
    setTimeout(() => ending.abort(), 50);
    const beganMs = performance.now();
    expect(seqs(await play(source, { signal: ending.signal }))).toEqual([1]);
    expect(performance.now() - beganMs).toBeLessThan(500);
  });
});

describe("bad lines", () => {
  test("are counted and told once, when it has ended", async () => {
    const path = write(line(1), "{", line(2), "{}");
    using source = await openReplaySource({ path, speed: null });
    expect(source.notices).toEqual([]);
    expect(await play(source)).toHaveLength(2);
    expect(source.notices).toEqual([
      {
        text: `${path}: 2 lines were left out, the first is line 2: not a line of JSON`,
        explains: [],
      },
    ]);
  });

  test("one is told as one, also when the end was not reached", async () => {
    const path = write("{}", line(1), line(2));
    using source = await openReplaySource({ path, speed: null });
    await play(source, { count: 1 });
    expect(source.notices.map(({ text }) => text)).toEqual([
      `${path}: line 1 was left out: schema is not a string`,
    ]);
  });
});

describe("is refused before anything is opened", () => {
  const refusal = async (path: string): Promise<string> => {
    const opening = openReplaySource({ path, speed: 1 });
    return opening.then(
      () => "opened",
      ({ name, message }) => `${name}: ${message.replace(path, "FILE")}`,
    );
  };

  test("an empty file", async () => {
    expect(await refusal(write())).toBe(
      "RecordingError: FILE: is empty: there is no sample in it",
    );
    expect(await refusal("/dev/null")).toContain("is empty");
  });

  test("a file without a sample", async () => {
    expect(await refusal(write("", "Total DISK READ: 0"))).toBe(
      "RecordingError: FILE: there is no sample in it; line 2: not a line of JSON",
    );
  });

  test("another version, a directory, nothing", async () => {
    const other = write(line(1).replace("sample/1", "sample/2"));
    expect(await refusal(other)).toStartWith(
      'RecordingError: FILE: line 1: "iotop.sample/2" is not understood',
    );
    expect(await refusal("/")).toBe(
      "RecordingError: FILE: illegal operation on a directory",
    );
    expect(await refusal("/no/such")).toBe(
      "RecordingError: FILE: no such file or directory",
    );
  });
});
