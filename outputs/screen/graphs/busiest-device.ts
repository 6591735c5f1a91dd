/** Which disk has been the busiest lately. Pure. */
import type { Sample } from "../../../src/model/index.ts";

export interface DeviceHistory {
  readonly name: string | null;
  /** Busy time by name, halved every five seconds, ns. */
  readonly busyNs: ReadonlyMap<string, number>;
}

export const NO_DEVICES: DeviceHistory = { name: null, busyNs: new Map() };

const HALF_LIFE_NS = 5e9;
/** Another disk takes the line when it is busier by half: two of about one load do not take turns. */
const LEAD = 1.5;

export function appendDevices(
  before: DeviceHistory,
  { host, intervalNs }: Pick<Sample, "host" | "intervalNs">,
): DeviceHistory {
  if (host.devices === null) return before;
  const share = 0.5 ** (intervalNs / HALF_LIFE_NS);
  const busyNs = new Map<string, number>();
  let most: string | null = null;
  for (const { name, kind, isPhysical, busyNs: now } of host.devices) {
    if (kind !== "disk" || !isPhysical) continue;
    const sum = (before.busyNs.get(name) ?? 0) * share + (now ?? 0);
    busyNs.set(name, sum);
    if (most === null || sum > busyNs.get(most)!) most = name;
  }
  const held = before.name === null ? undefined : busyNs.get(before.name);
  const isHeld =
    held !== undefined && (most === null || busyNs.get(most)! <= held * LEAD);
  return { name: isHeld ? before.name : most, busyNs };
}
