import { expect, test } from "bun:test";
import {
  LogRotation,
  rotationSignals,
} from "../../../src/host/run/log-rotation.ts";

test("signals open files anew where there are files, SIGHUP only away from terminals", () => {
  expect(rotationSignals(false, false)).toEqual([]);
  expect(rotationSignals(false, true)).toEqual([]);
  expect(rotationSignals(true, true)).toEqual(["SIGUSR1"]);
  expect(rotationSignals(true, false)).toEqual(["SIGUSR1", "SIGHUP"]);
});

test("every file is opened anew", () => {
  const rotation = new LogRotation();
  const opened: string[] = [];
  rotation.add(() => void opened.push("a"));
  rotation.add(() => void opened.push("b"));
  rotation.reopen();
  expect(opened).toEqual(["a", "b"]);
});
