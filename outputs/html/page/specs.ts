/** What the charts draw. */
import type { Around, ChartSpec, Layer } from "./chart.ts";
import { styleValue } from "./dom.ts";
import { areaColor, groupColor, groupLabel } from "./groups.ts";
import type { Measure } from "./measures.ts";
import type { Amounts } from "./recording.ts";
import { highest, ratesOf, stack } from "./stack.ts";
import { groupKey } from "./view.ts";
import { timesOf } from "./when.ts";

/** Above the highest of all, so that it does not touch the edge. */
const HEADROOM = 1.06;
/** Groups in a tip. */
const MOST_NAMED = 8;

export const diskKey = ({ id }: Measure): string => `disk ${id}`;

/** Groups on each other, the biggest lowest. What the disks did is a line. */
export function stackedSpec(
  measure: Measure,
  { data, recording, view }: Around,
): ChartSpec {
  const { rates, disk } = measure;
  const times = timesOf(data, recording);
  const ids = rates.map((_, id) => id);
  const none: Amounts = recording.endMs.map(() => null);
  const values = (): readonly Amounts[] => {
    const isShown = (key: string): boolean => !view.hidden.has(key);
    const shown = ids.filter((id) => isShown(groupKey(id)));
    const tops = stack(shown.map((id) => rates[id]!));
    const layers = ids.map((id) => tops[shown.indexOf(id)] ?? none);
    const line = isShown(diskKey(measure)) ? disk : none;
    return [...layers.toReversed(), line ?? none];
  };
  return {
    height: measure.id === "waited" ? 170 : 250,
    layers: [
      ...ids.toReversed().map((id): Layer => ({
        shape: "area",
        color: () => areaColor(id, data, view.focus),
      })),
      { shape: "line", color: () => styleValue("--text") },
    ],
    values,
    most: () =>
      Math.max(measure.least, highest(values(), view.range)) * HEADROOM,
    steps: measure.steps,
    labels: measure.labels,
    describe(at) {
      const text = (rate: number | null): string =>
        rate === null ? "?" : measure.text(rate);
      const rateOf = (id: number): number => rates[id]![at] ?? 0;
      const named = ids
        .filter((id) => rateOf(id) > 0)
        .toSorted((a, b) => rateOf(b) - rateOf(a))
        .slice(0, MOST_NAMED);
      return {
        title: times.bin(at),
        lines: [
          ...named.map((id) => ({
            color: groupColor(id, data),
            name: groupLabel(id, data),
            value: text(rateOf(id)),
          })),
          { name: "all", value: text(sumAt(rates, at)) },
          ...(disk === null
            ? []
            : [{ name: "the disks", value: text(disk[at]!) }]),
        ],
      };
    },
  };
}

function sumAt(columns: readonly Amounts[], at: number): number | null {
  const known = columns.flatMap((column) => column[at] ?? []);
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0);
}

export interface StallLine {
  readonly key: string;
  readonly name: string;
  /** Of the style sheet, that holds the colour. */
  readonly variable: string;
  /** px */
  readonly width: number;
  /** Percent of the time. */
  readonly percents: Amounts;
}

const PERCENT_NS = 1e7;
/** A chart of nothing still has a scale. */
const LEAST_PERCENT = 10;
const PERCENT_STEPS = [1, 2, 5, 10, 20, 25, 50];

export function stallLines({
  recording: { watchedNs, stalledSome, stalledFull },
}: Pick<Around, "recording">): readonly StallLine[] {
  return [
    {
      ...{ key: "stalled some", name: "some tasks were stalled" },
      ...{ variable: "--some", width: 1 },
      percents: ratesOf(stalledSome, watchedNs, PERCENT_NS),
    },
    {
      ...{ key: "stalled full", name: "all tasks were stalled" },
      ...{ variable: "--full", width: 2 },
      percents: ratesOf(stalledFull, watchedNs, PERCENT_NS),
    },
  ];
}

/** How much of the time tasks were held up. */
export function stallSpec({ data, recording, view }: Around): ChartSpec {
  const times = timesOf(data, recording);
  const lines = stallLines({ recording });
  const values = (): readonly Amounts[] =>
    lines.map(({ key, percents }) =>
      view.hidden.has(key) ? percents.map(() => null) : percents,
    );
  return {
    height: 170,
    layers: lines.map(({ variable, width }) => ({
      ...{ shape: "line", width },
      color: () => styleValue(variable),
    })),
    values,
    most: () =>
      Math.max(LEAST_PERCENT, highest(values(), view.range)) * HEADROOM,
    steps: PERCENT_STEPS,
    labels: (shown) => shown.map((percent) => `${percent} %`),
    describe: (at) => ({
      title: times.bin(at),
      lines: lines.map(({ variable, name, percents }) => {
        const percent = percents[at]!;
        const value = percent === null ? "?" : `${percent.toFixed(1)} %`;
        return { color: `var(${variable})`, name, value };
      }),
    }),
  };
}
