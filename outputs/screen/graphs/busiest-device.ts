/** Which disk has been the busiest lately. Pure. */
import type { DeviceDelta, Sample } from "../../../src/model/index.ts";

export interface DeviceHistory {
  readonly name: string | null;
  /** Busy time by name, halved every five seconds, ns. */
  readonly busyNs: ReadonlyMap<string, number>;
}

export const NO_DEVICES: DeviceHistory = { name: null, busyNs: new Map() };

const HALF_LIFE_NS = 5e9;
/** Another disk takes the line when it is busier by half: two of about one load do not take turns. */
const LEAD = 1.5;

/** Not a partition of one, and nothing that is made of memory or of files. */
export function isDisk({ kind, isPhysical }: DeviceDelta): boolean {
  return kind === "disk" && isPhysical;
}

export function appendDevices(
  before: DeviceHistory,
  { host, intervalNs }: Pick<Sample, "host" | "intervalNs">,
): DeviceHistory {
  if (host.devices === null) return before;
  const share = 0.5 ** (intervalNs / HALF_LIFE_NS);
  const busyNs = new Map<string, number>();
  let most: string | null = null;
  for (const device of host.devices) {
    if (!isDisk(device)) continue;
    const { name, busyNs: now } = device;
    const sum = (before.busyNs.get(name) ?? 0) * share + (now ?? 0);
    busyNs.set(name, sum);
    if (most === null || sum > busyNs.get(most)!) most = name;
  }
  const held = before.name === null ? undefined : busyNs.get(before.name);
  const isHeld =
    held !== undefined && (most === null || busyNs.get(most)! <= held * LEAD);
  return { name: isHeld ? before.name : most, busyNs };
}
