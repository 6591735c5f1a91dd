import { describe, expect, test } from "bun:test";
import type { ResolvedOutput } from "../../src/host/outputs/resolve-outputs.ts";
import type { Output, OutputContext } from "../../src/model/output.ts";
import { run } from "../../src/run.ts";
import { FakeSource } from "../support/fake-source.ts";
import { SETTINGS, World, resolved, samples } from "../support/run-world.ts";
import { makeSample } from "../support/samples.ts";

describe("beside a screen", () => {
  const screen = (output: Partial<Output> = {}): ResolvedOutput =>
    resolved({ write() {}, ...output }, { name: "screen", owns: "terminal" });

  test("prints wait, warnings go to the message line, errors come once more after the restore", async () => {
    const world = new World();
    const other = resolved({
      open: (ctx) => ctx.warn("odd"),
      async write(_, ctx) {
        await ctx.print("line\n");
        throw new Error("no");
      },
    });
    const source = new FakeSource({ samples: samples(1), notices: ["less"] });
    expect(await run(SETTINGS, source, [screen(), other], world)).toBe(1);
    expect(world.events).toEqual([
      "terminal opened",
      "message: mine: odd",
      "message: less",
      "message: mine: no",
      "terminal restored",
      "stderr: mine: no",
      "stdout: line\n",
    ]);
  });

  test("the end of a recording is shown until somebody quits, unless -n was given", async () => {
    for (const [count, stays] of [
      [null, true],
      [5, true],
      [2, false],
    ] as const) {
      const world = new World();
      const source = new FakeSource({ samples: samples(1, 2), name: "replay" });
      let quit = () => {};
      const running = run(
        { ...SETTINGS, count },
        source,
        [screen({ open: (ctx) => void (quit = () => ctx.stop()) })],
        world,
      );
      let isOver = false;
      void running.then(() => (isOver = true));
      await world.clock.advance(3_600_000);
      expect(isOver).toBe(!stays);
      expect(
        world.events.includes("message: end of the recording: press q to quit"),
      ).toBe(stays);
      quit();
      expect(await running).toBe(0);
    }
  });

  test("problems of the samples are the screen's to show", async () => {
    const world = new World();
    const ill = makeSample({ health: { lostExits: 1 } });
    await run(SETTINGS, new FakeSource({ samples: [ill] }), [screen()], world);
    expect(world.events).toEqual(["terminal opened", "terminal restored"]);
  });

  test("only the screen has the terminal, and prints at once", async () => {
    const world = new World();
    const terminals: unknown[] = [];
    const look = (ctx: OutputContext): void =>
      void terminals.push(ctx.terminal?.columns ?? null);
    await run(
      SETTINGS,
      new FakeSource({ samples: samples(1) }),
      [
        screen({ open: look, write: (_, ctx) => ctx.print("frame") }),
        resolved({ open: look, write() {} }),
      ],
      world,
    );
    expect(terminals).toEqual([80, null]);
    expect(world.events).toEqual([
      "terminal opened",
      "screen: frame",
      "terminal restored",
    ]);
  });

  test("a screen that fails gives the terminal back while others go on", async () => {
    const world = new World();
    const failing = screen({
      write() {
        throw new Error("no");
      },
    });
    const other = resolved({
      write: ({ seq }, ctx) => ctx.print(`line ${seq}\n`),
    });
    const { clock } = world;
    const source = new FakeSource({
      samples: samples(1, 2),
      delayMs: 5,
      clock,
    });
    const running = run(SETTINGS, source, [failing, other], world);
    expect(await clock.passDuring(running)).toBe(1);
    expect(world.events).toEqual([
      "terminal opened",
      "message: screen: no",
      "terminal restored",
      "stderr: screen: no",
      "stdout: line 1\n",
      "stdout: line 2\n",
    ]);
  });

  test("what prints without end is not kept without end", async () => {
    const world = new World();
    const endless = resolved({
      write: (_, ctx) => ctx.print("x".repeat(300_000)),
    });
    const source = new FakeSource({
      samples: samples(1, 2, 3, 4, 5),
      name: "replay",
    });
    const settings = { ...SETTINGS, count: 5 };
    expect(await run(settings, source, [screen(), endless], world)).toBe(1);
    expect(world.events).toContain(
      "stderr: mine: prints more than iotop can hold until the screen closes: run it without a screen",
    );
    expect(world.events.at(-1)).toBe(`stdout: ${"x".repeat(900_000)}`);
  });

  test("Ctrl-C ends the run; again after a while, at once", async () => {
    const world = new World();
    const { clock } = world;
    const source = new FakeSource({
      samples: samples(1),
      endless: true,
      delayMs: 5,
      clock,
    });
    const hanging = screen({ close: () => clock.sleep(700) });
    const done = run(SETTINGS, source, [hanging], world);
    await clock.advance(20);
    const { onInterrupt } = world.terminalOptions!;
    onInterrupt();
    onInterrupt();
    await clock.advance(500);
    onInterrupt();
    expect(world.events).toEqual(["terminal opened"]);
    await clock.advance(1);
    onInterrupt();
    expect(world.events).toEqual(["terminal opened", "exit 130"]);
    expect(await clock.passDuring(done)).toBe(0);
    expect(clock.nowMs).toBe(20 + 700);
  });

  test("the terminal is restored when an output cannot even be asked", async () => {
    const world = new World();
    const broken = screen({});
    Object.defineProperty(broken.output, "open", {
      get() {
        throw new Error("no");
      },
    });
    expect(await run(SETTINGS, new FakeSource(), [broken], world)).toBe(1);
    expect(world.events).toEqual([
      "terminal opened",
      "message: screen: no",
      "terminal restored",
      "stderr: screen: no",
    ]);
  });
});
