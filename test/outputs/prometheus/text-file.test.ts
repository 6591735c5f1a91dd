import {
  afterEach,
  beforeEach,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPrometheus } from "../../../outputs/prometheus/index.ts";
import { TextFile } from "../../../outputs/prometheus/text-file.ts";
import { makeContext } from "../../support/context.ts";
import { makeSample } from "../../support/samples.ts";

setDefaultTimeout(120_000);

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "iotop-prom-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const open = (path: string) => {
  const warned: string[] = [];
  return { warned, file: new TextFile(path, (text) => warned.push(text)) };
};

test("a text is whole, readable for all, and gone at the end", async () => {
  const path = join(folder, "a.prom");
  const elsewhere = join(folder, "precious");
  writeFileSync(elsewhere, "mine");
  symlinkSync(elsewhere, `${path}.tmp`);
  const { file, warned } = open(path);
  await file.check();
  const mask = process.umask(0o077);
  await file.write("one\n").finally(() => process.umask(mask));
  const before = readFileSync(path, "utf8");
  const { ino, mode } = statSync(path);
  await file.write("two\n");
  expect([before, readFileSync(path, "utf8"), mode & 0o777]).toEqual([
    "one\n",
    "two\n",
    0o644,
  ]);
  expect(statSync(path).ino).not.toBe(ino);
  expect(readFileSync(elsewhere, "utf8")).toBe("mine");
  expect(readdirSync(folder).sort()).toEqual(["a.prom", "precious"]);
  await file.remove();
  expect([existsSync(path), warned]).toEqual([false, []]);
});

test("a failure is told once, and its end too; nothing is left beside", async () => {
  const path = join(folder, "a.prom");
  const { file, warned } = open(path);
  mkdirSync(path);
  await file.write("one\n");
  await file.write("two\n");
  expect(readdirSync(folder)).toEqual(["a.prom"]);
  rmSync(path, { recursive: true });
  await file.write("three\n");
  expect(readFileSync(path, "utf8")).toBe("three\n");
  expect(warned).toEqual([
    `${path} cannot be written: it is a folder; iotop keeps trying`,
    `${path} is written again`,
  ]);
  await file.remove();
  expect(readdirSync(folder)).toEqual([]);
});

test("one whose last text could not be written ends with an error, whether another was written before or not", async () => {
  for (const isFirst of [true, false]) {
    const path = join(folder, "a.prom");
    const { file, warned } = open(path);
    if (!isFirst) await file.write("one\n");
    rmSync(path, { force: true });
    mkdirSync(path);
    await file.write("two\n");
    expect(file.remove()).rejects.toThrow(
      `${path} could not be written: it is a folder; give a file in another folder`,
    );
    expect(warned).toHaveLength(1);
    expect(readdirSync(folder)).toEqual(["a.prom"]);
    rmSync(path, { recursive: true });
  }
});

test("one that was never to be written is no error", async () => {
  const { file, warned } = open(join(folder, "a.prom"));
  await file.check();
  await file.remove();
  expect([readdirSync(folder), warned]).toEqual([[], []]);
});

test("where no file can be is said at once", async () => {
  expect(open(join(folder, "none", "a.prom")).file.check()).rejects.toThrow(
    "is not a folder: create it first",
  );
  mkdirSync(join(folder, "a.prom"));
  expect(open(join(folder, "a.prom")).file.check()).rejects.toThrow(
    "is not a file",
  );
  // A folder in which nobody may make a file.
  expect(open("/proc/a.prom").file.check()).rejects.toThrow(
    "/proc/a.prom cannot be written: no such file or directory; give a file in another folder",
  );
  expect(open("/proc/version/a.prom").file.check()).rejects.toThrow(
    "/proc/version is not a folder",
  );
});

test("it is written with the first sample, then by the time of the samples", async () => {
  const path = join(folder, "a.prom");
  const values = {
    group: "none",
    "max-groups": 1,
    created: false,
    every: 3,
    "web-config": undefined,
  };
  const output = createPrometheus(values, path);
  const ctx = makeContext();
  await output.open?.(ctx);
  const seen: (string | undefined)[] = [];
  for (let seq = 1; seq <= 8; seq++) {
    await output.write(makeSample({ seq }), ctx);
    seen.push(
      /^iotop_samples_total (\d+)$/m.exec(readFileSync(path, "utf8"))?.[1],
    );
  }
  expect(seen).toEqual(["1", "1", "1", "4", "4", "4", "7", "7"]);
});
