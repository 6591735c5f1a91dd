/** One chart on a common axis of time. What is drawn and said is in its specification. */
import { binAt } from "./zoom.ts";
import { areas, lines } from "./paths.ts";
import { element, styleValue, swatch } from "./dom.ts";
import { offsetMsAt, type Amounts, type Recording } from "./recording.ts";
import { highest } from "./stack.ts";
import { sumOf, type Range } from "./sums.ts";
import { timeTicks } from "./ticks.ts";
import type { PageData } from "./data.ts";
import type { View } from "./view.ts";

/** An area or a line. */
export interface Layer {
  readonly shape: "area" | "line";
  readonly color: () => string;
  /** Of a line, px. */
  readonly width?: number;
}

export interface Described {
  readonly title: string;
  readonly lines: readonly {
    readonly color?: string;
    readonly name: string;
    readonly value: string;
  }[];
}

export interface ChartSpec {
  readonly height: number;
  /** In the order in which they are drawn: each covers those before it. */
  readonly layers: readonly Layer[];
  /** By layer, what is drawn now. */
  readonly values: () => readonly Amounts[];
  /** The upper end of the scale for what is in sight; the lower one is 0. */
  readonly most: () => number;
  /** Between two labels of the scale. */
  readonly steps: readonly number[];
  readonly labels: (values: readonly number[]) => readonly string[];
  /** What is said about a bin under the mouse. */
  readonly describe: (at: number) => Described;
}

export interface Around {
  readonly data: PageData;
  readonly recording: Recording;
  readonly view: View;
  /** Piece of time, Unix ms, that the reader has chosen. */
  readonly zoom: (fromMs: number, toMs: number) => void;
  readonly reset: () => void;
}

export interface Chart {
  /** Draws what is in sight now, with the colours of now. */
  draw(): void;
}

/** Space for one label of the axis of time, and for one of the others, px. */
const TIME_LABEL = 90;
const VALUE_LABEL = 30;
const AXIS_WIDTH = 88;
const FONT = "12px system-ui, sans-serif";
/** A shorter movement is a click, px. */
const LEAST_DRAG = 4;

export function openChart(
  host: HTMLElement,
  spec: ChartSpec,
  around: Around,
): Chart {
  const { recording } = around;
  const tip = element("div", "tip");
  const blank = element("div", "blank");
  const columns = (): uPlot.AlignedData => [
    [...recording.endMs],
    ...spec.values().map((column) => [...column]),
  ];
  const plot = new uPlot(
    {
      ...sizeIn(host, spec),
      padding: [10, 34, 0, 0],
      legend: { show: false },
      scales: scalesOf(spec, around),
      axes: [timeAxis(around), valueAxis(spec)],
      series: [{}, ...spec.layers.map((layer) => seriesOf(layer, recording))],
      cursor: {
        y: false,
        points: { show: false },
        drag: { x: true, y: false, setScale: false },
        sync: { key: "time" },
        bind: { dblclick: () => () => (around.reset(), null) },
      },
      hooks: {
        setSelect: [(drawn) => takeSelection(drawn, around)],
        setCursor: [(drawn) => showTip(tip, drawn, spec, recording)],
      },
    },
    columns(),
    host,
  );
  plot.over.append(blank, tip);
  new ResizeObserver(() => plot.setSize(sizeIn(host, spec))).observe(host);
  return {
    draw() {
      plot.setData(columns());
      blank.textContent = blankText(spec.values(), around.view.range);
    },
  };
}

const sizeIn = (host: HTMLElement, { height }: ChartSpec) => ({
  width: Math.max(240, host.clientWidth),
  height,
});

const scalesOf = (
  { most }: ChartSpec,
  { recording: { beginMs, endMs }, view }: Around,
): uPlot.Scales => ({
  x: {
    time: false,
    range: () => [beginMs[view.range.from]!, endMs[view.range.to - 1]!],
  },
  y: { range: () => [0, most()] },
});

/** A chart without anything to see says why. */
function blankText(values: readonly Amounts[], range: Range): string {
  if (highest(values, range) > 0) return "";
  return values.some((column) => sumOf(column, range) !== null)
    ? "nothing"
    : "unknown";
}

function timeAxis({ data, recording, view }: Around): uPlot.Axis {
  let labels: readonly string[] = [];
  return {
    ...AXIS_LOOKS,
    size: 44,
    splits: (plot) => {
      const fromMs = recording.beginMs[view.range.from]!;
      const toMs = recording.endMs[view.range.to - 1]!;
      const most = Math.max(2, plot.width / TIME_LABEL);
      const offsetMs = offsetMsAt(data.utc_offsets, fromMs);
      const ticks = timeTicks(fromMs, toMs, most, offsetMs);
      labels = ticks.map(({ label }) => label);
      return ticks.map(({ timeMs }) => timeMs);
    },
    values: () => [...labels],
  };
}

const valueAxis = ({ steps, labels }: ChartSpec): uPlot.Axis => ({
  ...AXIS_LOOKS,
  size: AXIS_WIDTH,
  space: VALUE_LABEL,
  incrs: [...steps],
  values: (_, values) => [...labels(values)],
});

const AXIS_LOOKS: uPlot.Axis = {
  font: FONT,
  stroke: () => styleValue("--muted"),
  grid: { stroke: () => styleValue("--grid"), width: 1 },
  ticks: { stroke: () => styleValue("--grid"), width: 1, size: 6 },
};

const seriesOf = (layer: Layer, recording: Recording): uPlot.Series => ({
  points: { show: false },
  ...(layer.shape === "area"
    ? { fill: layer.color, paths: areas(recording) }
    : {
        stroke: layer.color,
        width: layer.width ?? 1,
        paths: lines(recording),
      }),
});

function takeSelection(plot: uPlot, { zoom }: Around): void {
  const { left, width } = plot.select;
  if (width < LEAST_DRAG) return;
  plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
  zoom(plot.posToVal(left, "x"), plot.posToVal(left + width, "x"));
}

/** Only over the chart that the mouse is on; charts that follow it show a line alone. */
function showTip(
  tip: HTMLElement,
  plot: uPlot,
  { describe }: ChartSpec,
  recording: Recording,
): void {
  const { left = -1, event } = plot.cursor;
  const isMine = event !== undefined && plot.over.matches(":hover");
  tip.hidden = left < 0 || !isMine;
  if (tip.hidden) return;
  const { title, lines } = describe(binAt(recording, plot.posToVal(left, "x")));
  tip.replaceChildren(
    element("strong", "", title),
    ...lines.map(({ color, name, value }) =>
      element(
        "div",
        "tip-line",
        swatch(color ?? "none"),
        element("span", "tip-name", name),
        element("span", "tip-value", value),
      ),
    ),
  );
  const isRight = left > plot.over.clientWidth / 2;
  tip.style.left = isRight ? "" : `${left + 12}px`;
  tip.style.right = isRight ? `${plot.over.clientWidth - left + 12}px` : "";
}
