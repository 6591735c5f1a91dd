// waits: it starts a program
/** The plan of the house, checked: which room may import which, and what every file looks like. */
import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, relative, resolve } from "node:path";

setDefaultTimeout(120_000);

const ROOT = resolve(import.meta.dir, "..");

/** What may import what; a room may always import itself. Left to right: nothing imports a room that stands after it. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  version: [],
  /** What the build does to the runtime; no part of the program. */
  runtime: [],
  model: [],
  kernel: ["errors"],
  sampler: ["errors", "kernel", "model"],
  tracing: ["errors", "kernel", "model"],
  sources: ["errors", "kernel", "model", "sampler", "tracing"],
  outputs: ["model"],
  "output-options": ["errors", "model"],
  manual: ["model"],
  licenses: [],
  cli: ["errors", "model", "output-options"],
  host: ["errors", "model", "kernel", "sources", "output-options"],
  run: ["errors", "model", "kernel", "sources", "cli", "host"],
  doctor: ["errors", "model", "kernel", "tracing", "sources", "cli", "host"],
  main: [
    "errors",
    "version",
    "model",
    "kernel",
    "sampler",
    "tracing",
    "sources",
    "output-options",
    "manual",
    "licenses",
    "cli",
    "host",
    "run",
    "doctor",
    "outputs",
  ],
  /** What a release is made of; no part of the program either. */
  packaging: [
    "version",
    "runtime",
    "licenses",
    "manual",
    "output-options",
    "cli",
    "outputs",
  ],
};

/** Packages beyond the runtime's own, by room. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  outputs: [
    "chalk",
    // Texts that become part of a page.
    ...["uplot/dist/uPlot.iife.min.js", "uplot/dist/uPlot.min.css"],
    "uplot/LICENSE",
  ],
  "output-options": ["cli-table3"],
  cli: ["citty"],
};

/** Room of a file: the folder in src, the file's own name at the top of src, or outputs. */
function roomOf(path: string): string {
  const [top, second] = path.split("/");
  return top === "outputs" ? "outputs" : second!.replace(/\.ts$/, "");
}

interface Import {
  readonly file: string;
  /** As written. */
  readonly specifier: string;
  /** The imported file from the top of the checkout; null for packages and built-ins. */
  readonly target: string | null;
  readonly isDynamic: boolean;
}

const transpiler = new Bun.Transpiler({ loader: "ts" });

/** All imports of a source, those of types too: the transpiler overlooks them, so they are made to look like others. */
function scanImports(file: string, source: string): Import[] {
  const plain = source
    .replaceAll(/^(import|export) type (?=[*{]|[\w$]+ from)/gm, "$1 ")
    .replaceAll(/\btype (?=[\w$]+(?: as [\w$]+)?\s*[,}])/g, "");
  return transpiler.scanImports(plain).map(({ path: specifier, kind }) => ({
    file,
    specifier,
    target: specifier.startsWith(".")
      ? relative(ROOT, resolve(ROOT, dirname(file), specifier))
      : null,
    isDynamic: kind === "dynamic-import",
  }));
}

const files = ["src/**/*.ts", "outputs/**/*.ts"]
  .flatMap((pattern) => [...new Bun.Glob(pattern).scanSync({ cwd: ROOT })])
  .sort();
const sources = new Map(
  files.map((file) => [file, readFileSync(join(ROOT, file), "utf8")]),
);
const imports = files.flatMap((file) => scanImports(file, sources.get(file)!));
const lineCount = (text: string): number =>
  text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
const written = ({ file, specifier }: Import) => `${file}: ${specifier}`;

describe("the checker itself", () => {
  test("sees every kind of import", () => {
    const source = [
      `import a from "./a.ts";`,
      `import type { B } from "./b.ts";`,
      `import { type C } from "./c.ts";`,
      `import {`,
      `  type D,`,
      `  d,`,
      `} from "./d.ts";`,
      `export type * from "./e.ts";`,
      `export type Not = "./an-import.ts";`,
      `export { f } from "./f.ts";`,
      `import "./g.ts";`,
      `const load = () => import("../h.ts");`,
      `// import i from "./i.ts"`,
    ].join("\n");
    expect(
      scanImports("src/model/x.ts", source).map(({ target }) => target),
    ).toEqual([
      ..."abcdefg".split("").map((name) => `src/model/${name}.ts`),
      "src/h.ts",
    ]);
  });

  test("sees the house", () => {
    expect(files.length).toBeGreaterThan(40);
    expect(imports.length).toBeGreaterThan(100);
    expect(files).toContain("src/main.ts");
  });
});

