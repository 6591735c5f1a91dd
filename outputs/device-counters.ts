/** What the outputs of metrics have of each block device. */
import type { DeviceDelta, Sample } from "../src/model/index.ts";

/** A counter of a device, without its unit where that is a time. */
export const DEVICE_COUNTERS = {
  readBytes: { name: "read_bytes", unit: "bytes", about: "Bytes read" },
  writeBytes: { name: "write_bytes", unit: "bytes", about: "Bytes written" },
  reads: { name: "reads", unit: null, about: "Reads completed" },
  writes: { name: "writes", unit: null, about: "Writes completed" },
  readNs: { name: "read_time", unit: "ns", about: "Time that reads took" },
  writeNs: { name: "write_time", unit: "ns", about: "Time that writes took" },
  queueNs: {
    name: "queue_time",
    unit: "ns",
    about: "Time in which requests were under way, times their number",
  },
  busyNs: {
    name: "busy",
    unit: "ns",
    about: "Time in which a request was under way",
  },
} as const satisfies Partial<Record<keyof DeviceDelta, unknown>>;

export type DeviceCounter = keyof typeof DEVICE_COUNTERS;

export const DEVICE_COUNTER_NAMES = Object.keys(
  DEVICE_COUNTERS,
) as readonly DeviceCounter[];

/** Those that add up: what lies on other devices moves the same bytes again. */
export const devicesOf = ({ host }: Sample): readonly DeviceDelta[] =>
  (host.devices ?? []).filter(({ isPhysical }) => isPhysical);
