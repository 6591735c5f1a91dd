/** Judges the facts: what is there, what is missing, and what to do about it. Pure. */
import { colorLevel } from "../cli/color.ts";
import { twoDigits } from "../model/text/format.ts";
import { speaksUnicode } from "../host/screen/terminal-environment.ts";
import type { Facts } from "./facts.ts";

export interface Finding {
  /** What it is about, in a word or two. */
  readonly subject: string;
  /** "ok": all is well. "lack": figures are missing without it. "note": nothing is missing, but it is good to know. */
  readonly state: "ok" | "lack" | "note";
  readonly found: string;
  /** What to do about it; null if nothing needs to be done, or can be. */
  readonly advice: string | null;
}

type Judge = (facts: Facts) => Omit<Finding, "subject">;

const ok = (found: string) => ({ state: "ok", found, advice: null }) as const;
const note = (found: string, advice: string | null = null) =>
  ({ state: "note", found, advice }) as const;
const lack = (found: string, advice: string | null) =>
  ({ state: "lack", found, advice }) as const;

/** By the number of capabilities(7). */
const CAP_NET_ADMIN = 12n;

const has = (capabilities: bigint | null, bit: bigint): boolean =>
  capabilities !== null && ((capabilities >> bit) & 1n) === 1n;

const judgeTaskstats: Judge = ({ taskstats, hasOwnProc, capabilities }) => {
  if (!("refusal" in taskstats))
    return hasOwnProc
      ? ok(`version ${taskstats.version}, ${taskstats.bytes} bytes a task`)
      : lack(
          "its ids are not those of this /proc",
          "mount the /proc of this pid namespace",
        );
  return lack(
    taskstats.refusal,
    has(capabilities, CAP_NET_ADMIN)
      ? "use a kernel with CONFIG_TASKSTATS, in the initial user namespace"
      : "run iotop as root, or with CAP_NET_ADMIN",
  );
};

const judgeRights: Judge = ({ uid, capabilities }) => {
  const who = uid === 0 ? "root" : `user ${uid}`;
  return has(capabilities, CAP_NET_ADMIN)
    ? ok(`${who}, with CAP_NET_ADMIN`)
    : lack(
        `${who}, without CAP_NET_ADMIN`,
        "run sudo iotop: without it, others' bytes and short-lived tasks are unknown",
      );
};

const judgeTasks: Judge = ({ trial: { unreadableTasks }, hidden }) => {
  const how =
    hidden.length === 0 ? "" : `; /proc is mounted with ${hidden.join(", ")}`;
  if (unreadableTasks === 0)
    return hidden.length === 0
      ? ok("all can be read")
      : note(`all can be read${how}`);
  const count = unreadableTasks === null ? "some" : String(unreadableTasks);
  return lack(
    `${count} cannot be read${how}`,
    hidden.length === 0
      ? "run iotop as root, or with CAP_NET_ADMIN"
      : "run iotop as root, or in the group that /proc is mounted with (gid=)",
  );
};

const judgeExits: Judge = ({
  trial: { exitEvents, notices },
  possibleCpus,
}) => {
  if (exitEvents)
    return ok(
      `reported${possibleCpus === null ? "" : ` from CPUs ${possibleCpus}`}`,
    );
  return lack(
    notices.find((text) => text.includes("short-lived")) ?? "not reported",
    "run iotop with CAP_NET_ADMIN in the initial namespaces",
  );
};

const judgeWaits: Judge = ({ delayAccounting }) => {
  if (delayAccounting === true) return ok("on");
  return delayAccounting === null
    ? lack("unknown: /proc does not show whether it is on", null)
    : lack(
        "off: SWAPIN and IO are unknown",
        "sysctl kernel.task_delayacct=1; it counts for tasks that start afterwards",
      );
};

const judgeNamespaces: Judge = ({ namespaces }) => {
  const own = Object.entries(namespaces).filter(
    ([, initial]) => initial === false,
  );
  if (own.length === 0) return ok("the initial ones");
  const names = own.map(([kind]) => kind).join(", ");
  return note(
    `own: ${names}`,
    namespaces.pid === false
      ? "iotop sees only the tasks of this container: run it on the host to see all"
      : "iotop listens in the initial network namespace if it has CAP_SYS_ADMIN",
  );
};

