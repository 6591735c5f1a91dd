/** Converts samples to metrics. */
import { wholeTotals, type Sample } from "../../src/model/index.ts";
import {
  DEVICE_COUNTERS,
  DEVICE_COUNTER_NAMES,
  devicesOf,
} from "../device-counters.ts";
import type { Grouping } from "../group-options.ts";
import { counter, gauge, knownOf } from "./draft.ts";
import { GroupMetrics, hasEnded } from "./group-metrics.ts";
import { labelOf, type Dialect, type Metric } from "./lines.ts";
import { WholeMilliseconds } from "./whole-milliseconds.ts";

export interface MetricsOptions extends Grouping {
  readonly dialect: Dialect;
}

/**
 * Converts samples, in order, to what each adds. Keeps the groups that have a name and the fractions of milliseconds.
 */
export class SampleMetrics {
  readonly #dialect: Dialect;
  readonly #groups: GroupMetrics | null;
  readonly #totalMs = new WholeMilliseconds();
  readonly #deviceMs = new WholeMilliseconds();

  constructor({ kind, maxGroups, dialect }: MetricsOptions) {
    this.#dialect = dialect;
    this.#groups =
      kind === null ? null : new GroupMetrics(kind, maxGroups, dialect);
  }

  /** One line, once, when a group has got no name because all were taken. */
  takeNotice(): string | null {
    return this.#groups?.takeNotice() ?? null;
  }

  /** Totals always, as a sign of life; devices and groups only where something happened; nothing that is unknown. */
  read(sample: Sample): Metric[] {
    return [
      ...this.#totals(sample),
      ...this.#devices(sample),
      ...(this.#groups?.read(sample) ?? []),
    ];
  }

  #totals(sample: Sample): Metric[] {
    const { host, health, processes } = sample;
    const { pressure } = host;
    const io = wholeTotals(sample);
    const waitedMs = this.#totalMs.take("io", io.ioWaitNs);
    const swappedMs = this.#totalMs.take("swapin", io.swapWaitNs);
    return knownOf([
      counter("disk", "read_bytes", host.diskReadBytes),
      counter("disk", "write_bytes", host.diskWriteBytes),
      counter("tasks", "read_bytes", io.readBytes),
      counter("tasks", "write_bytes", io.writeBytes),
      counter("tasks", "cancelled_write_bytes", io.cancelledBytes),
      counter("tasks", "io_delay_ms", waitedMs),
      counter("tasks", "swapin_delay_ms", swappedMs),
      counter("tasks", "ended", processes.filter(hasEnded).length),
      counter("health", "lost_exit_events", health.lostExits),
      gauge("tasks", "count", host.tasks),
      gauge("tasks", "unreadable", health.denied),
      gauge("pressure", "some_ratio", pressure && pressure.someRatio),
      gauge("pressure", "full_ratio", pressure && pressure.fullRatio),
    ]);
  }

  #devices(sample: Sample): Metric[] {
    const drafts = devicesOf(sample).flatMap((device) => {
      const label = labelOf(device.name, this.#dialect);
      const of = ["device", label] as const;
      return DEVICE_COUNTER_NAMES.map((key) => {
        const { name, unit } = DEVICE_COUNTERS[key];
        const amount = device[key];
        if (unit !== "ns") return counter("device", name, amount, of);
        const ms = this.#deviceMs.take(`${label} ${name}`, amount);
        return counter("device", `${name}_ms`, ms, of);
      });
    });
    return knownOf(drafts).filter(({ value }) => value > 0);
  }
}
