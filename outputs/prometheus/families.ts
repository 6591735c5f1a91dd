/** The metrics that are exposed, of the sums so far. */
import {
  encodeNanoseconds,
  encodeSeconds,
  labelValue,
  type Family,
  type Point,
} from "./exposition.ts";
import { counter, family, gauge, point } from "./family.ts";
import {
  EXPOSED,
  type Amounts,
  type SeriesSums,
  type RunningSums,
  type ExposedCounter,
} from "./running-sums.ts";

export interface FamilyOptions {
  readonly version: string;
  /** The label of groups; null: there are none. */
  readonly kind: string | null;
  /** Whether counters say when they were 0. */
  readonly hasCreated: boolean;
}

const FIELDS: Readonly<
  Record<
    ExposedCounter,
    { name: string; unit: "bytes" | "seconds"; what: string }
  >
> = {
  readBytes: {
    name: "read_bytes",
    unit: "bytes",
    what: "Bytes fetched from storage",
  },
  writeBytes: {
    name: "write_bytes",
    unit: "bytes",
    what: "Bytes sent to storage or made dirty in memory, cancelled writes included",
  },
  cancelledBytes: {
    name: "cancelled_write_bytes",
    unit: "bytes",
    what: "Bytes of earlier writes that truncating or deleting made unnecessary",
  },
  ioWaitNs: {
    name: "io_delay_seconds",
    unit: "seconds",
    what: "Time spent waiting for block I/O",
  },
  swapWaitNs: {
    name: "swapin_delay_seconds",
    unit: "seconds",
    what: "Time spent waiting for pages to be swapped in",
  },
};

/** Nothing before the first sample. What is unknown has no point. */
export function familiesOf(
  sums: RunningSums,
  options: FamilyOptions,
): readonly Family[] {
  const { last } = sums;
  if (last === null) return [];
  const { host, health, origin } = last;
  const startMs = options.hasCreated ? sums.startMs : null;
  const count = (value: bigint): Point => point(`${value}`, {}, startMs);
  const { accounting } = origin;
  const labels = { version: labelValue(options.version), accounting };
  return [
    family(
      "iotop_build",
      "info",
      null,
      "The version of iotop, and where its numbers come from.",
      [point("1", labels)],
    ),
    gauge(
      "iotop_start_time_seconds",
      "seconds",
      "When counting started, Unix time.",
      encodeSeconds(sums.startMs),
    ),
    gauge(
      "iotop_sample_timestamp_seconds",
      "seconds",
      "End of the newest sample, Unix time.",
      encodeSeconds(last.timeMs),
    ),
    gauge(
      "iotop_sample_duration_seconds",
      "seconds",
      "Length of the newest sample.",
      encodeNanoseconds(BigInt(Math.round(last.intervalNs))),
    ),
    counter("iotop_samples", null, "Samples counted.", count(sums.samples)),
    counter(
      "iotop_merged_samples",
      null,
      "Samples that were counted together with the next one.",
      count(sums.merged),
    ),
    counter(
      "iotop_lost_exit_events",
      null,
      "Overflows of the buffer for messages about exits: each lost at least one message.",
      count(sums.lostEvents),
    ),
    gauge("iotop_tasks", null, "Tasks (threads) alive.", `${host.tasks}`),
    gauge(
      "iotop_unreadable_tasks",
      null,
      "Tasks that could not be read.",
      health.denied === null ? null : `${health.denied}`,
    ),
    ...(["read", "write"] as const).map((direction) => {
      const bytes = sums.disk.get(direction);
      return counter(
        `iotop_disk_${direction}_bytes`,
        "bytes",
        `Bytes that the block layer ${direction === "read" ? "read" : "wrote"}.`,
        bytes === undefined ? null : count(bytes),
      );
    }),
    ...sums.devices.families(options.hasCreated),
    ...counters("iotop_tasks", "all tasks", [
      { labels: {}, amounts: sums.totals, createdMs: startMs },
    ]),
    ...(options.kind === null
      ? []
      : groupFamilies(sums, options.kind, startMs)),
  ];
}

function groupFamilies(
  sums: RunningSums,
  kind: string,
  startMs: number | null,
): Family[] {
  const groups = sums.groups.map((group) => ({
    group,
    amounts: group.amounts,
    labels: { [kind]: group.label },
    createdMs: startMs === null ? null : group.createdMs,
  }));
  const each = (value: (group: SeriesSums) => string, hasCreated: boolean) =>
    groups.map(({ group, labels, createdMs }) =>
      point(value(group), labels, hasCreated ? createdMs : null),
    );
  return [
    ...counters(
      "iotop_group",
      "the tasks of a group; _other is all groups without a name of their own",
      groups,
    ),
    family(
      "iotop_group_ended_tasks",
      "counter",
      null,
      "Processes of a group that have exited.",
      each(({ endedTasks }) => `${endedTasks}`, true),
    ),
    family(
      "iotop_group_tasks",
      "gauge",
      null,
      "Tasks (threads) of a group that are alive.",
      each(({ tasks }) => `${tasks}`, false),
    ),
    ...counters(
      "iotop_retired_groups",
      "groups that have lost their names to bigger ones",
      [{ labels: {}, amounts: sums.retired, createdMs: startMs }],
    ),
  ];
}

function counters(
  prefix: string,
  whose: string,
  series: readonly {
    readonly labels: Point["labels"];
    readonly amounts: Amounts;
    readonly createdMs: number | null;
  }[],
): Family[] {
  return EXPOSED.map((counter) => {
    const { name, unit, what } = FIELDS[counter];
    const points = series.flatMap(({ labels, amounts, createdMs }) => {
      const amount = amounts.get(counter);
      if (amount === undefined) return [];
      const value = unit === "bytes" ? `${amount}` : encodeNanoseconds(amount);
      return [point(value, labels, createdMs)];
    });
    return family(
      `${prefix}_${name}`,
      "counter",
      unit,
      `${what}: ${whose}.`,
      points,
    );
  });
}
