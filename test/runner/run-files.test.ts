// waits: it starts test runs
/** The runner on files that behave badly on purpose: it names them, ends, and loses nobody else's result. */
import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { planFile } from "./plan.ts";
import { runFiles, summarize, sumOf } from "./run-files.ts";

setDefaultTimeout(120_000);

const root = mkdtempSync(join(tmpdir(), "iotop-runner-"));
afterAll(() => rmSync(root, { recursive: true }));

/** Far more than a tiny file needs; what hangs declares a shorter one. */
const USUAL_MS = 100_000;

const WELL = `test("well", () => {});`;

/**
 * Runs files with these tests; returns what the runner printed and found. `killAt` begins a line: when it comes, the run
 * is stopped.
 */
async function runAll(
  files: Readonly<Record<string, string>>,
  { killAt }: { killAt?: string } = {},
) {
  const stopper = new AbortController();
  const plan = Object.entries(files).map(([path, tests]) => {
    // Comments for the runner stand above the imports.
    const [, head = "", body = ""] = /^((?:\/\/.*\n)*)([^]*)$/.exec(tests)!;
    const text = `${head}import { afterAll, expect, test } from "bun:test";\n${body}`;
    writeFileSync(join(root, path), text);
    return planFile(path, text, USUAL_MS);
  });
  const printed: string[] = [];
  const reports = await runFiles(plan, {
    root,
    processors: killAt === undefined ? 2 : 1,
    print: (line) => void printed.push(line),
    printNow: (line) => {
      if (killAt !== undefined && line.startsWith(killAt)) stopper.abort();
    },
    stop: stopper.signal,
  });
  return { printed, summary: summarize(reports), counts: sumOf(reports) };
}

function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/.test(
      readFileSync(`/proc/${pid}/stat`, "latin1"),
    );
  } catch {
    return false;
  }
}

const pidIn = (name: string) => Number(readFileSync(join(root, name), "utf8"));

/** Notes the id of a child in a file. */
const noted = (spawn: string, name: string) =>
  `const child = ${spawn}; await Bun.write(${JSON.stringify(join(root, name))}, String(child.pid)); child.unref();`;

test("a file that is well is counted and not talked about", async () => {
  const { printed, summary, counts } = await runAll({
    "well.test.ts": `${WELL} console.log("noise");`,
  });
  expect(counts).toEqual({ passed: 1, failed: 0, skipped: 0 });
  expect(summary).toEqual([]);
  expect(printed.filter((line) => line.includes("well"))).toEqual([
    expect.stringMatching(/^well\.test\.ts: 1 passed, 0 failed, 0 skipped, /),
  ]);
});

test("what fails is printed with its reason and named at the end", async () => {
  const { printed, summary, counts } = await runAll({
    "fails.test.ts": `${WELL} test("bad", () => expect(1).toBe(2));`,
    "broken.test.ts": `throw new Error("no such thing");`,
    "well.test.ts": WELL,
  });
  expect(counts).toEqual({ passed: 2, failed: 2, skipped: 0 });
  expect(printed).toContain("Expected: 2");
  expect(printed).toContain("error: no such thing");
  expect(summary).toContain("FAILED fails.test.ts: bad");
});

test("what is skipped is printed and counted", async () => {
  const { printed, counts } = await runAll({
    "skips.test.ts": `${WELL} test.skip("needs root", () => {}); test.todo("later");`,
  });
  expect(counts).toEqual({ passed: 1, failed: 0, skipped: 2 });
  expect(printed).toContain("(skip) needs root");
  expect(printed).toContain("(todo) later");
});

describe("a file that never ends is killed and named, and the others count", () => {
  test.each([
    ["a busy loop", `for (;;);`],
    ["a blocked call", `Bun.spawnSync(["sleep", "1000"]);`],
  ])("%s", async (_, what) => {
    const { summary, counts } = await runAll({
      "hangs.test.ts": `// limit: 0.5 s\ntest("hangs", async () => { ${what} }, 1e6);`,
      "a.test.ts": WELL,
      "z.test.ts": WELL,
    });
    expect(counts).toEqual({ passed: 2, failed: 1, skipped: 0 });
    expect(summary).toEqual([
      "FAILED hangs.test.ts: killed before a test had ended, as none did for 0.5 s",
    ]);
  });

  test("its children too, in whatever session they are", async () => {
    const child = `Bun.spawn(["sleep", "1000"], { detached: true, env: { PATH: process.env.PATH } })`;
    const { counts } = await runAll(
      {
        "parent.test.ts": `test("hangs", async () => {
          ${noted(child, "hung-child")} console.log("now"); for (;;);
        }, 1e6);`,
      },
      { killAt: "now" },
    );
    expect(counts.failed).toBe(1);
    expect(isAlive(pidIn("hung-child"))).toBe(false);
  });

  test("what it brought before stays", async () => {
    const { summary, counts } = await runAll(
      {
        "late.test.ts": `${WELL} test("bad", () => expect(1).toBe(2));
          test("hangs", () => { for (;;); });`,
      },
      { killAt: "(fail) bad" },
    );
    expect(counts).toEqual({ passed: 1, failed: 2, skipped: 0 });
    expect(summary).toEqual([
      "FAILED late.test.ts: bad",
      'FAILED late.test.ts: it ended by SIGKILL after "bad" and before its next test had ended',
    ]);
  });

  test("in its last hook", async () => {
    const { summary, counts } = await runAll({
      "hook.test.ts": `// limit: 2 s\n${WELL} afterAll(() => { for (;;); });`,
      "well.test.ts": WELL,
    });
    expect(counts.failed).toBe(1);
    expect(summary).toEqual([
      expect.stringMatching(/^FAILED hook\.test\.ts: killed /),
    ]);
  });
});

