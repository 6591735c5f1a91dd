/** What the built program says of block devices, with a loop device on a file of a real disk. */
import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DeviceRecord } from "../../src/model/record/record-types.ts";
import { ensureBinary } from "../support/binary.ts";
import { recordWhile } from "../support/json-run.ts";
import {
  lackOfPartitions,
  lacksOfLoop,
  openLoopDevice,
  openPartition,
} from "../support/machine/loop-mount.ts";
import { needing } from "../support/needs.ts";
import { diskFolder } from "../support/workload.ts";

setDefaultTimeout(240_000);
beforeAll(ensureBinary);

const WRITTEN_BYTES = 24 << 20;
const ARGS = ["-d", "0.1"];

/** The sum of what was written to the devices that are wanted. */
const sum = (
  records: readonly { readonly devices: readonly DeviceRecord[] | null }[],
  isWanted: (device: DeviceRecord) => boolean,
): number =>
  records
    .flatMap(({ devices }) => devices!)
    .filter(isWanted)
    .reduce((total, { write_bytes }) => total + (write_bytes ?? 0), 0);

/** Past the page cache. */
async function writeTo(path: string, mebibytes = 24): Promise<void> {
  const dd = Bun.spawn(
    [
      ...["dd", "if=/dev/zero", `of=${path}`, "bs=1M", `count=${mebibytes}`],
      ...["oflag=direct", "conv=fsync"],
    ],
    { stderr: "ignore" },
  );
  expect(await dd.exited).toBe(0);
}

describe.skipIf(lacksOfLoop.some((lack) => lack !== null))(
  needing("a loop device", ...lacksOfLoop),
  () => {
    test("moves what was asked of it, to the byte; the disk below moves it too, and counts once", async () => {
      using loop = openLoopDevice();
      const { records } = await recordWhile(async (oneMoreLine) => {
        await oneMoreLine();
        await writeTo(loop.path);
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

    test.skipIf(lackOfPartitions !== null)(
      needing(
        "a partition moves what its device moves; what does not count is unknown, and what is gone is gone",
        lackOfPartitions,
      ),
      async () => {
        using opened = new DisposableStack();
        const silent = opened.use(openLoopDevice());
        const switchOf = `/sys/block/${silent.name}/queue/iostats`;
        writeFileSync(switchOf, "0");
        opened.defer(() => writeFileSync(switchOf, "1"));
        const { records, result } = await recordWhile(async (oneMoreLine) => {
          const loop = opened.use(openLoopDevice());
          const partition = openPartition(loop);
          await oneMoreLine();
          for (const { path } of [partition, silent]) await writeTo(path);
          await oneMoreLine();
          partition[Symbol.dispose]();
          await oneMoreLine();
          return { loop, partition };
        }, ARGS);
        const { loop, partition } = result;
        const named = ({ name }: { readonly name: string }) =>
          records.map(({ devices }) =>
            devices!.find((device) => device.name === name),
          );
        for (const device of [loop, partition])
          expect(sum(records, ({ name }) => name === device.name)).toBe(
            WRITTEN_BYTES,
          );
        const [partitions, silents] = [named(partition), named(silent)];
        expect(partitions.find(Boolean)).toMatchObject({
          ...{ kind: "partition", lies_on: [loop.name], physical: false },
          // It came in the interval.
          write_bytes: null,
        });
        expect([partitions[0], partitions.at(-1)]).toEqual([
          ...[undefined, undefined],
        ]);
        for (const device of silents.filter(Boolean))
          expect(device).toMatchObject({ write_bytes: null, busy_ns: null });
      },
    );

    test("disks move what the block layer counts, within a hundredth", async () => {
      using folder = diskFolder();
      const { records } = await recordWhile(async (oneMoreLine) => {
        await writeTo(join(folder.path, "file"), 96);
        await oneMoreLine();
      }, ARGS);
      const physical = sum(records, (device) => device.physical);
      // What a loop device writes is counted there as well.
      const loops = sum(records, ({ kind }) => kind === "loop");
      const current = records.reduce(
        (total, { disk }) => total + disk.write_bytes!,
        -loops,
      );
      expect(current).toBeGreaterThanOrEqual(96 << 20);
      expect(physical).toBeWithin(current * 0.99, current * 1.01);
    });
  },
);
