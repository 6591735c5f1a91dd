/** The lines above the titles. */
import type { DeviceDelta, Format } from "../../../src/model/index.ts";
import type { Canvas } from "../cells/frame.ts";
import type { History } from "../graphs/history.ts";
import type { Regions } from "../regions.ts";
import type { ScreenState } from "../state.ts";
import { drawDevices } from "./device-lines.ts";
import type { MessageLine } from "./problem-lines.ts";
import { drawStatus, type Status } from "./status-line.ts";
import { drawTotals, meters } from "./totals-lines.ts";

interface HeaderParts {
  readonly state: ScreenState;
  readonly shown: Omit<Status, "state" | "format"> & {
    readonly history: History;
  };
  readonly format: Format;
  readonly devices: readonly DeviceDelta[];
  /** Takes the place of the status line. */
  readonly warning: MessageLine | null;
}

export function drawHeader(
  canvas: Canvas,
  { summaryRows, deviceTop, deviceRows, statusRow }: Regions,
  { state, shown, format, devices, warning }: HeaderParts,
): void {
  const { view, graph: glyphs } = state;
  const { sample, history } = shown;
  const all = meters(sample, history, view);
  drawTotals(canvas, summaryRows, all, { glyphs, units: view });
  if (deviceRows > 0)
    drawDevices(canvas, deviceTop, devices.slice(0, deviceRows), {
      sample,
      view,
      history,
    });
  if (statusRow === null) return;
  if (warning !== null)
    canvas.put(0, statusRow, format.text(warning.text), warning.style);
  else drawStatus(canvas, statusRow, { ...shown, state, format });
}
