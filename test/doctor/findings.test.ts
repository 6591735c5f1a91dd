import { describe, expect, test } from "bun:test";
import type { Facts } from "../../src/doctor/facts.ts";
import { judge, type Finding } from "../../src/doctor/findings.ts";

/** A machine on which nothing is missing. */
const WELL: Facts = {
  release: "6.1.0-18-amd64",
  machine: "x64",
  uid: 0,
  capabilities: 1n << 12n,
  taskstats: { version: 13, bytes: 416 },
  trial: {
    accounting: "taskstats",
    exitEvents: true,
    unreadableTasks: 0,
    notices: [],
  },
  possibleCpus: "0-7",
  delayAccounting: true,
  namespaces: { pid: true, user: true, net: true },
  hasOwnProc: true,
  hidden: [],
  readable: {
    "/proc/vmstat": true,
    "/proc/pressure/io": true,
    "/proc/diskstats": true,
    "/sys/dev/block": true,
  },
  cgroups: { unified: "/sys/fs/cgroup", legacy: [] },
  filesNotice: null,
  openFiles: 1024,
  terminal: { columns: 120, rows: 40 },
  environment: {
    TERM: "xterm-256color",
    LANG: "de_DE.UTF-8",
    TZ: "Asia/Kolkata",
  },
  nowMs: Date.UTC(2026, 10, 26, 2, 13),
  localTime: { year: 2026, month: 11, day: 26, hour: 7, minute: 43, second: 0 },
};

const findingOf = (subject: string, changed: Partial<Facts>): Finding =>
  judge({ ...WELL, ...changed }).find((each) => each.subject === subject)!;

test("where nothing is missing, each finding is ok", () => {
  expect(judge(WELL).filter(({ state }) => state !== "ok")).toEqual([]);
  expect(judge(WELL).filter(({ advice }) => advice !== null)).toEqual([]);
});

describe("what is found:", () => {
  test.each([
    ["kernel", {}, "Linux 6.1.0-18-amd64, x64"],
    ["taskstats", {}, "version 13, 416 bytes a task"],
    ["exits of tasks", {}, "reported from CPUs 0-7"],
    ["exits of tasks", { possibleCpus: null }, "reported"],
    ["files", {}, "--files counts by file"],
    ["terminal", {}, "120 x 40, TERM=xterm-256color, 256 colors"],
    ["time zone", {}, "07:43, UTC+05:30 by Asia/Kolkata"],
    [
      "cgroups",
      { cgroups: { unified: "/sys/fs/cgroup/unified", legacy: ["memory"] } },
      "both versions; version 2 is at /sys/fs/cgroup/unified",
    ],
    ["cgroups", { cgroups: { unified: null, legacy: ["blkio"] } }, "version 1"],
  ] as const)("%s", (subject, changed, found) => {
    const finding = findingOf(subject, changed);
    expect(finding.found).toBe(found);
    expect(finding.state).toBe("ok");
  });

  test("a zone west of Greenwich", () => {
    const { found } = findingOf("time zone", {
      nowMs: Date.UTC(2026, 10, 26, 2, 13, 29),
      localTime: {
        year: 2026,
        month: 11,
        day: 25,
        hour: 22,
        minute: 43,
        second: 29,
      },
      environment: {},
    });
    expect(found).toBe("22:43, UTC-03:30 by /etc/localtime");
  });
});

describe("is a lack, with what to do:", () => {
  test.each([
    [
      "rights",
      { uid: 1000, capabilities: 0n },
      "user 1000, without CAP_NET_ADMIN",
      "sudo iotop",
    ],
    [
      "rights",
      { capabilities: null },
      "root, without CAP_NET_ADMIN",
      "sudo iotop",
    ],
    [
      "taskstats",
      { capabilities: 0n, taskstats: { refusal: "EPERM" } },
      "EPERM",
      "CAP_NET_ADMIN",
    ],
    [
      "taskstats",
      { taskstats: { refusal: "ENOENT" } },
      "ENOENT",
      "CONFIG_TASKSTATS",
    ],
    [
      "taskstats",
      { hasOwnProc: false },
      "ids are not those",
      "mount the /proc",
    ],
    [
      "tasks",
      { trial: { ...WELL.trial, unreadableTasks: 3 } },
      "3 cannot be read",
      "as root",
    ],
    [
      "tasks",
      {
        hidden: ["hidepid=2"],
        trial: { ...WELL.trial, unreadableTasks: null },
      },
      "some cannot be read; /proc is mounted with hidepid=2",
      "gid=",
    ],
    [
      "exits of tasks",
      { trial: { ...WELL.trial, exitEvents: false } },
      "not reported",
      "initial namespaces",
    ],
    [
      "delay accounting",
      { delayAccounting: false },
      "off",
      "sysctl kernel.task_delayacct=1",
    ],
    [
      "totals",
      { readable: { ...WELL.readable, "/proc/pressure/io": false } },
      "no /proc/pressure/io: the share of stalls",
      "psi=1",
    ],
    ["limits", { openFiles: 64 }, "64 open files", "ulimit -n"],
  ] as const)("%s", (subject, changed, found, advice) => {
    const finding = findingOf(subject, changed as Partial<Facts>);
    expect(finding.state).toBe("lack");
    expect(finding.found).toContain(found);
    expect(finding.advice).toContain(advice);
  });
});

describe("is worth a note, and nothing is missing:", () => {
  test.each([
    [
      "namespaces",
      { namespaces: { pid: false, user: true, net: true } },
      "own: pid",
    ],
    [
      "namespaces",
      { namespaces: { pid: true, user: true, net: false } },
      "own: net",
    ],
    ["/sys", { possibleCpus: null }, "iotop tries CPUs one by one"],
    ["cgroups", { cgroups: null }, "tasks have no units"],
    ["files", { filesNotice: "no BPF" }, "--files: no BPF"],
    ["terminal", { terminal: null }, "batch text"],
    ["terminal", { environment: { TERM: "dumb" } }, "batch text"],
    ["terminal", { environment: {} }, "120 x 40, TERM is not set: no colors"],
    [
      "terminal",
      { environment: { TERM: "", FORCE_COLOR: "1" } },
      "120 x 40, TERM is not set: 16 colors",
    ],
    [
      "locale",
      { environment: { LC_ALL: "C", LANG: "de_DE.UTF-8" } },
      "LC_ALL=C: graphs are drawn in ASCII",
    ],
    ["locale", { environment: {} }, "not set"],
    ["limits", { openFiles: null }, "unknown"],
  ] as const)("%s", (subject, changed, found) => {
    const finding = findingOf(subject, changed as Partial<Facts>);
    expect(finding.state).toBe("note");
    expect(finding.found).toContain(found);
  });
});
