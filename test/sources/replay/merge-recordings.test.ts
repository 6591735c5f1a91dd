import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../../src/errors.ts";
import { findRecordings } from "../../../src/sources/replay/recording-files.ts";
import { openReplaySource } from "../../../src/sources/replay/replay.ts";
import {
  moments,
  writeRecording,
  type Moment,
} from "../../support/runs/recordings.ts";

const DAY_MS = Date.parse("2026-11-24T00:00:00Z");
const HOUR_MS = 3_600_000;

let root: string;
let folders = 0;
/** A new folder for each test. */
const at = (name: string) => join(root, String(folders), name);
beforeAll(() => void (root = mkdtempSync(join(tmpdir(), "iotop-merge-"))));
afterAll(() => rmSync(root, { recursive: true }));
const write = (name: string, all: readonly Moment[]) =>
  writeRecording(at(name), all);

interface Played {
  /** "web1 3": host and number. */
  readonly samples: readonly string[];
  readonly since: readonly (number | null)[];
  readonly notices: readonly string[];
  readonly error: unknown;
}

async function play(
  paths: readonly string[],
  options: { readonly host?: string; readonly isOneHost?: boolean } = {},
): Promise<Played> {
  using source = await openReplaySource({
    files: findRecordings(paths),
    speed: null,
    ...options,
  });
  const samples: string[] = [];
  const since: (number | null)[] = [];
  let error: unknown = null;
  try {
    for await (const sample of source.samples(
      { intervalMs: 1000, count: null },
      new AbortController().signal,
    )) {
      samples.push(`${sample.origin.hostname} ${sample.seq}`);
      since.push(sample.host.since.writeBytes);
    }
  } catch (reason) {
    error = reason;
  }
  const notices = source.notices.map(({ text }) =>
    text.replaceAll(at("/"), ""),
  );
  folders++;
  return { samples, since, notices, error };
}

describe("several recordings", () => {
  test("are one, in the order of time, whatever order they are named in", async () => {
    const late = write("b.jsonl", moments(3, DAY_MS + 10_000));
    const early = write("a.jsonl.gz", moments(3, DAY_MS));
    const later = write("c.jsonl.zst", moments(1, DAY_MS + 20_000));
    const { samples, notices } = await play([later, late, early]);
    expect(samples.map((each) => each.slice(-1)).join("")).toBe("1231231");
    expect(notices).toEqual([]);
  });

  test("of several hosts take turns, and each has sums of its own", async () => {
    const one = write("a.jsonl", moments(3, DAY_MS));
    const two = write(
      "b.jsonl",
      moments(3, DAY_MS + 400, { host: "web2", writeBytes: 10 }),
    );
    const again = write("c.jsonl", moments(1, DAY_MS + 60_000));
    const { samples, since } = await play([one, two, again]);
    expect(samples.join(", ")).toBe(
      "web1 1, web2 1, web1 2, web2 2, web1 3, web2 3, web1 1",
    );
    // Each run of the same host adds to the one before.
    expect(since).toEqual([4096, 10, 8192, 20, 12_288, 30, 16_384]);
  });

  test("a time that two of them have counts once, and that is said", async () => {
    const one = write("a.jsonl", moments(5, DAY_MS));
    const two = write("b.jsonl", moments(8, DAY_MS + 400));
    const { samples, notices } = await play([one, two]);
    expect(samples).toHaveLength(5 + 3);
    expect(notices).toEqual([
      "b.jsonl: skipped 5 samples that another recording has for the same time",
    ]);
  });

  test.each([
    ["whose clock was set back", { uptimeS: 9000 }, DAY_MS + 400],
    ["that was put back to what it was", { uptimeS: 5000 }, DAY_MS + 60_000],
  ])("of a machine %s, both are whole", async (_, { uptimeS }, beginMs) => {
    const from = (all: readonly Moment[], firstS: number) =>
      all.map((each) => ({ ...each, uptimeS: firstS + each.seq }));
    const one = write("a.jsonl", from(moments(3, DAY_MS), 5000));
    const two = write("b.jsonl", from(moments(3, beginMs), uptimeS));
    expect((await play([one, two])).samples).toHaveLength(6);
  });

  test("neighbours whose clocks differ a little are both whole", async () => {
    const one = write("a.jsonl", moments(3, DAY_MS));
    const two = write("b.jsonl", moments(3, DAY_MS + 2990));
    const { samples, notices } = await play([one, two]);
    expect(samples).toHaveLength(6);
    expect(notices).toEqual([]);
  });

  test("a file of a store that is compressed before its turn is read all the same", async () => {
    const times = [DAY_MS, DAY_MS + HOUR_MS];
    const [one, two] = ["00", "01"].map((hour, n) =>
      write(`iotop-web1-20261124T${hour}Z.jsonl`, moments(2, times[n]!)),
    );
    const files = findRecordings([at("")]);
    for (const path of [one!, two!]) {
      writeFileSync(`${path}.zst`, Bun.zstdCompressSync(readFileSync(path)));
      rmSync(path);
    }
    using source = await openReplaySource({ files, speed: null });
    const seqs: number[] = [];
    for await (const { seq } of source.samples(
      { intervalMs: 1000, count: null },
      new AbortController().signal,
    ))
      seqs.push(seq);
    expect(seqs).toEqual([1, 2, 1, 2]);
    folders++;
  });

  test("one file counts once, whatever paths lead to it", async () => {
    const one = write("a.jsonl", moments(2, DAY_MS));
    linkSync(one, at("b.jsonl"));
    symlinkSync("a.jsonl", at("c.jsonl"));
    const paths = [one, at("b.jsonl"), at("c.jsonl"), at("")];
    expect((await play(paths)).samples).toHaveLength(2);
  });

  test("what is damaged does not take the others with it", async () => {
    const one = write("a.jsonl.gz", moments(3, DAY_MS));
    const whole = await Bun.file(one).bytes();
    writeFileSync(one, whole.subarray(0, -4));
    const two = write("b.jsonl", moments(2, DAY_MS + 10_000));
    const { samples, error } = await play([one, two]);
    expect(samples).toHaveLength(5);
    expect(String(error)).toBe(
      `RecordingError: ${one}: unexpected end of file`,
    );
  });
});

