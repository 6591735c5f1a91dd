// waits: it starts programs
import { join, relative, resolve } from "node:path";
import { expect, setDefaultTimeout, test } from "bun:test";
import { OUTPUTS } from "../../outputs/index.ts";
import { API_VERSION } from "../../src/model/output.ts";

setDefaultTimeout(120_000);

test.each(Object.entries(OUTPUTS))(
  "%s is listed as it describes itself",
  async (name, { summary, load }) => {
    const { default: module } = await load();
    expect({ ...module }).toMatchObject({ api: API_VERSION, name, summary });
  },
);

/** Files of the outputs that are loaded by the time that one of them can be used. */
async function filesLoadedFor(name: keyof typeof OUTPUTS): Promise<string[]> {
  const folder = resolve(import.meta.dir, "../../outputs");
  const script = `
    const loaded = [];
    Bun.plugin({
      name: "spy",
      setup: (build) => build.onLoad({ filter: /\\/outputs\\/.*\\.ts$/ }, async ({ path }) => {
        loaded.push(path);
        return { contents: await Bun.file(path).text(), loader: "ts" };
      }),
    });
    const { OUTPUTS } = await import(${JSON.stringify(join(folder, "index.ts"))});
    await OUTPUTS.${name}.load();
    console.log(JSON.stringify(loaded));`;
  const child = Bun.spawn([process.execPath, "-e", script], {
    stdout: "pipe",
    stderr: "inherit",
  });
  const paths = (await child.stdout.json()) as string[];
  return paths.map((path) => relative(folder, path));
}

test("JSON lines load no code of the screen, nor of any other output", async () => {
  const files = await filesLoadedFor("jsonl");
  expect(files.toSorted()).toEqual(["index.ts", "jsonl.ts"]);
});

test("the screen is what loads the screen", async () => {
  const files = await filesLoadedFor("screen");
  expect(files).toContain(join("screen", "index.ts"));
});
