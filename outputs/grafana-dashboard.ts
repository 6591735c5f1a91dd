/** A dashboard of Grafana over what the output for Prometheus offers. */
import { GROUP_KINDS } from "../src/model/index.ts";

interface PanelSpec {
  readonly title: string;
  readonly about: string;
  /** As Grafana calls it. */
  readonly unit: "Bps" | "bytes" | "iops" | "percentunit" | "s" | "short";
  /** What is drawn: an expression and its name in the legend. */
  readonly series: readonly (readonly [expression: string, legend: string])[];
  readonly look?: "stacked" | "bars";
}

/** The machines that are looked at. */
const HERE = `{instance=~"$instance"}`;
const rate = (counter: string): string =>
  `rate(iotop_${counter}_total${HERE}[$__rate_interval])`;
const byGroup = (counter: string): string =>
  `sum by ($group) (${rate(`group_${counter}`)})`;
const byDevice = (expression: string): string =>
  `sum by (instance, device) (${expression})`;
const GROUP = "{{$group}}";
const DEVICE = "{{instance}} {{device}}";

const PANELS: readonly PanelSpec[] = [
  {
    title: "Writes by group",
    about:
      "Bytes per second of each group; _other is all groups without a name of their own.",
    unit: "Bps",
    series: [[byGroup("write_bytes"), GROUP]],
    look: "stacked",
  },
  {
    title: "Reads by group",
    about:
      "Bytes per second of each group; _other is all groups without a name of their own.",
    unit: "Bps",
    series: [[byGroup("read_bytes"), GROUP]],
    look: "stacked",
  },
  {
    title: "Waits by group",
    about: "Average number of tasks in each group that wait for I/O.",
    unit: "short",
    series: [[byGroup("io_delay_seconds"), GROUP]],
    look: "stacked",
  },
  {
    title: "Most written",
    about: "Bytes of each group in the time range.",
    unit: "bytes",
    series: [
      [
        `topk(15, sum by ($group) (increase(iotop_group_write_bytes_total${HERE}[$__range])))`,
        GROUP,
      ],
    ],
    look: "bars",
  },
  {
    title: "Disks",
    about: "Bytes per second of each disk.",
    unit: "Bps",
    series: [
      [byDevice(rate("device_read_bytes")), `${DEVICE} read`],
      [byDevice(rate("device_write_bytes")), `${DEVICE} write`],
    ],
  },
  {
    title: "Requests",
    about: "Completed requests per second of each disk.",
    unit: "iops",
    series: [
      [byDevice(rate("device_reads")), `${DEVICE} read`],
      [byDevice(rate("device_writes")), `${DEVICE} write`],
    ],
  },
  {
    title: "Time of a request",
    about: "Average time of a request, in the queue and in the disk.",
    unit: "s",
    series: (["read", "write"] as const).map((direction) => [
      `${byDevice(rate(`device_${direction}_time_seconds`))} / ${byDevice(rate(`device_${direction}s`))}`,
      `${DEVICE} ${direction}`,
    ]),
  },
  {
    title: "Busy",
    about: "Share of the time in which a disk had a request.",
    unit: "percentunit",
    series: [[byDevice(rate("device_busy_seconds")), DEVICE]],
  },
  {
    title: "Processes that exited",
    about: "Per second, of each group.",
    unit: "short",
    series: [[byGroup("ended_tasks"), GROUP]],
    look: "stacked",
  },
  {
    title: "Tasks",
    about:
      "Living tasks, tasks that iotop could not read, and messages about exits that the kernel dropped.",
    unit: "short",
    series: [
      [`iotop_tasks${HERE}`, "{{instance}} alive"],
      [`iotop_unreadable_tasks${HERE}`, "{{instance}} unreadable"],
      [
        `increase(iotop_lost_exit_events_total${HERE}[$__rate_interval])`,
        "{{instance}} messages lost",
      ],
    ],
  },
];

const SOURCE = { type: "prometheus", uid: "${datasource}" } as const;
/** Of the 24 columns that Grafana has. */
const WIDTH = 12;
const HEIGHT = 8;

/** JSON that Grafana imports; it asks nothing, as the data source is a variable. */
export function grafanaDashboard(): string {
  const dashboard = {
    uid: "iotop",
    title: "iotop: what uses the disks",
    tags: ["iotop"],
    schemaVersion: 39,
    editable: true,
    refresh: "30s",
    time: { from: "now-1h", to: "now" },
    templating: { list: VARIABLES },
    panels: PANELS.map(panelOf),
  };
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}

const VARIABLES = [
  {
    name: "datasource",
    label: "Data source",
    type: "datasource",
    query: "prometheus",
  },
  {
    name: "instance",
    label: "Machine",
    type: "query",
    datasource: SOURCE,
    definition: "label_values(iotop_build_info, instance)",
    query: {
      query: "label_values(iotop_build_info, instance)",
      refId: "instance",
    },
    refresh: 2,
    multi: true,
    includeAll: true,
    allValue: ".*",
    current: { text: "All", value: "$__all" },
  },
  {
    name: "group",
    label: "Group",
    description: "The setting group= of iotop.",
    type: "custom",
    query: GROUP_KINDS.join(","),
    options: GROUP_KINDS.map((kind, at) => ({
      text: kind,
      value: kind,
      selected: at === 0,
    })),
    current: { text: GROUP_KINDS[0], value: GROUP_KINDS[0] },
  },
] as const;

function panelOf(spec: PanelSpec, at: number): object {
  const { title, about, unit, series, look } = spec;
  const isInstant = look === "bars";
  return {
    id: at + 1,
    type: isInstant ? "bargauge" : "timeseries",
    title,
    description: about,
    datasource: SOURCE,
    gridPos: {
      x: (at % 2) * WIDTH,
      y: Math.floor(at / 2) * HEIGHT,
      w: WIDTH,
      h: HEIGHT,
    },
    fieldConfig: {
      defaults: {
        unit,
        min: 0,
        ...(isInstant
          ? {}
          : {
              custom: {
                fillOpacity: look === "stacked" ? 60 : 10,
                stacking: { mode: look === "stacked" ? "normal" : "none" },
              },
            }),
      },
      overrides: [],
    },
    options: isInstant
      ? {
          orientation: "horizontal",
          displayMode: "gradient",
          reduceOptions: { calcs: ["lastNotNull"], values: false },
        }
      : {
          legend: { displayMode: "list", placement: "bottom" },
          tooltip: { mode: "multi", sort: "desc" },
        },
    targets: series.map(([expr, legendFormat], n) => ({
      refId: String.fromCharCode(65 + n),
      datasource: SOURCE,
      expr,
      legendFormat,
      ...(isInstant ? { instant: true, range: false } : {}),
    })),
  };
}
