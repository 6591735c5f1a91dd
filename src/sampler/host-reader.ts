/** What the machine as a whole did between two readings. */
import type { Procfs } from "../kernel/procfs.ts";
import type { BlockTotals, PressureTotals } from "../kernel/procfs-parse.ts";
import type { HostDelta, Pressure } from "../model/sample.ts";
import type { DeviceReader } from "./devices.ts";

interface HostTotals {
  readonly timeMs: number;
  readonly uptimeS: number;
  readonly block: BlockTotals | null;
  readonly pressure: PressureTotals | null;
  readonly hasSwap: boolean | null;
}

export interface HostReading {
  readonly timeMs: number;
  readonly uptimeS: number;
  readonly block: Pick<
    HostDelta,
    "diskReadBytes" | "diskWriteBytes" | "pressure" | "devices" | "hasSwap"
  >;
}

export class HostReader {
  readonly #procfs: Procfs;
  readonly #devices: DeviceReader | null;
  #before: HostTotals | undefined;
  #now: HostTotals | undefined;
  /** Null if it cannot be seen. */
  delayAccounting: boolean | null = false;

  /** @param devices null: they are unknown */
  constructor(procfs: Procfs, devices: DeviceReader | null) {
    this.#procfs = procfs;
    this.#devices = devices;
  }

  read(wallMs: number): void {
    this.#before = this.#now;
    this.#now = {
      timeMs: wallMs,
      uptimeS: this.#procfs.readUptimeS(),
      block: this.#procfs.readBlockTotals(),
      pressure: this.#procfs.readPressure(),
      hasSwap: this.#procfs.readHasSwap(),
    };
    this.#devices?.read(this.#now.uptimeS);
    this.delayAccounting = this.#procfs.readDelayAccounting();
  }

  /** Between the last two readings. */
  delta(intervalNs: number): HostReading {
    const now = this.#now!;
    const before = this.#before ?? now;
    const moved = (name: keyof BlockTotals): number | null =>
      now.block === null || before.block === null
        ? null
        : Math.max(0, now.block[name] - before.block[name]);
    return {
      timeMs: now.timeMs,
      uptimeS: now.uptimeS,
      block: {
        diskReadBytes: moved("readBytes"),
        diskWriteBytes: moved("writeBytes"),
        pressure: pressureBetween(before.pressure, now.pressure, intervalNs),
        devices: this.#devices?.deltas ?? null,
        hasSwap: now.hasSwap,
      },
    };
  }
}

function pressureBetween(
  before: PressureTotals | null,
  now: PressureTotals | null,
  intervalNs: number,
): Pressure | null {
  if (before === null || now === null || intervalNs <= 0) return null;
  const ratio = (us: number): number =>
    Math.min(1, Math.max(0, (us * 1000) / intervalNs));
  return {
    someRatio: ratio(now.someUs - before.someUs),
    fullRatio: ratio(now.fullUs - before.fullUs),
  };
}
