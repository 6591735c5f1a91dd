/** One line for each block device, with as many fields in each: "?" is unknown, "-" where no request was completed. */
import {
  UNKNOWN,
  escapeBlanks,
  perSecond,
  percentOf,
  type DeviceDelta,
  type Format,
  type Sample,
} from "../../src/model/index.ts";

/** @param totals makes the begin of a line as it is in those of the totals */
export function deviceLines(
  { host, intervalNs }: Sample,
  format: Format,
  totals: (name: string, rates: readonly [string, string]) => string,
): readonly string[] {
  const amount = (value: number | null): string =>
    value === null ? UNKNOWN : value.toFixed(2);
  const requests = (count: number | null, spentNs: number | null): string => {
    const spentMs =
      count === null || spentNs === null
        ? UNKNOWN
        : count === 0
          ? "-"
          : amount(spentNs / count / 1e6);
    return `${amount(perSecond(count, intervalNs))}/s ${spentMs} ms`;
  };
  return (host.devices ?? []).filter(isShown).map((device) => {
    const { busyNs, queueNs } = device;
    // A request that began in an earlier interval may count more time than this one has.
    const busy = busyNs === null ? null : Math.min(busyNs, intervalNs);
    return [
      totals(nameOf(device, format), [
        format.rate(perSecond(device.readBytes, intervalNs)),
        format.rate(perSecond(device.writeBytes, intervalNs)),
      ]),
      `reads ${requests(device.reads, device.readNs)}`,
      `writes ${requests(device.writes, device.writeNs)}`,
      `queue ${amount(queueNs === null ? null : queueNs / intervalNs)}`,
      `busy ${format.percent(percentOf(busy, intervalNs))}`,
    ].join(" | ");
  });
}

/** Partitions are parts of their disks; loop and ram devices are no disks. */
const isShown = ({ kind }: DeviceDelta): boolean =>
  kind === "disk" || kind === "stacked";

const nameOf = ({ name, label, kind }: DeviceDelta, format: Format): string =>
  escapeBlanks(format.text(kind === "stacked" ? (label ?? name) : name));