const judgeTotals: Judge = ({ readable }) => {
  const missing = (
    [
      ["/proc/vmstat", "Current is unknown"],
      ["/proc/pressure/io", "the share of stalls is unknown"],
      ["/proc/diskstats", "the lines of disks are missing"],
    ] as const
  ).filter(([path]) => !readable[path]);
  if (missing.length === 0) return ok("/proc/vmstat, pressure/io, diskstats");
  return lack(
    missing.map(([path, what]) => `no ${path}: ${what}`).join("; "),
    readable["/proc/pressure/io"]
      ? null
      : "boot with psi=1, if the kernel has CONFIG_PSI",
  );
};

const judgeSys: Judge = ({ readable, possibleCpus }) =>
  readable["/sys/dev/block"] && possibleCpus !== null
    ? ok("CPUs and block devices")
    : note(
        "not mounted, or only in part: iotop tries CPUs one by one, and disks lack the names of their layers",
        "mount -t sysfs sysfs /sys",
      );

const judgeCgroups: Judge = ({ cgroups }) => {
  if (
    cgroups === null ||
    (cgroups.unified === null && cgroups.legacy.length === 0)
  )
    return note("none is mounted: tasks have no units");
  if (cgroups.legacy.length === 0)
    return ok(`version 2, at ${cgroups.unified}`);
  return ok(
    cgroups.unified === null
      ? "version 1"
      : `both versions; version 2 is at ${cgroups.unified}`,
  );
};

/** Nobody lacks it who has not asked for it. */
const judgeFiles: Judge = ({ filesNotice }) =>
  filesNotice === null
    ? ok("--files counts by file")
    : note(`--files: ${filesNotice}`);

/** Each process that is looked into takes some, and so does each output. */
const ENOUGH_FILES = 256;

const judgeLimits: Judge = ({ openFiles }) => {
  if (openFiles === null) return note("open files: unknown");
  return openFiles < ENOUGH_FILES
    ? lack(`${openFiles} open files`, `ulimit -n ${ENOUGH_FILES}`)
    : ok(`${openFiles} open files`);
};

const COLORS = ["no colors", "16 colors", "256 colors", "all colors"] as const;

const judgeTerminal: Judge = ({ terminal, environment }) => {
  if (terminal === null) return note("none: iotop prints batch text here");
  const { columns, rows } = terminal;
  const term = environment["TERM"] ?? "";
  const size = `${columns} x ${rows}`;
  const colors = COLORS[colorLevel(environment, true)];
  if (term !== "" && term !== "dumb")
    return ok(`${size}, TERM=${term}, ${colors}`);
  return note(
    term === ""
      ? `${size}, TERM is not set: ${colors}`
      : `${size}, TERM=dumb: iotop prints batch text here`,
    "set TERM, such as TERM=xterm-256color",
  );
};

const judgeLocale: Judge = ({ environment }) => {
  const name = ["LC_ALL", "LC_CTYPE", "LANG"].find(
    (each) => (environment[each] ?? "") !== "",
  );
  const found = name === undefined ? "not set" : `${name}=${environment[name]}`;
  return speaksUnicode(environment)
    ? ok(found)
    : note(`${found}: graphs are drawn in ASCII`, "LANG=C.UTF-8 iotop");
};

const judgeZone: Judge = ({ environment, nowMs, localTime: local }) => {
  const zone = environment["TZ"] || "/etc/localtime";
  const here = Date.UTC(
    local.year,
    local.month - 1,
    local.day,
    local.hour,
    local.minute,
    local.second,
  );
  const minutes = Math.round((here - nowMs) / 60_000);
  const sign = minutes < 0 ? "-" : "+";
  const offset = `${sign}${twoDigits(Math.floor(Math.abs(minutes) / 60))}:${twoDigits(Math.abs(minutes) % 60)}`;
  return ok(
    `${twoDigits(local.hour)}:${twoDigits(local.minute)}, UTC${offset} by ${zone}`,
  );
};

const JUDGES: Readonly<Record<string, Judge>> = {
  kernel: ({ release, machine }) => ok(`Linux ${release}, ${machine}`),
  rights: judgeRights,
  taskstats: judgeTaskstats,
  tasks: judgeTasks,
  "exits of tasks": judgeExits,
  "delay accounting": judgeWaits,
  namespaces: judgeNamespaces,
  totals: judgeTotals,
  "/sys": judgeSys,
  cgroups: judgeCgroups,
  files: judgeFiles,
  limits: judgeLimits,
  terminal: judgeTerminal,
  locale: judgeLocale,
  "time zone": judgeZone,
};

export const judge = (facts: Facts): readonly Finding[] =>
  Object.entries(JUDGES).map(([subject, of]) => ({ subject, ...of(facts) }));
