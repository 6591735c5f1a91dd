// waits: it starts programs
/** Readers of /proc, against a made-up one and against the real one. */
import {
  afterAll,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import {
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { NumberList } from "../../src/kernel/files.ts";
import { Procfs, readPossibleCpus } from "../../src/kernel/procfs.ts";

setDefaultTimeout(120_000);

let root: string;
const put = (path: string, text: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "iotop-procfs-"));
});
afterAll(() => rmSync(root, { recursive: true }));

const numbersOf = (list: NumberList) =>
  Array.from({ length: list.length }, (_, i) => list.get(i)).sort(
    (a, b) => a - b,
  );

describe("a made-up /proc", () => {
  test("processes and their threads", () => {
    for (const path of ["7/task/7/io", "7/task/8/io", "9/task/9/io", "self/x"])
      put(path, "");
    const procfs = new Procfs(root);
    const list = new NumberList();
    procfs.listProcesses(list);
    expect(numbersOf(list)).toEqual([7, 9]);
    expect(procfs.listThreads(7, list)).toBe("listed");
    expect(numbersOf(list)).toEqual([7, 8]);
    expect(procfs.listThreads(10, list)).toBe("gone");
  });

  test("the counters of a task that is there, and of one that has gone", () => {
    put("7/task/8/io", "rchar: 1\nwchar: 2\nread_bytes: 4096\n");
    const procfs = new Procfs(root);
    expect(procfs.readTaskIo(7, 8)).toMatchObject({
      read_bytes: 4096,
      write_bytes: NaN,
    });
    expect(procfs.readTaskIo(7, 99)).toBeNull();
  });

  test("what a task took with it is null", () => {
    const procfs = new Procfs(root);
    expect(procfs.readCmdline(99)).toBeNull();
    expect(procfs.readCgroup(99)).toBeNull();
    expect(procfs.readStat(99)).toBeNull();
    expect(procfs.readUid(99)).toBeNull();
  });

  /** Whether the kernel counts waits now, and whether it has done so since the machine started. */
  test.each([
    ["on", "1\n", "quiet", true, false],
    ["on since boot", "1\n", "quiet delayacct", true, true],
    ["off", "0\n", "quiet nodelayacct", false, false],
    ["without a switch", null, "quiet", true, true],
    ["without a switch, forbidden", null, "nodelayacct", false, false],
    ["of which nothing can be seen", null, null, null, false],
    ["on, since when cannot be seen", "1\n", null, true, false],
  ])("delay accounting %s", (_, value, bootOptions, isOn, sinceBoot) => {
    for (const [path, text] of [
      ["sys/kernel/task_delayacct", value],
      ["cmdline", bootOptions],
    ] as const) {
      if (text !== null) put(path, text);
      else rmSync(join(root, path), { force: true });
    }
    const procfs = new Procfs(root);
    expect(procfs.readDelayAccounting()).toBe(isOn);
    expect(procfs.readWaitsSinceBoot()).toBe(sinceBoot);
  });

  test.each([
    ["", false],
    ["/dev/sda2 partition 4194300 0 -2\n", true],
    ["/swap\\040file file 1 0 -2\n/dev/zram0 partition 1 0 5\n", true],
  ])("swap space by the lines %j: %p", (lines, hasSwap) => {
    put("swaps", `Filename\tType\tSize\tUsed\tPriority\n${lines}`);
    expect(new Procfs(root).readHasSwap()).toBe(hasSwap);
  });

  test.each([
    ["sleep", "S"],
    ["a) R (b", "D"],
    ["0123456789:-events_unbound-of-a-kernel-thread-with-a-long-name ) X", "I"],
  ])("the state of a thread called %j", (comm, state) => {
    put(
      "7/task/7/stat",
      `7 (${comm}) ${state} 1 7 7 0 -1${" 4294967295".repeat(44)}\n`,
    );
    expect(new Procfs(root).readState(7)).toBe(state);
  });

  test("how often a thread ran, where the scheduler counts it", () => {
    put("7/task/7/schedstat", "118264273 1262093 3044\n");
    expect(new Procfs(root).readRunCount(7)).toBe(3044);
    put("7/task/7/schedstat", "\n");
    expect(new Procfs(root).readRunCount(7)).toBeNaN();
  });

  test("block totals beyond the first bytes of a long file, and no number that is cut", () => {
    // The limit falls into the second number.
    const head = `${"nr_free_pages 1\n".repeat(126)}pad 1\n`;
    expect(head.length + "pgpgin 12\npgpgout ".length).toBeWithin(2040, 2045);
    put("vmstat", `${head}pgpgin 12\npgpgout 34567890123\nrest 1\n`);
    expect(new Procfs(root).readBlockTotals()).toEqual({
      readBytes: 12 * 1024,
      writeBytes: 34567890123 * 1024,
    });
  });

  test("a machine that says nothing of itself", () => {
    const procfs = new Procfs(join(root, "9"));
    expect(procfs.readBlockTotals()).toBeNull();
    expect(procfs.readPressure()).toBeNull();
    expect(procfs.readHasSwap()).toBeNull();
    expect(procfs.readState(7)).toBeNull();
    expect(procfs.readRunCount(7)).toBeNaN();
    expect(procfs.readPidMax()).toBe(32768);
    expect(procfs.readHostname()).toBe(hostname());
    expect(procfs.readBootId()).toBeNull();
    expect(procfs.readTaskTotal()).toBeNull();
    expect(procfs.readDelayAccounting()).toBeNull();
  });

  test("a task is there whoever owns it, and nobody has an id that is out of range", () => {
    const procfs = new Procfs();
    expect(procfs.isTask(process.pid)).toBe(true);
    expect(procfs.isTask(1)).toBe(true);
    expect(procfs.isTask(2 ** 30)).toBe(false);
  });

  test("an id of the boot that is empty is none", () => {
    put("sys/kernel/random/boot_id", "\n");
    expect(new Procfs(root).readBootId()).toBeNull();
  });

  test("the time since boot needs no file, and believes none", () => {
    const seconds = new Procfs().readUptimeS();
    put("uptime", "5.00 5.00\n");
    for (const path of [root, join(root, "9")]) {
      const made = new Procfs(path).readUptimeS();
      expect(made).toBeGreaterThanOrEqual(seconds);
      expect(made).toBeLessThan(seconds + 60);
    }
  });

  test("a list of processes without the first one is not all", () => {
    const procfs = new Procfs(root);
    const hides = (...pids: number[]): boolean => {
      const list = new NumberList();
      for (const pid of pids) list.push(pid);
      return procfs.hidesProcesses(list);
    };
    expect(hides(1)).toBe(false);
    expect(hides(1, 2, 700)).toBe(false);
    expect(hides(2, 700)).toBe(true);
    expect(hides()).toBe(true);
  });

  test("the tasks of the machine are known in its first pid namespace alone", () => {
    put("loadavg", "0.20 0.18 0.12 1/80 11206\n");
    mkdirSync(join(root, "self/ns"), { recursive: true });
    const totalIn = (namespace: string): number | null => {
      rmSync(join(root, "self/ns/pid"), { force: true });
      symlinkSync(namespace, join(root, "self/ns/pid"));
      return new Procfs(root).readTaskTotal();
    };
    expect(totalIn("pid:[4026531836]")).toBe(80);
    expect(totalIn("pid:[4026532177]")).toBeNull();
    put("loadavg", "");
    expect(totalIn("pid:[4026531836]")).toBeNull();
  });

  test("no /proc at all is an error that names it", () => {
    const missing = join(root, "none");
    expect(() => new Procfs(missing).listProcesses(new NumberList())).toThrow(
      `list ${missing}: No such file or directory (ENOENT)`,
    );
  });
});

