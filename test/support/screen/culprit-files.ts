/** The files of the five culprits: each byte that they read or write is in one. */
import { withFiles } from "../../../src/model/create-sample.ts";
import type { FileDelta } from "../../../src/model/files/file-delta.ts";
import type { Sample, TaskDelta } from "../../../src/model/sample.ts";
import { fileDelta } from "../samples.ts";

/** By the first word of the command that tells them apart. */
const FILES: Readonly<Record<string, Partial<FileDelta>>> = {
  "--name=archive": { inode: 11, path: "/srv/archive/a.dat", direct: true },
  "--name=buflog": { inode: 12, path: "/srv/log/b.dat" },
  "--name=pool": { inode: 13, path: "/srv/db/pool.dat", direct: true },
  "--name=wal": { inode: 14, path: "/srv/log/wal.dat" },
  "if=/dev/zero": { inode: 15, path: "/srv/out/of/many/folders/part-7.bin" },
};

function fileOf({ task, readBytes, writeBytes }: TaskDelta): FileDelta[] {
  const { pid, processKey, comm, cmdline } = task;
  const about = cmdline === null ? undefined : FILES[cmdline[1] ?? ""];
  if (about === undefined || !(readBytes || writeBytes)) return [];
  const amounts = { readBytes, writeBytes, toDiskBytes: writeBytes! / 2 };
  return [fileDelta({ pid, processKey, comm, ...about, ...amounts })];
}

export const withCulpritFiles = (sample: Sample): Sample =>
  withFiles(sample, [
    ...sample.processes.flatMap(fileOf),
    fileDelta({
      ...{ pid: 4, processKey: null, comm: null, kind: "device" },
      ...{ inode: null, path: null, toDiskBytes: 452 * 1024 },
    }),
  ]);
