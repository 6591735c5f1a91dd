/** --from, --to and -d, on a day of samples and on small recordings. */
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
import { basename, join } from "node:path";
import { UsageError } from "../../../src/errors.ts";
import type { Sample } from "../../../src/model/sample.ts";
import { parseTimeText } from "../../../src/model/text/time-text.ts";
import { MergedRecordings } from "../../../src/sources/replay/merge-recordings.ts";
import {
  findRecordings,
  openRecording,
} from "../../../src/sources/replay/recording-files.ts";
import { openReplaySource } from "../../../src/sources/replay/replay.ts";
import {
  DAY_BEGIN_MS,
  DAY_WRITTEN,
  writeDay,
  writtenIn,
} from "../../support/runs/day-recording.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import {
  lineOf,
  momentOf,
  moments,
  writeRecording,
} from "../../support/runs/recordings.ts";
import { utcTime } from "../../support/utc-time.ts";

setDefaultTimeout(120_000);

const HOUR_MS = 3_600_000;

let root: string;
let day: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "iotop-window-"));
  day = writeDay(join(root, "day"));
});
afterAll(() => rmSync(root, { recursive: true }));

interface Asked {
  readonly from?: string;
  readonly to?: string;
  readonly lengthMs?: number;
  readonly host?: string;
}

async function* play(
  paths: readonly string[],
  { from, to, ...others }: Asked = {},
): AsyncGenerator<Sample, void, void> {
  const textOf = (text?: string) =>
    text === undefined ? null : parseTimeText(text)!;
  using source = await openReplaySource(
    {
      files: findRecordings(paths),
      speed: null,
      window: { from: textOf(from), to: textOf(to) },
      ...others,
    },
    new FakeClock(),
    utcTime,
  );
  yield* source.samples(
    { intervalMs: 1000, count: null },
    new AbortController().signal,
  );
}

const seqsOf = async (samples: AsyncIterable<Sample>) =>
  (await Array.fromAsync(samples)).map(({ seq }) => seq);

describe("a day in a store", () => {
  test("a minute of it is sixty samples", async () => {
    const samples = await Array.fromAsync(
      play([day], { from: "02:13", to: "02:14" }),
    );
    expect(samples.map(({ seq }) => seq)).toEqual(
      Array.from({ length: 60 }, (_, n) => 7981 + n),
    );
    expect(samples[0]!.host.writeBytes).toBe(writtenIn(7981));
    // Sums start with the window.
    expect(samples[0]!.host.since.writeBytes).toBe(writtenIn(7981));
  });

  test("only the files that may hold it are opened", async () => {
    const opened: string[] = [];
    using recordings = new MergedRecordings(
      findRecordings([day]),
      {
        fromMs: DAY_BEGIN_MS + 2.2 * HOUR_MS,
        toMs: DAY_BEGIN_MS + 2.3 * HOUR_MS,
        host: null,
      },
      (file) => {
        opened.push(basename(file.path));
        return openRecording(file);
      },
    );
    expect(await seqsOf(recordings.samples())).toHaveLength(360);
    // A sample that ends in the next hour may have begun before.
    expect(opened).toEqual([
      "iotop-web1-20261124T02Z.jsonl.zst",
      "iotop-web1-20261124T03Z.jsonl.zst",
    ]);
  });

  test("in windows of an hour and samples of a minute: as many, with the same sum", async () => {
    let count = 0;
    let written = 0;
    for (let hour = 0; hour < 24; hour++) {
      const [from, to] = [hour, hour + 1].map((each) =>
        new Date(DAY_BEGIN_MS + each * HOUR_MS).toISOString(),
      );
      for await (const sample of play([day], {
        ...{ from: from!, to: to!, lengthMs: 60_000 },
      })) {
        count++;
        written += sample.host.writeBytes!;
        if (sample.intervalNs !== 60e9) throw new Error("not a minute");
      }
    }
    expect(count).toBe(1440);
    expect(written).toBe(DAY_WRITTEN);
  });
});

