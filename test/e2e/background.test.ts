/** The built program asks the terminal for its background. */
import { beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { ensureBinary } from "../support/binary.ts";
import { isDrawn, openLiveScreen } from "../support/screen/live-screen.ts";

setDefaultTimeout(240_000);
beforeAll(ensureBinary);

const SIZE = { columns: 120, rows: 30 };
const QUESTION = "\x1b]11;?\x1b\\";
const GREY = { dark: "\x1b[38;5;245m", light: "\x1b[38;5;242m" };

test("an answer in two pieces chooses the colours, and is never taken for keys", async () => {
  await using screen = await openLiveScreen([], SIZE);
  const { session } = screen;
  await session.until((output) => output.includes(QUESTION));
  screen.type("\x1b]11;rgb:fd");
  // Nobody waits for the rest of it.
  await screen.until(isDrawn);
  await session.until((output) => output.includes(GREY.dark));
  screen.type("fd/f6f6/e3e3\x1b\\");
  await session.until((output) => output.includes(GREY.light));
  screen.type("q");
  expect(await session.exited).toEqual({ status: 0, signal: null });
  expect(session.output.split(QUESTION)).toHaveLength(2);
});

test("without an answer COLORFGBG decides, and the Linux console is not asked", async () => {
  for (const [env, grey, asks] of [
    [{ COLORFGBG: "0;15" }, GREY.light, true],
    [{ COLORFGBG: "15;0" }, GREY.dark, true],
    [{ TERM: "linux", COLORTERM: "truecolor" }, GREY.dark, false],
  ] as const) {
    await using screen = await openLiveScreen([], SIZE, env);
    await screen.session.until((output) => output.includes(grey));
    expect(screen.session.output.includes(QUESTION)).toBe(asks);
  }
});

test("--theme decides whatever the terminal says", async () => {
  await using screen = await openLiveScreen(["--theme", "light"], SIZE);
  await screen.session.until((output) => output.includes(QUESTION));
  screen.type("\x1b]11;rgb:0000/0000/0000\x07");
  await screen.session.until((output) => output.includes(GREY.light));
  await screen.until(isDrawn);
  expect(screen.session.output).not.toContain(GREY.dark);
});
