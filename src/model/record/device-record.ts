/** Devices in a record: conversion in both directions. */
import { roundRate } from "./counter-record.ts";
import type { JsonReader } from "./json-reader.ts";
import type { DeviceRecord } from "./record-types.ts";
import type { DeviceDelta, DeviceKind, Unknown } from "../sample.ts";

const DEVICE_KINDS = [
  "disk",
  "stacked",
  "partition",
  "loop",
  "ram",
  "zram",
  "hidden",
] as const satisfies readonly DeviceKind[];

/** @param intervalNs of the sample, in whole ns */
export function toDeviceRecord(
  device: DeviceDelta,
  intervalNs: number,
): DeviceRecord {
  const { reads, writes, busyNs, queueNs } = device;
  return {
    name: device.name.toWellFormed(),
    label: device.label?.toWellFormed() ?? null,
    kind: device.kind,
    lies_on: device.liesOn.map((name) => name.toWellFormed()),
    physical: device.isPhysical,
    read_bytes: device.readBytes,
    write_bytes: device.writeBytes,
    read_bytes_per_s: roundRate(device.readBytes, intervalNs),
    write_bytes_per_s: roundRate(device.writeBytes, intervalNs),
    reads,
    writes,
    read_time_ns: device.readNs,
    write_time_ns: device.writeNs,
    read_await_ms: ratioOf(device.readNs, (reads ?? 0) * 1e6, 1e3),
    write_await_ms: ratioOf(device.writeNs, (writes ?? 0) * 1e6, 1e3),
    queue_time_ns: queueNs,
    queue: ratioOf(queueNs, intervalNs, 1e3),
    busy_ns: busyNs,
    busy_ratio: ratioOf(
      busyNs === null ? null : Math.min(busyNs, intervalNs),
      intervalNs,
      1e6,
    ),
    in_flight: device.inFlight,
  };
}

/** Unknown if there is nothing to divide by. Rounded to the given part of 1. */
function ratioOf(
  amount: number | Unknown,
  by: number,
  perUnit: number,
): number | null {
  if (amount === null || by <= 0) return null;
  return Math.round((amount / by) * perUnit) / perUnit;
}

export function readDevice(record: JsonReader): DeviceDelta {
  return {
    name: record.string("name"),
    label: record.optionalString("label"),
    kind: record.oneOf("kind", DEVICE_KINDS),
    liesOn: record.strings("lies_on"),
    isPhysical: record.boolean("physical"),
    readBytes: record.optionalCount("read_bytes"),
    writeBytes: record.optionalCount("write_bytes"),
    reads: record.optionalCount("reads"),
    writes: record.optionalCount("writes"),
    readNs: record.optionalCount("read_time_ns"),
    writeNs: record.optionalCount("write_time_ns"),
    busyNs: record.optionalCount("busy_ns"),
    queueNs: record.optionalCount("queue_time_ns"),
    inFlight: record.optionalCount("in_flight"),
  };
}
