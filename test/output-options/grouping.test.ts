import { expect, test } from "bun:test";
import { OUTPUTS } from "../../outputs/index.ts";
import type { StockOutputs } from "../../src/output-options/describe-outputs.ts";
import { withGrouping } from "../../src/output-options/grouping.ts";
import { parseOutputSpec } from "../../src/output-options/output-spec.ts";

async function groupOf(text: string, by: "off" | "command" | "unit") {
  const spec = parseOutputSpec(text);
  const stock: StockOutputs = OUTPUTS;
  const { options } = (await stock[spec.name]!.load()).default;
  return withGrouping(spec, options, by).options.get("group");
}

test("--by is the default of each stock output that groups, whose own option overrules it", async () => {
  const grouping = ["report", "html", "statsd", "prometheus"];
  for (const [name, { load }] of Object.entries(OUTPUTS)) {
    const { options = {} } = (await load()).default;
    expect([name, "group" in options]).toEqual([name, grouping.includes(name)]);
    expect(await groupOf(name, "unit")).toBe(
      grouping.includes(name) ? "unit" : undefined,
    );
    expect(await groupOf(name, "off")).toBeUndefined();
  }
  expect(await groupOf("report", "command")).toBe("comm");
  expect(await groupOf("statsd,group=none", "unit")).toBe("none");
});
