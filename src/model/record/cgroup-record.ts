/** Cgroups in a record: conversion in both directions. */
import type { CgroupDelta } from "../groups/cgroup-delta.ts";
import type { JsonReader } from "./json-reader.ts";
import type { CgroupRecord } from "./record-types.ts";

export const toCgroupRecord = (cgroup: CgroupDelta): CgroupRecord => ({
  path: cgroup.path.toWellFormed(),
  from_disk_bytes: cgroup.fromDiskBytes,
  to_disk_bytes: cgroup.toDiskBytes,
  elapsed_s: Math.round(cgroup.elapsedNs) / 1e9,
});

export const readCgroup = (record: JsonReader): CgroupDelta => ({
  path: record.string("path"),
  fromDiskBytes: record.optionalCount("from_disk_bytes"),
  toDiskBytes: record.optionalCount("to_disk_bytes"),
  elapsedNs: Math.round(record.amount("elapsed_s") * 1e9),
});
