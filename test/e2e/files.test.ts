// alone: its positions in files are those of all programs of nobody
/** `--files` of the built program: who wrote which file, and what is left in the kernel when it is killed. */
import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import {
  copyBinary,
  ensureBinary,
  runBinary,
  startBinary,
} from "../support/binary.ts";
import { BPF_REFUSAL, bpfObjectsOf, isInKernel } from "../support/bpf.ts";
import { eventually } from "../support/eventually.ts";
import { parseLines } from "../support/json-run.ts";
import { lackOf, lackOfRoot, needing } from "../support/needs.ts";
import { diskFolder } from "../support/workload.ts";

setDefaultTimeout(240_000);
beforeAll(ensureBinary);

const KIB = 1024;

describe.skipIf(BPF_REFUSAL !== null)(needing("files", BPF_REFUSAL), () => {
  test("a program that wrote and ended is shown with its file; kill -9 leaves nothing in the kernel", async () => {
    using folder = diskFolder();
    const path = join(folder.path, "name\n\x1b[2J");
    await using running = startBinary([
      "--output",
      "jsonl",
      "--files",
      "-d",
      "0.1",
    ]);
    await running.until((text) => text.includes("\n"));
    const dd = Bun.spawn(
      ["dd", "if=/dev/zero", `of=${path}`, "bs=64k", "count=4"],
      { stderr: "ignore" },
    );
    expect(await dd.exited).toBe(0);
    const filesOf = (text: string) =>
      parseLines(text.slice(0, text.lastIndexOf("\n")))
        .flatMap(({ files }) => files!)
        .filter((file) => file.path === path && file.pid === dd.pid);
    const text = await running.until((text) => filesOf(text).length > 0);
    expect(text).not.toContain("\x1b");
    expect(filesOf(text)).toMatchObject([
      { comm: "dd", kind: "file", direct: false, write_bytes: 256 * KIB },
    ]);
    const objects = bpfObjectsOf(running.pid);
    expect(objects.filter(({ kind }) => kind === "map")).toHaveLength(5);
    expect(objects.every(isInKernel)).toBe(true);
    running.kill("SIGKILL");
    await running.exited;
    await eventually(
      () => objects.filter(isInKernel),
      (left) => left.length === 0,
    );
  });

  test("without it nothing is loaded", async () => {
    await using running = startBinary(["--output", "jsonl", "-d", "0.1"]);
    const text = await running.until((text) => text.includes("\n"));
    expect(parseLines(text.split("\n")[0]!)[0]).not.toHaveProperty("files");
    expect(bpfObjectsOf(running.pid)).toEqual([]);
  });
});

const LACKS = [lackOfRoot, lackOf("setpriv", "unshare")];

describe.skipIf(LACKS.some((lack) => lack !== null))(
  needing("where the kernel refuses", ...LACKS),
  () => {
    const without = ["--inh-caps=-all", "--no-new-privs"];
    test.each([
      [
        "nobody",
        ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"],
        ["--bounding-set=-all", ...without],
      ],
      [
        "root of a user namespace",
        ["unshare", "--user", "--map-root-user"],
        [],
      ],
      [
        "another pid namespace",
        ["unshare", "--pid", "--fork", "--mount-proc"],
        [],
      ],
    ])(
      "%s: one sentence, positions, and status 0",
      async (_, command, more) => {
        using disk = diskFolder();
        chmodSync(disk.path, 0o777);
        const { status, stdout, stderr } = await runBinary(
          ["--output", "jsonl", "--files", "-d", "0.1", "-n", "1"],
          { command: [...command, ...more, copyBinary(disk.path)], cwd: "/" },
        );
        expect(status).toBe(0);
        expect(parseLines(stdout)[0]!.files).toEqual([]);
        const lines = stderr
          .split("\n")
          .filter((line) => line.includes("--files"));
        expect(lines).toHaveLength(1);
        expect(lines[0]).toMatch(
          /positions in open files move is shown.*: .{20}/,
        );
      },
    );
  },
);
