/** What stands above the charts: what was watched, and who it was. */
import type { PageData } from "./data.ts";
import type { Around } from "./chart.ts";
import { element, place, swatch } from "./dom.ts";
import { findingOf, type Finding } from "./findings.ts";
import { groupColor, groupLabel } from "./groups.ts";
import { offsetMsAt, type Recording } from "./recording.ts";
import type { Range } from "./sums.ts";
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatOffset,
  formatRate,
  formatShare,
} from "./text.ts";
import { timesOf } from "./when.ts";

export function hostsText({ hosts, boots }: PageData): string {
  const shown = hosts.slice(0, 3).join(", ");
  const more = hosts.length > 3 ? ` and ${hosts.length - 3} more hosts` : "";
  const times = boots > hosts.length ? ` over ${boots} boots` : "";
  return `${shown}${more}${times}`;
}

/** "24 Nov 2026, 02:00:00 to 03:00:00 (UTC+01:00)". */
export function spanText(
  data: PageData,
  recording: Recording,
  { from, to }: Range,
): string {
  const { date, clock } = timesOf(data, recording);
  const [begin, end] = [recording.beginMs[from]!, recording.endMs[to - 1]!];
  const exact = end - begin < 10_000 ? 100 : 1000;
  const zone = formatOffset(offsetMsAt(data.utc_offsets, begin));
  const until = date(begin) === date(end) ? "" : `${date(end)}, `;
  return `${date(begin)}, ${clock(begin, exact)} to ${until}${clock(end, exact)} (${zone})`;
}

/** "3,600 samples, one each 1.00 s, in pieces of 4.00 s". */
export function samplesText(
  { samples, watched_ns }: PageData,
  { length, watchedNs }: Recording,
): string {
  const each = formatDuration(watched_ns / Math.max(1, samples));
  if (samples === 1) return `1 sample of ${each}`;
  const wholeNs = watchedNs.reduce((sum, ns) => sum + ns, 0);
  const pieces =
    length < samples
      ? `, drawn in ${formatCount(length)} pieces of about ${formatDuration(wholeNs / length)}`
      : "";
  return `${formatCount(samples)} samples, one every ${each}${pieces}`;
}

const VERBS = { write: ["wrote", "written"], read: ["read", "read"] } as const;

/** "fio wrote 12.3 GiB, 87 % of all that was written; fastest at 02:13:20, with 210 MiB/s." */
function findingLine(
  finding: Finding,
  { data, recording }: Around,
): HTMLElement {
  const { culprit, direction, totalBytes } = finding;
  const [did, done] = VERBS[direction];
  if (culprit === null)
    return element(
      "p",
      "finding",
      swatch("none"),
      totalBytes === null
        ? `What was ${done} is unknown.`
        : totalBytes === 0
          ? `Nothing was ${done}.`
          : `${formatBytes(totalBytes, data)} were ${done}, all by the rest.`,
    );
  const { id, bytes, share, peak } = culprit;
  const { clock } = timesOf(data, recording);
  const begin = recording.beginMs[peak.at]!;
  const length = recording.endMs[peak.at]! - begin;
  return element(
    "p",
    "finding",
    swatch(groupColor(id, data)),
    element("strong", "", groupLabel(id, data)),
    ` ${did} `,
    element("strong", "", formatBytes(bytes, data)),
    `, ${formatShare(share)} of all that was ${done}; fastest at ${clock(begin, length)}, with ${formatRate(peak.bytesPerS, data)}.`,
  );
}

export function drawHeadline(around: Around): void {
  const { data, recording, view } = around;
  place("span").textContent = spanText(data, recording, view.range);
  place("findings").replaceChildren(
    ...(["write", "read"] as const).map((direction) =>
      findingLine(findingOf(recording, view.range, direction), around),
    ),
  );
}
