import { describe, expect, test } from "bun:test";
import {
  explainNoExecutableMemory,
  readMemoryRules,
  type MemoryRules,
} from "../../src/kernel/address-space.ts";

const limits = ({ space = "unlimited", data = "unlimited" }) =>
  [
    "Limit                     Soft Limit           Hard Limit           Units     ",
    `Max data size             ${data.padEnd(20)} unlimited            bytes     `,
    "Max stack size            8388608              unlimited            bytes     ",
    `Max address space         ${space.padEnd(20)} unlimited            bytes     `,
    "",
  ].join("\n");

const FREE: MemoryRules = {
  limits: limits({}),
  meminfo: "CommitLimit:    1019904 kB\nCommitted_AS:     600000 kB\n",
  overcommit: "0\n",
};

describe("explainNoExecutableMemory", () => {
  test.each([
    [
      "ulimit -v",
      { limits: limits({ space: "314572800" }) },
      "the address space is limited to 300 MiB (ulimit -v, LimitAS= of systemd), and iotop needs 512 MiB of it",
    ],
    [
      "ulimit -d",
      { limits: limits({ data: "1048576" }) },
      "the data size is limited to 1 MiB (ulimit -d, LimitDATA= of systemd), and iotop needs 512 MiB of it",
    ],
    [
      "strict overcommit",
      { overcommit: "2\n" },
      "only 410 MiB of memory may still be allocated (vm.overcommit_memory is 2), and iotop needs 512 MiB",
    ],
    [
      "strict overcommit, all given away",
      {
        overcommit: "2\n",
        meminfo: "CommitLimit: 10 kB\nCommitted_AS: 9999 kB\n",
      },
      "only 0 MiB of memory may still be allocated (vm.overcommit_memory is 2), and iotop needs 512 MiB",
    ],
  ])("names %s and the amount", (_, rules, expected) => {
    expect(explainNoExecutableMemory({ ...FREE, ...rules })).toBe(expected);
  });

  test.each([
    ["nothing is limited", {}],
    ["limits are wide", { limits: limits({ space: "1073741824" }) }],
    [
      "enough is left",
      {
        overcommit: "2\n",
        meminfo: "CommitLimit: 9000000 kB\nCommitted_AS: 1 kB\n",
      },
    ],
    ["nothing can be read", { limits: null, meminfo: null, overcommit: "2\n" }],
  ])("says that it is forbidden where %s", (_, rules) => {
    expect(explainNoExecutableMemory({ ...FREE, ...rules })).toStartWith(
      "executable memory is forbidden here",
    );
  });

  test("reads this machine's rules", () => {
    const rules = readMemoryRules();
    expect(rules.limits).toContain("Max address space");
    expect(rules.meminfo).toContain("Committed_AS");
    expect(rules.overcommit).toMatch(/^[012]\n$/);
  });
});
