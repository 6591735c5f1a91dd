import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import {
  parseCmdline,
  parseIo,
  parseLastPid,
  parseOwnPid,
  parsePressure,
  parseStat,
  parseStatusUid,
  parseTaskTotal,
  parseVmstat,
} from "../../src/kernel/procfs-parse.ts";

setDefaultTimeout(120_000);

/** Names that a process gave itself to confuse whoever reads them. */
const HOSTILE = [
  "",
  " ",
  ")",
  "(",
  ") R 1 (",
  "a) Z 1 1 1 (b",
  "a\nUid:\t0",
  "\rUid:\t0\t0",
  "\u2028Uid:\t0",
  "\u2029Uid:\t0",
  "\x1b[2J",
  "0::/x",
  "\ufffd\ufffd",
  "日本語です",
];
const comm = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: "binary", maxLength: 15 }),
);

describe("stat", () => {
  /** Fields 3 to 52 of a real kernel's line; those that are read are told apart. */
  const rest = (over: Readonly<Record<number, number | string>> = {}) =>
    Array.from({ length: 50 }, (_, i) => over[i + 3] ?? 900 + i).join(" ");
  const lineOf = (
    name: string,
    over?: Readonly<Record<number, number | string>>,
  ) => `4242 (${name}) ${rest(over)}\n`;
  const REAL = {
    3: "S",
    4: 77,
    9: 4194304,
    19: -5,
    20: 3,
    22: 123456,
    41: 2,
    42: 31,
  };

  test("of a real kernel", () => {
    expect(
      parseStat(
        "1 (systemd) S 0 1 1 0 -1 4194560 18391 2079031 90 1018 45 97 6139 2403 20 0 1 0 7 172404736 3210 18446744073709551615 1 1 0 0 0 0 671173123 4096 1260 0 0 0 17 1 0 0 5 0 0 0 0 0 0 0 0 0 0\n",
      ),
    ).toEqual({
      comm: "systemd",
      state: "S",
      ppid: 0,
      flags: 4194560,
      threadCount: 1,
      startTicks: 7,
      blockIoTicks: 5,
    });
  });

  test("any name at all", () => {
    fc.assert(
      fc.property(comm, (name) => {
        expect(parseStat(lineOf(name, REAL))).toEqual({
          comm: name,
          state: "S",
          ppid: 77,
          flags: 4194304,
          threadCount: 3,
          startTicks: 123456,
          blockIoTicks: 31,
        });
      }),
    );
  });

  test("of an old kernel that has no field 42: unknown, not 0", () => {
    const line = lineOf("x", REAL).split(" ").slice(0, 41).join(" ");
    expect(parseStat(line)).toMatchObject({ blockIoTicks: NaN });
  });

  test.each([
    ["", null],
    ["4242", null],
    ["4242 (x", null],
    ["4242 x) S 1", null],
    [")(", null],
  ])("%j is none", (text, expected) => {
    expect(parseStat(text)).toBe(expected);
  });

  test("a line cut anywhere holds known fields or unknown ones, never zeros", () => {
    const line = lineOf("x", REAL);
    for (let length = 0; length < line.length; length++) {
      const stat = parseStat(line.slice(0, length));
      if (stat === null) continue;
      for (const n of [stat.ppid, stat.startTicks, stat.blockIoTicks])
        expect(n).not.toBe(0);
    }
  });
});

describe("io", () => {
  const REAL = `rchar: 323934931
wchar: 323929600
syscr: 632687
syscw: 632675
read_bytes: 9007199254739968
write_bytes: 323932160
cancelled_write_bytes: 4096
`;

  test("of a real kernel", () => {
    expect(parseIo(REAL)).toEqual({
      rchar: 323934931,
      wchar: 323929600,
      syscr: 632687,
      syscw: 632675,
      read_bytes: 9007199254739968,
      write_bytes: 323932160,
      cancelled_write_bytes: 4096,
    });
  });

  test("in another order, with lines that nobody knows", () => {
    const shuffled = ["news: 5", ...REAL.trim().split("\n").reverse()];
    expect(parseIo(shuffled.join("\n"))).toEqual(parseIo(REAL));
  });

  test("a counter that is not there is unknown", () => {
    expect(parseIo("read_bytes: 4096\n")).toEqual({
      rchar: NaN,
      wchar: NaN,
      syscr: NaN,
      syscw: NaN,
      read_bytes: 4096,
      write_bytes: NaN,
      cancelled_write_bytes: NaN,
    });
  });

  test.each(["", "rchar: 5\n", "Permission denied"])("%j is none", (text) => {
    expect(parseIo(text)).toBeNull();
  });

  test.each(["read_bytes: ", "read_bytes: x\n", "read_bytes:  \n"])(
    "%j: a number that is none is unknown, not 0",
    (text) => {
      expect(parseIo(text)?.read_bytes ?? NaN).toBe(NaN);
    },
  );
});

