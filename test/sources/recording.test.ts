import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { DEFAULT_VIEW } from "../../src/model/view.ts";
import { encodeRecord, toRecord } from "../../src/model/record.ts";
import type { Sample } from "../../src/model/sample.ts";
import {
  Recording,
  RecordingError,
  splitLines,
} from "../../src/sources/recording.ts";
import { simulatedRun } from "../support/simulated-run.ts";
import { makeSample, row } from "../support/samples.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const encode = (text: string): Bytes => new Uint8Array(Buffer.from(text));

const lineOf = (sample: Sample): string =>
  encodeRecord(toRecord(sample, { all: true, view: DEFAULT_VIEW }));

const line = (seq: number): string =>
  lineOf(makeSample({ seq, threads: [row({ tid: 5, comm: "käse" })] }));

/** The bytes in pieces of one size. */
function streamOf(bytes: Bytes, pieceBytes = 7) {
  return {
    async *[Symbol.asyncIterator]() {
      for (let at = 0; at < bytes.length; at += pieceBytes)
        yield bytes.subarray(at, at + pieceBytes);
    },
    destroy() {},
  };
}

async function read(
  data: string | Bytes,
  pieceBytes?: number,
): Promise<{ samples: Sample[]; recording: Recording; error: unknown }> {
  const bytes = typeof data === "string" ? encode(data) : data;
  const recording = new Recording("io.jsonl", streamOf(bytes, pieceBytes));
  const samples: Sample[] = [];
  try {
    for await (const sample of recording.samples()) samples.push(sample);
  } catch (error) {
    return { samples, recording, error };
  }
  return { samples, recording, error: null };
}

const seqs = async (data: string | Bytes) =>
  (await read(data)).samples.map(({ seq }) => seq);

describe("lines", () => {
  test("in whatever pieces the bytes come", async () => {
    const lines = fc.array(fc.uint8Array({ maxLength: 5 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        lines,
        fc.integer({ min: 1, max: 9 }),
        async (parts, n) => {
          const wanted = parts.map((part) =>
            Buffer.from(part.map((byte) => (byte === 10 ? 11 : byte))),
          );
          const bytes = new Uint8Array(
            Buffer.concat(wanted.flatMap((part) => [part, Buffer.from("\n")])),
          );
          const seen: string[] = [];
          for await (const each of splitLines(streamOf(bytes, n)))
            seen.push(Buffer.from(each).toString("hex"));
          expect(seen).toEqual(wanted.map((part) => part.toString("hex")));
        },
      ),
    );
  });

  test("without a last line feed, with CRLF, with blanks between", async () => {
    expect(await seqs(`${line(1)}\r\n\n  \n${line(2)}`)).toEqual([1, 2]);
  });
});

describe("samples", () => {
  test("of a random run come back as they were written", async () => {
    await fc.assert(
      fc.asyncProperty(simulatedRun(2), async (run) => {
        const text = run.map((sample) => `${lineOf(sample)}\n`).join("");
        const { samples, recording } = await read(text, 1000);
        expect(samples.map((each) => `${lineOf(each)}\n`).join("")).toBe(text);
        expect(recording.badLines).toBeNull();
      }),
      { numRuns: 30 },
    );
  });

  test.each([
    ["gzip", Bun.gzipSync],
    ["zstd", Bun.zstdCompressSync],
  ] as const)(
    "%s, also in several parts, by its first bytes",
    async (_, pack) => {
      const parts = [`${line(1)}\n`, `${line(2)}\n${line(3)}\n`].map((text) =>
        pack(encode(text)),
      );
      expect(await seqs(new Uint8Array(Buffer.concat(parts)))).toEqual([
        1, 2, 3,
      ]);
    },
  );

  test("of a compressed file that was cut: what is whole, then the error", async () => {
    // Random names: else all of it would be in the first block.
    const text = Array.from({ length: 2000 }, (_, n) =>
      lineOf(
        makeSample({
          seq: n + 1,
          threads: [row({ tid: 5, comm: Math.random().toString(36) })],
        }),
      ),
    ).join("\n");
    const packed = Bun.gzipSync(encode(text));
    const cut = packed.slice(0, packed.length / 2);
    const { samples, error } = await read(cut, 65_536);
    expect(samples.length).toBeGreaterThan(500);
    expect(samples.length).toBeLessThan(1500);
    expect(error).toBeInstanceOf(RecordingError);
    expect((error as Error).message).toBe("io.jsonl: unexpected end of file");
  });

  test("that follow a bad line are not lost", async () => {
    const cut = line(2).slice(0, 100);
    const text = [line(1), cut, "", "[", line(3), '"', line(4), cut].join("\n");
    const { samples, recording } = await read(text);
    expect(samples.map(({ seq }) => seq)).toEqual([1, 3, 4]);
    expect(recording.badLines).toEqual({
      count: 4,
      line: 2,
      reason: "not a line of JSON",
    });
  });

  test.each([
    [`${line(1)}${line(2)}`, "not a line of JSON"],
    ["xx", "not a line of JSON"],
    ["\0\0\0\0", "not a line of JSON"],
    ["17", "the record is not an object"],
    ["[]", "the record is not an object"],
    ["{}", "schema is not a string"],
    ['{"schema":"atop"}', '"atop" is no recording of iotop'],
    [line(1).replace('"tid":5', '"tid":"5"'), "tasks[0].tid is not a number"],
  ])("case %#: a bad line says why", async (bad, reason) => {
    const { recording, error } = await read(`\n${bad}\n`);
    expect(error).toBeNull();
    expect(recording.badLines).toEqual({ count: 1, line: 2, reason });
  });

  test("of another major version are refused, wherever they stand", async () => {
    const text = `${line(1)}\n${line(2).replace("sample/1", "sample/2")}\n`;
    const { samples, error } = await read(text);
    expect(samples).toHaveLength(1);
    expect(error).toBeInstanceOf(RecordingError);
    expect((error as Error).message).toBe(
      'io.jsonl: line 2: "iotop.sample/2" is not understood, only iotop.sample/1: another version of iotop wrote it',
    );
  });
});

test("what cannot be read is told with the name, without codes and calls", async () => {
  const broken = {
    async *[Symbol.asyncIterator](): AsyncGenerator<Bytes> {
      throw Object.assign(new Error("EIO: i/o error, read"), { code: "EIO" });
    },
    destroy() {},
  };
  const reading = new Recording("/dev/x", broken).samples().next();
  await expect(reading).rejects.toThrow(
    new RecordingError("/dev/x: i/o error"),
  );
});
