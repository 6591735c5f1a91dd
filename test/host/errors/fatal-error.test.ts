import { expect, test } from "bun:test";
import { explainFailure } from "../../../src/host/errors/fatal-error.ts";
import { UsageError } from "../../../src/errors.ts";
import { SinkError } from "../../../src/host/sinks/sink.ts";
import { RecordingError } from "../../../src/sources/replay/recording.ts";
import { NetlinkError, SysError } from "../../../src/kernel/errors.ts";

const system = (code: string, text: string): Error =>
  Object.assign(new Error(`${code}: ${text}, write`), {
    code,
    syscall: "write",
  });

test.each([
  [new UsageError("no"), "no", 2],
  [
    new NetlinkError("ask taskstats for a task", 1),
    "ask taskstats for a task: Operation not permitted (EPERM); run iotop as root",
    1,
  ],
  [
    new SysError("open /proc/vmstat", 2),
    "open /proc/vmstat: No such file or directory (ENOENT)",
    1,
  ],
  [
    new RecordingError("io.jsonl: the recording is empty"),
    "io.jsonl: the recording is empty",
    1,
  ],
  [new SinkError("stdout", system("EPIPE", "broken pipe"), ["EPIPE"]), null, 0],
  [
    new SinkError("stdout", system("ENOSPC", "no space left"), ["EPIPE"]),
    "stdout: no space left",
    1,
  ],
])("case %#", (error, text, status) => {
  expect(explainFailure(error, false)).toEqual({ text, status } as ReturnType<
    typeof explainFailure
  >);
});

test("nobody advises root to become root", () => {
  for (const error of [
    new NetlinkError("ask taskstats for a task", 1),
    new SysError("socket(AF_NETLINK)", 13),
  ])
    expect(explainFailure(error, true)).toEqual({
      text: error.message,
      status: 1,
    });
});

test("an error that was put into words is told as it is", () => {
  const error = new Error("executable memory is forbidden here", {
    cause: new TypeError("bun:ffi requires the JIT"),
  });
  expect(explainFailure(error)).toEqual({
    text: "executable memory is forbidden here",
    status: 1,
  });
});

test("what nobody expected tells where it happened", () => {
  const { text, status } = explainFailure(new RangeError("index -1"));
  expect(text).toMatch(
    /^unexpected error: index -1 \(at .*fatal-error\.test\.ts:\d+:\d+\)$/,
  );
  expect(status).toBe(1);
});
