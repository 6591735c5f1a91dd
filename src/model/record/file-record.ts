/** Files in a record: conversion in both directions. */
import type { FileDelta, FileKind } from "../files/file-delta.ts";
import type { JsonReader } from "./json-reader.ts";
import type { FileRecord } from "./record-types.ts";

const FILE_KINDS = [
  "file",
  "device",
  "no-file",
  "not-attributed",
] as const satisfies readonly FileKind[];

/** A file as an object of JSON. */
export const toFileRecord = (file: FileDelta): FileRecord => ({
  pid: file.pid,
  process_key: file.processKey,
  comm: file.comm?.toWellFormed() ?? null,
  kind: file.kind,
  device: file.device?.toWellFormed() ?? null,
  inode: file.inode,
  path: file.path?.toWellFormed() ?? null,
  direct: file.direct,
  read_bytes: file.readBytes,
  write_bytes: file.writeBytes,
  to_disk_bytes: file.toDiskBytes,
  moved_bytes: file.movedBytes,
});

export function readFile(record: JsonReader): FileDelta {
  // What is not attributed may be below 0.
  const least = -Number.MAX_SAFE_INTEGER;
  return {
    pid: record.optionalCount("pid"),
    processKey: record.optionalString("process_key"),
    comm: record.optionalString("comm"),
    kind: record.oneOf("kind", FILE_KINDS),
    device: record.optionalString("device"),
    inode: record.optionalCount("inode"),
    path: record.optionalString("path"),
    direct: record.boolean("direct"),
    readBytes: record.optionalCount("read_bytes", least),
    writeBytes: record.optionalCount("write_bytes", least),
    toDiskBytes: record.optionalCount("to_disk_bytes"),
    movedBytes: record.optionalCount("moved_bytes"),
  };
}
