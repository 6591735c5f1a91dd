// alone: its positions in files are those of all programs of nobody
/** `--files` of the built program: who wrote which file, and what is left in the kernel when it is killed. */
import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  BINARY,
  copyBinary,
  ensureBinary,
  runBinary,
  startBinary,
} from "../support/binary.ts";
import {
  BPF_REFUSAL,
  bpfObjectsOf,
  isInKernel,
} from "../support/machine/bpf.ts";
import { eventually } from "../support/eventually.ts";
import { parseLines } from "../support/json-run.ts";
import { openLiveScreen } from "../support/screen/live-screen.ts";
import { lackOf, lackOfRoot, needing } from "../support/needs.ts";
import { diskFolder } from "../support/workload.ts";

setDefaultTimeout(240_000);
beforeAll(ensureBinary);

const KIB = 1024;

/** Names that a terminal, a parser or a table of names has trouble with: how each is made, and shown. */
const HOSTILE = [
  ["name\n\x1b[2J", "name\n\x1b[2J"],
  ["$(printf 'bad\\377\\376')", "bad\ufffd\ufffd"],
  ["n".repeat(255), `${"n".repeat(71)}…`],
  [
    `${Array.from({ length: 40 }, (_, n) => `d${n}`).join("/")}/f`,
    "/…/d31/d32/d33/d34/d35/d36/d37/d38/d39/f",
  ],
] as const;

describe.skipIf(BPF_REFUSAL !== null)(needing("files", BPF_REFUSAL), () => {
  test("programs that wrote and ended are shown with their files, whatever these are called; kill -9 leaves nothing in the kernel", async () => {
    using folder = diskFolder();
    await using running = startBinary([
      "--output",
      "jsonl",
      "--files",
      "-d",
      "0.1",
    ]);
    await running.until((text) => text.includes("\n"));
    const pids = HOSTILE.map(([name]) => {
      const script = `cd "$1"; f="${name}"; case "$f" in */*) mkdir -p "\${f%/*}";; esac
        exec dd if=/dev/zero of="$f" bs=64k count=4`;
      const { pid } = Bun.spawnSync(["sh", "-c", script, "sh", folder.path]);
      return pid;
    });
    const filesOf = (text: string) =>
      parseLines(text.slice(0, text.lastIndexOf("\n")))
        .flatMap(({ files }) => files!)
        .filter(({ pid }) => pid !== null && pids.includes(pid))
        .filter(({ kind, write_bytes }) => kind === "file" && write_bytes);
    const text = await running.until(
      (text) => filesOf(text).length >= HOSTILE.length,
    );
    expect(text).not.toContain("\x1b");
    expect(
      filesOf(text)
        .toSorted((a, b) => pids.indexOf(a.pid!) - pids.indexOf(b.pid!))
        .map(({ pid, path, direct, write_bytes }) => [
          ...[pid, path, direct, write_bytes],
        ]),
    ).toEqual(
      HOSTILE.map(([, shown], n) => [
        pids[n]!,
        shown.startsWith("/…") ? shown : join(folder.path, shown),
        ...[false, 256 * KIB],
      ]),
    );
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

  test("F on the screen shows the busiest files of the machine, and the kernel counts from then on", async () => {
    using folder = diskFolder();
    const path = join(folder.path, "busy");
    await using screen = await openLiveScreen(["-d", "0.2"], {
      ...{ columns: 140, rows: 30 },
    });
    const { pid } = screen.session;
    await screen.until((shown) => shown.includes("F files"));
    expect(bpfObjectsOf(pid)).toEqual([]);
    screen.type("F");
    await screen.until((shown) => /─ busiest files ─ \d+ in use ─/.test(shown));
    const writer = `while dd if=/dev/zero of="$1" bs=1M count=4 oflag=direct; do :; done`;
    const shell = Bun.spawn(["sh", "-c", writer, "sh", path], {
      stderr: "ignore",
    });
    try {
      await screen.until((shown) =>
        shown
          .split("\n")
          .some((line) => / dd( \d+| \+\d+) .*busy \(direct\)/.test(line)),
      );
    } finally {
      shell.kill();
      await shell.exited;
    }
    expect(bpfObjectsOf(pid).filter(({ kind }) => kind === "map")).toHaveLength(
      5,
    );
    screen.type("F");
    await screen.until((shown) => !shown.includes("busiest files"));
  });

  test.skipIf(lackOf("strace") !== null)(
    needing("without it nothing is loaded, opened or asked", lackOf("strace")),
    async () => {
      using folder = diskFolder();
      const log = join(folder.path, "strace.log");
      const trace = async (...args: readonly string[]) => {
        const { status, stdout } = await runBinary(
          ["--output", "jsonl", "-d", "0.1", "-n", "1", ...args],
          {
            command: [
              ...["strace", "-f", "-qq", "-e", "trace=bpf,openat", "-o", log],
              BINARY,
            ],
          },
        );
        expect(status).toBe(0);
        const calls = readFileSync(log, "utf8");
        return [
          calls.includes(" bpf("),
          calls.includes("/sys/kernel/btf"),
          "files" in parseLines(stdout)[0]!,
        ];
      };
      expect(await trace()).toEqual([false, false, false]);
      expect(await trace("--files")).toEqual([true, true, true]);
    },
  );
});

const LACKS = [lackOfRoot, lackOf("setpriv", "unshare")];

describe.skipIf(LACKS.some((lack) => lack !== null))(
  needing("where the kernel refuses", ...LACKS),
  () => {
    const as = (...capabilities: readonly string[]): readonly string[] => [
      ...["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"],
      ...["inh-caps", "ambient-caps", "bounding-set"].map(
        (set) => `--${set}=${["-all", ...capabilities].join()}`,
      ),
      "--no-new-privs",
    ];
    test("one sentence, positions, and status 0 for whoever may not; the files for whoever may", async () => {
      using disk = diskFolder();
      chmodSync(disk.path, 0o777);
      const binary = copyBinary(disk.path);
      const look = async (command: readonly string[]) => {
        const { status, stdout, stderr } = await runBinary(
          ["--output", "jsonl", "--files", "-d", "0.1", "-n", "1"],
          { command: [...command, binary], cwd: "/" },
        );
        expect(status).toBe(0);
        const said = stderr
          .split("\n")
          .filter((line) => line.includes("--files"));
        return { said, files: parseLines(stdout)[0]!.files! };
      };
      const refused = [
        as(),
        ...["+bpf", "+perfmon", "+net_admin", "+sys_ptrace"].map((one) =>
          as(one),
        ),
        ["unshare", "--user", "--map-root-user"],
        ["unshare", "--pid", "--fork", "--mount-proc"],
      ];
      const allowed =
        BPF_REFUSAL === null ? [as("+bpf", "+perfmon"), as("+sys_admin")] : [];
      const looks = await Promise.all([...refused, ...allowed].map(look));
      for (const [n, { said, files }] of looks.entries()) {
        const command = [...refused, ...allowed][n]!;
        const isRefused = n < refused.length;
        expect([command, said.length]).toEqual([command, isRefused ? 1 : 0]);
        if (!isRefused) continue;
        expect(files).toEqual([]);
        expect(said[0]).toMatch(
          command[1] === "--pid"
            ? /shows only how far positions in open files move.*: in a pid namespace/
            : /shows only how far positions in open files move.*: .* with CAP_BPF and CAP_PERFMON/,
        );
      }
    });
  },
);
