/** An output that asks for another try. */
import { describe, expect, test } from "bun:test";
import { Fanout } from "../../../src/host/outputs/fanout.ts";
import type { OutputEnd } from "../../../src/host/outputs/output-runner.ts";
import type { Output, OutputContext } from "../../../src/model/output.ts";
import { Retry } from "../../../src/model/retry.ts";
import type { Sample, Summary } from "../../../src/model/sample.ts";
import { FakeClock, turn } from "../../support/fake-clock.ts";
import { makeSample, row } from "../../support/samples.ts";

const PATIENCE = { ms: 2000, waitsForReaders: () => false };
const SUMMARY: Summary = {
  reason: "count",
  samples: 0,
  durationNs: 0,
  host: null,
};

const sample = (seq: number): Sample =>
  makeSample({ seq, threads: [row({ tid: 7, readBytes: 1024 * seq })] });

function start(output: Output) {
  const clock = new FakeClock();
  const warned: string[] = [];
  const ends: OutputEnd[] = [];
  const signals: AbortSignal[] = [];
  const fanout = new Fanout({
    outputs: [
      {
        name: "a",
        output,
        createContext({ signal }) {
          signals.push(signal);
          return { warn: (text) => void warned.push(text) } as OutputContext;
        },
      },
    ],
    clock,
    summarize: () => SUMMARY,
    patience: PATIENCE,
    onEnd: (_, end) => void ends.push(end),
    onAllEnded() {},
  });
  return { clock, fanout, warned, ends, signal: signals[0]! };
}

/** Refuses for so long, and notes when it was called, and what it took. */
function flaky(clock: () => FakeClock, untilMs: number, where = "write") {
  const triesMs: number[] = [];
  const taken: [seq: number, readBytes: number | null][] = [];
  const attempt = (): void => {
    triesMs.push(clock().nowMs);
    if (clock().nowMs < untilMs) throw new Retry("server answered 503");
  };
  const output: Output = {
    open: () => (where === "open" ? attempt() : undefined),
    write({ seq, host }) {
      if (where === "write") attempt();
      taken.push([seq, host.readBytes]);
    },
  };
  return { output, triesMs, taken };
}

const BEGIN = "server answered 503: trying again; samples are merged meanwhile";

