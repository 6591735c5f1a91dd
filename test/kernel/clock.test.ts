import { getEventListeners } from "node:events";
import { describe, expect, test } from "bun:test";
import {
  settlesWithin,
  systemClock,
  whenAborted,
} from "../../src/kernel/clock.ts";
import { FakeClock } from "../support/fake-clock.ts";

const DAY_MS = 86_400_000;

describe("a sleep", () => {
  test("lasts no shorter than was asked for", async () => {
    const beganNs = systemClock.monotonicNs();
    const { signal } = new AbortController();
    await systemClock.sleep(20, signal);
    expect(systemClock.monotonicNs() - beganNs).toBeGreaterThan(19e6);
  });

  test("adds no more than one listener to a signal, however often", async () => {
    const { signal } = new AbortController();
    for (let i = 0; i < 3; i++) await systemClock.sleep(0, signal);
    expect(getEventListeners(signal, "abort").length).toBe(1);
  });

  test("of a day ends at once when the signal aborts, and never begins when it has", async () => {
    const ending = new AbortController();
    const sleep = systemClock.sleep(DAY_MS, ending.signal);
    ending.abort();
    await sleep;
    await systemClock.sleep(DAY_MS, ending.signal);
  });
});

test("who waits for a signal is called when it aborts, unless it has left", () => {
  const ending = new AbortController();
  const called: string[] = [];
  const leave = whenAborted(ending.signal, () => called.push("left"));
  whenAborted(ending.signal, () => called.push("stayed"));
  whenAborted(ending.signal, () => called.push("stayed too"));
  leave();
  expect(called).toEqual([]);
  ending.abort();
  expect(called).toEqual(["stayed", "stayed too"]);
});

describe("work that settles", () => {
  test("in time, late, or never", async () => {
    const clock = new FakeClock();
    const within = (work: Promise<unknown>) =>
      clock.passDuring(settlesWithin(work, 50, clock));
    expect(await within(clock.sleep(49))).toBe(true);
    expect(clock.nowMs).toBe(49);
    expect(await within(clock.sleep(51))).toBe(false);
    expect(clock.nowMs).toBe(99);
    expect(await within(new Promise(() => {}))).toBe(false);
  });

  test("leaves nobody asleep, and badly is told", async () => {
    const clock = new FakeClock();
    expect(await settlesWithin(Promise.resolve(), DAY_MS, clock)).toBe(true);
    const failed = settlesWithin(Promise.reject(new Error("no")), 1, clock);
    await expect(failed).rejects.toThrow("no");
    expect(clock.sleepers).toBe(0);
  });
});
