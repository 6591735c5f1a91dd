/** Outputs that users write, loaded by the built program. */
import {
  afterAll,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import { lackOfRoot, needing } from "../support/needs.ts";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBinary, runBinary } from "../support/binary.ts";

beforeAll(ensureBinary);
import { parseLines } from "../support/json-run.ts";

/** More than the programs that a test starts may take, each. */
setDefaultTimeout(240_000);

const isRoot = lackOfRoot === null;

let home: string;
beforeAll(() => {
  // As root iotop takes modules only from where nobody else can write, so not from /tmp.
  home = mkdtempSync(isRoot ? "/run/iotop-modules-" : join(tmpdir(), "iotop-"));
});
afterAll(() => rmSync(home, { recursive: true }));

const put = (name: string, text: string): string => {
  const path = join(home, name);
  writeFileSync(path, text);
  return path;
};

/** Twenty lines, as the README promises. */
const BUSIEST = `import { defineOutput, shownRows, type TaskDelta } from "iotop";
import { bytesOf } from "./lib/bytes.ts";

export default defineOutput({
  api: 1,
  name: "busiest",
  summary: "the tasks that move the most bytes",
  options: {
    rows: { type: "number", default: 3, min: 1, about: "how many" },
  },
  create({ rows }) {
    const byBytes = (a: TaskDelta, b: TaskDelta) => bytesOf(b) - bytesOf(a);
    return {
      async write(sample, { print, run, format }) {
        const busy = shownRows(sample, run.view).toSorted(byBytes).slice(0, rows);
        for (const row of busy)
          await print(\`#\${sample.seq} \${row.task.tid} \${format.bytes(bytesOf(row))}\\n\`);
      },
    };
  },
});
`;

