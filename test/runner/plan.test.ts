import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { defaultLimitMs, inOrder, planFile } from "./plan.ts";

const ROOT = resolve(import.meta.dir, "../..");
const USUAL_MS = 1000;

const plan = (path: string, text: string) => planFile(path, text, USUAL_MS);

describe("a file", () => {
  test("computes, with the usual limit, if it says nothing", () => {
    const path = "test/model/tasks/fold.test.ts";
    expect(plan(path, 'import { test } from "bun:test";\n')).toEqual({
      path,
      kind: "computes",
      limitMs: USUAL_MS,
    });
  });

  test.each(["waits", "alone"] as const)("says %s, and its limit", (kind) => {
    const text = [
      `// ${kind}: it starts programs`,
      "// limit: 1.5 min, as a program is slow",
      "/** About it. */",
      'import { test } from "bun:test";',
    ].join("\n");
    expect(plan("test/a.test.ts", text)).toMatchObject({
      kind,
      limitMs: 90_000,
    });
  });

  test("says nothing below its first import, nor without a reason", () => {
    const text =
      'import "x";\n// alone: it is a text\n// waits: so\n// limit: 1 s\n';
    expect(plan("test/a.test.ts", text)).toMatchObject({
      kind: "computes",
      limitMs: USUAL_MS,
    });
    for (const word of ["alone", "waits"])
      expect(plan("test/a.test.ts", `// ${word}:\n`).kind).toBe("computes");
  });

  test.each(["test/e2e/a.test.ts", "test/live/a.test.ts"])(
    "waits in %s, unless it runs alone",
    (path) => {
      expect(plan(path, "").kind).toBe("waits");
      expect(plan(path, "// alone: it floods\n").kind).toBe("alone");
    },
  );
});

test("those that may take long are started first", () => {
  const files = [
    plan("test/b.test.ts", ""),
    plan("test/a.test.ts", ""),
    plan("test/c.test.ts", "// limit: 2 s"),
  ];
  expect(inOrder(files).map(({ path }) => path)).toEqual([
    "test/c.test.ts",
    "test/a.test.ts",
    "test/b.test.ts",
  ]);
});

describe("the files of this checkout", () => {
  const texts = [...new Bun.Glob("test/**/*.test.ts").scanSync({ cwd: ROOT })]
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") }))
    .filter(({ path }) => !path.startsWith("test/runner/plan"));

  test("that start programs, open ports or drive the built program say so", () => {
    const starts =
      /\bBun\.(?:spawn|spawnSync|serve|listen|udpSocket)\(|\/support\/(?:[\w-]+\/)?(?:binary|run-program|workload|dd|c-program|\w+-server|free-port|build-once)\.ts"|\/bounded\.ts"/;
    const wrong = texts.filter(
      ({ path, text }) =>
        starts.test(text) && plan(path, text).kind === "computes",
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  test("that change or flood what all programs share run alone", () => {
    const takes =
      /\/proc\/sys\/kernel|\brun(?:Reuse|Burst)\(|"(?:reuse|burst|flood)"/;
    const wrong = texts.filter(
      ({ path, text }) => plan(path, text).kind === "waits" && takes.test(text),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  test("are not alone for what leaves others in peace: they wait", () => {
    const wrong = texts.filter(({ text }) =>
      /^\/\/ alone: it (?:starts|opens|mounts|builds|runs|measures)\b/m.test(
        text,
      ),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  test("that drive the built program have it built if they are run by themselves", () => {
    const wrong = texts.filter(
      ({ text }) =>
        /\/support\/(?:binary|json-run)\.ts"/.test(text) &&
        !/^ *beforeAll\(ensureBinary\)/m.test(text),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  test("ask for nothing that is not understood", () => {
    const wrong = texts.filter(({ text }) =>
      text
        .split("\n")
        .some(
          (line) =>
            /^\/\/ *(?:alone|waits|limit)\b/i.test(line) &&
            !/^\/\/ (?:(?:alone|waits): \S|limit: [\d.]+ (?:s|min), as \S)/.test(
              line,
            ),
        ),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  test("say what is missing if they skip a test", () => {
    const wrong = texts.filter(
      ({ text }) =>
        /^ *(?:test|describe)\.(?:if|skipIf)\(/m.test(text) &&
        !/\bneed(?:ing|sTaskstats|sCgroups)\(/.test(text),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  test("have no test whose own limit is longer than that of its file", () => {
    const wrong = texts.flatMap(({ path, text }) => {
      const { limitMs } = planFile(path, text, defaultLimitMs(false));
      const own = [
        ...text.matchAll(
          /^setDefaultTimeout\(([\d_]+)\)|^ *\}, ([\d_]+)\);$/gm,
        ),
      ].map(([, file, test]) => Number((file ?? test)!.replaceAll("_", "")));
      return own.filter((ms) => ms >= limitMs).map((ms) => `${path}: ${ms}`);
    });
    expect(wrong).toEqual([]);
  });
});
