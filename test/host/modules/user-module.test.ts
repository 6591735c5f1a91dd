import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { lackOfRoot, needing } from "../../support/needs.ts";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";
import { UsageError } from "../../../src/errors.ts";
import type { Privileges } from "../../../src/host/run/privileges.ts";
import { loadUserModule } from "../../../src/host/modules/user-module.ts";

const isRoot = lackOfRoot === null;

/** Anybody but root may load what they like: the tests of loading are not about trust. */
const ORDINARY: Privileges = { uid: 1000, sudoUid: undefined, atSecure: false };
const ROOT: Privileges = { ...ORDINARY, uid: 0 };

let dir = "";
beforeAll(() => {
  // Not below /tmp, where no module is trusted.
  dir = mkdtempSync(join(import.meta.dir, ".user-module-"));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function write(name: string, text: string, mode = 0o644): string {
  const path = join(dir, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

const BODY = `{
  api: 1, name: "mine", summary: "lines",
  options: { rows: { type: "number", about: "lines", default: 5 } },
  create: () => ({ write() {} }),
}`;

/** Without the guard, which would judge what the tests after it load. */
const load = (path: string, privileges = ORDINARY) =>
  loadUserModule(path, privileges, () => {});

async function refusal(path: string, privileges = ORDINARY): Promise<string> {
  try {
    await load(path, privileges);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as UsageError).message;
  }
  throw new Error(`${path} was loaded`);
}

describe("loads", () => {
  test("TypeScript that imports from iotop, from beside it and from node_modules", async () => {
    write("node_modules/words/package.json", `{ "main": "index.js" }`);
    write("node_modules/words/index.js", `exports.word = "mine";`);
    write("beside.ts", `export const summary: string = "beside";`);
    const path = write(
      "full.ts",
      `import { API_VERSION, defineOutput, isActive, type Sample } from "iotop";
       import { summary } from "./beside.ts";
       import { word } from "words";
       if (typeof isActive !== "function") throw new Error("no isActive");
       export default defineOutput({
         api: API_VERSION, name: word, summary,
         create: () => ({ write(sample: Sample) { void sample; } }),
       });`,
    );
    const { module, realPath } = await load(path);
    expect([module.name, module.summary, realPath]).toEqual([
      "mine",
      "beside",
      path,
    ]);
  });

  test.each([
    ["plain.js", `export default ${BODY}`],
    ["plain.mjs", `export default ${BODY}`],
    ["common.cjs", `exports.default = ${BODY}`],
    ["direct.cjs", `module.exports = ${BODY}`],
  ])("%s", async (name, text) => {
    const { module } = await load(write(name, text));
    expect(module.name).toBe("mine");
    expect(module.options).toHaveProperty("rows");
  });

  test("a path from the current directory, and through a link", async () => {
    const path = write("target.js", `export default ${BODY}`);
    symlinkSync(path, join(dir, "link.js"));
    const loaded = await load(join(dir, "link.js"));
    expect(loaded.realPath).toBe(path);
    const relative = path.slice(process.cwd().length + 1);
    expect((await load(`./${relative}`)).realPath).toBe(path);
  });
});

describe("says what is wrong with", () => {
  test.each([
    ["no-default.js", `export const a = 1`, /default defineOutput/],
    ["text.js", `export default "x"`, /default defineOutput/],
    ["old.js", `export default { api: 2 }`, /api 2; this iotop has api 1$/],
    ["none.js", `export default {}`, /api undefined/],
    ["name.js", `export default { api: 1, name: "A B" }`, /`name` must be/],
    ["summary.js", `export default { api: 1, name: "a" }`, /`summary` must/],
    [
      "create.js",
      `export default { api: 1, name: "a", summary: "s" }`,
      /`create` must be a function/,
    ],
    [
      "owns.js",
      `export default { ...${BODY}, owns: "disk" }`,
      /`owns` must be/,
    ],
    [
      "target.js2.js",
      `export default { ...${BODY}, target: 5 }`,
      /`target` must be/,
    ],
    [
      "option.js",
      `export default { ...${BODY}, options: { a: { type: "date" } } }`,
      /option "a" must have the type/,
    ],
    [
      "throws.js",
      `throw new Error("no luck\\nat all")`,
      /cannot be loaded: no luck at throws.js:1:\d+$/,
    ],
    ["syntax.ts", `export default {`, /cannot be loaded: ./],
    [
      "missing-import.js",
      `import "./nowhere.ts"`,
      /cannot be loaded: .*nowhere/,
    ],
    ["missing-package.js", `import "no-such-package-x"`, /no-such-package-x/],
  ])("%s", async (name, text, message) => {
    const path = write(name, text);
    const text2 = await refusal(path);
    expect(text2).toStartWith(`${path}: `);
    expect(text2).toMatch(message);
    expect(text2).not.toContain("\n");
  });

  test("no file, and no file at all", async () => {
    expect(await refusal(join(dir, "nope.ts"))).toEndWith(": no such file");
    expect(await refusal(dir)).toEndWith(": not a file");
  });
});

describe(needing("as root", lackOfRoot), () => {
  // The directories above the checkout are not ours to change; those of a test machine may be anything.
  const secluded = "/root";
  let own = "";
  beforeAll(() => {
    if (isRoot) own = mkdtempSync(join(secluded, ".iotop-test-"));
  });
  afterAll(() => {
    if (isRoot) rmSync(own, { recursive: true });
  });
  const put = (name: string, text: string, mode = 0o644): string =>
    write(join(relative(dir, own), name), text, mode);

  test.if(isRoot)("what others can write is not even read", async () => {
    const path = put("open.js", `throw new Error("it ran")`, 0o666);
    expect(await refusal(path, ROOT)).toMatch(
      /open\.js: refused, because it would run as root: .*open\.js can be written by others \(mode 666\)$/,
    );
  });

  test.if(isRoot)(
    "nor behind a link, nor below a directory that others can write",
    async () => {
      const target = put("open2.js", `throw new Error("it ran")`, 0o664);
      symlinkSync(target, join(own, "innocent.js"));
      expect(await refusal(join(own, "innocent.js"), ROOT)).toContain(
        "open2.js can be written by others",
      );
      const inside = put("shared/a.js", `throw new Error("it ran")`);
      chmodSync(join(own, "shared"), 0o1777);
      expect(await refusal(inside, ROOT)).toContain(
        "shared can be written by others (mode 1777)",
      );
    },
  );

  describe.if(isRoot)("whose imports", () => {
    test.each([
      ["import", "a.ts", `import "./lent.ts"; export default ${BODY}`],
      ["require", "b.cjs", `require("./lent"); module.exports = ${BODY}`],
      [
        "import later",
        "c.ts",
        `export default ${BODY}; if (Date.now() === 0) await import("./lent.ts");`,
      ],
      [
        "import by an import",
        "d.ts",
        `import "./e.ts"; export default ${BODY}`,
      ],
      ["package", "f.ts", `import "lent"; export default ${BODY}`],
    ])("others can write is refused: an %s", async (_, name, text) => {
      put("lent.ts", `globalThis.lentRan = true`, 0o666);
      put("e.ts", `import "./lent.ts"`);
      put("node_modules/lent/package.json", `{ "main": "index.js" }`);
      put("node_modules/lent/index.js", `globalThis.lentRan = true`, 0o666);
      expect(await refusal(put(name, text), ROOT)).toMatch(
        /: refused, because it would run as root: .*\/(?:lent\.ts|lent\/index\.js) can be written by others \(mode 666\)$/,
      );
      expect(globalThis).not.toHaveProperty("lentRan");
    });

    test("nobody else can write is taken, with those from the runtime and from iotop", async () => {
      put("kept.ts", `export const kept: string = "kept"`);
      const path = put(
        "keeper.ts",
        `import "node:fs"; import "bun"; import "iotop"; import type { X } from "./nowhere.ts";
         import { kept } from "./kept.ts"; export default { ...${BODY}, summary: kept }`,
      );
      expect((await load(path, ROOT)).module.summary).toBe("kept");
    });
  });

  test.if(isRoot)(
    "a stranger's file is refused, that of the caller of sudo is not",
    async () => {
      const own = mkdtempSync(join(secluded, ".iotop-test-"));
      try {
        const path = join(own, "anns.js");
        writeFileSync(path, `export default ${BODY}`);
        chownSync(path, 4321, 4321);
        expect(await refusal(path, ROOT)).toContain("belongs to user 4321");
        const { module } = await load(path, { ...ROOT, sudoUid: "4321" });
        expect(module.name).toBe("mine");
      } finally {
        rmSync(own, { recursive: true });
      }
    },
  );
});

test("with more privileges than its caller iotop loads nothing", async () => {
  const path = write("any.js", `throw new Error("it ran")`);
  expect(await refusal(path, { ...ORDINARY, atSecure: true })).toContain(
    "more privileges than its caller",
  );
});
