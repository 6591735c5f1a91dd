// waits: it starts programs
import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ProgramFolder } from "../support/program-folder.ts";

setDefaultTimeout(120_000);

const folder = new ProgramFolder();
afterAll(() => folder[Symbol.dispose]());

test("a reader that has seen enough ends it without a word", async () => {
  expect(
    await folder.shell(`$IOTOP -b --output ./none.ts 2>&1; true`),
  ).toMatchObject({ stdout: "iotop: ./none.ts: no such file\n" });
  const { stdout, stderr, status } = await folder.shell(
    `$IOTOP -b | head -1; exit \${PIPESTATUS[0]}`,
  );
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout.split("\n")).toHaveLength(2);
});

test("a full disk is an error", async () => {
  const { stderr, status } = await folder.shell(`$IOTOP -b > /dev/full`);
  expect(stderr).toBe("iotop: batch: stdout: no space left on device\n");
  expect(status).toBe(1);
});

test("a file is appended to, and one that cannot be opened is named", async () => {
  writeFileSync(join(folder.path, "log"), "before\n");
  const { stdout, status } = await folder.shell(
    `$IOTOP --output batch=log -n 2 -q`,
  );
  expect([status, stdout]).toEqual([0, ""]);
  const text = readFileSync(join(folder.path, "log"), "utf8");
  expect(text).toStartWith("before\nTotal DISK READ");
  expect(text.match(/^Total/gm)).toHaveLength(2);

  const failed = await folder.shell(`$IOTOP --output batch=nowhere/log -n 2`);
  expect(failed).toEqual({
    stdout: "",
    stderr: "iotop: batch: nowhere/log: no such file or directory\n",
    status: 1,
  });
});

test.concurrent(
  "a slow reader gets everything, although the run is over",
  async () => {
    const lines = 4000;
    const path = folder.module(
      "much.ts",
      `{
      write: (s, ctx) => { writeFileSync("over", ""); return ctx.print(("x".repeat(99) + "\\n").repeat(${lines})); },
    }`,
    );
    // Longer than an output is waited for that does nothing.
    const { stdout, status } = await folder.shell(
      `$IOTOP --output ${path} -n 1 | (until [ -e over ]; do sleep 0.05; done; sleep 2.5; wc -l)
     exit \${PIPESTATUS[0]}`,
    );
    expect([stdout.trim(), status]).toEqual([String(lines), 0]);
  },
);

test.concurrent(
  "a slow reader of a run that is over is left behind on request",
  async () => {
    const path = folder.module(
      "unread.ts",
      `{
      write: (s, ctx) => { writeFileSync("unread", ""); return ctx.print("x".repeat(400_000)); },
    }`,
    );
    const { stderr, status } = await folder.shell(
      `mkfifo unread.pipe; sleep 100 <unread.pipe & reader=$!
     $IOTOP --output ${path} -n 1 >unread.pipe & iotop=$!
     until [ -e unread ]; do sleep 0.05; done
     kill -TERM $iotop; wait $iotop
     status=$?; kill $reader; exit $status`,
    );
    expect(stderr).toBe(
      `iotop: ${path}: did not finish in time: iotop does not wait any longer\n`,
    );
    expect(status).toBe(1);
  },
);
