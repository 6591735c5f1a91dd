/** What the built program says of block devices, with a loop device on a file of a real disk. */
import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { DeviceRecord } from "../../src/model/record/record-types.ts";
import { ensureBinary } from "../support/binary.ts";
import { recordWhile } from "../support/json-run.ts";
import { lacksOfLoop, openLoopDevice } from "../support/loop-mount.ts";
import { needing } from "../support/needs.ts";

setDefaultTimeout(240_000);
beforeAll(ensureBinary);

const WRITTEN_BYTES = 24 << 20;
const ARGS = ["-d", "0.5"];

/** The sum of what was written to the devices that are wanted. */
const sum = (
  records: readonly { readonly devices: readonly DeviceRecord[] | null }[],
  isWanted: (device: DeviceRecord) => boolean,
): number =>
  records
    .flatMap(({ devices }) => devices!)
    .filter(isWanted)
    .reduce((total, { write_bytes }) => total + (write_bytes ?? 0), 0);

describe.skipIf(lacksOfLoop.some((lack) => lack !== null))(
  needing("a loop device", ...lacksOfLoop),
  () => {
    test("moves what was asked of it, to the byte; the disk below moves it too, and counts once", async () => {
      using loop = openLoopDevice();
      const { records } = await recordWhile(async (oneMoreLine) => {
        await oneMoreLine();
        const dd = Bun.spawn(
          [
            ...["dd", "if=/dev/zero", `of=${loop.path}`, "bs=1M", "count=24"],
            ...["oflag=direct", "conv=fsync"],
          ],
          { stderr: "ignore" },
        );
        expect(await dd.exited).toBe(0);
        await oneMoreLine();
      }, ARGS);
      expect(sum(records, ({ name }) => name === loop.name)).toBe(
        WRITTEN_BYTES,
      );
      const told = records
        .at(-1)!
        .devices!.find(({ name }) => name === loop.name);
      expect(told).toMatchObject({
        ...{ kind: "loop", label: loop.backing, physical: false },
      });
      const physical = sum(records, (device) => device.physical);
      expect(physical).toBeGreaterThanOrEqual(WRITTEN_BYTES);
      // What the block layer counts for the whole machine is both: the loop's and the disk's.
      const current = records.reduce(
        (total, { disk }) => total + disk.write_bytes!,
        0,
      );
      expect(current).toBeGreaterThanOrEqual(physical);
    });
  },
);
