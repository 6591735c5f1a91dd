import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import {
  DIALECTS,
  encodeLine,
  labelOf,
  nameComponent,
  type Metric,
} from "../../../outputs/statsd/lines.ts";
import { packLines } from "../../../outputs/statsd/packets.ts";
import { hostileName } from "../../support/runs/arbitrary-samples.ts";

setDefaultTimeout(120_000);

const naming = { prefix: "iotop", host: "db1" } as const;
const counter: Metric = {
  scope: "disk",
  field: "read_bytes",
  of: null,
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
    const of = ["comm", "fio"] as const;
    const metric = { ...counter, scope: "group", of } as const;
    expect(encodeLine(metric, { ...naming, dialect })).toBe(line);
  });

  test.each([
    ["none", "iotop.db1.device.vda.read_bytes:4096|c"],
    ["dogstatsd", "iotop.db1.device.read_bytes:4096|c|#device:vda"],
  ] as const)("of a device in dialect %s", (dialect, line) => {
    const of = ["device", "vda"] as const;
    const metric = { ...counter, scope: "device", of } as const;
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
    [1e21, "1000000000000000000000"],
    [-0, "0"],
  ])("writes %d without sign or exponent", (value, text) => {
    const metric = { ...counter, type: "g", value } as const;
    expect(encodeLine(metric, { ...naming, dialect: "none" })).toBe(
      `iotop.db1.disk.read_bytes:${text}|g`,
    );
  });

  test("has the digits of any number, up to 1e308", () => {
    const values = fc.oneof(
      fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
      fc.constantFrom(1e308, Number.MAX_VALUE, Number.MIN_VALUE, 1e-7, 1e20),
    );
    fc.assert(
      fc.property(values, fc.constantFrom(...DIALECTS), (value, dialect) => {
        const metric = { ...counter, type: "g", value } as const;
        const line = encodeLine(metric, { ...naming, dialect });
        const digits = /:(\d+(\.\d{4})?)\|g$/.exec(line)?.[1];
        expect(Math.abs(Number(digits) - value)).toBeLessThanOrEqual(
          0.00005 + value * Number.EPSILON,
        );
      }),
    );
  });
});

describe("a label", () => {
  const invisible = fc
    .oneof(
      fc.integer({ min: 0xfe00, max: 0xfe0f }),
      fc.integer({ min: 0xe0000, max: 0xe0fff }),
      fc.integer({ min: 0x1d173, max: 0x1d17a }),
      fc.constantFrom(0xad, 0x34f, 0x115f, 0x17b4, 0x180b, 0x200d, 0x2800),
      fc.constantFrom(0x3164, 0xfeff, 0xffa0),
    )
    .map((codePoint) => String.fromCodePoint(codePoint));
  const letter = fc.constantFrom("a", "\u0301", "日", "👍", "/", "~");

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
    ["a\ufe0fb", "a_b", "a_b"],
    ["a\u{e0101}b", "a_b", "a_b"],
    ["a\u3164b\u115f", "a_b", "a_b_"],
    ["a\u034fb", "a_b", "a_b"],
    ["a\u2800b", "a_b", "a_b"],
    ["\u0301e", "e", "_e"],
    ["~\u0301e", "e", "_e"],
    ["e\u0301", "e", "e\u0301"],
  ])("of %j", (name, plain, tag) => {
    expect(labelOf(name, "none")).toBe(plain);
    for (const dialect of ["dogstatsd", "influx", "graphite"] as const)
      expect(labelOf(name, dialect)).toBe(tag);
  });

  test("of a long path keeps the end", () => {
    const path = `/kubepods.slice/${"pod".repeat(70)}/cri-${"0123456789abcdef".repeat(3)}.scope`;
    expect(nameComponent(path)).toEndWith(
      "_cri_" + "0123456789abcdef".repeat(3) + "_scope",
    );
    expect(nameComponent(path).length).toBeLessThanOrEqual(64);
    expect([...labelOf(path, "influx")].length).toBe(190);
  });

  const ID = "9f86d081884c7d65".repeat(4);
  const DEEP = "/system.slice/deep-".padEnd(250, "down-");

  test.each([
    [`/a/docker-9f86d081884c.scope`, "a_docker_9f86d081884c_scope"],
    [`/docker/9f86d081884c${DEEP}`, /^9f86d081884c_[adeilmnopstw_]{51}$/],
    [`/docker/${ID}${DEEP}`, new RegExp(`^${ID}$`)],
    [`/docker/${ID.slice(0, 20)}${DEEP}`, /^9f86d081884c7d659f86_\w{43}$/],
    [
      `/docker/9f86d081884c/docker/a3bf4f1b2b0b${DEEP}`,
      /^9f86d081884c_a3bf4f1b2b0b_\w{38}$/,
    ],
    [
      `/docker/${DEEP}/9f86d081884c/${"y-".repeat(28)}z`,
      /^9f86d081884c_[yz_]+z$/,
    ],
  ])("of %s keeps the beginning of an id", (name, expected) => {
    expect(nameComponent(name)).toMatch(expected);
    expect(nameComponent(name).length).toBeLessThanOrEqual(64);
    const { length } = labelOf(name, "influx");
    expect(length).toBeLessThanOrEqual(190);
    const ids = name.match(/\b[0-9a-f]{12,64}\b/g) ?? [];
    for (const id of ids) expect(labelOf(name, "influx")).toContain(id);
  });

  test("of containers is of one alone, however deep the cgroups in it", () => {
    const id = fc
      .array(fc.constantFrom(..."0123456789abcdef"), {
        minLength: 12,
        maxLength: 12,
      })
      .map((digits) => digits.join(""));
    const around = fc.string({
      unit: fc.constantFrom(..."/x-."),
      maxLength: 200,
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(id, { minLength: 2, maxLength: 2 }),
        around,
        around,
        fc.constantFrom(...DIALECTS),
        (ids, before, after, dialect) => {
          const labels = ids.map((each) =>
            labelOf(`${before}/${each}/${after}`, dialect),
          );
          for (const [n, label] of labels.entries())
            expect(label).toContain(ids[n]!);
        },
      ),
    );
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
        fc.oneof(
          hostileName,
          fc.string({ unit: "binary", maxLength: 400 }),
          fc.string({ unit: fc.oneof(invisible, letter), maxLength: 250 }),
        ),
        fc.constantFrom(...DIALECTS),
        (name, dialect) => {
          const of = ["comm", labelOf(name, dialect)] as const;
          const metric = { ...counter, scope: "group", of } as const;
          const line = encodeLine(metric, { ...naming, dialect });
          expect(line).toMatch(grammar[dialect]);
          expect(line.isWellFormed()).toBe(true);
          expect(line).not.toMatch(/[\p{C}\p{Z}\p{DI}\u2800]/u);
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

test.each(["dogstatsd", "influx", "graphite"] as const)(
  "%s: brackets in a name do not end its tags for servers that know tags in brackets",
  (dialect) => {
    expect(labelOf("job[7", dialect)).toBe("job_7");
    expect(labelOf("[kworker/0:1]", dialect)).toBe("_kworker/0_1_");
  },
);
