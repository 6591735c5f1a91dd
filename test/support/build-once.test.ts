// waits: it starts programs
import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildOnce } from "./build-once.ts";

setDefaultTimeout(120_000);

const folder = mkdtempSync(join(tmpdir(), "iotop-build-once-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A process that builds the file, which takes 200 ms, and notes that it did; or is killed in the middle. */
const builder = (path: string, end = "") =>
  Bun.spawn([
    process.execPath,
    "-e",
    `import { appendFileSync, existsSync, writeFileSync } from "node:fs";
    import { buildOnce } from "${join(import.meta.dir, "build-once.ts")}";
    const path = ${JSON.stringify(path)};
    await buildOnce(path, () => existsSync(path), async () => {
      appendFileSync(path + ".log", "built\\n");
      await Bun.sleep(200);
      ${end}
      writeFileSync(path, "");
    });`,
  ]);

test("of four processes that need it at once, one builds", async () => {
  const path = join(folder, "four");
  const builders = Array.from({ length: 4 }, () => builder(path));
  for (const { exited } of builders) expect(await exited).toBe(0);
  expect(readFileSync(`${path}.log`, "utf8")).toBe("built\n");
});

test("a builder that is killed holds up nobody", async () => {
  const path = join(folder, "killed");
  const first = builder(path, `process.kill(process.pid, "SIGKILL");`);
  await first.exited;
  expect(existsSync(path)).toBe(false);
  expect(await builder(path).exited).toBe(0);
  expect(readFileSync(`${path}.log`, "utf8")).toBe("built\nbuilt\n");
});

test("what is current is not built", async () => {
  let builds = 0;
  const build = async () => void builds++;
  await buildOnce(join(folder, "current"), () => true, build);
  expect(builds).toBe(0);
});

test("a build that fails says so, and the next one may try", async () => {
  const path = join(folder, "failing");
  const fail = () => Promise.reject(new Error("no room"));
  expect(buildOnce(path, () => false, fail)).rejects.toThrow("no room");
  await buildOnce(path, () => false, fail).catch(() => {});
  expect(await builder(path).exited).toBe(0);
});
