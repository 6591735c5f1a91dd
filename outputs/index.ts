/**
 * The stock outputs, in the order in which they are listed. Each is loaded when it is needed: the summaries repeat
 * those of the modules, so that a name can be looked up without loading any module.
 */
export const OUTPUTS = {
  screen: {
    summary: "live table in the terminal",
    load: () => import("./screen/index.ts"),
  },
  batch: {
    summary: "lines of text for logs, in the layout of iotop 0.6",
    load: () => import("./batch/index.ts"),
  },
  jsonl: {
    summary: "JSON lines for jq and log shippers, and for --replay",
    load: () => import("./jsonl.ts"),
  },
  csv: {
    summary: "CSV for spreadsheets, SQL and data frames",
    load: () => import("./csv/index.ts"),
  },
  report: {
    summary:
      "which processes used the disks most, as one table at the end of the run",
    load: () => import("./report/index.ts"),
  },
  html: {
    summary: "one page of charts: which processes moved how much, and when",
    load: () => import("./html/index.ts"),
  },
  statsd: {
    summary:
      "counters by process name, user, cgroup, unit or container, for a statsd server",
    load: () => import("./statsd/index.ts"),
  },
  prometheus: {
    summary: "the same counters, for Prometheus to fetch",
    load: () => import("./prometheus/index.ts"),
  },
};

/** What is printed as it is; loaded only for that. */
export const loadPrinted = () => import("./printed.ts");
