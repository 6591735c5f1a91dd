/** What the stacked charts are about: rates of groups, and how these are written. */
import type { PageData } from "./data.ts";
import { ratesOf } from "./stack.ts";
import { byteSteps, formatRate, formatRates, formatTasks } from "./text.ts";
import type { Amounts, Recording } from "./recording.ts";

export type MeasureId = "write" | "read" | "waited";

export interface Measure {
  readonly id: MeasureId;
  readonly title: string;
  /** By group, per second. */
  readonly rates: readonly Amounts[];
  /** What the block layer moved, per second; null: it has no such measure. */
  readonly disk: Amounts | null;
  /** A chart of nothing still has a scale. */
  readonly least: number;
  readonly steps: readonly number[];
  readonly text: (rate: number) => string;
  /** On an axis. */
  readonly labels: (rates: readonly number[]) => readonly string[];
}

const NS = 1e9;
const TASK_STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

export function measuresOf(
  data: Pick<PageData, "kilo">,
  recording: Recording,
): readonly Measure[] {
  const { groups, watchedNs, diskRead, diskWrite } = recording;
  const rates = (id: MeasureId, unit = 1): readonly Amounts[] =>
    groups.map((group) => ratesOf(group[id], watchedNs, unit));
  const bytes = {
    least: data.kilo,
    steps: byteSteps(data),
    text: (rate: number) => formatRate(rate, data),
    labels: (shown: readonly number[]) => formatRates(shown, data),
  };
  return [
    {
      ...{ id: "write", title: "DISK WRITE", rates: rates("write"), ...bytes },
      disk: ratesOf(diskWrite, watchedNs),
    },
    {
      ...{ id: "read", title: "DISK READ", rates: rates("read"), ...bytes },
      disk: ratesOf(diskRead, watchedNs),
    },
    {
      ...{ id: "waited", title: "I/O WAIT", rates: rates("waited", NS) },
      disk: null,
      least: 1,
      steps: TASK_STEPS,
      text: formatTasks,
      labels: (shown) => shown.map(formatTasks),
    },
  ];
}
