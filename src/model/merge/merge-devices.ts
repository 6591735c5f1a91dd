/** The devices' part of a merge of two successive samples. */
import type { DeviceDelta, Unknown } from "../sample.ts";

/**
 * One entry for each device: those of `b`, then those of `a` alone, which vanished. Amounts add up. One that is unknown
 * in either is unknown, as it could not be divided by the time of both.
 */
export function mergeDevices(
  a: readonly DeviceDelta[] | Unknown,
  b: readonly DeviceDelta[] | Unknown,
): readonly DeviceDelta[] | Unknown {
  if (a === null || b === null) return null;
  const earlier = new Map(a.map((device) => [device.name, device]));
  const merged = b.map((device) => {
    const before = earlier.get(device.name);
    earlier.delete(device.name);
    return before === undefined ? device : mergeDevice(before, device);
  });
  return [...merged, ...earlier.values()];
}

/** What describes a moment is taken from `b`. */
function mergeDevice(a: DeviceDelta, b: DeviceDelta): DeviceDelta {
  return {
    ...b,
    readBytes: add(a.readBytes, b.readBytes),
    writeBytes: add(a.writeBytes, b.writeBytes),
    reads: add(a.reads, b.reads),
    writes: add(a.writes, b.writes),
    readNs: add(a.readNs, b.readNs),
    writeNs: add(a.writeNs, b.writeNs),
    busyNs: add(a.busyNs, b.busyNs),
    queueNs: add(a.queueNs, b.queueNs),
  };
}

function add(a: number | Unknown, b: number | Unknown): number | Unknown {
  return a === null || b === null ? null : a + b;
}
