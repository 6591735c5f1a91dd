/** Samples to metrics. */
import type { MutableIoDelta } from "../../src/model/delta.ts";
import {
  OTHER,
  addTo,
  admitGroups,
  divideSample,
  type GroupKind,
} from "../../src/model/groups.ts";
import type { IoDelta, Sample } from "../../src/model/sample.ts";
import { groupLabel, type Dialect, type Metric } from "./lines.ts";

export interface MeterOptions {
  /** null: totals only. */
  readonly kind: GroupKind | null;
  readonly maxGroups: number;
  readonly dialect: Dialect;
}

/** Samples in order to what each adds. Remembers the admitted groups and the fractions of milliseconds. */
export class Meter {
  readonly #options: MeterOptions;
  readonly #clock = new Milliseconds();
  #admitted: ReadonlySet<string> = new Set();

  constructor(options: MeterOptions) {
    this.#options = options;
  }

  /** Totals always, as a sign of life; groups only where something happened; nothing that is unknown. */
  read(sample: Sample): Metric[] {
    return [...this.#totals(sample), ...this.#groups(sample)];
  }

  #totals({ host, health }: Sample): Metric[] {
    const { pressure } = host;
    return known([
      total("disk", "read_bytes", host.diskReadBytes),
      total("disk", "write_bytes", host.diskWriteBytes),
      total("tasks", "read_bytes", host.readBytes),
      total("tasks", "write_bytes", host.writeBytes),
      total("tasks", "cancelled_write_bytes", host.cancelledBytes),
      total("tasks", "io_delay_ms", this.#clock.take("io", host.ioWaitNs)),
      total(
        "tasks",
        "swapin_delay_ms",
        this.#clock.take("swapin", host.swapWaitNs),
      ),
      gauge("tasks", "count", host.tasks),
      gauge("tasks", "unreadable", health.denied),
      gauge("pressure", "some_ratio", pressure && pressure.someRatio),
      gauge("pressure", "full_ratio", pressure && pressure.fullRatio),
    ]);
  }

  #groups(sample: Sample): Metric[] {
    const { kind, maxGroups, dialect } = this.#options;
    if (kind === null) return [];
    const { groups, other, candidates } = divideSample(
      sample,
      kind,
      this.#admitted,
    );
    this.#admitted = admitGroups(this.#admitted, candidates, maxGroups);
    const metrics: Draft[] = [];
    for (const [label, io] of mergeLabels(groups, other, dialect)) {
      const delayMs = this.#clock.take(`io of ${label}`, io.ioWaitNs);
      metrics.push(
        ofGroup(label, "read_bytes", io.readBytes),
        ofGroup(label, "write_bytes", io.writeBytes),
        ofGroup(label, "cancelled_write_bytes", io.cancelledBytes),
        ofGroup(label, "io_delay_ms", delayMs),
      );
    }
    return known(metrics).filter(({ value }) => value > 0);
  }
}

/** Groups whose labels are the same are one series: two lines for one gauge or counter would race in some servers. */
function mergeLabels(
  groups: ReadonlyMap<string, IoDelta>,
  other: IoDelta,
  dialect: Dialect,
): ReadonlyMap<string, IoDelta> {
  const merged = new Map<string, MutableIoDelta>();
  for (const [name, io] of groups) addTo(merged, groupLabel(name, dialect), io);
  addTo(merged, OTHER, other);
  return merged;
}

/** Nanoseconds to whole milliseconds that add up: what a series is still owed is kept for its next turn. */
class Milliseconds {
  readonly #owedNs = new Map<string, number>();

  take(series: string, ns: number | null): number | null {
    if (ns === null) return null;
    const dueNs = (this.#owedNs.get(series) ?? 0) + ns;
    const owedNs = dueNs % 1e6;
    this.#owedNs.set(series, owedNs);
    return (dueNs - owedNs) / 1e6;
  }
}

type Draft = Omit<Metric, "value"> & { readonly value: number | null };

const total = (
  scope: "disk" | "tasks",
  field: string,
  value: number | null,
): Draft => ({ scope, field, group: null, type: "c", value });

const gauge = (
  scope: "tasks" | "pressure",
  field: string,
  value: number | null,
): Draft => ({ scope, field, group: null, type: "g", value });

const ofGroup = (
  group: string,
  field: string,
  value: number | null,
): Draft => ({ scope: "group", field, group, type: "c", value });

/**
 * What can be sent. Besides the unknown this leaves out what a damaged recording may hold: a negative number would
 * be taken for a change of the last one, and servers cut fractions off counters.
 */
function known(drafts: readonly Draft[]): Metric[] {
  return drafts.filter(
    (draft): draft is Metric =>
      draft.value !== null &&
      draft.value >= 0 &&
      (draft.type === "g"
        ? Number.isFinite(draft.value)
        : Number.isSafeInteger(draft.value)),
  );
}
