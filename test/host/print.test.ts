import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  SinkError,
  fileSink,
  holdBack,
  type Sink,
} from "../../src/host/print.ts";

const dir = mkdtempSync(join(tmpdir(), "iotop-print-"));
afterAll(() => rmSync(dir, { recursive: true }));

test("a file gets texts whole and in order, behind what was there", async () => {
  const path = join(dir, "log");
  writeFileSync(path, "before\n");
  const sink = fileSink(path);
  await sink.open();
  const texts = Array.from(
    { length: 50 },
    (_, i) => `${i}:${"é".repeat(5000)}\n`,
  );
  await Promise.all(texts.map((text) => sink.write(text)));
  await sink.close();
  expect(readFileSync(path, "utf8") === `before\n${texts.join("")}`).toBe(true);
});

test("errors name the file and the reason, and do not stop what follows", async () => {
  const full = fileSink("/dev/full");
  await full.open();
  const first = full.write("x").catch((error: unknown) => error);
  const second = full.write("y").catch((error: unknown) => error);
  for (const error of [await first, await second]) {
    expect(error).toBeInstanceOf(SinkError);
    expect(error).toMatchObject({
      message: "/dev/full: no space left on device",
      readerGone: false,
    });
  }
  await full.close();
  const missing = fileSink(join(dir, "no", "log"));
  await expect(missing.open()).rejects.toThrow(
    "log: no such file or directory",
  );
});

test("text is held back until released, and passes afterwards", async () => {
  const passed: string[] = [];
  const sink: Sink = { write: async (text) => void passed.push(text) };
  const held = holdBack(sink);
  await held.write("a");
  await held.write("b");
  expect(passed).toEqual([]);
  await held.release();
  await held.write("c");
  await held.release();
  expect(passed).toEqual(["ab", "c"]);
});