describe("a retry", () => {
  test("gets the sample again, with those that came meanwhile, after 1, 2 and 4 s", async () => {
    let clock!: FakeClock;
    const { output, triesMs, taken } = flaky(() => clock, 5000);
    const started = start(output);
    ({ clock } = started);
    await started.fanout.open();
    for (let seq = 1; seq <= 10; seq++) {
      started.fanout.deliver(sample(seq));
      await clock.advance(1000);
    }
    await started.fanout.close(SUMMARY, PATIENCE);
    // The sample of 7 s is offered after the try of that moment.
    expect(triesMs.slice(0, 4)).toEqual([0, 1000, 3000, 7000]);
    const sum = taken.reduce((total, [, bytes]) => total + bytes!, 0);
    expect(sum).toBe(1024 * 55);
    expect(taken[0]![0]).toBeGreaterThanOrEqual(7);
    expect(started.warned).toEqual([
      BEGIN,
      `works again: ${taken[0]![0]} samples were merged into one`,
    ]);
    expect(started.ends).toEqual([{ kind: "closed" }]);
  });

  test("waits no longer than 60 s, and begins anew after a success", async () => {
    let clock!: FakeClock;
    const { output, triesMs } = flaky(() => clock, 200_000);
    const started = start(output);
    ({ clock } = started);
    await started.fanout.open();
    started.fanout.deliver(sample(1));
    await clock.advance(300_000);
    expect(triesMs.map((ms) => ms / 1000)).toEqual([
      0, 1, 3, 7, 15, 31, 63, 123, 183, 243,
    ]);
    expect(started.warned).toEqual([
      BEGIN,
      "works again: no samples were merged",
    ]);
  });

  test("of open keeps what comes until it succeeds, and holds up nobody", async () => {
    let clock!: FakeClock;
    const { output, triesMs, taken } = flaky(() => clock, 2500, "open");
    const started = start(output);
    ({ clock } = started);
    await started.fanout.open();
    expect(clock.nowMs).toBe(0);
    started.fanout.deliver(sample(1));
    started.fanout.deliver(sample(2));
    await clock.advance(10_000);
    expect(triesMs).toEqual([0, 1000, 3000]);
    expect(taken).toEqual([[2, 3072]]);
    expect(started.warned[1]).toBe(
      "works again: 2 samples were merged into one",
    );
  });

  test.each([
    [5000, 5000],
    [0, 100],
    [Number.NaN, 1000],
    [1e12, 3_600_000],
  ])("after %p ms, as asked, comes after %p ms", async (retryAfterMs, ms) => {
    const triesMs: number[] = [];
    const { clock, fanout } = start({
      write() {
        triesMs.push(clock.nowMs);
        if (triesMs.length === 1) throw new Retry("busy", { retryAfterMs });
      },
    });
    await fanout.open();
    fanout.deliver(sample(1));
    await clock.advance(4_000_000);
    expect(triesMs).toEqual([0, ms]);
  });

  test("that waits when the run ends is made at once, and is the last", async () => {
    let clock!: FakeClock;
    const { output, triesMs } = flaky(() => clock, Infinity);
    const started = start(output);
    ({ clock } = started);
    await started.fanout.open();
    started.fanout.deliver(sample(1));
    await clock.advance(3500);
    started.fanout.deliver(sample(2));
    await started.fanout.close(SUMMARY, PATIENCE);
    expect(triesMs).toEqual([0, 1000, 3000, 3500]);
    expect(started.ends).toMatchObject([
      { kind: "failed", phase: "write of sample 2" },
    ]);
    expect(String((started.ends[0] as { error?: unknown }).error)).toContain(
      "server answered 503: 2 samples are lost",
    );
  });

  test("of the only sample of a run is made within the patience", async () => {
    let clock!: FakeClock;
    const { output, triesMs, taken } = flaky(() => clock, 500);
    const started = start(output);
    ({ clock } = started);
    await started.fanout.open();
    started.fanout.deliver(sample(1));
    await clock.passDuring(started.fanout.close(SUMMARY, PATIENCE));
    expect([triesMs.at(-1)! <= PATIENCE.ms, taken]).toEqual([
      true,
      [[1, 1024]],
    ]);
    expect(started.ends).toEqual([{ kind: "closed" }]);
  });

  test("of close is an error like any other", async () => {
    const started = start({
      write() {},
      close() {
        throw new Retry("no");
      },
    });
    await started.fanout.open();
    await started.fanout.close(SUMMARY, PATIENCE);
    expect(started.ends).toMatchObject([{ kind: "failed", phase: "close" }]);
  });
});

describe("the signal", () => {
  test("aborts after close", async () => {
    const seen: boolean[] = [];
    const started = start({
      write: () => void seen.push(started.signal.aborted),
      close: () => void seen.push(started.signal.aborted),
    });
    await started.fanout.open();
    started.fanout.deliver(sample(1));
    await started.fanout.close(SUMMARY, PATIENCE);
    expect([seen, started.signal.aborted]).toEqual([[false, false], true]);
  });

  test("aborts when the patience is over, and not before", async () => {
    const started = start({ write: () => new Promise(() => {}) });
    await started.fanout.open();
    started.fanout.deliver(sample(1));
    const closing = started.fanout.close(SUMMARY, PATIENCE);
    await started.clock.advance(PATIENCE.ms - 1);
    expect(started.signal.aborted).toBe(false);
    await started.clock.advance(1);
    expect(started.signal.aborted).toBe(true);
    await closing;
    expect(started.ends).toEqual([{ kind: "hung" }]);
  });

  test("aborts at once when iotop is about to exit", async () => {
    const started = start({ write() {} });
    await started.fanout.open();
    started.fanout.leave();
    await turn();
    expect(started.signal.aborted).toBe(true);
  });
});
