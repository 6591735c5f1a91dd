import { expect, test } from "bun:test";
import { Demand } from "../../src/sources/demand.ts";
import { FakeClock } from "../support/fake-clock.ts";

test("is on from the first time that somebody asks, and for ten seconds after", async () => {
  const clock = new FakeClock();
  const demand = new Demand(clock);
  expect(demand.isOn).toBe(false);
  demand.ask();
  demand.markSampled();
  await clock.advance(9_900);
  expect(demand.isOn).toBe(true);
  await clock.advance(200);
  expect(demand.isOn).toBe(false);
});

test("lasts until the next sample, however long the interval is", async () => {
  const clock = new FakeClock();
  const demand = new Demand(clock);
  demand.ask();
  await clock.advance(60_000);
  expect(demand.isOn).toBe(true);
  demand.markSampled();
  expect(demand.isOn).toBe(false);
});
