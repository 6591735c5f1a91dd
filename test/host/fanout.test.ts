import { describe, expect, test } from "bun:test";
import { Fanout } from "../../src/host/fanout.ts";
import type { LaneControls, LaneEnd } from "../../src/host/lane.ts";
import type { Output, OutputContext } from "../../src/model/output.ts";
import type { Sample, StopReason, Summary } from "../../src/model/sample.ts";
import { makeSample, row } from "../support/samples.ts";

const QUICK = { ms: 50, waitsForReaders: () => false };

const summaryOf = (reason: StopReason): Summary => ({
  reason,
  samples: 0,
  durationNs: 0,
  host: null,
});

/** A fanout over literal outputs, and what became of them. */
function start(outputs: Readonly<Record<string, Output>>) {
  const ends: Record<string, LaneEnd> = {};
  const lanes: Record<string, LaneControls> = {};
  let allEnded = 0;
  const fanout = new Fanout({
    outputs: Object.entries(outputs).map(([name, output]) => ({
      name,
      output,
      createContext(lane) {
        lanes[name] = lane;
        return {} as OutputContext;
      },
    })),
    summarize: summaryOf,
    patience: QUICK,
    onEnd(lane, end) {
      if (ends[lane.name] !== undefined) throw new Error("ended twice");
      ends[lane.name] = end;
    },
    onAllEnded: () => void allEnded++,
  });
  return { fanout, ends, lanes, allEnded: () => allEnded };
}

/** Notes every call and its argument. */
function recorder(calls: string[] = []): Output & { calls: string[] } {
  return {
    calls,
    open: () => void calls.push("open"),
    write: (sample) => void calls.push(`write ${sample.seq}`),
    close: (summary) => void calls.push(`close ${summary.reason}`),
  };
}

const sample = (seq: number, readBytes = 1024): Sample =>
  makeSample({ seq, threads: [row({ tid: 7, readBytes })] });

const tick = (): Promise<void> => Bun.sleep(1);
const never = (): Promise<void> => new Promise(() => {});

describe("order", () => {
  test("open, then samples as they come, then close", async () => {
    const output = recorder();
    const { fanout, ends, allEnded } = start({ a: output });
    await fanout.open();
    for (const seq of [1, 2, 3]) {
      fanout.deliver(sample(seq));
      await fanout.idle();
    }
    await fanout.close(summaryOf("count"), QUICK);
    fanout.deliver(sample(4));
    await fanout.close(summaryOf("quit"), QUICK);
    expect(output.calls).toEqual([
      "open",
      "write 1",
      "write 2",
      "write 3",
      "close count",
    ]);
    expect(ends).toEqual({ a: { kind: "closed" } });
    expect(allEnded()).toBe(1);
  });

  test("what was offered last is written before the output is closed", async () => {
    const output = recorder();
    const { fanout } = start({ a: output });
    await fanout.open();
    fanout.deliver(sample(1));
    fanout.deliver(sample(2));
    await fanout.close(summaryOf("count"), QUICK);
    expect(output.calls).toEqual(["open", "write 1", "write 2", "close count"]);
  });
});

describe("a slow output", () => {
  test("never overlaps itself, and gets what it missed as one sample", async () => {
    let writing = 0;
    const seen: [seq: number, readBytes: number | null][] = [];
    let release = (): void => {};
    const slow: Output = {
      async write({ seq, host }) {
        expect(++writing).toBe(1);
        seen.push([seq, host.readBytes]);
        await new Promise<void>((resolve) => (release = resolve));
        writing--;
      },
    };
    const quick = recorder();
    const { fanout } = start({ slow, quick });
    await fanout.open();
    for (const seq of [1, 2, 3, 4]) {
      fanout.deliver(sample(seq, seq * 1024));
      await tick();
    }
    expect(seen).toEqual([[1, 1024]]);
    release();
    await tick();
    expect(seen).toEqual([
      [1, 1024],
      [4, (2 + 3 + 4) * 1024],
    ]);
    release();
    await fanout.close(summaryOf("count"), QUICK);
    expect(quick.calls.slice(1, 5)).toEqual([
      "write 1",
      "write 2",
      "write 3",
      "write 4",
    ]);
  });
});

