/** What block devices have done so far. */
import type { Sample } from "../../src/model/index.ts";
import {
  DEVICE_COUNTERS,
  DEVICE_COUNTER_NAMES,
  devicesOf,
  type DeviceCounter,
} from "../device-counters.ts";
import { addTo } from "./amounts.ts";
import { encodeNanoseconds, labelValue, type Family } from "./exposition.ts";
import { family, point } from "./family.ts";

interface DeviceSeries {
  readonly amounts: Map<DeviceCounter, bigint>;
  /** When its sums began at 0, Unix ms. */
  readonly createdMs: number;
}

/**
 * A device that vanishes takes its series with it, as in other exporters: a value that stands still would look like a
 * disk at rest. If it comes back, its sums begin at 0, which Prometheus takes for a reset.
 */
export class DeviceSums {
  /** By label. */
  readonly #series = new Map<string, DeviceSeries>();

  /** @param beganMs when the sample began */
  add(sample: Sample, beganMs: number): void {
    const gone = new Set(this.#series.keys());
    for (const device of devicesOf(sample)) {
      const label = labelValue(device.name);
      gone.delete(label);
      let series = this.#series.get(label);
      if (series === undefined) {
        series = { amounts: new Map(), createdMs: beganMs };
        this.#series.set(label, series);
      }
      for (const counter of DEVICE_COUNTER_NAMES)
        addTo(series.amounts, counter, device[counter]);
    }
    // Otherwise it is not known which there are.
    if (sample.host.devices !== null)
      for (const label of gone) this.#series.delete(label);
  }

  /** @param hasCreated whether counters say when they were 0 */
  families(hasCreated: boolean): readonly Family[] {
    const devices = [...this.#series].sort(([a], [b]) => (a < b ? -1 : 1));
    return DEVICE_COUNTER_NAMES.map((counter) => {
      const { name, unit, about } = DEVICE_COUNTERS[counter];
      const isTime = unit === "ns";
      return family(
        `iotop_device_${name}${isTime ? "_seconds" : ""}`,
        "counter",
        isTime ? "seconds" : unit,
        `${about}: a block device that lies on no other.`,
        devices.flatMap(([label, { amounts, createdMs }]) => {
          const amount = amounts.get(counter);
          if (amount === undefined) return [];
          return point(
            isTime ? encodeNanoseconds(amount) : `${amount}`,
            { device: label },
            hasCreated ? createdMs : null,
          );
        }),
      );
    });
  }
}
