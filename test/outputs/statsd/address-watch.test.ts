import { describe, expect, test } from "bun:test";
import {
  watchAddress,
  type AddressWatch,
} from "../../../outputs/statsd/address-watch.ts";
import { FakeClock } from "../../support/fake-clock.ts";

/** A watch of a name whose address the test decides on, and everything that it did. */
function start(host = "stats.test", more: Partial<AddressWatch> = {}) {
  const clock = new FakeClock();
  const ending = new AbortController();
  const events: string[] = [];
  const name: { address: string | null } = { address: null };
  const note = (text: string) => void events.push(`${clock.nowMs} ${text}`);
  const watch: AddressWatch = {
    host,
    sleep: (ms, signal) => clock.sleep(ms, signal),
    renewMs: 30_000,
    retryMs: 5000,
    async resolve() {
      note("look");
      if (name.address === null) throw new Error("unknown");
      return { address: name.address, family: 4 };
    },
    use: async ({ address }) => note(`use ${address}`),
    fail: (error) => note(`fail ${(error as Error).message}`),
    ...more,
  };
  const ended = watchAddress(watch, ending.signal);
  return { clock, name, events, ended, end: () => ending.abort() };
}

test("an unknown name is tried every 5 s, a known one every 30 s", async () => {
  const { clock, name, events, ended, end } = start();
  await clock.advance(9000);
  name.address = "10.0.0.1";
  await clock.advance(31_000);
  expect(events.splice(0)).toEqual([
    "0 look",
    "0 fail unknown",
    "5000 look",
    "5000 fail unknown",
    "10000 look",
    "10000 use 10.0.0.1",
    "40000 look",
  ]);
  name.address = "10.0.0.2";
  await clock.advance(30_000);
  expect(events.splice(0)).toEqual(["70000 look", "70000 use 10.0.0.2"]);
  end();
  await ended;
  expect(clock.sleepers).toBe(0);
});

test("a known name that fails is no news, and is looked for as seldom", async () => {
  const { clock, name, events, end } = start();
  name.address = "10.0.0.1";
  await clock.advance(5000);
  name.address = null;
  await clock.advance(60_000);
  expect(events).toEqual([
    "0 look",
    "0 fail unknown",
    "5000 look",
    "5000 use 10.0.0.1",
    "35000 look",
    "65000 look",
  ]);
  end();
});

describe("an address", () => {
  test("given as such is used once, and needs no name server", async () => {
    const { clock, events, ended } = start("192.0.2.1");
    await ended;
    expect([events, clock.sleepers]).toEqual([["0 use 192.0.2.1"], 0]);
  });

  test("that cannot be used is tried again", async () => {
    const tried: string[] = [];
    const { clock, events, ended } = start("::1", {
      async use({ address, family }) {
        tried.push(`${address} ${family}`);
        if (tried.length < 3) throw new Error("no route");
      },
    });
    await clock.passDuring(ended);
    expect(tried).toEqual(["::1 6", "::1 6", "::1 6"]);
    expect(events).toEqual(["0 fail no route", "5000 fail no route"]);
    expect(clock.nowMs).toBe(10_000);
  });
});

test("a watch that is over does nothing with an answer that comes late", async () => {
  const answer = Promise.withResolvers<{ address: string; family: number }>();
  const { events, ended, end } = start("stats.test", {
    resolve: () => answer.promise,
  });
  end();
  answer.resolve({ address: "10.0.0.1", family: 4 });
  await ended;
  expect(events).toEqual([]);
});