describe.concurrent("a module of twenty lines", () => {
  beforeAll(() => {
    mkdirSync(join(home, "lib"));
    put("busiest.ts", BUSIEST);
    put(
      "lib/bytes.ts",
      `import type { IoDelta } from "iotop";
      export const bytesOf = (io: IoDelta): number =>
        (io.readBytes ?? 0) + (io.writeBytes ?? 0);\n`,
    );
  });

  const lines = (text: string) => text.split("\n").filter((line) => line);

  test("runs, with its own import", async () => {
    const { status, stdout } = await runBinary([
      "--output",
      join(home, "busiest.ts"),
      "-n",
      "2",
      "-d",
      "0.2",
    ]);
    expect(lines(stdout)).toHaveLength(6);
    for (const line of lines(stdout))
      expect(line).toMatch(/^#[12] \d+ \d+\.\d\d \w$/);
    expect(status).toBe(0);
  });

  test("gets its option, and is found from the current directory", async () => {
    const { status, stdout } = await runBinary(
      ["--output", "./busiest.ts,rows=1", "-n", "3", "-d", "0.2"],
      { cwd: home },
    );
    expect(lines(stdout)).toHaveLength(3);
    expect(status).toBe(0);
  });

  test.each([["rows=x"], ["rows=0"], ["rowz=1"]])(
    "with %s is a usage error",
    async (option) => {
      const { status, stdout, stderr } = await runBinary(
        ["--output", `./busiest.ts,${option}`],
        { cwd: home },
      );
      expect(stdout).toBe("");
      expect(stderr).toMatch(/^iotop: [^\n]+\n$/);
      expect(status).toBe(2);
    },
  );
});

test.concurrent(
  "packages of every shape are found by their package.json",
  async () => {
    const shapes: readonly [name: string, settings: object, entry: string][] = [
      ["by-main", { main: "lib/a.js" }, "lib/a.js"],
      ["by-bare-main", { main: "lib/a" }, "lib/a.js"],
      ["by-folder", { main: "lib" }, "lib/index.js"],
      ["by-module", { module: "b.mjs" }, "b.mjs"],
      ["by-exports", { exports: "./c.cjs" }, "c.cjs"],
      [
        "@scope/conditions",
        { exports: { ".": { import: "./d.mjs" } } },
        "d.mjs",
      ],
      ["sub", { exports: { "./part": { default: "./e.js" } } }, "e.js"],
      ["typed", { type: "module", main: "f.js" }, "f.js"],
      ["outer", { main: "g.cjs" }, "g.cjs"],
    ];
    for (const [name, settings, entry] of shapes) {
      const folder = join(home, "shapes/node_modules", name);
      mkdirSync(join(folder, "lib"), { recursive: true });
      writeFileSync(
        join(folder, "package.json"),
        JSON.stringify({ name, version: "1.0.0", ...settings }),
      );
      const isModule = entry.endsWith(".mjs") || name === "typed";
      writeFileSync(
        join(folder, entry),
        isModule ? `export const y = "${name}"` : `exports.y = "${name}"`,
      );
    }
    // A package that needs another one, in its own folder.
    const outer = join(home, "shapes/node_modules/outer");
    const inner = join(outer, "node_modules/inner");
    mkdirSync(inner, { recursive: true });
    writeFileSync(join(inner, "package.json"), `{ "main": "./dist.js" }`);
    writeFileSync(join(inner, "dist.js"), `exports.y = "inner"`);
    writeFileSync(join(outer, "g.cjs"), `exports.y = require("inner").y`);
    const imports = shapes.map(([name], at) => {
      return `import { y as y${at} } from "${name === "sub" ? "sub/part" : name}";`;
    });
    const path = put(
      "shapes/m.ts",
      `${imports.join("\n")}
    export default { api: 1, name: "shapes", summary: "", create: () => ({
      write: (_, { print }) => print([${shapes.map((_, at) => `y${at}`).join()}].join() + "\\n"),
    }) };`,
    );
    const args = ["--output", path, "-n", "1", "-d", "0.1"];
    const { stdout, status, stderr } = await runBinary(args, { cwd: "/" });
    const names = shapes.map(([name]) => (name === "outer" ? "inner" : name));
    expect(stderr).not.toContain("shapes");
    expect({ stdout, status }).toEqual({ stdout: `${names}\n`, status: 0 });
  },
);

describe.concurrent("an error in a module says where", () => {
  const body = (create: string) =>
    `// one\n\nexport default { api: 1, name: "lost", summary: "", create: () => ({\n${create} }) };`;

  test.each([
    [
      "syntax",
      "export default {};\n  const = 5;",
      2,
      /cannot be loaded: .*at (?:syntax\.ts:)?2:9$/,
    ],
    ["top", "\nnull.x;", 2, /cannot be loaded: .* at top\.ts:2:\d+$/],
    [
      "open",
      body("open() { ({}).nope.x; }, write() {}"),
      1,
      /: open: undefined is not an object .* at open\.ts:4:\d+$/,
    ],
    [
      "write",
      body("write(s: any) { s.nope.x; }"),
      1,
      /: write of sample 1: undefined is not an object \(evaluating 's\.nope\.x'\) at write\.ts:4:\d+$/,
    ],
    [
      "close",
      body("write() {}, close() { ({}).nope.x; }"),
      1,
      /: close: .* at close\.ts:4:\d+$/,
    ],
    [
      "create",
      `export default { api: 1, name: "x", summary: "",\n create: () => ({}).nope.x }`,
      2,
      /: create: .* at create\.ts:2:\d+$/,
    ],
    [
      "options",
      `export default { api: 1, name: "x", summary: "", create() { throw new Error("rows must be odd"); } }`,
      2,
      /options\.ts: rows must be odd$/,
    ],
  ] as const)("%s", async (name, text, expected, message) => {
    const path = put(`${name}.ts`, text);
    const { status, stderr } = await runBinary([
      ...["--output", path, "-n", "1", "-d", "0.1"],
    ]);
    const line = stderr.split("\n").find((each) => each.includes(path));
    expect(line).toMatch(message);
    expect(status).toBe(expected);
  });
});

describe.concurrent("a module that posts to a server", () => {
  /** Answers 503 for so many requests. */
  const serve = (refusals: number, delayMs = 0) => {
    const bodies: { readonly seq: number; readonly written: number }[] = [];
    let refused = 0;
    const server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      async fetch(request) {
        await Bun.sleep(delayMs);
        if (refused++ < refusals) return new Response("", { status: 503 });
        bodies.push((await request.json()) as (typeof bodies)[number]);
        return new Response("ok");
      },
    });
    return { server, bodies };
  };

  const post = (url: URL) => `import { Retry, defineOutput } from "iotop";
    export default defineOutput({ api: 1, name: "post", summary: "", create: () => ({
      async write({ seq, host }, { signal }) {
        const body = JSON.stringify({ seq, written: host.writeBytes });
        const { status } = await fetch("${url}", { method: "POST", body, signal });
        if (status === 503) throw new Retry("server answered 503");
      },
    }) });`;

  const record = async (module: string, file: string, samples: string) => {
    const done = await runBinary([
      ...["--output", module, "--output", `jsonl=${file}`],
      ...["-n", samples, "-d", "0.3"],
    ]);
    const records = parseLines(readFileSync(file, "utf8"));
    return { ...done, records };
  };

  test("loses no sample, the last one neither", async () => {
    // Each answer takes a third of the interval.
    const { server, bodies } = serve(0, 100);
    try {
      const file = join(home, "fetch.jsonl");
      const module = put("fetch.ts", post(server.url));
      const { status, stderr, records } = await record(module, file, "4");
      expect(stderr).not.toContain("fetch.ts");
      expect(status).toBe(0);
      expect(bodies.at(-1)!.seq).toBe(4);
      const written = records.reduce(
        (sum, { total }) => sum + total.write_bytes!,
        0,
      );
      expect(bodies.reduce((sum, each) => sum + each.written, 0)).toBe(written);
    } finally {
      await server.stop(true);
    }
  });

  test("that refuses for a time loses no byte, and says so twice", async () => {
    const { server, bodies } = serve(2);
    try {
      const file = join(home, "retry.jsonl");
      const module = put("retry.ts", post(server.url));
      const { status, stderr, records } = await record(module, file, "16");
      const lines = stderr.split("\n").filter((each) => each.includes(module));
      expect(lines).toEqual([
        `iotop: ${module}: server answered 503: trying again; samples are merged meanwhile`,
        expect.stringMatching(
          /: works again: \d+ samples were merged into one$/,
        ),
      ]);
      expect(status).toBe(0);
      const written = records.reduce(
        (sum, { total }) => sum + total.write_bytes!,
        0,
      );
      expect(bodies.reduce((sum, each) => sum + each.written, 0)).toBe(written);
      expect(bodies[0]!.seq).toBeGreaterThan(3);
    } finally {
      await server.stop(true);
    }
  });
});

