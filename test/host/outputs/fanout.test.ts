import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { Fanout } from "../../../src/host/outputs/fanout.ts";
import type {
  RunnerControls,
  OutputEnd,
} from "../../../src/host/outputs/output-runner.ts";
import type { Output, OutputContext } from "../../../src/model/output.ts";
import type { Sample, StopReason, Summary } from "../../../src/model/sample.ts";
import { FakeClock, turn } from "../../support/fake-clock.ts";
import { makeSample, row } from "../../support/samples.ts";

setDefaultTimeout(120_000);

const QUICK = { ms: 50, waitsForReaders: () => false };

const summaryOf = (reason: StopReason): Summary => ({
  reason,
  samples: 0,
  durationNs: 0,
  host: null,
});

/** A fanout over literal outputs, and what became of them. */
function start(outputs: Readonly<Record<string, Output>>) {
  const ends: Record<string, OutputEnd> = {};
  const runners: Record<string, RunnerControls> = {};
  const clock = new FakeClock();
  let allEnded = 0;
  const fanout = new Fanout({
    outputs: Object.entries(outputs).map(([name, output]) => ({
      name,
      output,
      createContext(runner) {
        runners[name] = runner;
        return {} as OutputContext;
      },
    })),
    clock,
    summarize: summaryOf,
    patience: QUICK,
    onEnd(runner, end) {
      if (ends[runner.name] !== undefined) throw new Error("ended twice");
      ends[runner.name] = end;
    },
    onAllEnded: () => void allEnded++,
  });
  return { fanout, clock, ends, runners, allEnded: () => allEnded };
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
      await turn();
    }
    expect(seen).toEqual([[1, 1024]]);
    release();
    await turn();
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
    await turn();
    fanout.deliver(sample(2));
    await turn();
    expect(allEnded()).toBe(0);
    await fanout.close(summaryOf("count"), QUICK);
    expect(ends["bad"]).toMatchObject({ kind: "failed", error });
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
    await turn();
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
    expect(ends["bad"]).toEqual({ kind: "failed", error: 1, phase: "open" });
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
    const { fanout, runners } = start({ bad });
    await fanout.open();
    fanout.deliver(sample(1));
    runners["bad"]!.fail(error);
    await turn();
    expect(calls).toEqual(["open", "begin"]);
    release();
    await turn();
    expect(calls).toEqual(["open", "begin", "end", "close error"]);
  });
});

describe("a closed pipe", () => {
  test("ends the output that waits for its print, and closes it", async () => {
    const calls: string[] = [];
    const { fanout, runners, ends, allEnded } = start({
      a: {
        ...recorder(calls),
        write() {
          runners["a"]!.breakPipe();
          return never();
        },
      },
    });
    await fanout.open();
    fanout.deliver(sample(1));
    await turn();
    expect(ends).toEqual({ a: { kind: "broken-pipe" } });
    expect(calls).toEqual(["open", "close broken-pipe"]);
    expect(allEnded()).toBe(1);
  });

  test("does not hold up an output that prints once more in close", async () => {
    const { fanout, clock, runners, ends } = start({
      a: {
        write() {
          runners["a"]!.breakPipe();
          return never();
        },
        close() {
          runners["a"]!.breakPipe();
          return never();
        },
      },
    });
    await fanout.open();
    fanout.deliver(sample(1));
    await fanout.close(summaryOf("count"), QUICK);
    expect(clock.nowMs).toBe(0);
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
      const { fanout, clock, ends } = start({ hanging, other });
      await Promise.race([fanout.open(), turn()]);
      fanout.deliver(sample(1));
      await turn();
      await clock.passDuring(fanout.close(summaryOf("signal"), QUICK));
      expect(clock.nowMs).toBe(QUICK.ms);
      expect(ends).toEqual({
        hanging: { kind: "hung" },
        other: { kind: "closed" },
      });
      expect(other.calls.at(-1)).toBe("close signal");
      expect(calls.filter((call) => call.startsWith("close"))).toEqual([]);
    },
  );

  test("holds up the close of no other", async () => {
    const closedMs: number[] = [];
    const { fanout, clock, ends } = start({
      hanging: { write: never },
      other: {
        write() {},
        async close() {
          await clock.sleep(10);
          closedMs.push(clock.nowMs);
        },
      },
    });
    await fanout.open();
    fanout.deliver(sample(1));
    const closing = fanout.close(summaryOf("signal"), QUICK);
    await clock.advance(QUICK.ms - 1);
    expect([closedMs, ends]).toEqual([[10], { other: { kind: "closed" } }]);
    await clock.advance(1);
    expect(ends["hanging"]).toEqual({ kind: "hung" });
    await closing;
  });

  /** What becomes of an output whose reader takes 100 ms, and when the close is over. */
  const printSlowly = async (
    waitsForReaders: () => boolean,
  ): Promise<[kind: string, atMs: number]> => {
    const { fanout, clock, runners, ends } = start({
      a: {
        async write() {
          const taken = runners["a"]!.printing();
          await clock.sleep(100);
          taken();
        },
      },
    });
    await fanout.open();
    fanout.deliver(sample(1));
    const patience = { ms: 30, waitsForReaders };
    await clock.passDuring(fanout.close(summaryOf("count"), patience));
    return [ends["a"]!.kind, clock.nowMs];
  };

  test("is waited for while its reader is slow, if so wished", async () => {
    expect(await printSlowly(() => true)).toEqual(["closed", 100]);
    expect(await printSlowly(() => false)).toEqual(["hung", 30]);
    let asked = 0;
    expect(await printSlowly(() => ++asked < 3)).toEqual(["hung", 90]);
  });

  test("is not waited for once its reader has taken all", async () => {
    let asked = 0;
    const { fanout, clock, runners, ends } = start({
      a: {
        async write() {
          const taken = runners["a"]!.printing();
          await clock.sleep(40);
          taken();
          await never();
        },
      },
    });
    await fanout.open();
    fanout.deliver(sample(1));
    const patience = { ms: 30, waitsForReaders: () => ++asked > 0 };
    await clock.passDuring(fanout.close(summaryOf("count"), patience));
    expect([ends["a"]!.kind, clock.nowMs, asked]).toEqual(["hung", 60, 1]);
  });
});