describe("a folder", () => {
  test("stands for the recordings in it, those that were rotated too", async () => {
    write("io.jsonl", moments(1, DAY_MS + 30_000));
    write("io.jsonl.1", moments(1, DAY_MS + 20_000));
    write("io.jsonl.2.gz", moments(1, DAY_MS + 10_000));
    write("io.jsonl-20261123.zst", moments(1, DAY_MS));
    writeFileSync(at("notes.txt"), "no recording");
    writeFileSync(at("io.jsonl.zst.part"), "no recording");
    mkdirSync(at("old.jsonl"));
    const { samples, notices } = await play([at("")]);
    expect(samples).toHaveLength(4);
    expect(notices).toEqual([]);
  });

  test("may have other files with such names: they are left out, and named", async () => {
    write("io.jsonl", moments(1, DAY_MS));
    writeFileSync(at("empty.jsonl"), "");
    writeFileSync(at("tasks.jsonl"), '{"a":1}\n');
    const { samples, notices } = await play([at("")]);
    expect(samples).toHaveLength(1);
    expect(notices).toEqual([
      "tasks.jsonl: not a recording: it has no sample; line 1: schema is not a string",
    ]);
  });

  test("of a store is read file by file, what is compressed of an hour before what is plain", async () => {
    const hour = (n: number, suffix: string) =>
      `iotop-web1-20261124T${String(n).padStart(2, "0")}Z.jsonl${suffix}`;
    for (let n = 0; n < 24; n++)
      write(hour(n, ".zst"), moments(1, DAY_MS + n * HOUR_MS));
    write(hour(23, ""), moments(1, DAY_MS + 23 * HOUR_MS + 60_000));
    const { samples, notices } = await play([at("")]);
    expect(samples).toHaveLength(25);
    expect(notices).toEqual([]);
  });
});

describe("what shows one machine", () => {
  const SEVERAL =
    "the recordings are of web1, web2 and web3: choose one with --host NAME";
  const three = () =>
    [1, 2, 3].map((n) =>
      write(`${n}.jsonl`, moments(2, DAY_MS, { host: `web${n}` })),
    );

  test("needs --host, and is told which there are before anything is opened", async () => {
    const paths = three();
    await expect(play(paths, { isOneHost: true })).rejects.toThrow(
      new UsageError(SEVERAL),
    );
    const { samples } = await play(paths, { isOneHost: true, host: "web2" });
    expect(samples).toEqual(["web2 1", "web2 2"]);
  });

  test("knows the hosts of a store by the names of its files", async () => {
    for (const n of [1, 2, 3])
      write(
        `iotop-web${n}-20261124T0${n}Z.jsonl`,
        moments(2, DAY_MS + n * HOUR_MS, { host: `web${n}` }),
      );
    await expect(play([at("")], { isOneHost: true })).rejects.toThrow(
      new UsageError(SEVERAL),
    );
    const chosen = await play([at("")], { isOneHost: true, host: "web3" });
    expect(chosen.samples).toEqual(["web3 1", "web3 2"]);
  });

  test("ends where one file turns out to be of two", async () => {
    const both = write("both.jsonl", [
      ...moments(2, DAY_MS),
      ...moments(2, DAY_MS + 5000, { host: "web2" }),
    ]);
    const { samples, error } = await play([both], { isOneHost: true });
    expect(samples).toEqual(["web1 1", "web1 2"]);
    expect(error).toEqual(
      new UsageError(
        "the recordings are of web1 and web2: choose one with --host NAME",
      ),
    );
  });

  test("is told the hosts if there is none of that name", async () => {
    await expect(play(three(), { host: "web9" })).rejects.toThrow(
      new UsageError("--host web9: the recordings are of web1, web2 and web3"),
    );
  });
});
