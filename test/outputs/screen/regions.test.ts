import { expect, test } from "bun:test";
import { layOutRegions } from "../../../outputs/screen/regions.ts";

const none = { notes: 0, devices: 0, hints: true };

test("regions do not overlap and fill the window, whatever its height", () => {
  for (let rows = 1; rows <= 100; rows++)
    for (let notes = 0; notes <= 5; notes++)
      for (const devices of [0, 1, 9])
        for (const hints of [false, true]) {
          const wishes = { notes, devices, hints };
          const regions = layOutRegions(rows, wishes);
          const { bodyTop, bodyRows, noteTop, noteRows, hintRow } = regions;
          const status = regions.statusRow === null ? 0 : 1;
          expect(regions.deviceTop).toBe(regions.summaryRows);
          expect(regions.titleRow).toBe(
            regions.summaryRows + regions.deviceRows + status,
          );
          expect(bodyTop).toBe(regions.titleRow + 1);
          if (rows < 3) continue;
          expect(bodyRows).toBeGreaterThan(0);
          expect(bodyTop + bodyRows).toBe(noteTop);
          expect(noteTop + noteRows).toBe(hintRow ?? rows);
        }
});

test.each([
  [24, { summaryRows: 2, deviceRows: 1, statusRow: 3, hintRow: 23 }],
  [16, { summaryRows: 2, deviceRows: 1, statusRow: 3, hintRow: 15 }],
  [15, { summaryRows: 2, deviceRows: 0, statusRow: 2, hintRow: null }],
  [10, { summaryRows: 2, deviceRows: 0, statusRow: 2, hintRow: null }],
  [9, { summaryRows: 2, deviceRows: 0, statusRow: null, hintRow: null }],
  [5, { summaryRows: 1, deviceRows: 0, statusRow: null, hintRow: null }],
])("of a window of %d rows", (rows, expected) => {
  expect(layOutRegions(rows, { ...none, devices: 1 })).toMatchObject(expected);
});

test("disks take a quarter of the window at most, and the hints no row if they are off", () => {
  expect(layOutRegions(40, { ...none, devices: 99 }).deviceRows).toBe(10);
  expect(layOutRegions(40, { ...none, hints: false }).hintRow).toBeNull();
});
