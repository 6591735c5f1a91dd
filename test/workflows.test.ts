// waits: it starts a shell for each step
/** The workflows of GitHub, as far as they can be tried elsewhere. */
import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dir, "..");
const FOLDER = join(ROOT, ".github/workflows");

interface Workflow {
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly "timeout-minutes"?: number;
        readonly steps: readonly { readonly run?: string }[];
      }
    >
  >;
}

const read = (name: string): Workflow =>
  Bun.YAML.parse(readFileSync(join(FOLDER, name), "utf8")) as Workflow;

const stepsOf = (name: string): readonly string[] =>
  Object.values(read(name).jobs).flatMap(({ steps }) =>
    steps.flatMap(({ run }) => run ?? []),
  );

describe.each(readdirSync(FOLDER))("%s", (name) => {
  test("runs all tests, within a limit", () => {
    expect(stepsOf(name).join("\n")).toContain("bash .ci/run");
    for (const job of Object.values(read(name).jobs))
      expect(job["timeout-minutes"]).toBeGreaterThan(0);
  });

  test("has steps that a shell understands, with programs of the project", () => {
    for (const step of stepsOf(name)) {
      const { exitCode } = Bun.spawnSync(["bash", "-n", "-c", step]);
      expect([step, exitCode]).toEqual([step, 0]);
      for (const [path] of step.matchAll(/\.ci\/[\w-]+/g))
        expect(existsSync(join(ROOT, path))).toBe(true);
    }
  });
});

test("the notes of a release are the newest section of CHANGELOG.md", () => {
  const step = stepsOf("release.yml").find((each) => each.includes("awk"))!;
  const [, command = ""] = /^(awk .*?) \|/.exec(step) ?? [];
  const { stdout } = Bun.spawnSync(["sh", "-c", command], { cwd: ROOT });
  const notes = stdout.toString();
  expect(notes.match(/^## /gm)).toHaveLength(1);
  const whole = readFileSync(join(ROOT, "CHANGELOG.md"), "utf8");
  expect(whole.slice(whole.indexOf("\n## ") + 1)).toStartWith(notes);
});
