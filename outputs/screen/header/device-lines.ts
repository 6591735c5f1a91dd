/** One line for a disk: what it does, how long that takes, and how busy it is. Pure. */
import {
  perSecond,
  type DeviceDelta,
  type Sample,
  type ScreenSettings,
  type View,
} from "../../../src/model/index.ts";
import type { Canvas } from "../cells/frame.ts";
import { rateStyle, shareStyle, type Style } from "../cells/theme.ts";
import { isDisk } from "../graphs/busiest-device.ts";
import type { History, Series } from "../graphs/history.ts";
import {
  compactBytes,
  compactCount,
  compactPercent,
  type SizeUnits,
} from "../table/compact-numbers.ts";

type DisksMode = ScreenSettings["disks"];

/** The devices that have a line. Partitions are parts of their disks; loop and ram devices are no disks. */
export function shownDevices(
  { host }: Sample,
  mode: DisksMode,
  { devices }: Pick<History, "devices">,
): readonly DeviceDelta[] {
  if (mode === "none" || host.devices === null) return [];
  if (mode === "busiest") {
    const one =
      host.devices.find(({ name }) => name === devices.name) ??
      host.devices.find(isDisk);
    return one === undefined ? [] : [one];
  }
  return host.devices.filter(
    (device) => isDisk(device) || device.kind === "stacked",
  );
}

interface Piece {
  readonly text: string;
  readonly style: Style;
}

export interface DeviceLook {
  readonly sample: Sample;
  readonly view: View;
  readonly history: Pick<History, "read" | "write" | "diskRead" | "diskWrite">;
}

const NAME_CELLS = 24;

export function drawDevices(
  canvas: Canvas,
  y: number,
  devices: readonly DeviceDelta[],
  look: DeviceLook,
): void {
  const names = devices.map(nameOf);
  const cells = Math.min(
    NAME_CELLS,
    Math.max(...names.map((name) => Bun.stringWidth(name))),
  );
  devices.forEach((device, i) => {
    let x = canvas.put(1, y + i, names[i]!, "plain", 1 + cells);
    x = 1 + cells + 2;
    for (const { text, style } of pieces(device, look, canvas.columns - x))
      x = canvas.put(x, y + i, text, style);
    if (i === 0) drawOthers(canvas, x, y, look);
  });
}

function nameOf({ name, label, kind }: DeviceDelta): string {
  return kind === "stacked" && label !== null ? label : name;
}

/** What a line says besides bytes, from the most to the least. */
const DETAILS: readonly Details[] = [
  { requests: true, await: true, queue: true, busy: "  busy " },
  { requests: true, await: true, queue: true, busy: "  " },
  { requests: true, await: true, queue: false, busy: "  " },
  { requests: true, await: false, queue: false, busy: "  " },
  { requests: false, await: false, queue: false, busy: "  " },
];

interface Details {
  readonly requests: boolean;
  readonly await: boolean;
  readonly queue: boolean;
  /** What is before the busy share. */
  readonly busy: string;
}

/** As much as there is room for, whatever the figures are: no digit is cut, and nothing comes and goes. */
function detailsFor(room: number, rateCells: number): Details {
  const cellsOf = (details: Details): number => {
    const direction =
      rateCells + (details.requests ? 8 : 0) + (details.await ? 6 : 0);
    const queue = details.queue ? 12 : 0;
    return 5 + 3 + 6 + 2 * direction + queue + details.busy.length + 4;
  };
  return DETAILS.find((one) => cellsOf(one) <= room) ?? DETAILS.at(-1)!;
}

function pieces(
  device: DeviceDelta,
  { sample, view }: DeviceLook,
  room: number,
): readonly Piece[] {
  const { intervalNs } = sample;
  const rateCells = view.kilobytes ? 10 : 7;
  const details = detailsFor(room, rateCells);
  const all: Piece[] = [];
  const label = (text: string): void => void all.push({ text, style: "faint" });
  const direction = (what: "read" | "write"): void => {
    const isRead = what === "read";
    const rate = perSecond(
      isRead ? device.readBytes : device.writeBytes,
      intervalNs,
    );
    const requests = isRead ? device.reads : device.writes;
    label(`${what} `);
    all.push({
      text: rateText(rate, view).padStart(rateCells),
      style: rateStyle(rate),
    });
    const perS = perSecondText(perSecond(requests, intervalNs));
    if (details.requests) label(` ${perS.padStart(7)}`);
    const spentNs = isRead ? device.readNs : device.writeNs;
    if (details.await) label(` ${awaitText(spentNs, requests).padStart(5)}`);
  };
  direction("read");
  label("   ");
  direction("write");
  const busy = percentOfInterval(device.busyNs, intervalNs);
  const queue = device.queueNs === null ? null : device.queueNs / intervalNs;
  if (details.queue) label(`   queue ${queueText(queue).padStart(3)}`);
  label(details.busy);
  all.push({ text: busyText(busy).padStart(4), style: shareStyle(busy) });
  return all;
}

function rateText(rate: number | null, units: SizeUnits): string {
  const text = compactBytes(rate, units);
  return rate === null || rate === 0 ? text : `${text}/s`;
}

function perSecondText(rate: number | null): string {
  const text = compactCount(rate);
  return rate === null || rate === 0 ? text : `${text}/s`;
}

/** "0.1ms", "12ms", "1.2s"; "-" if no request was completed. */
function awaitText(spentNs: number | null, requests: number | null): string {
  if (spentNs === null || requests === null) return "?";
  if (requests === 0) return "-";
  const ms = spentNs / requests / 1e6;
  if (ms < 9.95) return `${ms.toFixed(1)}ms`;
  return ms < 999.5 ? `${Math.round(ms)}ms` : `${(ms / 1000).toFixed(1)}s`;
}

function queueText(queue: number | null): string {
  if (queue === null) return "?";
  return queue === 0 ? "0" : queue.toFixed(queue < 9.95 ? 1 : 0);
}

/** A request that began in an earlier interval may count more time than this one has. */
function percentOfInterval(
  ns: number | null,
  intervalNs: number,
): number | null {
  return ns === null ? null : Math.min(100, (ns * 100) / intervalNs);
}

function busyText(percent: number | null): string {
  return percent === 0 ? "0%" : compactPercent(percent);
}

/** What the disks moved beyond what tasks asked for: writes of the kernel's own, or of earlier. */
function drawOthers(
  canvas: Canvas,
  x: number,
  y: number,
  { view, history }: DeviceLook,
): void {
  const parts = [
    beyond("read", history.read, history.diskRead, view),
    beyond("write", history.write, history.diskWrite, view),
  ].filter((part) => part !== null);
  if (parts.length === 0) return;
  const text = `   not by tasks: ${parts.join(", ")}`;
  if (x + text.length <= canvas.columns) canvas.put(x, y, text, "faint");
}

const LEAST_SAMPLES = 3;
const LEAST_SHARE = 0.05;

function beyond(
  what: string,
  tasks: Series,
  disks: Series,
  units: SizeUnits,
): string | null {
  let difference = 0;
  for (let i = 1; i <= LEAST_SAMPLES; i++) {
    const [disk, task] = [disks.at(-i), tasks.at(-i)];
    if (disk == null || task == null) return null;
    if (disk - task <= disk * LEAST_SHARE) return null;
    if (i === 1) difference = disk - task;
  }
  return `${what} +${compactBytes(difference, units)}/s`;
}
