import { describe, expect, test } from "bun:test";
import { OUTPUTS } from "../../../outputs/index.ts";
import { parseOutputSpec } from "../../../src/output-options/output-spec.ts";
import { resolveOutputs } from "../../../src/host/outputs/resolve-outputs.ts";

const names = async (...specs: readonly string[]) =>
  (
    await resolveOutputs(specs.map(parseOutputSpec), OUTPUTS, {
      stdoutIsTerminal: true,
    })
  ).map(({ name }) => name);

describe("side by side", () => {
  test.each([
    [["screen", "report"]],
    [["screen", "jsonl=/tmp/x", "report=/tmp/y", "statsd"]],
    [["batch", "report=/tmp/y"]],
    [["report", "report=/tmp/y,group=user"]],
    [["jsonl=-", "report=./a", "batch=./b"]],
  ])("%p", async (specs) => {
    expect(await names(...specs)).toHaveLength(specs.length);
  });
});

describe("cannot both have stdout, or one file", () => {
  test.each([
    [["screen", "batch"], "stdout"],
    [["screen", "jsonl=-"], "stdout"],
    [["batch", "jsonl"], "stdout"],
    [["jsonl", "report"], "stdout"],
    [["report=/tmp/../tmp/x", "jsonl=/tmp/x"], "/tmp/x"],
  ])("%p", async (specs, place) => {
    const [first, second] = specs.map((spec) => /^\w+/.exec(spec)![0]);
    await expect(names(...specs)).rejects.toThrow(
      `${first} and ${second} cannot both write to ${place}; send one elsewhere, as in ${second}=FILE`,
    );
  });

  test.each([
    ["screen", "screen", "stdout", "jsonl=FILE"],
    ["report", "report,rows=3", "stdout", "report=FILE"],
    ["csv=/tmp/x", "csv=/tmp/x,all", "/tmp/x", "csv=FILE"],
  ])("%s and %s: two of one name", async (one, other, place, example) => {
    await expect(names(one, other)).rejects.toThrow(
      `two ${/^\w+/.exec(one)![0]} outputs cannot both write to ${place}; send one elsewhere, as in ${example}`,
    );
  });
});
