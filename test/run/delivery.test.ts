import { expect, test } from "bun:test";
import type { Output, OutputContext } from "../../src/model/output.ts";
import { DEFAULT_SCREEN } from "../../src/model/options/screen-settings.ts";
import { DEFAULT_VIEW } from "../../src/model/view/view.ts";
import { run } from "../../src/run.ts";
import { FakeSource } from "../support/fake-source.ts";
import { SETTINGS, World, resolved, samples } from "../support/run-world.ts";
import { makeSample } from "../support/samples.ts";

test("a recording waits for its outputs: nothing is merged", async () => {
  const world = new World();
  const { clock } = world;
  const seen: [seq: number, atMs: number][] = [];
  const source = new FakeSource({ samples: samples(1, 2, 3), name: "replay" });
  const slow: Output = {
    async write({ seq }) {
      await clock.sleep(5000);
      seen.push([seq, clock.nowMs]);
    },
  };
  await clock.passDuring(run(SETTINGS, source, [resolved(slow)], world));
  expect(seen).toEqual([
    [1, 5000],
    [2, 10_000],
    [3, 15_000],
  ]);
});

test("notices are told once", async () => {
  const world = new World();
  const source = new FakeSource({
    samples: samples(1, 2),
    notices: ["a", "b"],
  });
  await run(SETTINGS, source, [resolved({ write() {} })], world);
  expect(world.events).toEqual(["stderr: a", "stderr: b"]);
});

test("problems of the samples are told once, whatever the outputs are", async () => {
  const world = new World();
  const ill = samples(1, 2).map((sample) =>
    makeSample({ ...sample, health: { lostExits: 1 } }),
  );
  await run(
    SETTINGS,
    new FakeSource({ samples: ill }),
    [resolved({ write() {} }), resolved({ write() {} })],
    world,
  );
  expect(world.events).toEqual([
    "stderr: the kernel dropped messages about tasks that exited (once): what those tasks did last is missing",
  ]);
});

test("the context tells about the run", async () => {
  let seen: OutputContext | undefined;
  const output: Output = { open: (ctx) => void (seen = ctx), write() {} };
  await run(
    { ...SETTINGS, view: { ...DEFAULT_VIEW, kilobytes: true }, colorLevel: 2 },
    new FakeSource(),
    [resolved(output)],
    new World(),
  );
  expect(seen!.run).toEqual({
    version: "1.2.3",
    origin: "live",
    intervalMs: 250,
    view: { ...DEFAULT_VIEW, kilobytes: true },
    screen: DEFAULT_SCREEN,
    colorLevel: 2,
  });
  expect(seen!.terminal).toBeNull();
  expect(seen!.format.bytes(2048)).toBe("2.00 K");
});