describe("the real /proc", () => {
  const procfs = new Procfs();

  test("lists us", () => {
    const list = new NumberList();
    procfs.listProcesses(list);
    expect(numbersOf(list)).toContain(process.pid);
    expect(procfs.listThreads(process.pid, list)).toBe("listed");
    expect(numbersOf(list)).toContain(process.pid);
  });

  test("knows our parent, our owner, our arguments", () => {
    expect(procfs.readStat(process.pid)).toMatchObject({ ppid: process.ppid });
    expect(procfs.readUid(process.pid)).toBe(process.getuid!());
    expect(procfs.readCmdline(process.pid)?.[0]).toBeTruthy();
  });

  test("knows the name of a thread without its line feed", () => {
    const name = procfs.readLongName(process.pid);
    expect(name).toBe(procfs.readStat(process.pid)!.comm);
    expect(procfs.readLongName(0)).toBeNull();
  });

  test("knows the machine", () => {
    expect(procfs.readPidMax()).toBeGreaterThan(0);
    expect(procfs.readUptimeS()).toBeGreaterThan(0);
    expect(procfs.readBootId()).toMatch(/^[0-9a-f-]{36}$/);
    expect(procfs.readBlockTotals()!.writeBytes).toBeGreaterThan(0);
    expect(procfs.readHasSwap()).toBeBoolean();
    expect(procfs.readState(process.pid)).toMatch(/^[RS]$/);
    expect(procfs.readRunCount(process.pid)).toBeGreaterThan(0);
    expect(readPossibleCpus()).toMatch(/^\d+(?:[-,]\d+)*$/);
  });
});

