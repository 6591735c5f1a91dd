// alone: it starts programs
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
