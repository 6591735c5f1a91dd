/** The data in the page, of what was watched so far. */
import {
  shortenContainerIds,
  type Format,
  type GroupKind,
  type RunInfo,
} from "../../src/model/index.ts";
import { KINDS } from "../run/group-words.ts";
import { notesOf } from "../run/notes.ts";
import { NAMELESS } from "../run/process-groups.ts";
import { selectionText } from "../run/selection.ts";
import { durationsOf, type Watched } from "../run/watched.ts";
import { beginMsOf } from "./bin.ts";
import { Columns } from "./columns.ts";
import type { PageData } from "./page/data.ts";
import type { Timeline } from "./timeline.ts";

export interface Shown {
  readonly kind: GroupKind;
  /** How many groups have a colour of their own. */
  readonly rows: number;
  /** When a newer page will take the place of this one; null: never. */
  readonly nextS: number | null;
}

interface Around {
  readonly run: RunInfo;
  readonly format: Format;
}

export function pageDataOf(
  timeline: Timeline,
  watched: Watched,
  { kind, rows, nextS }: Shown,
  { run, format }: Around,
): PageData {
  const { bins } = timeline;
  const ranked = timeline.rank();
  const names = ranked.slice(0, rows);
  const short = shortenContainerIds(names);
  const columns = new Columns(bins, timeline.lastOfCurrent());
  const { boots } = watched;
  const fromMs = bins.length === 0 ? 0 : Math.round(beginMsOf(bins[0]!));
  const ends = bins.map(({ endMs }) => Math.round(endMs));
  return {
    schema: "iotop.page/1",
    version: run.version,
    hosts: [...durationsOf(boots).keys()].map((name) => format.text(name)),
    boots: boots.length,
    utc_offsets: offsetsAt([fromMs, ...ends], format),
    kilo: run.view.si ? 1000 : 1024,
    next_s: nextS,
    samples: watched.samples,
    watched_ns: boots.reduce(
      (sum, { durationNs }) => sum + Math.round(durationNs),
      0,
    ),
    from_ms: fromMs,
    end_ms: ends.map((end) => end - fromMs),
    bin_ns: bins.map(({ watchedNs }) => watchedNs),
    bytes_unit: columns.bytesUnit,
    words: KINDS[kind],
    groups: names.map((name) =>
      columns.group(name, format.text(short.get(name)!)),
    ),
    rest: columns.rest(new Set(names)),
    rest_names: ranked.length - names.length + timeline.smallNames,
    disk_read: columns.bytes((bin) => bin.diskReadBytes),
    disk_write: columns.bytes((bin) => bin.diskWriteBytes),
    stalled_some_ns: columns.of((bin) => bin.stalledSomeNs),
    stalled_full_ns: columns.of((bin) => bin.stalledFullNs),
    notes: notes(timeline, watched, { kind, names, run, format }),
  };
}

function notes(
  timeline: Timeline,
  watched: Watched,
  {
    kind,
    names,
    run,
    format,
  }: Pick<Shown, "kind"> & Around & { readonly names: readonly string[] },
): readonly string[] {
  const { origin, health, waitsCounted } = watched;
  if (origin === null || health === null) return [];
  const selection = selectionText(run.view, format);
  const lines =
    selection === null
      ? []
      : [
          `All figures but those of the disks themselves and the stalls are about ${selection} only`,
        ];
  lines.push(
    ...notesOf({
      ...{ kind, origin, health, waitsCounted },
      isRecorded: run.origin === "replay",
      hasNameless: names.includes(NAMELESS),
      hasCancelled: timeline.bins.some(
        ({ total }) => (total.cancelledBytes ?? 0) > 0,
      ),
    }),
  );
  if (timeline.smallNames > 0)
    lines.push(
      `There were too many ${KINDS[kind].many} to keep each of them: the rest may include what a small one did before it grew`,
    );
  return lines;
}

/** How far local time is ahead of UTC, from each of these times on, where that changes. */
function offsetsAt(
  times: readonly number[],
  format: Format,
): PageData["utc_offsets"] {
  const offsets: [number, number][] = [];
  for (const timeMs of times) {
    const local = `${format.date(timeMs)}T${format.clock(timeMs)}Z`;
    const offset = Date.parse(local) / 1000 - Math.floor(timeMs / 1000);
    if (offsets.at(-1)?.[1] !== offset) offsets.push([timeMs, offset]);
  }
  return offsets;
}
