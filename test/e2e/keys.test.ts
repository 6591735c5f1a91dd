/** The built program is typed to, and text is pasted into it. */
import { beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { ensureBinary } from "../support/binary.ts";
import { eventually } from "../support/eventually.ts";
import { isDrawn, openLiveScreen } from "../support/screen/live-screen.ts";

setDefaultTimeout(240_000);
beforeAll(ensureBinary);

const SIZE = { columns: 120, rows: 30 };
const F5 = "\x1b[15~";

test("the mouse selects text, until m gives it to iotop, and m gives it back", async () => {
  await using screen = await openLiveScreen([], SIZE);
  await screen.until(isDrawn);
  const { session } = screen;
  expect(session.output).toContain("\x1b[?1007h");
  expect(session.output).not.toContain("?1000h");
  screen.type("m");
  await session.until((output) => output.includes("\x1b[?1000h\x1b[?1006h"));
  expect(session.output).not.toContain("?1000l");
  screen.type("m");
  await session.until((output) => output.includes("\x1b[?1000l"));
});

test("a pasted text of 100 kB neither quits nor acts", async () => {
  await using screen = await openLiveScreen([], SIZE);
  await screen.until(isDrawn);
  const text = "qKy\x03\x1aopaW D\r\n".repeat(7000);
  screen.type(`\x1b[200~${text}\x1b[201~`);
  await screen.until((shown) => shown.includes("pasted text does not count"));
  screen.type("h");
  await screen.until((shown) => shown.includes("─ help ─"));
  screen.type("hq");
  expect(await screen.session.exited).toEqual({ status: 0, signal: null });
});

test("a pasted text that loses its end does not act either, and keys are keys after it", async () => {
  await using screen = await openLiveScreen([], SIZE);
  await screen.until(isDrawn);
  screen.type("\x1b[200~qqqKy");
  // After a while without more, what there is counts as all, and a key alone is a key again.
  await screen.until((shown) => shown.includes("pasted text does not count"));
  screen.type("/");
  await screen.until((shown) => shown.includes("esc drop"));
  screen.type("\r");
  await screen.until((shown) => !shown.includes("esc drop"));
  screen.type("\x03");
  expect(await screen.session.exited).toEqual({ status: 0, signal: null });
});

test("+ makes the delay longer, and F5 takes a sample at once", async () => {
  await using screen = await openLiveScreen([], SIZE);
  await screen.until((shown) => /every 1s/.test(shown));
  screen.type("+++++");
  const before = await screen.until((shown) => shown.includes("every 60s"));
  // The next one would be a minute away.
  const clock = (shown: string): string | undefined =>
    /\d\d:\d\d:\d\d/.exec(shown)?.[0];
  await eventually(
    () => {
      screen.type(F5);
      return clock(screen.shown());
    },
    (now) => now !== undefined && now !== clock(before),
  );
});

test("what /, f and the arrows narrow and sort is what is there", async () => {
  await using screen = await openLiveScreen([], SIZE);
  await screen.until(isDrawn);
  screen.type(`/^${process.pid}$`);
  await screen.until((shown) => / ok {2}\d+ of \d/.test(shown));
  screen.type("\r");
  await screen.until((shown) => shown.includes(`/^${process.pid}$`));
  screen.type("f");
  await screen.until((shown) => shown.includes("filter  user:"));
  screen.type("nobody-has-this-name");
  await screen.until((shown) => shown.includes("no such task now"));
  screen.type("\x1b");
  await screen.until((shown) => shown.includes("h help"));
  screen.type("q");
  expect(await screen.session.exited).toEqual({ status: 0, signal: null });
});
