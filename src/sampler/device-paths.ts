/** Several paths to one NVMe disk: the kernel hides them, and has a device for all of them, the head. */
import { addCounters } from "../model/delta.ts";
import type { DeviceDelta } from "../model/sample.ts";

/** "nvme0c1n2" is a path to "nvme0n2". */
const PATH_NAME = /^(nvme\d+)c\d+(n\d+)$/;

/**
 * Older kernels count requests in the path alone. There, the head is the sum of its paths.
 *
 * @param unused names of devices that have counted nothing since boot
 */
export function sumOfPaths(
  devices: readonly DeviceDelta[],
  unused: ReadonlySet<string>,
): readonly DeviceDelta[] {
  const pathsOf = new Map<string, DeviceDelta[]>();
  for (const device of devices) {
    if (device.kind !== "hidden") continue;
    const [, disk, namespace] = PATH_NAME.exec(device.name) ?? [];
    if (disk === undefined) continue;
    const head = `${disk}${namespace}`;
    pathsOf.set(head, [...(pathsOf.get(head) ?? []), device]);
  }
  if (pathsOf.size === 0) return devices;
  return devices.map((device) => {
    const paths = pathsOf.get(device.name);
    return paths !== undefined && unused.has(device.name)
      ? paths.reduce(addPath, device)
      : device;
  });
}

function addPath(head: DeviceDelta, path: DeviceDelta): DeviceDelta {
  return {
    ...head,
    readBytes: addCounters(head.readBytes, path.readBytes),
    writeBytes: addCounters(head.writeBytes, path.writeBytes),
    reads: addCounters(head.reads, path.reads),
    writes: addCounters(head.writes, path.writes),
    readNs: addCounters(head.readNs, path.readNs),
    writeNs: addCounters(head.writeNs, path.writeNs),
    busyNs: addCounters(head.busyNs, path.busyNs),
    queueNs: addCounters(head.queueNs, path.queueNs),
    inFlight: addCounters(head.inFlight, path.inFlight),
  };
}
