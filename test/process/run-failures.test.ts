// waits: it starts programs
import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { ProgramFolder } from "../support/program-folder.ts";

setDefaultTimeout(120_000);

const folder = new ProgramFolder();
afterAll(() => folder[Symbol.dispose]());

test.concurrent(
  "an output that does not open holds up the others for a moment only",
  async () => {
    const path = folder.module(
      "stuck.ts",
      `{ open: () => new Promise(() => {}), write() {} }`,
    );
    const { stdout, stderr, status } = await folder.shell(
      `$IOTOP --output batch --output ${path} -n 3 -qq`,
    );
    expect(stdout.match(/^Total/gm)).toHaveLength(3);
    expect(stderr).toBe(
      `iotop: ${path}: did not finish in time: iotop does not wait any longer\n`,
    );
    expect(status).toBe(1);
  },
);

test.concurrent("an output that hangs at the end is left behind", async () => {
  const path = folder.module(
    "hangs.ts",
    `{ write() {}, close: () => new Promise(() => {}) }`,
  );
  const { stderr, status } = await folder.shell(`$IOTOP --output ${path} -n 1`);
  expect(stderr).toBe(
    `iotop: ${path}: did not finish in time: iotop does not wait any longer\n`,
  );
  expect(status).toBe(1);
});

test.each([
  ["a promise that nobody waits for", `Promise.reject(new Error("late"))`],
  ["a timer", `setTimeout(() => { throw new Error("late") }, 1)`],
  ["a microtask", `queueMicrotask(() => { throw new Error("late") })`],
])("%s that fails ends only its output", async (_, statement) => {
  const path = folder.module("late.ts", `{ write() { ${statement}; } }`);
  const { stdout, stderr, status } = await folder.shell(
    `$IOTOP --output batch --output ${path} -n 5 -qq`,
  );
  expect(stderr).toMatch(/^iotop: \.\/late\.ts: late at late\.ts:3:\d+\n$/);
  expect(stdout.match(/^Total/gm)).toHaveLength(5);
  expect(status).toBe(1);
});

test("an error without a trace is told, and the run goes on", async () => {
  const path = folder.module(
    "vague.ts",
    `{ write(s) { if (s.seq === 1) Promise.reject("vague"); } }`,
  );
  const { stdout, stderr, status } = await folder.shell(
    `$IOTOP --output batch --output ${path} -n 5 -qq`,
  );
  expect(stderr).toBe("iotop: unexpected error: vague\n");
  expect(stdout.match(/^Total/gm)).toHaveLength(5);
  expect(status).toBe(1);
});
