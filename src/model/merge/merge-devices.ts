/** The devices' part of a merge of two successive samples. */
import { addKnown } from "../delta.ts";
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
    readBytes: addKnown(a.readBytes, b.readBytes),
    writeBytes: addKnown(a.writeBytes, b.writeBytes),
    reads: addKnown(a.reads, b.reads),
    writes: addKnown(a.writes, b.writes),
    readNs: addKnown(a.readNs, b.readNs),
    writeNs: addKnown(a.writeNs, b.writeNs),
    busyNs: addKnown(a.busyNs, b.busyNs),
    queueNs: addKnown(a.queueNs, b.queueNs),
  };
}
