import { expect, test } from "bun:test";
import fc from "fast-check";
import {
  STORE_PERIODS,
  compareStoreFiles,
  parseStoreFileName,
  storeFileName,
  storeHost,
  storePeriodEnd,
  storePeriodStart,
  type StoreFile,
  type StorePeriod,
} from "../../../src/model/store/store-files.ts";

const periods = Object.keys(STORE_PERIODS) as StorePeriod[];
const at = (time: string): number => Date.parse(time);
const fileAt = (time: string, period: StorePeriod): StoreFile => ({
  host: "web1",
  startMs: storePeriodStart(at(time), period),
  period,
  form: "plain",
});

test("a name says the host, and the begin of its period", () => {
  const time = "2026-11-24T02:13:20.120Z";
  expect(periods.map((period) => storeFileName(fileAt(time, period)))).toEqual([
    "iotop-web1-20261124T0210Z.jsonl",
    "iotop-web1-20261124T02Z.jsonl",
    "iotop-web1-20261124Z.jsonl",
  ]);
});

test("a period has its begin, and not its end", () => {
  const file = fileAt("2026-11-24T02:59:59.999Z", "1h");
  expect(file.startMs).toBe(at("2026-11-24T02:00:00Z"));
  expect(storePeriodEnd(file)).toBe(at("2026-11-24T03:00:00Z"));
  expect(storePeriodStart(storePeriodEnd(file), "1h")).toBe(
    storePeriodEnd(file),
  );
});

test("every name is read as what it was made of, whatever the host calls itself", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme", maxLength: 100 }),
      fc.date({
        min: new Date("1970-01-01T00:00:00Z"),
        max: new Date("9999-12-31T23:59:59Z"),
        noInvalidDate: true,
      }),
      fc.constantFrom(...periods),
      fc.constantFrom("plain", "compressed", "unfinished"),
      (hostname, date, period, form) => {
        const startMs = storePeriodStart(date.getTime(), period);
        const file = { host: storeHost(hostname), startMs, period, form };
        const name = storeFileName(file);
        expect(parseStoreFileName(name)).toEqual(file);
        expect(name).toMatch(/^[\w.-]{1,255}$/);
      },
    ),
  );
});

test("a host's name cannot lead out of the folder, nor be taken for another part", () => {
  expect(storeHost("../../etc")).toBe(".._.._etc");
  expect(storeHost("")).toBe("_");
  const host = storeHost("a-20261124T02Z.jsonl");
  const name = storeFileName({ ...fileAt("2026-11-25T00:00Z", "1h"), host });
  expect(parseStoreFileName(name)?.host).toBe(host);
});

test.each([
  "iotop-web1-20261124T02Z.jsonl.gz",
  "iotop-web1-20261124T02Z.jsonl.zst.part.part",
  "iotop-web1-20261124T02.jsonl",
  "iotop-web1-20261324Z.jsonl",
  "iotop-web1-20260230T02Z.jsonl",
  "iotop-web1-20261124T24Z.jsonl",
  "iotop-web1-20261124T0213Z.jsonl",
  "iotop--20261124T02Z.jsonl",
  "iotop-20261124T02Z.jsonl",
  "iotop-a/b-20261124T02Z.jsonl",
  "iotop-web1-20261124T02Z.jsonl\n",
  "my-iotop-web1-20261124T02Z.jsonl",
  "notes.txt",
])("%j is a foreign file", (name) => {
  expect(parseStoreFileName(name)).toBeNull();
});

test("names of one host and kind of period sort by time", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...periods),
      fc.array(fc.integer({ min: 0, max: at("9999-01-01T00:00Z") })),
      (period, times) => {
        const names = times
          .toSorted((a, b) => a - b)
          .map((timeMs) =>
            storeFileName({
              ...fileAt("2026-11-24T00:00Z", period),
              startMs: storePeriodStart(timeMs, period),
            }),
          );
        expect(names.toSorted()).toEqual(names);
      },
    ),
  );
});

test("files of several kinds of period are in the order of time, and what is plain comes last", () => {
  const plain = fileAt("2026-11-24T02:00Z", "1h");
  const inOrder: StoreFile[] = [
    fileAt("2026-11-24T01:50Z", "10m"),
    fileAt("2026-11-24T02:00Z", "10m"),
    { ...plain, form: "compressed" },
    plain,
    fileAt("2026-11-24T02:10Z", "10m"),
  ];
  expect(inOrder.toReversed().toSorted(compareStoreFiles)).toEqual(inOrder);
});
