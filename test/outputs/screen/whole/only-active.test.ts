import { expect, test, setDefaultTimeout } from "bun:test";
import { makeSample, makeTask, row } from "../../../support/samples.ts";
import { framesOf, listOf } from "../../../support/screen/screen-frames.ts";

setDefaultTimeout(60_000);

const task = makeTask({ tid: 70, comm: "cp" });
const samples = (...bytes: readonly number[]) =>
  bytes.map((readBytes, i) =>
    makeSample({
      seq: i + 1,
      threads: [
        row({ tid: 70, task, readBytes, since: { readBytes: 9000 } }),
        row({ tid: 71, comm: "sleep" }),
      ],
    }),
  );
const namesAt = async (
  view: object,
  ...bytes: readonly number[]
): Promise<readonly string[]> => {
  const setup = { columns: 80, rows: 24, view: { only: true, ...view } };
  const frames = await framesOf(setup, samples(...bytes));
  return listOf(frames.at(-1)!).map((line) => line.split(" ").at(-1)!);
};

test("with -o, a task that pauses keeps its row for five seconds", async () => {
  expect(await namesAt({}, 4096)).toEqual(["cp"]);
  expect(await namesAt({}, 4096, 0, 0, 0, 0, 0)).toEqual(["cp"]);
  const rested = await namesAt({}, 4096, 0, 0, 0, 0, 0, 0);
  expect(rested.join(" ")).not.toContain("cp");
});

test("with sums it stays, as it did something", async () => {
  expect(await namesAt({ accumulated: true }, 4096, 0, 0, 0, 0, 0, 0)).toEqual([
    "cp",
  ]);
});
