// waits: it starts programs
/** On tasks that the test starts; those whose id was used again are made up by a /proc that tells another start. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { HostTaskControl } from "../../../src/host/tasks/task-control.ts";
import { Procfs } from "../../../src/kernel/procfs.ts";
import type { ProcStat } from "../../../src/kernel/procfs-parse.ts";
import type { SeenTask } from "../../../src/model/controls.ts";
import { lackOfRoot, needing } from "../../support/needs.ts";
import { makeTask } from "../../support/samples.ts";
import { startWorkload, diskFolder } from "../../support/workload.ts";

setDefaultTimeout(120_000);

const procfs = new Procfs();

/** As a sample that begins now would show it. */
const seen = (
  pid: number,
  tid = pid,
  uptimeS = procfs.readUptimeS() + 1,
): SeenTask => ({
  task: makeTask({ pid, tid, comm: "sleep", user: "games" }),
  uptimeS,
});

async function withChild(
  act: (child: Bun.Subprocess, seen: SeenTask) => void | Promise<void>,
  options: { readonly uid?: number } = {},
): Promise<void> {
  const child = Bun.spawn(["sleep", "100"], options);
  try {
    await act(child, seen(child.pid));
  } finally {
    child.kill("SIGKILL");
    await child.exited;
  }
}

/** Whoever is asked for began now: the id was used again. */
class ReusedProcfs extends Procfs {
  override readThreadStat(pid: number, tid: number): ProcStat | null {
    const stat = super.readThreadStat(pid, tid);
    const startTicks = Math.floor(this.readUptimeS() * 100);
    return stat && { ...stat, startTicks };
  }
}

describe("a signal", () => {
  test("reaches the process that was seen", () =>
    withChild(async (child, task) => {
      expect(new HostTaskControl(procfs, null).signal(task, 15)).toBeNull();
      await child.exited;
      expect(child.signalCode).toBe("SIGTERM");
    }));

  test("does not reach who has its id now", () =>
    withChild(async (child) => {
      const control = new HostTaskControl(new ReusedProcfs(), null);
      const old = seen(child.pid, child.pid, procfs.readUptimeS() - 5);
      expect(control.signal(old, 15)).toBe(
        `${child.pid} sleep has exited, no signal sent`,
      );
      expect(procfs.isExiting(child.pid)).toBe(false);
    }));

  test("is not sent to who may have begun after it was seen", () =>
    withChild((child) => {
      const startS = procfs.readStat(child.pid)!.startTicks / 100;
      const control = new HostTaskControl(procfs, null);
      const startMs = Date.now() - (procfs.readUptimeS() - startS) * 1000;
      const { task } = seen(child.pid);
      const young = { task: { ...task, startMs }, uptimeS: startS + 0.005 };
      expect(control.signal(young, 15)).toContain("started only just now");
      expect(procfs.isExiting(child.pid)).toBe(false);
    }));

  test("to a process that has ended, or is a zombie, is not sent", async () => {
    const control = new HostTaskControl(procfs, null);
    const child = Bun.spawn(["sleep", "100"]);
    const task = seen(child.pid);
    child.kill("SIGKILL");
    await child.exited;
    expect(control.signal(task, 15)).toMatch(/has exited, no signal sent$/);
  });

  test("to a thread of the kernel is not sent", () => {
    const { task, uptimeS } = seen(2);
    const kernel = { task: { ...task, isKernelThread: true }, uptimeS };
    expect(new HostTaskControl(procfs, null).signal(kernel, 15)).toContain(
      "is a kernel thread",
    );
  });

  test("is not sent where nothing may be changed", () =>
    withChild((child, task) => {
      const control = new HostTaskControl(procfs, "read-only");
      expect(control.lock).toBe("read-only");
      expect(control.signal(task, 15)).toBe("read-only: no signal sent");
      expect(
        control.setIoPriority(task, true, { class: "idle", level: 0 }),
      ).toBe("read-only: nothing changed");
      expect(control.setDelayAccounting(true)).toBe(
        "read-only: nothing changed",
      );
      expect(procfs.isExiting(child.pid)).toBe(false);
    }));

  test("is not sent by ids of another pid namespace", () => {
    class ForeignProcfs extends Procfs {
      override get hasOwnIds(): boolean {
        return false;
      }
    }
    const control = new HostTaskControl(new ForeignProcfs(), null);
    expect(control.lock).toContain("pid namespace");
  });
});