describe("the owner", () => {
  const status = (name: string) =>
    `Name:\t${name}\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t5\nPid:\t5\nUid:\t1000\t1001\t1002\t1003\nGid:\t7\t7\t7\t7\n`;

  test("is the first, real one", () => {
    expect(parseStatusUid(status("x"))).toBe(1000);
  });

  test("cannot be claimed by a name", () => {
    // The kernel escapes line feeds and backslashes in names, and nothing else.
    fc.assert(
      fc.property(comm, (name) => {
        const escaped = name.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
        expect(parseStatusUid(status(escaped))).toBe(1000);
      }),
    );
  });

  test.each(["", "Name:\tx\n", "Uid:\t\n", "Uid:\tx\n"])(
    "%j: unknown",
    (text) => {
      expect(parseStatusUid(text)).toBeNull();
    },
  );
});

describe("the command line", () => {
  test.each<[string, string[]]>([
    ["", []],
    ["dd\0", ["dd"]],
    ["dd\0if=/dev/zero\0of=x\0", ["dd", "if=/dev/zero", "of=x"]],
    ["sh\0-c\0\0x\0", ["sh", "-c", "", "x"]],
    [
      "nginx: master process /usr/sbin/nginx",
      ["nginx: master process /usr/sbin/nginx"],
    ],
    ["sshd: ann\0\0\0\0\0", ["sshd: ann"]],
    ["no end", ["no end"]],
    ["a\nb\x1b[31m\0", ["a\nb\x1b[31m"]],
    ["\0", [""]],
    ["\0\0\0", [""]],
  ])("%j", (text, expected) => {
    expect([...parseCmdline(text)]).toEqual(expected);
  });

  test("any arguments, the last not empty, come back as they were", () => {
    const argument = fc
      .string({ unit: "binary", maxLength: 10 })
      .map((text) => text.replaceAll("\0", "-"));
    fc.assert(
      fc.property(fc.array(argument, { maxLength: 6 }), (others) => {
        const args = [...others, "last"];
        const text = args.map((arg) => `${arg}\0`).join("");
        expect([...parseCmdline(text)]).toEqual(args);
      }),
    );
  });
});

describe("the machine", () => {
  test("block totals are in bytes", () => {
    expect(
      parseVmstat("nr_free_pages 1\npgpgin 12\npgpgout 30\npgpgoutx 5\n"),
    ).toEqual({ readBytes: 12288, writeBytes: 30720 });
  });

  test.each(["", "pgpgin 1\n", "pgpgout 1\n", "xpgpgin 1\nxpgpgout 1\n"])(
    "%j: no block totals",
    (text) => {
      expect(parseVmstat(text)).toBeNull();
    },
  );

  test("pressure totals are in µs", () => {
    expect(
      parsePressure(
        "some avg10=0.00 avg60=0.12 avg300=0.05 total=56178394\nfull avg10=0.00 avg60=0.11 avg300=0.04 total=51826201\n",
      ),
    ).toEqual({ someUs: 56178394, fullUs: 51826201 });
  });

  test.each(["", "some avg10=0.00 total=5\n", "some avg10=0.00\nfull total=5"])(
    "%j: no pressure",
    (text) => {
      expect(parsePressure(text)).toBeNull();
    },
  );
});

describe("the id given out last", () => {
  test("is the last number of /proc/loadavg", () => {
    expect(parseLastPid("0.20 0.18 0.12 1/80 11206\n")).toBe(11206);
  });
  test("is unknown where there is none", () => {
    for (const text of ["", "0.20 0.18 0.12 1/80", "none"])
      expect(parseLastPid(text)).toBeNaN();
  });
});

describe("the tasks of the machine", () => {
  test("are the second number of those that run", () => {
    expect(parseTaskTotal("0.20 0.18 0.12 1/80 11206\n")).toBe(80);
    expect(parseTaskTotal("9.99 0.18 0.12 12/104857 4194303\n")).toBe(104_857);
  });

  test.each(["", "0.20 0.18 0.12 80 11206\n", "0.20 0.18 0.12 1/x 11206\n"])(
    "are unknown in %j",
    (text) => expect(parseTaskTotal(text)).toBeNull(),
  );
});

describe("our own process id", () => {
  test.each([
    ["Name:\tx\nPid:\t7\nNSpid:\t7\nNSpgid:\t1\n", 7],
    ["Name:\tx\nPid:\t7\nUid:\t0\n", 7],
    ["Name:\tx\nPid:\t7\nNSpid:\t7\t1\n", NaN],
    ["Name:\tx\nPid:\t7\nNSpid:\t7\t7\n", NaN],
    ["Name:\tNSpid:\t9\nPid:\t7\n", 7],
    ["", NaN],
  ])("in %j is %d", (text, expected) => {
    expect(parseOwnPid(text)).toBe(expected);
  });
});
