import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Sink } from "../src/host/print.ts";
import { SinkError } from "../src/host/print.ts";
import type { ResolvedOutput } from "../src/host/resolve-outputs.ts";
import type { HostTerminal, TerminalOptions } from "../src/host/terminal.ts";
import { DEFAULT_VIEW } from "../src/model/view.ts";
import type { Output, OutputContext } from "../src/model/output.ts";
import type { Summary } from "../src/model/sample.ts";
import { run, type RunSettings, type Surroundings } from "../src/run.ts";
import { FakeSource } from "./support/fake-source.ts";
import { makeSample, row } from "./support/samples.ts";

const SETTINGS: RunSettings = {
  intervalMs: 250,
  count: null,
  durationMs: null,
  view: DEFAULT_VIEW,
  colorLevel: 0,
};

const resolved = (
  output: Output,
  more: Partial<ResolvedOutput> = {},
): ResolvedOutput => ({
  name: "mine",
  output,
  owns: undefined,
  file: null,
  codePath: null,
  ...more,
});

const samples = (...seqs: readonly number[]) =>
  seqs.map((seq) =>
    makeSample({ seq, threads: [row({ tid: 7, readBytes: 1024 * seq })] }),
  );

/** Everything that a run does to the world, as a list. */
class World implements Surroundings {
  readonly version = "1.2.3";
  readonly events: string[] = [];
  readonly stdout: Sink = {
    write: async (text) => void this.events.push(`stdout: ${text}`),
  };
  terminalOptions: TerminalOptions | null = null;

  readonly printError = (text: string): void =>
    void this.events.push(`stderr: ${text}`);

  readonly exit = (status: number): void =>
    void this.events.push(`exit ${status}`);

