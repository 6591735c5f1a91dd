// waits: it starts the program
import { beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toRecord } from "../../src/model/record/record.ts";
import { DEFAULT_VIEW } from "../../src/model/view/view.ts";
import { ensureBinary, runBinary } from "../support/binary.ts";
import { makeSample, row } from "../support/samples.ts";

setDefaultTimeout(240_000);
beforeAll(ensureBinary);

const WEB = "/system.slice/web.service";
const sample = makeSample({
  threads: [
    row({ tid: 7, user: "www", cgroup: WEB, readBytes: 1024 }),
    row({ tid: 8, user: "www", cgroup: WEB, readBytes: 2048 }),
    row({ tid: 9, user: "joe", cgroup: null, readBytes: 512 }),
  ],
});

test("--by groups the text, and each output that does not say otherwise", async () => {
  const folder = mkdtempSync(join(tmpdir(), "iotop-by-"));
  const at = (name: string): string => join(folder, name);
  const record = toRecord(sample, { all: true, view: DEFAULT_VIEW });
  await Bun.write(at("io.jsonl"), `${JSON.stringify(record)}\n`);
  const { status, stdout, stderr } = await runBinary([
    ...["--replay", at("io.jsonl"), "--speed", "max", "-b", "--by", "unit"],
    ...["--output", `report=${at("unit")}`],
    ...["--output", `report=${at("user")},group=user`],
  ]);
  const [unit, user] = ["unit", "user"].map((name) =>
    readFileSync(at(name), "utf8"),
  );
  rmSync(folder, { recursive: true });
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout.split("\n").slice(2, -1)).toEqual([
    "    PID PRIO USER       DISK READ  DISK WRITE  SWAPIN      IO UNIT",
    "      - -    -           3.00 K/s    0.00 B/s  0.00 %  0.00 % web.service",
    "      - -    -         512.00 B/s    0.00 B/s  0.00 %  0.00 % ?",
  ]);
  expect(unit).toContain("\nUNIT");
  expect(unit).toContain("\nweb.service");
  expect(user).toContain("\nUSER");
});
