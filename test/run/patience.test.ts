/** How long a run waits for an output that does not answer. */
import { describe, expect, test } from "bun:test";
import type { Output } from "../../src/model/output.ts";
import { run } from "../../src/run.ts";
import { FakeSource } from "../support/fake-source.ts";
import { SETTINGS, World, resolved, samples } from "../support/run-world.ts";

const never = (): Promise<void> => new Promise(() => {});
const LEFT_BEHIND =
  "stderr: mine: did not finish in time: iotop does not wait any longer";

/** Plays three samples, 1 s apart, to an output and to one that notes what it gets, and when. */
async function play(output: Output) {
  const world = new World();
  const { clock } = world;
  const seen: [seq: number, atMs: number][] = [];
  const good: Output = {
    write: ({ seq }) => void seen.push([seq, clock.nowMs]),
  };
  const source = new FakeSource({
    samples: samples(1, 2, 3),
    delayMs: 1000,
    clock,
  });
  const outputs = [resolved(output), resolved(good, { name: "good" })];
  const running = run({ ...SETTINGS, count: 3 }, source, outputs, world);
  const status = await clock.passDuring(running);
  return { status, seen, events: world.events, endMs: clock.nowMs };
}

describe("an output that hangs", () => {
  test("in open holds up the others by 2 s, and the end by as long", async () => {
    expect(await play({ open: never, write() {} })).toEqual({
      status: 1,
      seen: [
        [1, 3000],
        [2, 4000],
        [3, 5000],
      ],
      events: [LEFT_BEHIND],
      endMs: 7000,
    });
  });

  test.each([
    ["write", { write: never }],
    ["close", { write() {}, close: never }],
  ] as [string, Output][])(
    "in %s holds up the end alone",
    async (_, output) => {
      expect(await play(output)).toEqual({
        status: 1,
        seen: [
          [1, 1000],
          [2, 2000],
          [3, 3000],
        ],
        events: [LEFT_BEHIND],
        endMs: 5000,
      });
    },
  );

  test("in open, and is asked to end meanwhile, holds up nobody any longer than for its end", async () => {
    const world = new World();
    const { clock } = world;
    const source = new FakeSource({ samples: samples(1), endless: true });
    const outputs = [resolved({ open: never, write() {} })];
    const running = run(SETTINGS, source, outputs, world);
    await clock.advance(500);
    process.emit("SIGTERM", "SIGTERM");
    expect(await clock.passDuring(running)).toBe(1);
    expect(clock.nowMs).toBe(2500);
    expect(source.pace).toBeNull();
  });
});

describe("a reader that takes its time", () => {
  /** A run of one sample, whose text is taken after a minute. */
  const printToSlowReader = (world: World) => {
    const { clock } = world;
    const stdout = { write: () => clock.sleep(60_000) };
    const source = new FakeSource({ samples: samples(1) });
    return run(
      SETTINGS,
      source,
      [resolved({ write: (_, ctx) => ctx.print("x") })],
      Object.assign(world, { stdout }),
    );
  };

  test("gets all, when the samples have simply ended", async () => {
    const world = new World();
    const running = printToSlowReader(world);
    expect(await world.clock.passDuring(running)).toBe(0);
    expect(world.clock.nowMs).toBe(60_000);
    expect(world.events).toEqual([]);
  });

  test("is left behind when somebody asks for the end", async () => {
    const world = new World();
    const running = printToSlowReader(world);
    await world.clock.advance(30_500);
    process.emit("SIGTERM", "SIGTERM");
    expect(await world.clock.passDuring(running)).toBe(1);
    // Asked every 2 s.
    expect(world.clock.nowMs).toBe(32_000);
    expect(world.events).toEqual([LEFT_BEHIND]);
  });
});
