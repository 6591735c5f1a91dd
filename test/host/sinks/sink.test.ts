import { expect, test } from "bun:test";
import {
  SinkError,
  headed,
  holdBack,
  queueSink,
  type Sink,
} from "../../../src/host/sinks/sink.ts";

test("what the system says is told with the place, and whether the reader is gone", async () => {
  const failing = (code: string) =>
    queueSink(
      {
        write: () =>
          Promise.reject(
            Object.assign(new Error(`${code}: i/o error, write`), {
              code,
              syscall: "write",
            }),
          ),
      },
      "stdout",
      ["EIO"],
    );
  for (const [code, readerGone] of [
    ["EIO", true],
    ["ENOSPC", false],
  ] as const) {
    const error = await failing(code)
      .write("x")
      .catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(SinkError);
    expect(error).toMatchObject({ message: "stdout: i/o error", readerGone });
  }
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

test("a heading comes before the first text that there is", async () => {
  const passed: string[] = [];
  const sink = headed({ write: async (text) => void passed.push(text) });
  for (const text of ["", "a", "b"]) await sink.write(text);
  const other = headed({ write: async (text) => void passed.push(text) });
  await other.write("", "h ");
  for (const text of ["a", "b"]) await other.write(text, "h ");
  expect(passed).toEqual(["", "a", "b", "h ", "a", "b"]);
});
