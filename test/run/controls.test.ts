/** What the owner of the terminal may do, and what is left of it when the run is over. */
import { describe, expect, test } from "bun:test";
import type { Controls } from "../../src/model/controls.ts";
import type { Output } from "../../src/model/output.ts";
import { run } from "../../src/run.ts";
import { FakeSource } from "../support/fake-source.ts";
import { SETTINGS, World, resolved, samples } from "../support/run-world.ts";

/** Keeps the controls that it is given. */
class Taker implements Output {
  controls: Controls | null | undefined;
  open(ctx: Parameters<NonNullable<Output["open"]>>[0]): void {
    this.controls = ctx.controls;
  }
  write(): void {}
}

const screenOf = (output: Output) =>
  resolved(output, { name: "screen", owns: "terminal" });

describe("tasks", () => {
  test("are acted on by the owner of the terminal alone", async () => {
    const world = new World();
    const [screen, other] = [new Taker(), new Taker()];
    const source = new FakeSource({ samples: samples(1) });
    await run(SETTINGS, source, [screenOf(screen), resolved(other)], world);
    expect(screen.controls!.tasks).toBe(world.tasks);
    expect(other.controls).toBeNull();
    expect(world.tasks.isDisposed).toBe(true);
  });

  test("of a recording are not there to be acted on", async () => {
    const world = new World();
    const screen = new Taker();
    const source = new FakeSource({ samples: samples(1), name: "replay" });
    await run({ ...SETTINGS, count: 1 }, source, [screenOf(screen)], world);
    expect(screen.controls).toEqual({
      pace: null,
      replay: null,
      tasks: null,
      settings: null,
      files: null,
      cgroups: null,
    });
  });

  test("are let go of when the screen fails", async () => {
    const world = new World();
    const source = new FakeSource({ samples: samples(1) });
    const broken: Output = {
      write() {
        throw new Error("no");
      },
    };
    expect(await run(SETTINGS, source, [screenOf(broken)], world)).toBe(1);
    expect(world.tasks.isDisposed).toBe(true);
  });
});
