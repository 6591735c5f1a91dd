/** Where the built program writes to, and where it refuses to. */
import {
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  linkSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { BINARY, ensureBinary, runBinary } from "../support/binary.ts";
import { diskFolder } from "../support/workload.ts";
import { lackOfRoot, needing } from "../support/needs.ts";

setDefaultTimeout(240_000);
beforeAll(ensureBinary);
const NOBODY = 65534;

let disk: ReturnType<typeof diskFolder>;
beforeEach(() => (disk = diskFolder()));
afterEach(() => disk[Symbol.dispose]());
const at = (name: string): string => join(disk.path, name);

const QUICK = ["-n", "2", "-d", "0.05"];
const shell = (command: string, args: readonly string[]) =>
  runBinary(args, { command: ["sh", "-c", command, BINARY] });

describe("a closed stdout", () => {
  test.each([[["-b"]], [["--report", "1"]], [["--version"]], [["--help"]]])(
    "is an error for %p",
    async (args) => {
      expect(await shell(`exec "$0" "$@" >&-`, args)).toMatchObject({
        status: 1,
        stderr: "iotop: stdout: it is closed\n",
      });
    },
  );

  test("does not matter to what writes elsewhere", async () => {
    const args = [...QUICK, "--output", `jsonl=${at("a")}`];
    expect((await shell(`exec "$0" "$@" >&-`, args)).status).toBe(0);
    expect(readFileSync(at("a"), "utf8").split("\n")).toHaveLength(3);
  });

  test("is not /dev/null, nor a closed stdin, nor a closed stderr", async () => {
    const args = [...QUICK, "-b"];
    for (const redirection of [">/dev/null", "1<>/dev/null", "<&-", "2>&-"])
      expect((await shell(`exec "$0" "$@" ${redirection}`, args)).status).toBe(
        0,
      );
  });
});

test("a closed stdin is no empty recording, and an empty one is not a closed stdin", async () => {
  const outcomes = await Promise.all(
    ["-b <&-", "--output report <&-", "-b </dev/null"].map(async (args) => {
      const { status, stderr } = await shell(
        `exec "$0" --replay - ${args}`,
        [],
      );
      return [status, stderr];
    }),
  );
  const closed = "iotop: stdin is closed: pipe a recording into --replay -\n";
  expect(outcomes).toEqual([
    [1, closed],
    [1, closed],
    [1, "iotop: stdin: the recording is empty\n"],
  ]);
});

describe("two outputs into one file are refused", () => {
  beforeEach(() => {
    writeFileSync(at("a"), "");
    symlinkSync("a", at("symbolic"));
    linkSync(at("a"), at("hard"));
    symlinkSync("not-yet", at("dangling"));
    mkdirSync(at("folder"));
    symlinkSync("folder", at("other-folder"));
  });

  test.each([
    ["a", "symbolic"],
    ["a", "hard"],
    ["hard", "symbolic"],
    ["dangling", "not-yet"],
    ["folder/new", "other-folder/new"],
  ])("%s and %s", async (one, other) => {
    const { status, stderr } = await runBinary([
      ...["--output", `jsonl=${at(one)}`, "--output", `batch=${at(other)}`],
      ...QUICK,
    ]);
    expect([status, stderr]).toEqual([
      2,
      `iotop: jsonl and batch cannot both write to ${at(other)}, which is the same file as ${at(one)}; send one elsewhere, as in batch=FILE\n`,
    ]);
  });

  test("a file and stdout that leads there", async () => {
    const args = ["-b", "--output", `jsonl=${at("hard")}`, ...QUICK];
    const { status, stderr } = await shell(`exec "$0" "$@" >>'${at("a")}'`, [
      ...args,
    ]);
    expect([status, stderr]).toEqual([
      2,
      `iotop: batch and jsonl cannot both write to ${at("hard")}, which is the same file as stdout; send one elsewhere, as in jsonl=FILE\n`,
    ]);
  });

  test("but not two files of one name", async () => {
    mkdirSync(at("second"));
    const { status } = await runBinary([
      ...["--output", `jsonl=${at("folder/x")}`],
      ...["--output", `batch=${at("second/x")}`, ...QUICK],
    ]);
    expect(status).toBe(0);
  });
});

test("recordings are for their owner's eyes, whatever the umask lets through", async () => {
  for (const [umask, name, mode] of [
    ["022", "wide", 0o600],
    ["277", "narrow", 0o400],
  ] as const) {
    const args = ["--output", `jsonl=${at(name)}`, ...QUICK];
    const { status } = await shell(`umask ${umask}; exec "$0" "$@"`, args);
    expect(status).toBe(0);
    expect(statSync(at(name)).mode & 0o777).toBe(mode);
  }
});

test("a socket is named as such", async () => {
  const server = createServer().listen(at("socket"));
  await new Promise((resolve) => server.once("listening", resolve));
  const { status, stderr } = await runBinary([
    ...["--output", `jsonl=${at("socket")}`, ...QUICK],
  ]);
  server.close();
  expect(status).toBe(1);
  expect(stderr).toContain(
    `iotop: jsonl: ${at("socket")}: it is a socket; give a file or a FIFO\n`,
  );
});

describe.skipIf(lackOfRoot !== null)(
  needing("in a folder where everybody may make files", lackOfRoot),
  () => {
    let folder: string;
    beforeEach(() => {
      folder = at("common");
      mkdirSync(folder);
      chmodSync(folder, 0o1777);
      writeFileSync(at("victim"), "");
    });

    const record = (name: string) =>
      runBinary(["--output", `jsonl=${join(folder, name)}`, ...QUICK]);

    const refusal = (what: string, name: string): string =>
      `iotop: jsonl: ${join(folder, name)}: this ${what} belongs to another user (uid ${NOBODY}), in a folder where anybody can create one: use a folder of your own\n`;

    test("another user's link is not followed, also behind one of our own", async () => {
      symlinkSync(at("victim"), join(folder, "theirs"));
      lchownSync(join(folder, "theirs"), NOBODY, NOBODY);
      symlinkSync("theirs", join(folder, "ours"));
      for (const name of ["theirs", "ours"]) {
        const { status, stderr } = await record(name);
        expect(status).toBe(1);
        expect(stderr).toContain(refusal("link", name));
      }
      expect(readFileSync(at("victim"), "utf8")).toBe("");
    });

    test("another user's link to what is not there makes nothing", async () => {
      symlinkSync(at("made"), join(folder, "theirs"));
      lchownSync(join(folder, "theirs"), NOBODY, NOBODY);
      expect((await record("theirs")).status).toBe(1);
      expect(existsSync(at("made"))).toBe(false);
    });

    test("another user's file or FIFO is not written", async () => {
      writeFileSync(join(folder, "file"), "");
      Bun.spawnSync(["mkfifo", join(folder, "fifo")]);
      for (const name of ["file", "fifo"]) {
        chownSync(join(folder, name), NOBODY, NOBODY);
        const { status, stderr } = await record(name);
        expect(status).toBe(1);
        expect(stderr).toContain(refusal("file", name));
      }
    });

    test("our own links and files are written, and what the folder's owner has put there", async () => {
      symlinkSync(at("victim"), join(folder, "link"));
      writeFileSync(join(folder, "file"), "");
      for (const name of ["link", "file", "new"])
        expect((await record(name)).status).toBe(0);
      chownSync(folder, NOBODY, NOBODY);
      chownSync(join(folder, "file"), NOBODY, NOBODY);
      expect((await record("file")).status).toBe(0);
      expect(readFileSync(at("victim"), "utf8").split("\n")).toHaveLength(3);
    });
  },
);
