/** How bins are drawn: each as wide as its time, without a line over the time that nobody watched. */
import type { Recording } from "./recording.ts";

type PathBuilder = uPlot.Series.PathBuilder;
type Times = Pick<Recording, "length" | "beginMs" | "endMs">;

/** Corners of what is drawn, in the order of time. */
interface Run {
  readonly fromX: number;
  toX: number;
  readonly corners: [x: number, y: number][];
}

/** Steps between the bins of which the value is known: in pieces that hang together. */
function runsOf(plot: uPlot, series: number, times: Times): readonly Run[] {
  const values = plot.data[series]!;
  const scale = plot.series[series]!.scale!;
  const { min = 0, max = 0 } = plot.scales["x"]!;
  const runs: Run[] = [];
  let endMs = -Infinity;
  for (let at = 0; at < times.length; at++) {
    const value = values[at];
    const beginMs = times.beginMs[at]!;
    if (value == null || times.endMs[at]! <= min! || beginMs >= max!) continue;
    const fromX = plot.valToPos(beginMs, "x", true);
    const toX = plot.valToPos(times.endMs[at]!, "x", true);
    const y = plot.valToPos(value, scale, true);
    let run = runs.at(-1);
    if (run === undefined || beginMs > endMs)
      runs.push((run = { fromX, toX, corners: [] }));
    run.corners.push([fromX, y], [toX, y]);
    run.toX = toX;
    endMs = times.endMs[at]!;
  }
  return runs;
}

function trace(path: Path2D, corners: Run["corners"]): void {
  for (const [n, [x, y]] of corners.entries())
    if (n === 0) path.moveTo(x, y);
    else path.lineTo(x, y);
}

/** Filled down to 0. */
export const areas =
  (times: Times): PathBuilder =>
  (plot, series) => {
    const fill = new Path2D();
    const stroke = new Path2D();
    const zero = plot.valToPos(0, plot.series[series]!.scale!, true);
    for (const { fromX, toX, corners } of runsOf(plot, series, times)) {
      trace(stroke, corners);
      trace(fill, [[fromX, zero], ...corners, [toX, zero]]);
      fill.closePath();
    }
    return { fill, stroke };
  };

export const lines =
  (times: Times): PathBuilder =>
  (plot, series) => {
    const stroke = new Path2D();
    for (const { corners } of runsOf(plot, series, times))
      trace(stroke, corners);
    return { stroke };
  };
