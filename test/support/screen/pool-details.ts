/** What /proc would say of the pool among the culprits. */
import { zeroDelta } from "../../../src/model/delta.ts";
import type { TaskDetails } from "../../../src/model/tasks/task-details.ts";
import { makeDetails, makeThread } from "./task-details.ts";

const MIB = 1024 ** 2;

/** @param n of the sample, from 1: it reads 4 MiB in 1,020 calls in each */
export function poolDetails(n: number): TaskDetails {
  const lifetime = {
    ...zeroDelta(),
    readBytes: 3427 * MIB,
    writeBytes: 128 * MIB,
    logicalReadBytes: 3427 * MIB,
    logicalWriteBytes: 128 * MIB,
    readCalls: 858_000 + 1020 * n,
    writeCalls: 2000,
    ioWaitNs: null,
    swapWaitNs: null,
  };
  return makeDetails({
    uptimeS: 1000 + n,
    threadCount: 6,
    cwd: "/srv/db",
    cgroup: "/system.slice/pool.service",
    parent: { pid: 1, comm: "init" },
    lifetime,
    withEnded: lifetime,
    threads: [18365, 18366, 18617, 18618, 18619, 18620].map((tid) =>
      makeThread(tid, {
        comm: "fio",
        state: tid === 18618 ? "D" : "S",
        ioPriority: { class: tid === 18617 ? "idle" : "be", level: 4 },
      }),
    ),
    fileCount: 3,
    files: [
      {
        ...{ fd: 3, mode: "r", path: "/srv/db/pool.dat" },
        position: (64 + 4 * n) * MIB,
        size: 128 * MIB,
      },
      { fd: 1, mode: "w", path: "/dev/null", position: null, size: null },
      { fd: 4, mode: null, path: "socket:[77]", position: null, size: null },
    ],
  });
}
