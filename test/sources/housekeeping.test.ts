import { expect, test } from "bun:test";
import { Housekeeping, OWN_MEMORY } from "../../src/sources/housekeeping.ts";

const MIB = 1024 ** 2;

/** After which of these samples memory is given back, by the garbage that each of them leaves. */
function tidiedAfter(usedBytes: number, garbageBytes: readonly number[]) {
  const tidied: number[] = [];
  let garbage = 0;
  let i = 0;
  const housekeeping = new Housekeeping({
    sizeBytes: () => usedBytes + garbage,
    giveBack() {
      tidied.push(i);
      garbage = 0;
    },
    roomBytes: () => 0,
  });
  for (; i < garbageBytes.length; i++) {
    garbage += garbageBytes[i]!;
    housekeeping.tidyUp();
  }
  return tidied;
}

const each = (samples: number, bytes: number) =>
  new Array<number>(samples).fill(bytes);

test("little memory is left alone until it has grown by some MiB", () => {
  expect(tidiedAfter(2 * MIB, each(10, MIB))).toEqual([1, 5, 9]);
  expect(tidiedAfter(MIB, each(1000, 1024))).toEqual([]);
});

test("much is left alone for longer", () => {
  expect(tidiedAfter(80 * MIB, each(21, MIB))).toEqual([0, 10, 20]);
});

test("what was freed counts as given back when the system has it: by the next sample", () => {
  const tidied: number[] = [];
  let [garbageBytes, lateBytes] = [0, 0];
  let sample = 0;
  const housekeeping = new Housekeeping({
    sizeBytes: () => 80 * MIB + garbageBytes + lateBytes,
    giveBack() {
      tidied.push(sample);
      [garbageBytes, lateBytes] = [0, garbageBytes];
    },
    roomBytes: () => 0,
  });
  for (; sample < 40; sample++) {
    garbageBytes += MIB;
    housekeeping.tidyUp();
    lateBytes = 0;
  }
  // By an eighth of 81 MiB, as if it had been given back at once.
  expect(tidied).toEqual([0, 12, 24, 36]);
});

test("room between what is in use, which garbage fills before memory grows, stays bounded", () => {
  let [roomBytes, garbageBytes, times] = [0, 0, 0];
  let mostBytes = 0;
  const heapBytes = () => Math.max(roomBytes, garbageBytes);
  const housekeeping = new Housekeeping({
    sizeBytes: () => 40 * MIB + heapBytes(),
    giveBack() {
      times++;
      // In most of what was added, something is kept; of what was there, some goes.
      roomBytes = 0.9 * roomBytes + 0.8 * (heapBytes() - roomBytes);
      garbageBytes = 0;
    },
    roomBytes: () => roomBytes,
  });
  for (let sample = 0; sample < 3000; sample++) {
    garbageBytes += MIB / 2;
    housekeeping.tidyUp();
    mostBytes = Math.max(mostBytes, heapBytes());
  }
  expect(mostBytes).toBeLessThan(16 * MIB);
  expect(times).toBeLessThan(3000 / 20);
});

test("memory that grows with what it holds is not tidied up in every sample", () => {
  let usedBytes = 0;
  let times = 0;
  const housekeeping = new Housekeeping({
    sizeBytes: () => usedBytes,
    giveBack: () => void times++,
    roomBytes: () => 0,
  });
  for (let sample = 0; sample < 300; sample++) {
    usedBytes += MIB / 4;
    housekeeping.tidyUp();
  }
  expect(times).toBe(15);
});

test("what nobody refers to any more is given back", async () => {
  const rows = Array.from(
    { length: 1000 },
    () => new WeakRef(new Float64Array(64)),
  );
  // Until then, what a WeakRef was made of is kept.
  await Bun.sleep(0);
  new Housekeeping({ ...OWN_MEMORY, sizeBytes: () => Infinity }).tidyUp();
  const kept = rows.filter((row) => row.deref() !== undefined);
  expect(kept.length).toBeLessThan(100);
});
