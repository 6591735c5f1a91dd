/** The figures of the last samples, for the graphs, and the sums of all samples. */
import { totalsOf, type Sample } from "../../../src/model/index.ts";
import {
  NO_DEVICES,
  appendDevices,
  type DeviceHistory,
} from "./busiest-device.ts";
import { NOTHING_RECENT, appendRecent, type Recent } from "./recent.ts";
import { appendMoment, type RowHistory } from "./moment.ts";

export type Series = readonly (number | null)[];

export interface History {
  /** Number of samples so far, including those that are no longer kept. */
  readonly taken: number;
  /** The time since iotop began to watch, or since sums start, ns. */
  readonly watchedNs: number;
  /** Bytes per second, oldest first. */
  readonly read: Series;
  readonly write: Series;
  readonly diskRead: Series;
  readonly diskWrite: Series;
  readonly rows: RowHistory;
  /** What the order goes by. */
  readonly recent: Recent;
  readonly devices: DeviceHistory;
}

export const NO_HISTORY: History = {
  taken: 0,
  watchedNs: 0,
  read: [],
  write: [],
  diskRead: [],
  diskWrite: [],
  rows: [],
  recent: NOTHING_RECENT,
  devices: NO_DEVICES,
};

/** Enough for half of a window of 480 columns: a cell is two of them. */
const MAX_SAMPLES = 480;

export function appendHistory(history: History, sample: Sample): History {
  const totals = totalsOf(sample);
  const rows = appendMoment(history.rows, sample);
  const append = (series: Series, value: number | null): Series => {
    const longer = series.slice(1 - MAX_SAMPLES);
    longer.push(value);
    return longer;
  };
  return {
    taken: history.taken + 1,
    watchedNs: history.watchedNs + sample.intervalNs,
    read: append(history.read, totals.readRate),
    write: append(history.write, totals.writeRate),
    diskRead: append(history.diskRead, totals.diskReadRate),
    diskWrite: append(history.diskWrite, totals.diskWriteRate),
    rows,
    recent: appendRecent(history.recent, rows.at(-1)!),
    devices: appendDevices(history.devices, sample),
  };
}
