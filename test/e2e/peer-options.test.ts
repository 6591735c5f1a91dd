/** Whoever comes from another iotop types its options: the built program takes them all. */
import { beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { ensureBinary, openTerminal, runBinary } from "../support/binary.ts";
import { lackOf, needing } from "../support/needs.ts";
import { IOTOP_0_6_OPTIONS, IOTOP_C_OPTIONS } from "../support/peer-options.ts";

setDefaultTimeout(240_000);
beforeAll(ensureBinary);

const words = (line: string): string[] => line.split(" ");
const ENDS_SOON = ["-d", "0.05", "-n", "1"];
/** No kernel interface that a test machine might lack. */
const SOURCE = ["--source", "procfs"];

test.concurrent.each([...new Set([...IOTOP_C_OPTIONS, ...IOTOP_0_6_OPTIONS])])(
  "%s",
  async (line) => {
    const { status, stdout, stderr } = await runBinary([
      ...ENDS_SOON,
      ...SOURCE,
      ...words(line),
    ]);
    expect(stderr).not.toContain("option");
    expect(status).toBe(0);
    // With -qqq only rows are left, and -o may leave none.
    if (line !== "-botqqqk") expect(stdout).not.toBe("");
  },
);

test("all of them at once, on the screen", async () => {
  const asking = /^-[vhbtq]|^--(version|help|batch|time|quiet)|-bo|-ba/;
  const all = IOTOP_C_OPTIONS.filter((line) => !asking.test(line));
  await using terminal = openTerminal([
    ...all.flatMap(words),
    ...ENDS_SOON,
    ...SOURCE,
  ]);
  expect(await terminal.exited).toEqual({ status: 0, signal: null });
});

const lackOfC = lackOf("iotop-c");
test.skipIf(lackOfC !== null)(
  needing("the installed iotop-c has no other", lackOfC),
  async () => {
    const { stdout } = await runBinary(["--help"], { command: ["iotop-c"] });
    const long = stdout.match(/(?<=^ {2}.{4})--[a-z-]+/gm) ?? [];
    const short = stdout.match(/(?<=^ {2})-\w/gm) ?? [];
    expect(long.length).toBeGreaterThan(40);
    const known = new Set(
      IOTOP_C_OPTIONS.map((line) => line.replace(/[= ].*/, "")),
    );
    // It writes its file, and exits.
    const missing = [...long, ...short].filter((name) => !known.has(name));
    expect(missing.sort()).toEqual(["--write", "-W"]);
  },
);
