/** What `import "iotop"` gives at run time: the stock outputs, copied to files of a user, work with it alone. */
import {
  afterAll,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import {
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as iotop from "../../src/model/index.ts";
import { encodeRecord, toRecord } from "../../src/model/record/record.ts";
import { DEFAULT_VIEW } from "../../src/model/view/view.ts";
import { ensureBinary, runBinary } from "../support/binary.ts";
import { lackOfRoot } from "../support/needs.ts";
import { makeSample, row } from "../support/samples.ts";

/** More than the programs that a test starts may take, each. */
setDefaultTimeout(240_000);

beforeAll(ensureBinary);

let home: string;
let recording: string;
beforeAll(() => {
  // As root iotop takes modules only from where nobody else can write, so not from /tmp.
  const isRoot = lackOfRoot === null;
  home = mkdtempSync(isRoot ? "/run/iotop-copies-" : join(tmpdir(), "iotop-"));
  recording = join(home, "recording.jsonl");
  const samples = [1, 2, 3].map((seq) =>
    makeSample({
      seq,
      threads: [
        row({ tid: 5, comm: "dd", readBytes: 4096 * seq, ioWaitNs: 1e6 }),
        row({ tid: 7, comm: "a b\n", writeBytes: 1024 }),
        row({
          tid: 8 + seq,
          comm: "sh",
          writeBytes: 512,
          exit: { code: 0, signal: 0 },
        }),
      ],
    }),
  );
  const lines = samples.map((sample) =>
    encodeRecord(toRecord(sample, { all: false, view: DEFAULT_VIEW })),
  );
  writeFileSync(recording, `${lines.join("\n")}\n`);
});
afterAll(() => rmSync(home, { recursive: true }));

const replay = (output: string, ...options: string[]) =>
  runBinary([
    "--replay",
    recording,
    "--speed",
    "max",
    "--output",
    output,
    ...options,
  ]);

describe("a stock output, copied to a file of a user's own", () => {
  /** With all that they share. */
  const copies = (): string => join(home, "outputs");
  beforeAll(() => {
    cpSync(resolve(import.meta.dir, "../../outputs"), copies(), {
      recursive: true,
    });
    const files = new Bun.Glob("**/*.ts").scanSync({
      cwd: copies(),
      absolute: true,
    });
    for (const file of files)
      writeFileSync(
        file,
        readFileSync(file, "utf8").replace(
          /"[./]+\/src\/model\/index\.ts"/g,
          '"iotop"',
        ),
      );
  });

  test.each([
    ["batch", "batch/index.ts", "", []],
    ["batch", "batch/index.ts", "", ["-a", "-P", "-t"]],
    ["jsonl", "jsonl.ts", "", []],
    ["jsonl", "jsonl.ts", ",all", ["-P"]],
    ["report", "report/index.ts", "", []],
    ["report", "report/index.ts", ",group=user,rows=1", ["-p", "5", "-p", "7"]],
  ])("%s: %s%s %j prints the same", async (name, path, settings, options) => {
    const stock = await replay(`${name}${settings}`, ...options);
    const file = join(copies(), path);
    const own = await replay(`${file}${settings}`, ...options);
    expect(stock.stdout).not.toBe("");
    expect(own).toEqual(stock);
    expect(own.status).toBe(0);
  });
});

test("the executable gives what the source exports, not more and not less", async () => {
  const path = join(home, "names.ts");
  writeFileSync(
    path,
    `import * as iotop from "iotop";
     const later = await import("iotop");
     export default iotop.defineOutput({
       api: iotop.API_VERSION, name: "names", summary: "names of all that is offered",
       create: () => ({
         write(sample, { print, stop }) {
           stop();
           const names = [Object.keys(iotop), Object.keys(later), Object.keys(sample)];
           return print(JSON.stringify(names) + "\\n");
         },
       }),
     });`,
  );
  const { stdout, stderr, status } = await replay(path, "-n", "1");
  expect([stderr, status]).toEqual(["", 0]);
  const [now, later, fields] = JSON.parse(stdout) as string[][];
  expect(now!.toSorted()).toEqual(Object.keys(iotop).sort());
  expect(later!.toSorted()).toEqual(now!.toSorted());
  expect(fields).toContainValues(["endedThreads", "unlisted", "recorded"]);
});