describe.concurrent("a module that fails ends alone", () => {
  const failing = (how: string) =>
    `let calls = 0;
    export default { api: 1, name: "failing", summary: "", create: () => ({
      write() { if (++calls === 2) { ${how} } },
    }) };`;

  test.each([
    ["throws", `throw new Error("its own mistake");`],
    ["rejects", `return Promise.reject(new Error("its own mistake"));`],
    [
      "throws later",
      `setTimeout(() => { throw new Error("its own mistake"); }, 1);`,
    ],
    [
      "rejects later",
      `setTimeout(() => Promise.reject(new Error("its own mistake")), 1);`,
    ],
  ])("%s", async (name, how) => {
    const file = join(home, `${name}.jsonl`);
    const module = put(`${name.replace(" ", "-")}.ts`, failing(how));
    const { status, stderr } = await runBinary([
      "--output",
      module,
      "--output",
      `jsonl=${file}`,
      "-n",
      "5",
      "-d",
      "0.2",
    ]);
    const records = parseLines(readFileSync(file, "utf8"));
    expect(records.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    const told = stderr
      .split("\n")
      .filter((l) => l.includes("its own mistake"));
    expect(told).toHaveLength(1);
    expect(status).toBe(1);
  });

  test("hangs", async () => {
    const file = join(home, "hang.jsonl");
    const module = put("hanging.ts", failing("return new Promise(() => {});"));
    const { status, stderr } = await runBinary([
      "--output",
      module,
      "--output",
      `jsonl=${file}`,
      "-n",
      "5",
      "-d",
      "0.2",
    ]);
    expect(parseLines(readFileSync(file, "utf8"))).toHaveLength(5);
    expect(stderr).toContain("did not finish in time");
    expect(status).toBe(1);
  });
});

describe.skipIf(!isRoot)(needing("as root", lackOfRoot), () => {
  const good = `export default { api: 1, name: "good", summary: "", create: () => ({ write() {} }) };`;

  const expectRefusal = async (path: string) => {
    const { status, stdout, stderr } = await runBinary([
      "--output",
      path,
      "-n",
      "1",
      "-d",
      "0.1",
    ]);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^iotop: [^\n]*refused[^\n]*\n$/);
    expect(status).toBe(2);
  };

  test("a module that nobody else can write is taken", async () => {
    const { status } = await runBinary([
      "--output",
      put("good.ts", good),
      "-n",
      "1",
      "-d",
      "0.1",
    ]);
    expect(status).toBe(0);
  });

  test("one that everybody can write is refused", async () => {
    const path = put("writable.ts", good);
    chmodSync(path, 0o666);
    await expectRefusal(path);
  });

  test("so is one in a directory that everybody can write", async () => {
    const folder = join(home, "open");
    mkdirSync(folder);
    chmodSync(folder, 0o777);
    await expectRefusal(put("open/good.ts", good));
  });
});