describe("an output that fails", () => {
  const error = new Error("no");
  const failing: Readonly<Record<string, Output>> = {
    "throws in write": {
      write() {
        throw error;
      },
    },
    "rejects in write": { write: () => Promise.reject(error) },
    "throws in open": {
      open() {
        throw error;
      },
      write() {},
    },
    "rejects in open": { open: () => Promise.reject(error), write() {} },
    "throws in close": {
      write() {},
      close() {
        throw error;
      },
    },
    "rejects in close": { write() {}, close: () => Promise.reject(error) },
  };
  test.each(Object.entries(failing))("and %s ends alone", async (_, output) => {
    const other = recorder();
    const { fanout, ends, allEnded } = start({ bad: output, other });
    await fanout.open();
    fanout.deliver(sample(1));
    await tick();
    fanout.deliver(sample(2));
    await tick();
    expect(allEnded()).toBe(0);
    await fanout.close(summaryOf("count"), QUICK);
    expect(ends["bad"]).toEqual({ kind: "failed", error });
    expect(ends["other"]).toEqual({ kind: "closed" });
    expect(other.calls).toEqual(["open", "write 1", "write 2", "close count"]);
  });

  test("in write is closed once, at once, and written to no more", async () => {
    const calls: string[] = [];
    const bad: Output = {
      ...recorder(calls),
      write(sample) {
        calls.push(`write ${sample.seq}`);
        throw error;
      },
    };
    const { fanout, allEnded } = start({ bad });
    await fanout.open();
    fanout.deliver(sample(1));
    fanout.deliver(sample(2));
    await tick();
    fanout.deliver(sample(3));
    expect(calls).toEqual(["open", "write 1", "close error"]);
    expect(allEnded()).toBe(1);
    await fanout.close(summaryOf("count"), QUICK);
    expect(calls).toEqual(["open", "write 1", "close error"]);
  });

  test("in open is never closed", async () => {
    const calls: string[] = [];
    const bad: Output = { ...recorder(calls), open: () => Promise.reject(1) };
    const { fanout, ends } = start({ bad });
    await fanout.open();
    await fanout.close(summaryOf("count"), QUICK);
    expect(calls).toEqual([]);
    expect(ends["bad"]).toEqual({ kind: "failed", error: 1 });
  });

  test("from outside a call is closed when its write is over", async () => {
    const calls: string[] = [];
    let release = (): void => {};
    const bad: Output = {
      ...recorder(calls),
      async write() {
        calls.push("begin");
        await new Promise<void>((resolve) => (release = resolve));
        calls.push("end");
      },
    };
    const { fanout, lanes } = start({ bad });
    await fanout.open();
    fanout.deliver(sample(1));
    lanes["bad"]!.fail(error);
    await tick();
    expect(calls).toEqual(["open", "begin"]);
    release();
    await tick();
    expect(calls).toEqual(["open", "begin", "end", "close error"]);
  });
});

describe("a closed pipe", () => {
  test("ends the output that waits for its print, and closes it", async () => {
    const calls: string[] = [];
    const { fanout, lanes, ends, allEnded } = start({
      a: {
        ...recorder(calls),
        write() {
          lanes["a"]!.breakPipe();
          return never();
        },
      },
    });
    await fanout.open();
    fanout.deliver(sample(1));
    await tick();
    expect(ends).toEqual({ a: { kind: "broken-pipe" } });
    expect(calls).toEqual(["open", "close broken-pipe"]);
    expect(allEnded()).toBe(1);
  });

  test("does not hold up an output that prints once more in close", async () => {
    const { fanout, lanes, ends } = start({
      a: {
        write() {
          lanes["a"]!.breakPipe();
          return never();
        },
        close() {
          lanes["a"]!.breakPipe();
          return never();
        },
      },
    });
    await fanout.open();
    fanout.deliver(sample(1));
    const before = performance.now();
    await fanout.close(summaryOf("count"), {
      ms: 5000,
      waitsForReaders: () => false,
    });
    expect(performance.now() - before).toBeLessThan(1000);
    expect(ends).toEqual({ a: { kind: "broken-pipe" } });
  });
});

describe("an output that hangs", () => {
  test.each(["open", "write", "close"])(
    "in %s is left behind in bounded time, without another call",
    async (where) => {
      const calls: string[] = [];
      const other = recorder();
      const hanging: Output = { ...recorder(calls), [where]: never };
      const { fanout, ends } = start({ hanging, other });
      await Promise.race([fanout.open(), tick()]);
      fanout.deliver(sample(1));
      await tick();
      await fanout.close(summaryOf("signal"), QUICK);
      expect(ends).toEqual({
        hanging: { kind: "hung" },
        other: { kind: "closed" },
      });
      expect(other.calls.at(-1)).toBe("close signal");
      expect(calls.filter((call) => call.startsWith("close"))).toEqual([]);
    },
  );

  test("is waited for while its reader is slow, if so wished", async () => {
    const run = async (waitsForReaders: () => boolean): Promise<LaneEnd> => {
      const { fanout, lanes, ends } = start({
        a: {
          async write() {
            const taken = lanes["a"]!.printing();
            await Bun.sleep(100);
            taken();
          },
        },
      });
      await fanout.open();
      fanout.deliver(sample(1));
      await fanout.close(summaryOf("count"), { ms: 20, waitsForReaders });
      return ends["a"]!;
    };
    expect(await run(() => true)).toEqual({ kind: "closed" });
    expect(await run(() => false)).toEqual({ kind: "hung" });
    let asked = 0;
    expect(await run(() => ++asked < 3)).toEqual({ kind: "hung" });
  });
});
