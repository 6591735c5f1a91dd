import { describe, expect, test } from "bun:test";
import type { Output } from "../../src/model/output.ts";
import type { Summary } from "../../src/model/sample.ts";
import { run } from "../../src/run.ts";
import { FakeSource } from "../support/fake-source.ts";
import { SETTINGS, World, resolved, samples } from "../support/run-world.ts";

describe("ends", () => {
  test("after the count, with a summary of the run", async () => {
    const world = new World();
    const source = new FakeSource({ samples: samples(1, 2, 3) });
    const seen: number[] = [];
    let summary: Summary | undefined;
    const status = await run(
      { ...SETTINGS, count: 2 },
      source,
      [
        resolved({
          write: ({ seq }) => void seen.push(seq),
          close: (s) => void (summary = s),
        }),
      ],
      world,
    );
    expect(status).toBe(0);
    expect(seen).toEqual([1, 2]);
    expect(source.pace).toMatchObject({ intervalMs: 250, count: 2 });
    expect(summary).toMatchObject({
      reason: "count",
      samples: 2,
      durationNs: 2e9,
      host: { readBytes: 3072 },
    });
    expect(world.events).toEqual([]);
  });

  test.each([
    [null, "end-of-input"],
    [5, "end-of-input"],
    [1, "count"],
  ] as const)("with the recording: count %p, %s", async (count, reason) => {
    const reasons: string[] = [];
    const source = new FakeSource({ samples: samples(1), name: "replay" });
    await run(
      { ...SETTINGS, count },
      source,
      [resolved({ write() {}, close: (s) => void reasons.push(s.reason) })],
      new World(),
    );
    expect(reasons).toEqual([reason]);
  });

  test("before the first sample, when its only output does not open: what the source and the settings lack is not said", async () => {
    const broken = resolved({
      write() {},
      open() {
        throw new Error("no");
      },
    });
    const texts: readonly string[][] = await Promise.all(
      [[broken], [broken, resolved({ write() {} })]].map(async (outputs) => {
        const world = new World();
        const source = new FakeSource({
          samples: samples(1),
          notices: ["less"],
        });
        const settings = { ...SETTINGS, notice: "odd settings" };
        expect(await run(settings, source, outputs, world)).toBe(1);
        return world.events;
      }),
    );
    expect(texts).toEqual([
      ["stderr: mine: no"],
      ["stderr: mine: no", "stderr: less", "stderr: odd settings"],
    ]);
  });

  test("when an output says stop: reason quit, status 0, and its signal holds until it has closed", async () => {
    const seen: string[] = [];
    let signal: AbortSignal | null = null;
    const source = new FakeSource({ samples: samples(1), endless: true });
    const output: Output = {
      write(_, ctx) {
        ({ signal } = ctx);
        seen.push("write");
        ctx.stop();
        seen.push(`aborted ${ctx.signal.aborted}`);
      },
      close(summary, ctx) {
        seen.push(`aborted ${ctx.signal.aborted}`, summary.reason);
      },
    };
    expect(await run(SETTINGS, source, [resolved(output)], new World())).toBe(
      0,
    );
    expect(seen.slice(0, 2)).toEqual(["write", "aborted false"]);
    expect(seen.at(-2)).toBe("aborted false");
    expect(signal!).toHaveProperty("aborted", true);
    expect(seen.at(-1)).toBe("quit");
  });

  test("with status 1 when the source fails", async () => {
    const world = new World();
    const source = new FakeSource({
      samples: samples(1),
      error: new Error("recvmmsg: no"),
    });
    const reasons: string[] = [];
    const output: Output = {
      write() {},
      close: (s) => void reasons.push(s.reason),
    };
    expect(await run(SETTINGS, source, [resolved(output)], world)).toBe(1);
    expect(world.events).toEqual(["stderr: recvmmsg: no"]);
    expect(reasons).toEqual(["error"]);
  });

  test("with status 1 when its only output fails; a second one would have gone on", async () => {
    const bad = resolved({
      write() {
        throw new Error("no");
      },
    });
    const alone = new World();
    const endless = new FakeSource({ samples: samples(1), endless: true });
    expect(await run(SETTINGS, endless, [bad], alone)).toBe(1);
    expect(alone.events).toEqual(["stderr: mine: no"]);

    const seen: number[] = [];
    const good = resolved({ write: ({ seq }) => void seen.push(seq) });
    const three = new FakeSource({ samples: samples(1, 2, 3), name: "replay" });
    expect(await run(SETTINGS, three, [bad, good], new World())).toBe(1);
    expect(seen).toEqual([1, 2, 3]);
  });

  test("without a sample when nothing could be opened", async () => {
    const source = new FakeSource({ samples: samples(1), endless: true });
    const bad = resolved({
      open: () => Promise.reject(new Error("no")),
      write() {},
    });
    expect(await run(SETTINGS, source, [bad], new World())).toBe(1);
    expect(source.pace).toBeNull();
  });
});
