// waits: it starts programs
import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { ProgramFolder } from "../support/program-folder.ts";

setDefaultTimeout(120_000);

const folder = new ProgramFolder();
afterAll(() => folder[Symbol.dispose]());

test.each(["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const)(
  "%s ends it in order",
  async (signal) => {
    const path = folder.module(
      "closing.ts",
      `{
        write: (s, ctx) => s.seq === 1 ? ctx.print("ready\\n") : undefined,
        close: (s, ctx) => ctx.print("closed: " + s.reason + "\\n"),
      }`,
    );
    const running = folder.program("--output", path);
    await running.until("ready\n");
    running.kill(signal);
    expect(await running.ended).toEqual({
      stdout: "ready\nclosed: signal\n",
      stderr: "",
      status: 0,
    });
  },
);

test("a signal that comes while the outputs open ends it in order too", async () => {
  const path = folder.module(
    "opening.ts",
    `{
      open: (ctx) => { writeFileSync("opening", ""); return new Promise((done) => ctx.signal.addEventListener("abort", done)); },
      write() {},
      close: (s, ctx) => ctx.print("closed: " + s.reason + ", " + s.samples + "\\n"),
    }`,
  );
  const running = folder.program("--output", path);
  await folder.untilThere("opening");
  running.kill("SIGTERM");
  expect(await running.ended).toEqual({
    stdout: "closed: signal, 0\n",
    stderr: "",
    status: 0,
  });
});

test.each([
  ["SIGUSR1", 138],
  ["SIGXCPU", 152],
] as const)(
  "%s ends it in order too, with status %p",
  async (signal, status) => {
    const path = folder.module(
      "ending.ts",
      `{ open: () => void process.kill(process.pid, "${signal}"), write() {}, close: (s, ctx) => ctx.print("closed: " + s.reason + "\\n") }`,
    );
    expect(await folder.program("--output", path).ended).toMatchObject({
      stdout: "closed: signal\n",
      status,
    });
  },
);

test("a signal that was ignored when it began stays ignored", async () => {
  const path = folder.module(
    "deaf.ts",
    `{ open: () => void process.kill(process.pid, "SIGUSR2"), write() {} }`,
  );
  const { status } = await folder.shell(
    `trap '' USR2; $IOTOP --output ${path} -n 3`,
  );
  expect(status).toBe(0);
});

test("nohup keeps it from ending with the terminal", async () => {
  const path = folder.module(
    "alive.ts",
    `{
      write: (s, ctx) => ctx.print("sample " + s.seq + "\\n"),
      close: (s, ctx) => ctx.print("closed: " + s.reason + "\\n"),
    }`,
  );
  const running = folder.programBy("nohup", "--output", path);
  await running.until("sample 1\n");
  running.kill("SIGHUP");
  const next = running.stdout.split("\n").length + 20;
  await running.until(`sample ${next}\n`);
  running.kill("SIGTERM");
  const { stdout, status } = await running.ended;
  expect(stdout).toEndWith("closed: signal\n");
  expect(status).toBe(0);
});
