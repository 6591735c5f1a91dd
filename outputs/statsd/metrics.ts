/** Converts samples to metrics. */
import {
  GroupNames,
  OTHER_GROUP,
  addDeltas,
  divideByGroup,
  groupName,
  shortenContainerIds,
  sumGroups,
  type GroupKind,
  type IoDelta,
  type Sample,
  type TaskDelta,
} from "../../src/model/index.ts";
import { groupLabel, type Dialect, type Metric } from "./lines.ts";

export interface MetricsOptions {
  /** null: totals only. */
  readonly kind: GroupKind | null;
  readonly maxGroups: number;
  readonly dialect: Dialect;
}

/**
 * Converts samples, in order, to what each adds. Keeps the groups that have a name and the fractions of milliseconds.
 */
export class SampleMetrics {
  readonly #options: MetricsOptions;
  readonly #totalMs = new WholeMilliseconds();
  /** By label. */
  readonly #groupMs = new WholeMilliseconds();
  readonly #table: GroupNames;
  /** Labels of the groups that have a name. */
  #labels: ReadonlyMap<string, string> = new Map();

  constructor(options: MetricsOptions) {
    this.#options = options;
    this.#table = new GroupNames(options.maxGroups);
  }

  /** One line, once, when a group has got no name because all were taken. */
  takeNotice(): string | null {
    return this.#table.takeNotice();
  }

  /** Totals always, as a sign of life; groups only where something happened; nothing that is unknown. */
  read(sample: Sample): Metric[] {
    return [...this.#totals(sample), ...this.#groups(sample)];
  }

  #totals({ host, health, processes }: Sample): Metric[] {
    const { pressure } = host;
    return known([
      total("disk", "read_bytes", host.diskReadBytes),
      total("disk", "write_bytes", host.diskWriteBytes),
      total("tasks", "read_bytes", host.readBytes),
      total("tasks", "write_bytes", host.writeBytes),
      total("tasks", "cancelled_write_bytes", host.cancelledBytes),
      total("tasks", "io_delay_ms", this.#totalMs.take("io", host.ioWaitNs)),
      total(
        "tasks",
        "swapin_delay_ms",
        this.#totalMs.take("swapin", host.swapWaitNs),
      ),
      total("tasks", "ended", processes.filter(hasEnded).length),
      total("health", "lost_exit_events", health.lostExits),
      gauge("tasks", "count", host.tasks),
      gauge("tasks", "unreadable", health.denied),
      gauge("pressure", "some_ratio", pressure && pressure.someRatio),
      gauge("pressure", "full_ratio", pressure && pressure.fullRatio),
    ]);
  }

  /** Processes that ended, by label. */
  #countEnded(
    { processes }: Sample,
    kind: GroupKind,
  ): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { task } of processes.filter(hasEnded)) {
      const name = groupName(task, kind);
      const label =
        name !== null && this.#table.has(name) ? this.#labels.get(name) : null;
      const known = label ?? OTHER_GROUP;
      counts.set(known, (counts.get(known) ?? 0) + 1);
    }
    return counts;
  }

  #groups(sample: Sample): Metric[] {
    const { kind, dialect } = this.#options;
    if (kind === null) return [];
    const sums = sumGroups(sample, kind);
    if (this.#table.admit(sums.groups, sample.intervalNs)) {
      this.#labels = labelsOf(this.#table.names, dialect);
      this.#groupMs.retain(new Set(this.#labels.values()), OTHER_GROUP);
    }
    const { groups, other } = divideByGroup(sample.host, sums, this.#table);
    const metrics: Draft[] = [];
    for (const [label, io] of mergeLabels(groups, other, this.#labels)) {
      const delayMs = this.#groupMs.take(label, io.ioWaitNs);
      metrics.push(
        ofGroup(label, "read_bytes", io.readBytes),
        ofGroup(label, "write_bytes", io.writeBytes),
        ofGroup(label, "cancelled_write_bytes", io.cancelledBytes),
        ofGroup(label, "io_delay_ms", delayMs),
      );
    }
    for (const [label, ended] of this.#countEnded(sample, kind))
      metrics.push(ofGroup(label, "ended", ended));
    return known(metrics).filter(({ value }) => value > 0);
  }
}

const hasEnded = ({ exit }: TaskDelta): boolean => exit !== null;

function labelsOf(
  names: readonly string[],
  dialect: Dialect,
): ReadonlyMap<string, string> {
  return new Map(
    [...shortenContainerIds(names)].map(([name, short]) => [
      name,
      groupLabel(short, dialect),
    ]),
  );
}

/** Groups with the same label are one series: two lines for one gauge or counter would race in some servers. */
function mergeLabels(
  groups: ReadonlyMap<string, IoDelta>,
  other: IoDelta,
  labels: ReadonlyMap<string, string>,
): ReadonlyMap<string, IoDelta> {
  const merged = new Map<string, IoDelta>();
  const add = (label: string, io: IoDelta): void => {
    const before = merged.get(label);
    merged.set(label, before === undefined ? io : addDeltas(before, io));
  };
  for (const [name, io] of groups) add(labels.get(name)!, io);
  add(OTHER_GROUP, other);
  return merged;
}

/** Converts nanoseconds to whole milliseconds that add up: the remainder of a series is kept for its next turn. */
class WholeMilliseconds {
  readonly #owedNs = new Map<string, number>();

  take(series: string, ns: number | null): number | null {
    if (ns === null) return null;
    const dueNs = (this.#owedNs.get(series) ?? 0) + ns;
    const owedNs = dueNs % 1e6;
    this.#owedNs.set(series, owedNs);
    return (dueNs - owedNs) / 1e6;
  }

  /** Forgets all other series. Their remainders go to `heir`, so that they stay in the sum. */
  retain(series: ReadonlySet<string>, heir: string): void {
    let left = this.#owedNs.get(heir) ?? 0;
    for (const [name, owedNs] of this.#owedNs) {
      if (name === heir || series.has(name)) continue;
      left += owedNs;
      this.#owedNs.delete(name);
    }
    this.#owedNs.set(heir, left);
  }
}

type Draft = Omit<Metric, "value"> & { readonly value: number | null };

const total = (
  scope: "disk" | "tasks" | "health",
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
 * Keeps what can be sent. Besides unknown values this removes those that a damaged recording may hold: a negative
 * number would be taken as a change of the last one, servers cut fractions off counters, and 1e308 is not a possible
 * state.
 */
function known(drafts: readonly Draft[]): Metric[] {
  return drafts.filter(
    (draft): draft is Metric =>
      draft.value !== null &&
      draft.value >= 0 &&
      (draft.type === "g"
        ? draft.value <= Number.MAX_SAFE_INTEGER
        : Number.isSafeInteger(draft.value)),
  );
}