describe("an I/O priority", () => {
  const IDLE = { class: "idle", level: 0 } as const;

  test("of a process is that of all its threads", async () => {
    await using work = startWorkload("sleepers", 1, 4);
    await work.ready;
    const control = new HostTaskControl(procfs, null);
    expect(control.setIoPriority(seen(work.pid), true, IDLE)).toBeNull();
    const threads = control.inspect(seen(work.pid), true)!.threads;
    expect(threads.length).toBe(4);
    for (const { ioPriority } of threads)
      expect(ioPriority).toMatchObject({ class: "idle" });
  });

  test("of a thread leaves the others alone", async () => {
    await using work = startWorkload("sleepers", 1, 4);
    await work.ready;
    const control = new HostTaskControl(procfs, null);
    const { threads } = control.inspect(seen(work.pid), true)!;
    const { tid } = threads[2]!;
    expect(control.setIoPriority(seen(work.pid, tid), false, IDLE)).toBeNull();
    const after = control.inspect(seen(work.pid), true)!.threads;
    expect(
      after.filter(({ ioPriority }) => ioPriority?.class === "idle"),
    ).toMatchObject([{ tid }]);
  });

  test("is not given to who has the id now", () =>
    withChild((child) => {
      const control = new HostTaskControl(new ReusedProcfs(), null);
      const old = seen(child.pid, child.pid, procfs.readUptimeS() - 5);
      for (const asProcess of [true, false])
        expect(control.setIoPriority(old, asProcess, IDLE)).toBe(
          `${child.pid} sleep has exited, nothing changed`,
        );
      expect(procfs.readIoPriority(child.pid)).toMatchObject({ class: "be" });
    }));
});

describe("details", () => {
  test("are those of the process, with all its threads", async () => {
    using disk = diskFolder();
    await using work = startWorkload("write", "61", 64, `${disk.path}/file`);
    await work.ready;
    const control = new HostTaskControl(procfs, null);
    const details = control.inspect(seen(work.pid), true)!;
    expect(details).toMatchObject({
      cwd: process.cwd(),
      parent: { pid: process.pid },
      threadCount: 1,
    });
    expect(details.cmdline!.slice(1, 3)).toEqual(["write", "61"]);
    expect(details.exe).toContain("workload");
    expect(details.lifetime!.writeBytes).toBeGreaterThanOrEqual(64 * 1024);
    expect(details.lifetime!.writeCalls).toBeGreaterThan(0);
    expect(details.lifetime!.ioWaitNs).toBeNull();
    expect(details.withEnded).toEqual(details.lifetime);
  });

  test("of who has the id now are not shown", () =>
    withChild((child) => {
      const control = new HostTaskControl(new ReusedProcfs(), null);
      const old = seen(child.pid, child.pid, procfs.readUptimeS() - 5);
      expect(control.inspect(old, true)).toBeNull();
    }));

  test("of who has ended are not there", () => {
    const control = new HostTaskControl(procfs, null);
    expect(control.inspect(seen(4_194_000), true)).toBeNull();
  });
});

test.skipIf(lackOfRoot !== null)(
  needing("without the right to, one sentence says so", lackOfRoot),
  () =>
    withChild(
      (child, task) => {
        const control = new HostTaskControl(procfs, null);
        // Our real user id is none of the child's either.
        process.seteuid!(1);
        try {
          expect(control.signal(task, 15)).toBe(
            `not allowed: ${child.pid} sleep is a process of games, no signal sent`,
          );
          expect(
            control.setIoPriority(task, true, { class: "be", level: 0 }),
          ).toContain("is a process of games, nothing changed");
          expect(
            control.setIoPriority(task, true, { class: "rt", level: 0 }),
          ).toContain("not allowed: only root can set real time");
        } finally {
          process.seteuid!(0);
        }
        expect(procfs.isExiting(child.pid)).toBe(false);
      },
      { uid: 65534 },
    ),
);