describe("a window", () => {
  const small = (name: string) =>
    writeRecording(join(root, name), moments(10, DAY_BEGIN_MS));

  test.each(["w.jsonl", "w.jsonl.gz", "w.jsonl.zst"])(
    "of %s has samples that end after its begin and begin before its end",
    async (name) => {
      const path = small(name);
      const seqs = (from: string, to: string) =>
        seqsOf(play([path], { from, to }));
      expect(await seqs("00:00:03", "00:00:06")).toEqual([4, 5, 6]);
      expect(await seqs("00:00:03.5", "00:00:05.5")).toEqual([4, 5, 6]);
      expect(await seqs("-3s", "-1s")).toEqual([8, 9]);
      expect(await seqsOf(play([path], { from: "00:00:08" }))).toEqual([9, 10]);
      expect(await seqsOf(play([path], { to: "00:00:02" }))).toEqual([1, 2]);
    },
  );

  test("is read past a clock that was set back", async () => {
    const path = join(root, "back.jsonl");
    const text = [
      ...moments(5, DAY_BEGIN_MS),
      ...moments(5, DAY_BEGIN_MS + 600_000),
      ...moments(5, DAY_BEGIN_MS + 5000),
    ];
    writeRecording(path, text);
    expect(
      await seqsOf(play([path], { from: "00:00:03", to: "00:00:08" })),
    ).toEqual([4, 5, 1, 2, 3]);
  });

  test("leaves out lines of other programs that it cannot judge by their first bytes too", async () => {
    const path = join(root, "foreign.jsonl");
    const lines = moments(6, DAY_BEGIN_MS).map((each) => {
      const { schema, ...others } = JSON.parse(lineOf(momentOf(each)));
      return JSON.stringify({ ...others, schema });
    });
    writeFileSync(path, lines.join("\n"));
    expect(
      await seqsOf(play([path], { from: "00:00:03", to: "00:00:05" })),
    ).toEqual([4, 5]);
  });

  test("that has none says what there is", async () => {
    const nothing = async (asked: Asked) => {
      await seqsOf(play([small("n.jsonl.gz")], asked));
    };
    await expect(
      nothing({ from: "2026-11-25 02:13", to: "2026-11-25 02:14" }),
    ).rejects.toThrow(
      "no sample is after 2026-11-25 02:13:00 and before 2026-11-25 02:14:00: the recording is from 2026-11-24 00:00:00 to 2026-11-24 00:00:10",
    );
    await expect(nothing({ to: "2026-11-23" })).rejects.toThrow(
      "no sample is before 2026-11-23 00:00:00: the recording is from 2026-11-24 00:00:00 to 2026-11-24 00:00:10",
    );
    // Of a plain file, which is not read to its end.
    const path = join(root, "plain.jsonl");
    writeRecording(path, moments(5, DAY_BEGIN_MS));
    await expect(
      seqsOf(play([path], { from: "2026-11-22 01:00", to: "2026-11-23" })),
    ).rejects.toThrow(/is from 2026-11-24 00:00:00 to 2026-11-24 00:00:05$/);
    await expect(
      nothing({ from: "2026-11-24 00:00:05", to: "2026-11-24 00:00:05" }),
    ).rejects.toThrow(UsageError);
  });

  test("in what is piped in needs a date", async () => {
    const piped = [{ path: "-", isFile: false, isFound: false, period: null }];
    const opening = openReplaySource({
      ...{ files: piped, speed: null },
      window: { from: parseTimeText("02:13"), to: null },
    });
    await expect(opening).rejects.toThrow(
      new UsageError(
        'stdin can be read only once, so its end is not known in advance: give --from and --to a date, as in "2026-11-24 02:13"',
      ),
    );
  });
});

describe("-d", () => {
  test("merges samples of each host until they are so long", async () => {
    const paths = ["web1", "web2"].map((host) =>
      writeRecording(
        join(root, `d-${host}.jsonl`),
        moments(7, DAY_BEGIN_MS, { host, intervalS: 0.999 }),
      ),
    );
    const samples = await Array.fromAsync(play(paths, { lengthMs: 3000 }));
    expect(
      samples.map(({ seq, origin, host }) => [
        origin.hostname,
        seq,
        host.writeBytes! / 4096,
      ]),
    ).toEqual([
      ["web1", 3, 3],
      ["web2", 3, 3],
      ["web1", 6, 3],
      ["web2", 6, 3],
      ["web1", 7, 1],
      ["web2", 7, 1],
    ]);
  });

  test("does not merge what two boots did", async () => {
    const path = writeRecording(join(root, "boots.jsonl"), [
      ...moments(2, DAY_BEGIN_MS, { bootId: "a" }),
      ...moments(2, DAY_BEGIN_MS + 60_000, { bootId: "b" }),
    ]);
    const samples = await Array.fromAsync(play([path], { lengthMs: 3000 }));
    expect(samples.map(({ origin, seq }) => `${origin.bootId} ${seq}`)).toEqual(
      ["a 2", "b 2"],
    );
  });
});
