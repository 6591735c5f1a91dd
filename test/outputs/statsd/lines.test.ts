import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  DIALECTS,
  encodeLine,
  groupLabel,
  nameComponent,
  type Metric,
} from "../../../outputs/statsd/lines.ts";
import { packLines } from "../../../outputs/statsd/packets.ts";
import { hostileName } from "../../support/arbitrary-samples.ts";

const naming = { prefix: "iotop", host: "db1", kind: "comm" } as const;
const counter: Metric = {
  scope: "disk",
  field: "read_bytes",
  group: null,
  type: "c",
  value: 4096,
};

describe("a line", () => {
  test.each([
    ["none", "iotop.db1.comm.fio.read_bytes:4096|c"],
    ["dogstatsd", "iotop.db1.group.read_bytes:4096|c|#comm:fio"],
    ["influx", "iotop.db1.group.read_bytes,comm=fio:4096|c"],
    ["graphite", "iotop.db1.group.read_bytes;comm=fio:4096|c"],
  ] as const)("of a group in dialect %s", (dialect, line) => {
    const metric = { ...counter, scope: "group", group: "fio" } as const;
    expect(encodeLine(metric, { ...naming, dialect })).toBe(line);
  });

  test.each(DIALECTS)("of a total has no tags in dialect %s", (dialect) => {
    expect(encodeLine(counter, { ...naming, dialect })).toBe(
      "iotop.db1.disk.read_bytes:4096|c",
    );
    expect(encodeLine(counter, { ...naming, dialect, host: null })).toBe(
      "iotop.disk.read_bytes:4096|c",
    );
  });

  test.each([
    [0, "0"],
    [1, "1"],
    [0.25, "0.2500"],
    [0.000001, "0.0000"],
    [2 ** 53 - 1, "9007199254740991"],
  ])("writes %d without sign or exponent", (value, text) => {
    const metric = { ...counter, type: "g", value } as const;
    expect(encodeLine(metric, { ...naming, dialect: "none" })).toBe(
      `iotop.db1.disk.read_bytes:${text}|g`,
    );
  });
});

describe("a label", () => {
  test.each([
    ["x|y@z#3", "x_y_z_3", "x_y_z_3"],
    ["käse", "k_se", "käse"],
    ["proc/a b", "proc_a_b", "proc/a_b"],
    ["(sd-pam)", "sd_pam", "(sd-pam)"],
    ["", "unnamed", "unnamed"],
    ["/", "unnamed", "/"],
    ["~~", "unnamed", "unnamed"],
    ["a\nb:1|c", "a_b_1_c", "a_b_1_c"],
    ["\u202eexe", "exe", "_exe"],
    ["\ud800x", "x", "_x"],
  ])("of %j", (name, plain, tag) => {
    expect(groupLabel(name, "none")).toBe(plain);
    for (const dialect of ["dogstatsd", "influx", "graphite"] as const)
      expect(groupLabel(name, dialect)).toBe(tag);
  });

  test("of a long path keeps the end", () => {
    const path = `/kubepods.slice/${"pod".repeat(70)}/cri-${"0123456789abcdef".repeat(3)}.scope`;
    expect(nameComponent(path)).toEndWith(
      "_cri_" + "0123456789abcdef".repeat(3) + "_scope",
    );
    expect(nameComponent(path).length).toBeLessThanOrEqual(64);
    expect([...groupLabel(path, "influx")].length).toBe(190);
  });

  test("of any name leaves one value a line, and every line fits", () => {
    const grammar = {
      none: /^iotop\.db1\.comm\.[A-Za-z0-9_]{1,64}\.read_bytes:4096\|c$/,
      dogstatsd: /^iotop\.db1\.group\.read_bytes:4096\|c\|#comm:[^\s,|#:;=@]+$/,
      influx: /^iotop\.db1\.group\.read_bytes,comm=[^\s,|#:;=@]+:4096\|c$/,
      graphite:
        /^iotop\.db1\.group\.read_bytes;comm=[^\s,|#:;=@~][^\s,|#:;=@]*:4096\|c$/,
    };
    fc.assert(
      fc.property(
        fc.oneof(hostileName, fc.string({ unit: "binary", maxLength: 400 })),
        fc.constantFrom(...DIALECTS),
        (name, dialect) => {
          const group = groupLabel(name, dialect);
          const metric = { ...counter, scope: "group", group } as const;
          const line = encodeLine(metric, { ...naming, dialect });
          expect(line).toMatch(grammar[dialect]);
          expect(line.isWellFormed()).toBe(true);
          expect(Buffer.byteLength(line)).toBeLessThan(1200);
        },
      ),
    );
  });
});

describe("packing", () => {
  test("fills datagrams to the limit and no further", () => {
    expect(packLines(["aa", "bb", "cc"], 5)).toEqual(["aa\nbb", "cc"]);
    expect(packLines(["aa", "bb", "cc"], 4)).toEqual(["aa", "bb", "cc"]);
    expect(packLines(["ää", "b"], 6)).toEqual(["ää\nb"]);
    expect(packLines(["ää", "b"], 5)).toEqual(["ää", "b"]);
    expect(packLines(["a", "long line", "b"], 4)).toEqual([
      "a",
      "long line",
      "b",
    ]);
    expect(packLines([])).toEqual([]);
  });

  test("loses no line, keeps the order, wastes no datagram", () => {
    const lines = fc.array(fc.string({ minLength: 1, maxLength: 60 }));
    fc.assert(
      fc.property(
        lines.map((all) => all.map((line) => line.replaceAll("\n", "."))),
        fc.integer({ min: 60 * 4, max: 500 }),
        (all, maxBytes) => {
          const datagrams = packLines(all, maxBytes);
          expect(datagrams.flatMap((one) => one.split("\n"))).toEqual(all);
          for (const [index, datagram] of datagrams.entries()) {
            expect(Buffer.byteLength(datagram)).toBeLessThanOrEqual(maxBytes);
            const next = datagrams[index + 1]?.split("\n")[0];
            if (next !== undefined)
              expect(Buffer.byteLength(`${datagram}\n${next}`)).toBeGreaterThan(
                maxBytes,
              );
          }
        },
      ),
    );
  });
});