  readonly openTerminal = (options: TerminalOptions): HostTerminal => {
    this.terminalOptions = options;
    this.events.push("terminal opened");
    return {
      isOurs: true,
      columns: 80,
      rows: 24,
      unicode: true,
      onInput() {},
      onRedraw() {},
      onMessage() {},
      message: (text) => void this.events.push(`message: ${text}`),
      [Symbol.dispose]: () => void this.events.push("terminal restored"),
    };
  };
}

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

  test("when an output says stop: reason quit, signal aborted, status 0", async () => {
    const seen: string[] = [];
    const source = new FakeSource({ samples: samples(1), endless: true });
    const output: Output = {
      write(_, ctx) {
        seen.push("write");
        ctx.stop();
        seen.push(`aborted ${ctx.signal.aborted}`);
      },
      close: (summary) => void seen.push(summary.reason),
    };
    expect(await run(SETTINGS, source, [resolved(output)], new World())).toBe(
      0,
    );
    expect(seen.slice(0, 2)).toEqual(["write", "aborted true"]);
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

test("a recording waits for its outputs: nothing is merged", async () => {
  const seen: number[] = [];
  const source = new FakeSource({ samples: samples(1, 2, 3), name: "replay" });
  const slow: Output = {
    async write({ seq }) {
      await Bun.sleep(5);
      seen.push(seq);
    },
  };
  await run(SETTINGS, source, [resolved(slow)], new World());
  expect(seen).toEqual([1, 2, 3]);
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
    "stderr: the kernel dropped messages about ended tasks (once): what those tasks did last is missing",
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
    intervalMs: 250,
    view: { ...DEFAULT_VIEW, kilobytes: true },
    colorLevel: 2,
  });
  expect(seen!.terminal).toBeNull();
  expect(seen!.format.bytes(2048)).toBe("2.00 K");
});

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
      const ended = running.then(() => true);
      const early = await Promise.race([
        ended,
        Bun.sleep(50).then(() => false),
      ]);
      expect(early).toBe(!stays);
      expect(
        world.events.includes("message: end of the recording: q quits"),
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
      "stdout: frame",
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
    const source = new FakeSource({ samples: samples(1, 2), delayMs: 5 });
    expect(await run(SETTINGS, source, [failing, other], world)).toBe(1);
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
      "stderr: mine: prints more than can wait for the end of the screen: run it without a screen",
    );
    expect(world.events.at(-1)).toBe(`stdout: ${"x".repeat(900_000)}`);
  });

  test("Ctrl-C ends the run; again after a while, at once", async () => {
    const world = new World();
    const source = new FakeSource({
      samples: samples(1),
      endless: true,
      delayMs: 5,
    });
    const hanging = screen({ close: () => Bun.sleep(700) });
    const done = run(SETTINGS, source, [hanging], world);
    await Bun.sleep(20);
    world.terminalOptions!.onInterrupt();
    world.terminalOptions!.onInterrupt();
    await Bun.sleep(600);
    expect(world.events).toEqual(["terminal opened"]);
    world.terminalOptions!.onInterrupt();
    expect(world.events).toEqual(["terminal opened", "exit 130"]);
    expect(await done).toBe(0);
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

describe("as a process", () => {
  const PROGRAM = join(import.meta.dir, "support", "run-program.ts");
  let dir = "";
  beforeAll(() => void (dir = mkdtempSync(join(tmpdir(), "iotop-run-"))));
  afterAll(() => rmSync(dir, { recursive: true }));

  async function shell(command: string) {
    const child = Bun.spawn(["bash", "-c", command], {
      cwd: dir,
      env: { ...process.env, IOTOP: `${process.execPath} ${PROGRAM}` },
      stdout: "pipe",
      stderr: "pipe",
      timeout: 20_000,
    });
    const [stdout, stderr, status] = await Promise.all([
      child.stdout.text(),
      child.stderr.text(),
      child.exited,
    ]);
    return { stdout, stderr, status };
  }

  const module = (name: string, body: string): string => {
    const path = join(dir, name);
    writeFileSync(
      path,
      `import { defineOutput } from "iotop";
       export default defineOutput({ api: 1, name: "mine", summary: "s", create: () => (${body}) });`,
    );
    return `./${name}`;
  };

  test("a reader that has seen enough ends it without a word", async () => {
    expect(
      await shell(`$IOTOP -b --output ./none.ts 2>&1; true`),
    ).toMatchObject({ stdout: "iotop: ./none.ts: no such file\n" });
    const { stdout, stderr, status } = await shell(
      `$IOTOP -b | head -1; exit \${PIPESTATUS[0]}`,
    );
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout.split("\n")).toHaveLength(2);
  });

  test("a full disk is an error", async () => {
    const { stderr, status } = await shell(`$IOTOP -b > /dev/full`);
    expect(stderr).toBe("iotop: batch: stdout: no space left on device\n");
    expect(status).toBe(1);
  });

  test("a file is appended to, and one that cannot be opened is named", async () => {
    writeFileSync(join(dir, "log"), "before\n");
    const { stdout, status } = await shell(`$IOTOP --output batch=log -n 2 -q`);
    expect([status, stdout]).toEqual([0, ""]);
    const text = readFileSync(join(dir, "log"), "utf8");
    expect(text).toStartWith("before\nTotal DISK READ");
    expect(text.match(/^Total/gm)).toHaveLength(2);

    const failed = await shell(`$IOTOP --output batch=nowhere/log -n 2`);
    expect(failed).toEqual({
      stdout: "",
      stderr: "iotop: batch: nowhere/log: no such file or directory\n",
      status: 1,
    });
  });

  test("a slow reader gets everything, although the run is over", async () => {
    const lines = 4000;
    const path = module(
      "much.ts",
      `{ write: (s, ctx) => ctx.print(("x".repeat(99) + "\\n").repeat(${lines})) }`,
    );
    const { stdout, status } = await shell(
      `$IOTOP --output ${path} -n 1 | (sleep 3; wc -l); exit \${PIPESTATUS[0]}`,
    );
    expect([stdout.trim(), status]).toEqual([String(lines), 0]);
  });

  test("a slow reader of a run that is over is left behind on request", async () => {
    const path = module(
      "unread.ts",
      `{ write: (s, ctx) => ctx.print("x".repeat(400_000)) }`,
    );
    const before = performance.now();
    const { stderr, status } = await shell(
      `mkfifo unread.pipe; sleep 8 <unread.pipe & reader=$!
       $IOTOP --output ${path} -n 1 >unread.pipe & sleep 1; kill -TERM $!; wait $!
       status=$?; kill $reader; exit $status`,
    );
    expect(stderr).toBe(
      `iotop: ${path}: did not end in time and was left behind\n`,
    );
    expect(status).toBe(1);
    expect(performance.now() - before).toBeLessThan(6000);
  });

  test("an output that does not open holds up the others for a moment only", async () => {
    const path = module(
      "stuck.ts",
      `{ open: () => new Promise(() => {}), write() {} }`,
    );
    const { stdout, stderr, status } = await shell(
      `$IOTOP --output batch --output ${path} -n 3 -qq`,
    );
    expect(stdout.match(/^Total/gm)).toHaveLength(3);
    expect(stderr).toBe(
      `iotop: ${path}: did not end in time and was left behind\n`,
    );
    expect(status).toBe(1);
  });

  test.each(["INT", "TERM", "HUP", "QUIT"])(
    "SIG%s ends it in order",
    async (signal) => {
      const path = module(
        "closing.ts",
        `{ write() {}, close: (s, ctx) => ctx.print("closed: " + s.reason + "\\n") }`,
      );
      const { stdout, stderr, status } = await shell(
        `$IOTOP --output ${path} & sleep 0.5; kill -${signal} $!; wait $!`,
      );
      expect({ stdout, stderr, status }).toEqual({
        stdout: "closed: signal\n",
        stderr: "",
        status: 0,
      });
    },
  );

  test("nohup keeps it from ending with the terminal", async () => {
    const path = module(
      "alive.ts",
      `{ write() {}, close: (s, ctx) => ctx.print("closed: " + s.samples + "\\n") }`,
    );
    const { stdout, status } = await shell(
      `nohup $IOTOP --output ${path} -n 120 & sleep 0.4; kill -HUP $!; wait $!`,
    );
    expect([stdout, status]).toEqual(["closed: 120\n", 0]);
  });

  test("an output that hangs at the end is left behind", async () => {
    const path = module(
      "hangs.ts",
      `{ write() {}, close: () => new Promise(() => {}) }`,
    );
    const before = performance.now();
    const { stderr, status } = await shell(`$IOTOP --output ${path} -n 1`);
    expect(stderr).toBe(
      `iotop: ${path}: did not end in time and was left behind\n`,
    );
    expect(status).toBe(1);
    expect(performance.now() - before).toBeLessThan(5000);
  });

  test.each([
    ["a promise that nobody waits for", `Promise.reject(new Error("late"))`],
    ["a timer", `setTimeout(() => { throw new Error("late") }, 1)`],
    ["a microtask", `queueMicrotask(() => { throw new Error("late") })`],
  ])("%s that fails ends only its output", async (_, statement) => {
    const path = module("late.ts", `{ write() { ${statement}; } }`);
    const { stdout, stderr, status } = await shell(
      `$IOTOP --output batch --output ${path} -n 5 -qq`,
    );
    expect(stderr).toBe(`iotop: ${path}: late\n`);
    expect(stdout.match(/^Total/gm)).toHaveLength(5);
    expect(status).toBe(1);
  });

  test("an error without a trace is told, and the run goes on", async () => {
    const path = module(
      "vague.ts",
      `{ write(s) { if (s.seq === 1) Promise.reject("vague"); } }`,
    );
    const { stdout, stderr, status } = await shell(
      `$IOTOP --output batch --output ${path} -n 5 -qq`,
    );
    expect(stderr).toBe("iotop: unexpected error: vague\n");
    expect(stdout.match(/^Total/gm)).toHaveLength(5);
    expect(status).toBe(1);
  });

  test.each([
    [
      "--output nope",
      /^iotop: --output nope: no such output; there are screen, batch, .*\n$/,
    ],
    [
      "-b --output jsonl",
      /^iotop: batch and jsonl cannot both write to stdout; .*\n$/,
    ],
    [
      "--output batch=a --output jsonl=./a",
      /^iotop: batch and jsonl cannot both write to .*\/a; .*\n$/,
    ],
    [
      "--output screen",
      /^iotop: screen needs a terminal, and stdout is none; -b prints lines of text\n$/,
    ],
    [
      "--output jsonl,nope",
      /^iotop: jsonl has no option "nope"; it has "all"\n$/,
    ],
    [
      "--output screen=x",
      /^iotop: screen takes no target; options follow a comma\n$/,
    ],
    [
      "--nope$'\\e[31m'",
      /^iotop: unknown option --nope\\e\[31m; see iotop --help\n$/,
    ],
  ])("%s is a usage error", async (args, message) => {
    const { stdout, stderr, status } = await shell(`$IOTOP ${args}`);
    expect(stderr).toMatch(message);
    expect([stdout, status]).toEqual(["", 2]);
  });
});