describe("a test that ends the process is named, and the others count", () => {
  test.each([
    ["process.exit(0)", /ended with status 0 after "well" .* process\.exit\?$/],
    ["process.exit(7)", /ended with status 7 after "well"/],
    [`process.kill(process.pid, "SIGKILL")`, /ended by SIGKILL after "well"/],
  ])("%s", async (what, message) => {
    const { summary, counts } = await runAll({
      "exits.test.ts": `${WELL} test("exits", () => { ${what}; }); test("never", () => {});`,
      "other.test.ts": WELL,
    });
    expect(counts).toEqual({ passed: 2, failed: 1, skipped: 0 });
    expect(summary).toEqual([expect.stringMatching(message)]);
  });
});

describe("a child that is left with the pipe open holds up nothing, and is named and ended", () => {
  test.each([
    ["of the same session", `Bun.spawn(["/bin/sleep", "1000"], OPTIONS)`],
    [
      "of its own session, without the environment",
      `Bun.spawn(["/bin/sleep", "1000"], { ...(OPTIONS), detached: true, env: {} })`,
    ],
    [
      "of its own session, without the pipe",
      `Bun.spawn(["sleep", "1000"], { detached: true })`,
    ],
    [
      "deaf to signals",
      `Bun.spawn(["sh", "-c", "trap '' TERM HUP INT; sleep 1000"], OPTIONS)`,
    ],
  ])("%s", async (_, spawn) => {
    const options = `{ stdout: "inherit", stderr: "inherit" }`;
    const { summary, counts, printed } = await runAll({
      "leaves.test.ts": `test("leaves", async () => { ${noted(spawn.replace("OPTIONS", options), "left-child")} });`,
      "other.test.ts": WELL,
    });
    expect(counts).toEqual({ passed: 2, failed: 0, skipped: 0 });
    const pid = pidIn("left-child");
    expect(isAlive(pid)).toBe(false);
    expect(summary.join("\n")).toMatch(
      new RegExp(`^LEFT BEHIND leaves\\.test\\.ts: \\w+ \\(${pid}\\)`, "m"),
    );
    expect(printed.join("\n")).toContain(`(${pid}) behind, which is killed`);
  });
});

describe("which files run side by side:", () => {
  /** Notes when its test begins and ends, and between the two waits until a file is there. */
  const note = (name: string, untilThere: string) => `
    import { appendFileSync, existsSync, writeFileSync } from "node:fs";
    test("notes", async () => {
      appendFileSync(${inRoot("order")}, "+${name} ");
      writeFileSync(${inRoot(`${name}-began`)}, "");
      while (!existsSync(${inRoot(untilThere)})) await Bun.sleep(5);
      appendFileSync(${inRoot("order")}, "-${name} ");
    });`;
  const inRoot = (name: string) => JSON.stringify(join(root, name));
  const order = () => readFileSync(join(root, "order"), "utf8").trim();
  const run = async (files: Parameters<typeof runAll>[0]) => {
    for (const name of readdirSync(root)) rmSync(join(root, name));
    const { counts } = await runAll(files);
    const count = Object.keys(files).length;
    expect(counts).toEqual({ passed: count, failed: 0, skipped: 0 });
  };

  test("those that compute, and beside them one that runs alone", async () => {
    // The first of each kind can only end beside the other.
    await run({
      "a.test.ts": note("a", "one-began"),
      "one.test.ts": `// alone: to see it\n${note("one", "a-began")}`,
    });
    expect(order()).toMatch(/^\+(a|one) \+(a|one) /);
  });

  test("those that run alone one after the other, then those that wait, as many as there is room for", async () => {
    // Two processors have room for four: each of these can only end beside the others.
    const names = ["w1", "w2", "w3", "w4"];
    await run({
      "one.test.ts": `// alone: to see it\n${note("one", "one-began")}`,
      "two.test.ts": `// alone: to see it\n${note("two", "two-began")}`,
      ...Object.fromEntries(
        names.map((name, at) => [
          `${name}.test.ts`,
          `// waits: to see it\n${note(name, `${names[(at + 3) % 4]}-began`)}`,
        ]),
      ),
    });
    expect(order()).toMatch(/^\+one -one \+two -two (?:[+-]w\d ){7}[+-]w\d$/);
  });
});

test("a run that is stopped kills what runs, and starts nothing more", async () => {
  const { counts } = await runAll(
    {
      "a.test.ts": `test("hangs", async () => {
        await Bun.write(${JSON.stringify(join(root, "stopped"))}, String(process.pid));
        console.log("now");
        for (;;);
      });`,
      "z.test.ts": WELL,
    },
    { killAt: "now" },
  );
  expect(counts).toEqual({ passed: 0, failed: 1, skipped: 0 });
  expect(isAlive(pidIn("stopped"))).toBe(false);
});
