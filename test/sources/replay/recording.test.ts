import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { constants, gzipSync, zstdCompressSync } from "node:zlib";
import { DEFAULT_VIEW } from "../../../src/model/view/view.ts";
import { encodeRecord, toRecord } from "../../../src/model/record/record.ts";
import type { Sample } from "../../../src/model/sample.ts";
import {
  Recording,
  RecordingError,
} from "../../../src/sources/replay/recording.ts";
import { splitLines } from "../../../src/sources/replay/lines.ts";
import { simulatedRun } from "../../support/runs/simulated-run.ts";
import { makeSample, row } from "../../support/samples.ts";

setDefaultTimeout(120_000);

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
  test("in whatever pieces the bytes come: those that are not empty, with their numbers", async () => {
    const byte = fc.oneof(
      fc.constantFrom(13, 32, 0, 255),
      fc.integer({ min: 11, max: 255 }),
    );
    const lines = fc.array(fc.array(byte, { maxLength: 4 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        lines,
        fc.integer({ min: 1, max: 9 }),
        fc.boolean(),
        async (parts, n, hasEnd) => {
          const bytes = parts
            .flatMap((part) => [...part, 10])
            .slice(0, hasEnd ? undefined : -1);
          const seen: string[] = [];
          for await (const each of splitLines(
            streamOf(new Uint8Array(bytes), n),
          ))
            seen.push(`${each.number} ${each.bytes}`);
          const wanted = parts.flatMap((part, at) =>
            part.length === 0 ? [] : [`${at + 1} ${part}`],
          );
          // An empty line of CR and LF may be left out or not: to whoever parses it, it is blank.
          const isTold = (text: string) => !/^\d+ 13$/.test(text);
          expect(seen.filter(isTold)).toEqual(wanted.filter(isTold));
        },
      ),
    );
  });

  test("a bad line has its number, whatever empty lines come before", async () => {
    for (const end of ["\n", "\r\n"]) {
      const text = `${end.repeat(70_000)}${line(1)}${end}  ${end}${end}{${end}`;
      const { samples, recording } = await read(text, 65_536);
      expect(samples).toHaveLength(1);
      expect(recording.badLines?.line).toBe(70_004);
    }
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

  describe.each([
    // Its checksum notices every bit.
    ["gzip", Bun.gzipSync, 25],
    // Without a checksum it notices a wrong length, its sixth byte, and not every bit of its data.
    ["zstd", Bun.zstdCompressSync, 5],
  ] as const)("%s with bytes behind its end", (format, pack, damagedAt) => {
    const two = [`${line(1)}\n`, line(2)].map((text) => pack(encode(text)));
    const withTail = (tail: Uint8Array | string) =>
      new Uint8Array(Buffer.concat([...two, Buffer.from(tail as string)]));

    test.each([
      ["text", "junk that somebody appended\n".repeat(50)],
      ["one byte", "x"],
      ["zeros, as a tape has them", new Uint8Array(10_240)],
      ["half of a magic number", new Uint8Array([0x1f])],
      ["another format's", new Uint8Array([0x42, 0x5a, 0x68, 0x39, 0x31])],
    ] as const)("%s: all samples, and it is told", async (_, tail) => {
      for (const pieceBytes of [1, 7, 4096, 2 ** 20]) {
        const { samples, recording, error } = await read(
          withTail(tail),
          pieceBytes,
        );
        expect(error).toBeNull();
        expect(samples.map(({ seq }) => seq)).toEqual([1, 2]);
        expect(recording.junk).toBe(format);
        expect(recording.badLines).toBeNull();
      }
    });

    test("nothing behind it, nothing told", async () => {
      const { recording } = await read(withTail(""));
      expect(recording.junk).toBeNull();
    });

    test("cut anywhere in its second part, it is an error after what is whole", async () => {
      const whole = withTail("");
      for (const at of [1, 9, 30, two[1]!.length - 1]) {
        const cut = whole.slice(0, two[0]!.length + at);
        const { samples, recording, error } = await read(cut, 512);
        expect(samples.map(({ seq }) => seq)).toContain(1);
        if (at < 4) expect(recording.junk).toBe(format);
        else
          expect(String(error)).toBe(
            "RecordingError: io.jsonl: unexpected end of file",
          );
      }
    });

    test("a flipped bit is an error", async () => {
      const flipped = withTail("");
      flipped[damagedAt]! ^= 4;
      const { error } = await read(flipped, 512);
      expect(error).toBeInstanceOf(RecordingError);
    });
  });

  test("gzip with every field that its header can have", async () => {
    const plain = Bun.gzipSync(encode(line(1)));
    const fields = Buffer.concat([
      Buffer.from([3, 0, 1, 2, 3]),
      Buffer.from("io.jsonl\0made by hand\0"),
      Buffer.from([0, 0]),
    ]);
    const packed = Buffer.concat([
      plain.subarray(0, 10),
      fields,
      plain.subarray(10),
    ]);
    packed[3] = 0b11110;
    expect(await seqs(new Uint8Array(packed))).toEqual([1]);
  });

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

  describe.each([
    ["gzip", gzipSync, constants.Z_SYNC_FLUSH],
    ["zstd", zstdCompressSync, constants.ZSTD_e_flush],
  ] as const)("of a %s file that is damaged", (_, pack, finishFlush) => {
    const text = Array.from({ length: 100 }, (__, n) => `${line(n + 1)}\n`);
    const bytes = encode(text.join(""));
    // No block of either format begins like this.
    const damage = new Uint8Array(64).fill(0xff);
    const readDamaged = async (...parts: readonly Uint8Array[]) => {
      const { samples, error } = await read(
        new Uint8Array(Buffer.concat([...parts, damage])),
        2 ** 20,
      );
      expect(error).toBeInstanceOf(RecordingError);
      return samples.length;
    };

    test("all that comes before the damage, then the error", async () => {
      expect(await readDamaged(pack(bytes, { finishFlush }))).toBe(100);
    });

    // The engine's memory may hold what was read before.
    test("and nothing twice, however often", async () => {
      const packed = pack(bytes, { finishFlush });
      for (let n = 0; n < 100; n++) expect(await readDamaged(packed)).toBe(100);
    });

    test("in its second part, too", async () => {
      const begun = pack(encode(`${line(101)}\n`), { finishFlush });
      expect(await readDamaged(pack(bytes), begun)).toBe(101);
    });
  });

  test("that follow a bad line are not lost", async () => {
    const cut = line(2).slice(0, 100);
    const text = [
      ...[line(1), cut, "", "[", line(3), '"', line(4), cut, "x", "17"],
      ...[`  ${line(5)}`, "  ", `\ufeff${line(6)}`],
    ].join("\n");
    const { samples, recording } = await read(text);
    expect(samples.map(({ seq }) => seq)).toEqual([1, 3, 4, 5, 6]);
    expect(recording.badLines).toEqual({
      count: 6,
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
    ['{"schema":"atop"}', '"atop" is not a recording of iotop'],
    [
      line(1).replace('"tid":5', '"tid":"5"'),
      "tasks[0].tid is not a whole number, 1 to 9007199254740991",
    ],
    [
      line(1).replace(/("total":.*?"read_bytes":)0/, "$11e308"),
      "total.read_bytes is not a whole number, 0 to 9007199254740991",
    ],
    [
      line(1).replace('"elapsed_s":1', '"elapsed_s":1e309'),
      "tasks[0].elapsed_s is not a number, 0 to 9007199254740991",
    ],
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
      'io.jsonl: line 2: "iotop.sample/2" was written by another version of iotop: this one reads iotop.sample/1',
    );
  });
});

test("a line that does not end is refused, with the file and the line", async () => {
  const endless = {
    async *[Symbol.asyncIterator]() {
      yield encode(`${line(1)}\n\n`);
      const blanks = new Uint8Array(2 ** 24).fill(0x20);
      for (let n = 0; n < 17; n++) yield blanks;
    },
    destroy() {},
  };
  const samples = new Recording("io.jsonl", endless).samples();
  expect((await samples.next()).value?.seq).toBe(1);
  await expect(samples.next()).rejects.toThrow(
    new RecordingError("io.jsonl: line 3 is too long for a sample"),
  );
});

test("what cannot be read is told with the name, without codes and calls", async () => {
  const broken = {
    async *[Symbol.asyncIterator](): AsyncGenerator<Bytes> {
      throw Object.assign(new Error("EIO: i/o error, read"), {
        ...{ code: "EIO", syscall: "read" },
      });
    },
    destroy() {},
  };
  const reading = new Recording("/dev/x", broken).samples().next();
  await expect(reading).rejects.toThrow(
    new RecordingError("/dev/x: i/o error"),
  );
});
