import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import {
  FORMATS,
  encodeFamilies,
  encodeNanoseconds,
  encodeSeconds,
  labelValue,
  type Family,
} from "../../../outputs/prometheus/exposition.ts";
import { hostileName } from "../../support/runs/arbitrary-samples.ts";
import { parseExposition } from "../../support/servers/exposition-parser.ts";

setDefaultTimeout(120_000);

const point = (value: string, comm?: string) => ({
  value,
  labels: comm === undefined ? {} : { comm },
  createdMs: null as number | null,
});

const FAMILIES: readonly Family[] = [
  {
    name: "iotop_build",
    type: "info",
    unit: null,
    help: "facts",
    points: [
      { ...point("1"), labels: { version: "1.0", accounting: "procfs" } },
    ],
  },
  { name: "iotop_none", type: "gauge", unit: null, help: "absent", points: [] },
  {
    name: "iotop_group_read_bytes",
    type: "counter",
    unit: "bytes",
    help: 'a\\b "c"\nd',
    points: [
      { ...point("12", 'a"b\\c\nd'), createdMs: 1_795_647_185_220 },
      point("0", "_other"),
    ],
  },
];

describe("a document", () => {
  test("in the format of Prometheus", () => {
    expect(encodeFamilies(FAMILIES, "text")).toBe(`# TYPE iotop_build_info gauge
# HELP iotop_build_info facts
iotop_build_info{version="1.0",accounting="procfs"} 1
# TYPE iotop_group_read_bytes_total counter
# HELP iotop_group_read_bytes_total a\\\\b "c"\\nd
iotop_group_read_bytes_total{comm="a\\"b\\\\c\\nd"} 12
iotop_group_read_bytes_total{comm="_other"} 0
`);
  });

  test("in that of OpenMetrics", () => {
    expect(encodeFamilies(FAMILIES, "openmetrics"))
      .toBe(`# TYPE iotop_build info
# HELP iotop_build facts
iotop_build_info{version="1.0",accounting="procfs"} 1
# TYPE iotop_group_read_bytes counter
# UNIT iotop_group_read_bytes bytes
# HELP iotop_group_read_bytes a\\\\b \\"c\\"\\nd
iotop_group_read_bytes_total{comm="a\\"b\\\\c\\nd"} 12
iotop_group_read_bytes_created{comm="a\\"b\\\\c\\nd"} 1795647185.22
iotop_group_read_bytes_total{comm="_other"} 0
# EOF
`);
  });

  test("of nothing has no family", () => {
    expect(encodeFamilies([], "text")).toBe("");
    expect(encodeFamilies([], "openmetrics")).toBe("# EOF\n");
  });
});

test("any name comes back from a strict reader as it can be shown", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(hostileName, { selector: labelValue }),
      fc.constantFrom(...FORMATS),
      (names, format) => {
        const family: Family = {
          ...FAMILIES[2]!,
          points: names.map((name, n) => point(`${n}`, labelValue(name))),
        };
        const text = encodeFamilies([family], format);
        expect(text).not.toMatch(/[^\P{C}\n]|[\p{Zl}\p{Zp}]/u);
        const points = parseExposition(text).flatMap((each) => each.points);
        expect(
          points.map(({ labels, value }) => [labels["comm"], value]),
        ).toEqual(names.map((name, n) => [labelValue(name), `${n}`]));
      },
    ),
  );
});

test.each([
  ["", "unnamed"],
  [" ", " "],
  ["a\x01b", "a\ufffdb"],
  ["\ud800", "\ufffd"],
  ["\u202etxt.exe", "\ufffdtxt.exe"],
  ["日本語", "日本語"],
])("the label of %j is %j", (name, label) =>
  expect(labelValue(name)).toBe(label),
);

test.each([
  [0n, "0"],
  [1n, "0.000000001"],
  [1_500_000_000n, "1.5"],
  [60_000_000_000n, "60"],
  [9_007_199_254_740_993_000_000_001n, "9007199254740993.000000001"],
])("%d ns are %s s", (ns, text) => expect(encodeNanoseconds(ns)).toBe(text));

test("milliseconds keep all digits", () =>
  expect(encodeSeconds(1_795_647_185_007)).toBe("1795647185.007"));
