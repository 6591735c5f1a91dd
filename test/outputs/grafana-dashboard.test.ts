// waits: it starts a program
/** What is printed for Grafana and Prometheus is about metrics that there are, in their own language. */
import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { printedText } from "../../outputs/printed.ts";
import { encodeFamilies } from "../../outputs/prometheus/exposition.ts";
import { familiesOf } from "../../outputs/prometheus/families.ts";
import { RunningSums } from "../../outputs/prometheus/running-sums.ts";
import { parseExposition } from "../support/servers/exposition-parser.ts";
import { lackOf, needing } from "../support/needs.ts";
import { device, makeSample, row } from "../support/samples.ts";

const folder = mkdtempSync(join(tmpdir(), "iotop-dashboard-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Dashboard {
  readonly templating: { readonly list: readonly { readonly name: string }[] };
  readonly panels: readonly {
    readonly id: number;
    readonly gridPos: Readonly<Record<"x" | "y" | "w" | "h", number>>;
    readonly datasource: unknown;
    readonly targets: readonly {
      readonly expr: string;
      readonly legendFormat: string;
      readonly datasource: unknown;
    }[];
  }[];
}

const dashboard = JSON.parse(printedText("grafana-dashboard")) as Dashboard;
const expressions = dashboard.panels.flatMap(({ targets }) =>
  targets.map(({ expr }) => expr),
);
const rules = printedText("prometheus-rules");

/** Names of all lines of an answer. */
const exposed = (() => {
  const sums = new RunningSums({ kind: "comm", maxGroups: 100 });
  sums.add(
    makeSample({
      threads: [row({ tid: 1, comm: "dd", readBytes: 1, ioWaitNs: 1 })],
      host: { devices: [device()] },
    }),
  );
  const about = { version: "1", kind: "comm", hasCreated: false };
  const text = encodeFamilies(familiesOf(sums, about), "text");
  return parseExposition(text).map(({ name }) => name);
})();

test.each([
  ["the dashboard", [...expressions, JSON.stringify(dashboard.templating)]],
  ["the rules", [rules]],
])("%s names metrics that there are", (_, texts) => {
  const named = texts.join("\n").match(/\biotop_\w+/g)!;
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter((name) => !exposed.includes(name))).toEqual([]);
});

test("each panel has its place, and takes the data source that is chosen", () => {
  const { panels } = dashboard;
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from(
      { length: w * h },
      (_, n) => `${x + (n % w)} ${y + Math.floor(n / w)}`,
    ),
  );
  expect(new Set(cells).size).toBe(cells.length);
  const source = { type: "prometheus", uid: "${datasource}" };
  for (const { datasource, targets } of panels)
    for (const each of [datasource, ...targets.map((one) => one.datasource)])
      expect(each).toEqual(source);
  const known = dashboard.templating.list.map(({ name }) => name);
  const used = JSON.stringify(panels).match(/\$\{?[a-z]\w*/g)!;
  expect(
    used
      .map((name) => name.replace(/^\$\{?/, ""))
      .filter((name) => !known.includes(name)),
  ).toEqual([]);
});

const LACK = lackOf("promtool");
test.skipIf(LACK !== null)(
  needing("promtool takes the rules and every expression", LACK),
  async () => {
    const values: Readonly<Record<string, string>> = {
      group: "unit",
      instance: ".*",
      __rate_interval: "1m",
      __range: "1h",
    };
    const recorded = expressions.map((expr, n) => ({
      record: `panel:${n}`,
      expr: expr.replace(/\$(\w+)/g, (_, name: string) => values[name]!),
    }));
    writeFileSync(join(folder, "rules.yml"), rules);
    writeFileSync(
      join(folder, "panels.yml"),
      JSON.stringify({ groups: [{ name: "panels", rules: recorded }] }),
    );
    const child = Bun.spawn(
      ["promtool", "check", "rules", "rules.yml", "panels.yml"],
      { cwd: folder, stdout: "pipe", stderr: "pipe" },
    );
    const said = await Promise.all([child.stdout.text(), child.stderr.text()]);
    expect([await child.exited, said[1]]).toEqual([0, ""]);
    expect(said[0]).toContain("SUCCESS: 5 rules found");
    expect(said[0]).toContain(`SUCCESS: ${recorded.length} rules found`);
  },
);
