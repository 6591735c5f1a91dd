import { describe, expect, test } from "bun:test";
import type {
  Group,
  Recording,
} from "../../../../outputs/html/page/recording.ts";
import {
  addSums,
  isIdle,
  orderAfterClick,
  rowsOf,
  sortRows,
  sumOf,
  type ColumnId,
} from "../../../../outputs/html/page/sums.ts";
import { groupOf, recordingOf } from "../../../support/page.ts";

const ALL = { from: 0, to: 4 };

describe("a sum", () => {
  test("is of the bins in the range", () => {
    expect(sumOf([1, 2, 4, 8], { from: 1, to: 3 })).toEqual({
      known: 6,
      isPart: false,
    });
  });

  test("is a part where something is unknown, and unknown where all is", () => {
    expect(sumOf([1, null, 4, 8], ALL)).toEqual({ known: 13, isPart: true });
    expect(sumOf([1, null, null, 8], { from: 1, to: 3 })).toBeNull();
  });

  test("with an unknown one is a part", () => {
    const some = { known: 3, isPart: false };
    expect(addSums(some, null)).toEqual({ known: 3, isPart: true });
    expect(addSums(null, some)).toEqual({ known: 3, isPart: true });
    expect(addSums(null, null)).toBeNull();
  });
});

describe("rows", () => {
  const recording = recordingOf(
    groupOf({
      ...{ name: "fio", write: [0, 300, 100, 0], cancelled: [0, 0, 50, 0] },
      ...{ first: [1, 1, 0, 0], last: [0, 1, 1, 0], ended: [0, 1, 0, 0] },
    }),
    groupOf({ name: "", read: [10, 20, 30, 40] }),
  );

  test("are of what is in sight, with its shares", () => {
    const { rows, total } = rowsOf(recording, { from: 1, to: 3 });
    expect(
      rows.map(({ name, moved, share }) => [name, moved?.known, share]),
    ).toEqual([
      ["fio", 350, 350 / 400],
      ["", 50, 50 / 400],
    ]);
    expect(total).toMatchObject({
      read: { known: 50 },
      write: { known: 400 },
      cancelled: { known: 50 },
      share: 1,
    });
  });

  test("count who did something before the end, and not all of it before the begin", () => {
    const counts = [0, 1, 2, 3].map((from) => {
      const [fio] = rowsOf(recording, { from, to: from + 1 }).rows;
      return [fio!.processes?.known, fio!.ended?.known];
    });
    expect(counts).toEqual([
      [1, 0],
      [2, 1],
      [1, 0],
      [0, 0],
    ]);
    expect(rowsOf(recording, ALL).rows[0]!.processes?.known).toBe(2);
  });

  test("never have less than nothing written", () => {
    const cancelling = groupOf({
      write: [1, 0, 0, 0],
      cancelled: [9, 0, 0, 0],
    });
    const { rows } = rowsOf(recordingOf(cancelling), ALL);
    expect(rows[0]!.moved?.known).toBe(0);
  });

  test("are unknown, not 0, where nothing is known", () => {
    const nothing = [null, null, null, null];
    const { rows, total } = rowsOf(
      recordingOf(groupOf({ read: nothing, write: nothing })),
      ALL,
    );
    expect(rows[0]).toMatchObject({ read: null, write: null, share: null });
    expect(total).toMatchObject({ read: null, moved: null, share: null });
    expect(isIdle(rows[0]!)).toBe(false);
    expect(isIdle(rowsOf(recordingOf(groupOf({})), ALL).rows[0]!)).toBe(true);
  });
});

describe("the order", () => {
  const names = (by: ColumnId, isDescending: boolean): readonly string[] => {
    const of = (name: string, read: number | null): Group =>
      groupOf({ name, read: [read, 0, 0, read === null ? null : 0] });
    const recording: Recording = recordingOf(
      of("b", 2),
      of("a", null),
      of("d", 4),
      of("c", 2),
    );
    const range = { from: 0, to: 1 };
    return sortRows(rowsOf(recording, range).rows, { by, isDescending }).map(
      ({ name }) => name,
    );
  };

  test("is that of a column; equals stay, unknown comes last", () => {
    expect(names("read", true)).toEqual(["d", "b", "c", "a"]);
    expect(names("read", false)).toEqual(["b", "c", "d", "a"]);
    expect(names("name", false)).toEqual(["a", "b", "c", "d"]);
  });

  test("begins with the most, or with A; the second click turns it round", () => {
    const first = orderAfterClick({ by: "share", isDescending: true }, "read");
    expect(first).toEqual({ by: "read", isDescending: true });
    expect(orderAfterClick(first, "read").isDescending).toBe(false);
    expect(orderAfterClick(first, "name").isDescending).toBe(false);
  });
});