describe("imports", () => {
  test("every room is on the plan", () => {
    expect([...new Set(files.map(roomOf))].sort()).toEqual(
      Object.keys(ROOMS).sort(),
    );
  });

  test("point from left to right only", () => {
    const wrong = imports.filter(({ file, target }) => {
      // Only rooms are judged here; what is outside of them, below.
      if (target === null || !/^(?:src|outputs)\//.test(target)) return false;
      const from = roomOf(file);
      const to = roomOf(target);
      return from !== to && !ROOMS[from]!.includes(to);
    });
    expect(wrong.map(written)).toEqual([]);
  });

  test("the plan has no way back", () => {
    const order = Object.keys(ROOMS);
    for (const [room, allowed] of Object.entries(ROOMS))
      for (const other of allowed)
        expect(order.indexOf(other)).toBeLessThan(order.indexOf(room));
  });

  test("stay inside src and outputs, but for the version", () => {
    const outside = imports.filter(
      ({ target }) => target !== null && !/^(?:src|outputs)\//.test(target),
    );
    expect(outside.map(written)).toEqual([
      // A release is made of what is built.
      "src/packaging/release.ts: ../../build.ts",
      // Which runtime is pinned.
      "src/runtime/targets.ts: ../../package.json",
      "src/version.ts: ../package.json",
    ]);
  });

  test("go in no circle", () => {
    const targetsOf = Map.groupBy(
      imports.filter(({ target }) => target !== null),
      ({ file }) => file,
    );
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (file: string, path: readonly string[]) => {
      if (path.includes(file)) circles.push([...path, file].join(" → "));
      if (path.includes(file) || done.has(file)) return;
      for (const { target } of targetsOf.get(file) ?? [])
        visit(target!, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
  });

  test("name the file's extension", () => {
    const wrong = imports.filter(
      ({ target }) =>
        target !== null && !/\.(?:ts|json|css|html|txt|yml|md)$/.test(target),
    );
    expect(wrong.map(written)).toEqual([]);
  });

  test("use only the packages of their room, and built-ins by their full name", () => {
    const builtins = new Set(builtinModules.map((name) => `node:${name}`));
    const wrong = imports.filter(({ file, specifier, target }) => {
      if (target !== null) return false;
      if (/^bun(?::|$)/.test(specifier) || builtins.has(specifier))
        return false;
      return !(PACKAGES[roomOf(file)] ?? []).includes(specifier);
    });
    expect(wrong.map(written)).toEqual([]);
    const isUsed = ([room, name]: readonly [string, string]) =>
      imports.some(
        ({ file, specifier }) => roomOf(file) === room && specifier === name,
      );
    const allowed = Object.entries(PACKAGES).flatMap(([room, names]) =>
      names.map((name) => [room, name] as const),
    );
    expect(allowed.filter((each) => !isUsed(each))).toEqual([]);
  });

  test("reach the list of outputs from main.ts alone, and single outputs from the list alone", () => {
    const list = "outputs/index.ts";
    expect(sources.has(list)).toBe(true);
    const isOutput = (path: string) => path.startsWith("outputs/");
    const fromOutside = imports.filter(
      ({ file, target }) =>
        target !== null && isOutput(target) && !isOutput(file),
    );
    expect(fromOutside.map(({ file, target }) => `${file}: ${target}`)).toEqual(
      [
        "src/main.ts: outputs/index.ts",
        "src/packaging/contents.ts: outputs/index.ts",
      ],
    );
    expect(
      imports.filter(({ target }) => target === list).map(({ file }) => file),
    ).toEqual(["src/main.ts", "src/packaging/contents.ts"]);
  });

  test("give an output of the model what a user's own output has of it", () => {
    const wrong = imports.filter(
      ({ file, target }) =>
        roomOf(file) === "outputs" &&
        target?.startsWith("src/") &&
        target !== "src/model/index.ts",
    );
    expect(wrong.map(written)).toEqual([]);
  });

  test("one output never needs another", () => {
    const ownOf = (path: string) => path.split("/")[1]!.replace(/\.ts$/, "");
    const isOutput = (path: string) =>
      path.startsWith("outputs/") && path !== "outputs/index.ts";
    const listed = imports
      .filter(({ file }) => file === "outputs/index.ts")
      .flatMap(({ target }) => (target === null ? [] : [ownOf(target)]));
    const wrong = imports.filter(
      ({ file, target }) =>
        target !== null &&
        isOutput(file) &&
        isOutput(target) &&
        ownOf(file) !== ownOf(target) &&
        listed.includes(ownOf(target)),
    );
    expect(wrong.map(written)).toEqual([]);
  });

  test("touch bun:ffi in one short file", () => {
    const users = imports.filter(({ specifier }) => specifier === "bun:ffi");
    expect(users.map(({ file }) => file)).toEqual(["src/kernel/libc.ts"]);
    expect(lineCount(sources.get("src/kernel/libc.ts")!)).toBeLessThan(150);
  });

  test("no other file reaches the foreign functions by another way", () => {
    const reaches = files.filter(
      (file) =>
        file !== "src/kernel/libc.ts" &&
        /\bBun\.FFI\b|require\(|process\.dlopen|process\.binding/.test(
          sources.get(file)!,
        ),
    );
    expect(reaches).toEqual([]);
  });
});

describe("files", () => {
  test("are at most 300 lines long", () => {
    const long = files
      .map((file) => ({ file, lines: lineCount(sources.get(file)!) }))
      .filter(({ lines }) => lines > 300);
    expect(long).toEqual([]);
  });

  test("are so few in a folder that a newcomer finds one", () => {
    const shared = [
      ...new Bun.Glob("test/support/**/*").scanSync({ cwd: ROOT }),
    ];
    const all = [...files, ...shared];
    const crowded = [...Map.groupBy(all, (file) => dirname(file))]
      .map(([folder, inside]) => ({ folder, files: inside.length }))
      .filter((folder) => folder.files > 40);
    expect(crowded).toEqual([]);
  });

  test("have names in kebab-case that say what is inside", () => {
    const all = ["src", "outputs", "test"].flatMap((top) => [
      ...new Bun.Glob(`${top}/**/*`).scanSync({ cwd: ROOT }),
    ]);
    // Documents for people are in capitals, as in other projects.
    const named = all.filter((path) => !path.endsWith(".md"));
    const wrong = named.filter((path) =>
      path
        .split("/")
        .filter((part) => part !== "__snapshots__")
        .some(
          (part) =>
            !/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+)*$/.test(part) ||
            /^(?:utils?|helpers?|misc|common)(?:\.|$)/.test(part),
        ),
    );
    expect(wrong).toEqual([]);
  });
});

describe("importing a file", () => {
  /** The program, and what a browser runs. */
  const ACTING = ["src/main.ts", "outputs/html/page/main.ts"];
  /** Runs in a process of its own: imports all files given and reports what changed by that. */
  const PROBE = `
    import { readdirSync, readlinkSync } from "node:fs";
    const descriptors = () => readdirSync("/proc/self/fd").flatMap((fd) => {
      try { return [fd + " " + readlinkSync("/proc/self/fd/" + fd)]; } catch { return []; }
    }).filter((line) => !/ \\/proc\\/|pipe:|eventfd|eventpoll|timerfd|\\.ts$/.test(line));
    const state = () => ({
      descriptors: descriptors(),
      listeners: process.eventNames().map(String).sort(),
      environment: { ...process.env },
      exitCode: process.exitCode ?? null,
      title: process.title,
      directory: process.cwd(),
      globals: Object.getOwnPropertyNames(globalThis).sort(),
    });
    const before = state();
    for (const file of process.argv.slice(2)) await import(file);
    const after = state();
    const changed = Object.keys(before).filter((key) => !Bun.deepEquals(before[key], after[key]));
    process.stdout.write(JSON.stringify(changed.map((key) => [key, before[key], after[key]])));
  `;
  let result: Bun.SyncSubprocess<"pipe", "pipe">;

  beforeAll(() => {
    result = Bun.spawnSync(
      [
        process.execPath,
        "-e",
        PROBE,
        ...files
          .filter((file) => !ACTING.includes(file))
          .map((file) => join(ROOT, file)),
      ],
      { stdout: "pipe", stderr: "pipe", timeout: 60_000, cwd: "/" },
    );
  });

  test("prints nothing, opens nothing, listens to nothing, changes nothing", () => {
    expect(result.stderr.toString()).toBe("");
    expect(JSON.parse(result.stdout.toString())).toEqual([]);
    expect(result.exitCode).toBe(0);
  });

  test("leaves nothing running: the process ends by itself", () => {
    expect(result.signalCode).toBeUndefined();
  });
});
