import { expect, test } from "bun:test";
import { createGroups } from "../../../src/model/groups/create-groups.ts";
import { addDeltas, sumDeltas } from "../../../src/model/delta.ts";
import { COUNTERS } from "../../../src/model/counters.ts";
import { makeSample, row } from "../../support/samples.ts";

const exit = { code: 0, signal: 0 };

test("a program that lives in one sample has its name in it, and all adds up", () => {
  const groups = createGroups({ by: "comm", max: 2 });
  const samples = [
    [row({ tid: 1, comm: "a", writeBytes: 10 })],
    [
      row({ tid: 1, comm: "a", writeBytes: 5 }),
      ...[2, 3, 4].map((tid) =>
        row({ tid, comm: "short", writeBytes: 100, exit }),
      ),
      row({ tid: 5, comm: "c", readBytes: 7 }),
    ],
  ].map((threads, at) => makeSample({ seq: at + 1, threads }));
  const divided = samples.map((sample) => groups.divide(sample));
  expect(
    [...divided[1]!.groups].map(([name, io]) => [name, io.writeBytes]),
  ).toEqual([
    ["a", 5],
    ["short", 300],
  ]);
  expect(divided[1]!.other.readBytes).toBe(7);
  expect(groups.hasRefused).toBe(true);
  for (const [at, { groups: named, other }] of divided.entries()) {
    const sum = addDeltas(sumDeltas(named.values()), other);
    for (const counter of COUNTERS)
      expect(sum[counter]).toBe(samples[at]!.host[counter]);
  }
});
