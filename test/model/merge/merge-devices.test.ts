import { expect, test } from "bun:test";
import fc from "fast-check";
import { mergeDevices } from "../../../src/model/merge/merge-devices.ts";
import { device } from "../../support/samples.ts";

test("amounts add up; what describes a moment is that of the later", () => {
  const a = [device({ readBytes: 1, busyNs: 5, inFlight: 7 })];
  const b = [device({ readBytes: 2, busyNs: 6, inFlight: 1, label: "new" })];
  expect(mergeDevices(a, b)).toEqual([
    device({ readBytes: 3, busyNs: 11, inFlight: 1, label: "new" }),
  ]);
});

test("what is unknown in one of them is unknown in both together", () => {
  const known = device({ readBytes: 1, writes: 1 });
  const unknown = device({ readBytes: null, writes: 4 });
  const both = [device({ readBytes: null, writes: 5 })];
  expect(mergeDevices([known], [unknown])).toEqual(both);
  expect(mergeDevices([unknown], [known])).toEqual(both);
  expect(mergeDevices(null, [known])).toBeNull();
  expect(mergeDevices([known], null)).toBeNull();
});

test("a device that came or went keeps what it did", () => {
  const a = [device({ name: "gone", writeBytes: 5 })];
  const b = [device({ name: "came", writeBytes: 6 })];
  expect(mergeDevices(a, b)).toEqual([...b, ...a]);
});

test("merging is associative", () => {
  const devices = fc.oneof(
    { weight: 1, arbitrary: fc.constant(null) },
    {
      weight: 5,
      arbitrary: fc.uniqueArray(
        fc
          .record({
            name: fc.constantFrom("vda", "vdb", "dm-0"),
            readBytes: fc.constantFrom(null, 0, 1, 5),
            inFlight: fc.constantFrom(null, 0, 3),
          })
          .map(device),
        { selector: ({ name }) => name },
      ),
    },
  );
  const sorted = (list: ReturnType<typeof mergeDevices>) =>
    list && list.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  fc.assert(
    fc.property(devices, devices, devices, (a, b, c) => {
      expect(sorted(mergeDevices(mergeDevices(a, b), c))).toEqual(
        sorted(mergeDevices(a, mergeDevices(b, c))),
      );
    }),
  );
});
