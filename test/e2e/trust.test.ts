/** Which code iotop runs as root: each way to load a file, tried on the built program. */
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
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { ensureBinary, runBinary } from "../support/binary.ts";

setDefaultTimeout(240_000);
beforeAll(ensureBinary);

/** Not below /tmp, where no module is trusted. */
let home: string;

const put = (name: string, text: string): string => {
  const path = join(home, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
};

// A run of its own for each: what is loaded once is not looked up again.
describe.skipIf(lackOfRoot !== null)(
  needing("as root, whatever would be loaded is judged", lackOfRoot),
  () => {
    beforeAll(() => void (home = mkdtempSync("/run/iotop-trust-")));
    afterAll(() => rmSync(home, { recursive: true }));

    const ran = `require("node:fs").writeFileSync("RAN", "")`;
    const output = `export default { api: 1, name: "good", summary: "", create: () => ({ write() {} }) };`;
    const common = output.replace("export default", "module.exports =");

    test.each<[string, string, string, string]>([
      ["a query", "m.ts", `import "./w.cjs?v=1"; ${output}`, "w.cjs"],
      [
        "a URL with a query",
        "m.ts",
        `import "file://HERE/w.cjs?x=1"; ${output}`,
        "w.cjs",
      ],
      ["its own query", "m.ts", `import "./q.js?x"; ${output}`, "w.cjs"],
      [
        "an extension in capitals",
        "m.TS",
        `import "./w.cjs"; ${output}`,
        "w.cjs",
      ],
      ["an unknown extension", "m.foo", `import "./w.cjs"; ${output}`, "w.cjs"],
      ["no extension", "m", `import "./w.cjs"; ${output}`, "w.cjs"],
      [
        "an import without extension",
        "m.ts",
        `import "./mid"; ${output}`,
        "w.cjs",
      ],
      [
        "an import of any extension",
        "m.ts",
        `import "./mid.foo"; ${output}`,
        "w.cjs",
      ],
      [
        "JSON that is said to be code",
        "m.ts",
        `import "./code.json" with { type: "ts" }; ${output}`,
        "w.cjs",
      ],
      [
        "createRequire",
        "m.ts",
        `import { createRequire as make } from "node:module"; make(import.meta.url)("./w.cjs"); ${output}`,
        "w.cjs",
      ],
      [
        "createRequire of a package",
        "m.ts",
        `import { createRequire as make } from "node:module"; make(import.meta.url)("lent"); ${output}`,
        "index.js",
      ],
      [
        "require.resolve",
        "m.cjs",
        `require(require.resolve("./w.cjs")); ${common}`,
        "w.cjs",
      ],
      [
        "a name made up",
        "m.cjs",
        `require(["./w", "cjs"].join(".")); ${common}`,
        "w.cjs",
      ],
      [
        "a package's name made up",
        "m.cjs",
        `require(["le", "nt"].join("")); ${common}`,
        "index.js",
      ],
      [
        "a name without extension made up",
        "m.cjs",
        `module.require(["./", "bare"].join("")); ${common}`,
        "bare",
      ],
      [
        "import() of a name made up",
        "m.ts",
        `await import("./" + process.argv.length); ${output}`,
        "write the name as text",
      ],
      [
        "a worker",
        "m.ts",
        `new Worker(new URL("./w.cjs", import.meta.url)); ${output}`,
        "starts a worker",
      ],
      [
        "a link in a folder that others write",
        "m.ts",
        `import "./open/link.cjs"; ${output}`,
        "open",
      ],
      [
        "a package's package.json",
        "m.ts",
        `import "described"; ${output}`,
        "package.json",
      ],
      [
        "a package.json that names a file elsewhere",
        "m.ts",
        `import "leading"; ${output}`,
        "leading/package.json",
      ],
      [
        "the package.json of a folder in a package",
        "m.ts",
        `import "parts/inner"; ${output}`,
        "inner/package.json",
      ],
      [
        "the package.json of a folder",
        "m.cjs",
        `require("./folder"); ${common}`,
        "folder/package.json",
      ],
      [
        "the package.json of a name made up",
        "m.cjs",
        `require(["lead", "ing"].join("")); ${common}`,
        "leading/package.json",
      ],
      [
        "the package.json of a name that createRequire gets made up",
        "m.ts",
        `import { createRequire as make } from "node:module"; make(import.meta.url)(["lead", "ing"].join("")); ${output}`,
        "leading/package.json",
      ],
      [
        "a package that others could put there",
        "m.ts",
        `try { require("later"); } catch {} ${output}`,
        "node_modules",
      ],
    ])("%s", async (title, name, text, culprit) => {
      const folder = title.replaceAll(" ", "-");
      const file = (path: string, content: string, mode = 0o644): string => {
        const absolute = put(join(folder, path), content);
        chmodSync(absolute, mode);
        return absolute;
      };
      file("w.cjs", ran, 0o666);
      file("bare", ran, 0o666);
      file("q.js", `import "./w.cjs"`);
      file("mid", `import "./w.cjs"`);
      file("mid.foo", `import "./w.cjs"`);
      file("code.json", `import "./w.cjs"`);
      file("node_modules/lent/index.js", ran, 0o666);
      file("node_modules/described/index.js", "");
      file("node_modules/described/package.json", "{}", 0o666);
      file("safe.cjs", ran);
      const leads = `{ "main": "../../safe.cjs" }`;
      file("node_modules/leading/package.json", leads, 0o666);
      file("node_modules/parts/package.json", "{}");
      file(
        "node_modules/parts/inner/package.json",
        `{ "main": "../../../safe.cjs" }`,
        0o666,
      );
      file("folder/package.json", `{ "main": "../safe.cjs" }`, 0o666);
      file("open/target.cjs", "");
      symlinkSync(file("target.cjs", ""), join(home, folder, "open/link.cjs"));
      chmodSync(join(home, folder, "open"), 0o777);
      if (culprit === "node_modules")
        chmodSync(join(home, folder, "node_modules"), 0o777);
      const path = file(name, text.replace("HERE", join(home, folder)));
      const { status, stdout, stderr } = await runBinary(
        ["--output", path, "-n", "1", "-d", "0.1"],
        { cwd: join(home, folder) },
      );
      expect(stderr).toMatch(/^iotop: [^\n]*refused[^\n]*\n$/);
      expect(stderr).toContain(culprit);
      expect({ stdout, status }).toEqual({ stdout: "", status: 2 });
      expect(existsSync(join(home, folder, "RAN"))).toBe(false);
    });

    test("a name made up when it runs ends the output, and nothing of the file runs", async () => {
      const lent = put("late/w.cjs", ran);
      chmodSync(lent, 0o666);
      const path = put(
        "late/m.cjs",
        `module.exports = { api: 1, name: "late", summary: "", create: () => ({ write() { require("./w" + [".cjs"]); } }) };`,
      );
      const { status, stderr } = await runBinary(
        ["--output", path, "-n", "1", "-d", "0.1"],
        { cwd: join(home, "late") },
      );
      expect(stderr).toContain("refused, because it would run as root");
      expect(status).toBe(1);
      expect(existsSync(join(home, "late/RAN"))).toBe(false);
    });

    test("what cannot be scanned is refused with the reason", async () => {
      const path = put("broken.foo", `import "./w.cjs"; const = 1;`);
      const { status, stderr } = await runBinary(["--output", path, "-n", "1"]);
      expect(stderr).toMatch(
        /^iotop: .*broken\.foo cannot be scanned for imports: .+\n$/,
      );
      expect(status).toBe(2);
    });

    test("packages, made-up names and optional packages of root's own are taken", async () => {
      put("own/node_modules/first/index.js", `exports.name = "first"`);
      put("own/node_modules/second/index.js", `exports.name = "second"`);
      put("own/data.json", `{ "a": 1 }`);
      put("own/part.mjs", `export const part = "part"`);
      const path = put(
        "own/m.ts",
        `import { defineOutput } from "iotop";
         import { createRequire } from "node:module";
         import { name } from "first";
         import data from "./data.json";
         const load = createRequire(import.meta.url);
         let missing = "";
         try { require("never-installed"); } catch { missing = "missing"; }
         const { part } = await import("./part.mjs");
         const names = [name, load(["sec", "ond"].join("")).name, data.a, part, missing];
         export default defineOutput({ api: 1, name: "own", summary: "",
           create: () => ({ write: (_, { print }) => print(names.join() + "\\n") }) });`,
      );
      const { stdout, stderr, status } = await runBinary([
        "--output",
        path,
        "-n",
        "1",
        "-d",
        "0.1",
      ]);
      expect({ stdout, status }).toEqual({
        stdout: "first,second,1,part,missing\n",
        status: 0,
      });
      expect(stderr).not.toContain("refused");
    });
  },
);
