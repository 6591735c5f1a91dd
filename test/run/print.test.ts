import { describe, expect, test } from "bun:test";
import { SinkError, type Sink } from "../../src/host/sinks/sink.ts";
import type { Output } from "../../src/model/output.ts";
import { run } from "../../src/run.ts";
import { FakeSource } from "../support/fake-source.ts";
import { SETTINGS, World, resolved, samples } from "../support/run-world.ts";

describe("print", () => {
  const failing = (cause: unknown): World => {
    const world = new World();
    const stdout: Sink = {
      write: () => Promise.reject(new SinkError("stdout", cause, ["EPIPE"])),
    };
    return Object.assign(world, { stdout });
  };
  const systemError = (code: string, text: string): Error =>
    Object.assign(new Error(`${code}: ${text}, write`), {
      code,
      syscall: "write",
    });
  const printing: Output = { write: (_, ctx) => ctx.print("x") };
  const careless: Output = { write: (_, ctx) => void ctx.print("x") };
  const endless = () => new FakeSource({ samples: samples(1), endless: true });

  test.each([
    ["awaited", printing],
    ["not awaited", careless],
  ])("to a closed pipe is a clean end (%s)", async (_, output) => {
    const world = failing(systemError("EPIPE", "broken pipe"));
    expect(await run(SETTINGS, endless(), [resolved(output)], world)).toBe(0);
    expect(world.events).toEqual([]);
  });

  test.each([
    ["awaited", printing],
    ["not awaited", careless],
  ])("to a full disk is an error, told once (%s)", async (_, output) => {
    const world = failing(systemError("ENOSPC", "no space left on device"));
    expect(await run(SETTINGS, endless(), [resolved(output)], world)).toBe(1);
    expect(world.events).toEqual([
      "stderr: mine: stdout: no space left on device",
    ]);
  });
});