describe("whose ids they are", () => {
  const { pid } = process;
  const hasOwnIds = (status: string): boolean => {
    put("self/status", `Name:\tbun\nPid:\t${pid}\n${status}`);
    return new Procfs(root).hasOwnIds;
  };

  test("those of our own system calls in our own /proc", () => {
    expect(new Procfs().hasOwnIds).toBe(true);
    expect(hasOwnIds(`NStgid:\t${pid}\nNSpid:\t${pid}\nNSpgid:\t1\n`)).toBe(
      true,
    );
    expect(hasOwnIds("VmPeak:\t0 kB\n")).toBe(true);
  });

  test.each([
    ["that knows us by another id too", `NSpid:\t${pid + 1}\t${pid}\n`],
    ["where both ids happen to be the same", `NSpid:\t${pid}\t${pid}\n`],
    ["three namespaces up", `NSpid:\t${pid}\t7\t1\n`],
  ])("others in a /proc %s", (_, status) => {
    expect(hasOwnIds(status)).toBe(false);
  });

  test("others in a /proc that does not know us", () => {
    expect(new Procfs(join(root, "nothing")).hasOwnIds).toBe(false);
  });

  test("where they are others, no system call is asked about one", () => {
    expect(new Procfs().readIoPriority(pid)).not.toBeNull();
    expect(hasOwnIds(`NSpid:\t99\t${pid}\n`)).toBe(false);
    expect(new Procfs(root).readIoPriority(pid)).toBeNull();
  });
});

test("the id given out last moves when somebody begins", () => {
  const procfs = new Procfs();
  const before = procfs.readLastPid();
  expect(before).toBeGreaterThan(0);
  // Whoever sets kernel.ns_last_pid meanwhile, as other tests do, may set it back once, but not each time.
  const seen = new Set<number>();
  for (let n = 0; n < 20; n++) {
    Bun.spawnSync(["true"]);
    seen.add(procfs.readLastPid());
  }
  expect([...seen].some((pid) => pid !== before)).toBe(true);
});

test("who lives is not exiting, and who is gone is neither", () => {
  const procfs = new Procfs();
  expect(procfs.isExiting(process.pid)).toBe(false);
  expect(procfs.isExiting(4_194_304)).toBeNull();
});
