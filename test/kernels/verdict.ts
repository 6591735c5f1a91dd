/** What a console says, judged: iotop must have counted what the kernel did, to the byte. Pure. */

export interface Verdict {
  readonly kernel: string;
  /** For each program, "exact", or by how much iotop is off, all together or in the sum over files. */
  readonly results: readonly (readonly [program: string, result: string])[];
  readonly notes: readonly string[];
  readonly isGood: boolean;
}

interface Counters {
  readonly name: string;
  readonly read_bytes: number;
  readonly write_bytes: number;
}

/** All its processes have one id, within milliseconds, and so may the next program: whose a file is, is not sure then. */
const ONE_ID = "wflood";

interface Counted {
  readonly groups?: readonly Counters[];
  readonly files?: readonly FileCounters[];
}

interface FileCounters {
  readonly comm: string | null;
  readonly kind: string;
  readonly read_bytes: number | null;
  readonly write_bytes: number | null;
}

interface CgroupCounters {
  readonly path: string;
  readonly to_disk_bytes: number | null;
}

/** Lines of init.sh: "@@ KEY REST". */
const said = (console: string, key: string): readonly string[] =>
  [...console.matchAll(/@@ (\S+) ?(.*?)\r?$/gm)]
    .filter(([, each]) => each === key)
    .map(([, , rest]) => rest!);

const compare = (counted: number, expected: number): string =>
  counted === expected ? "exact" : `${counted - expected} of ${expected}`;

/** What went to the disk later counts for the cgroup that wrote it. */
function writebackOf(console: string): Verdict["results"] {
  const counted = said(console, "cgroups")
    .flatMap((line): readonly CgroupCounters[] => JSON.parse(line))
    .filter(({ path }) => path === "/writer.service")
    .reduce((sum, cgroup) => sum + (cgroup.to_disk_bytes ?? 0), 0);
  return said(console, "writeback").map((bytes) => [
    "writeback",
    compare(counted, Number(bytes)),
  ]);
}

export function judgeConsole(console: string): Verdict {
  const [kernel = "none: it did not boot"] = said(console, "kernel");
  const [report = ""] = said(console, "report");
  const [status = ""] = said(console, "status");
  const { groups = [], files = [] }: Counted =
    report === "" ? {} : JSON.parse(report);
  const programs = said(console, "counted").map((line) => {
    const [name = "", ...numbers] = line.split(" ");
    const group = groups.find((each) => each.name === name);
    const expected = Number(numbers[0]);
    const amount = name === "wfetch" ? "read_bytes" : "write_bytes";
    const counted = group?.[amount] ?? 0;
    const byFile = files
      .filter(({ comm, kind }) => comm === name && kind !== "not-attributed")
      .reduce((sum, file) => sum + (file[amount] ?? 0), 0);
    const result = compare(counted, expected);
    const isEqual = byFile === counted || name === ONE_ID;
    return [
      name,
      isEqual ? result : `${result}, files ${byFile - counted}`,
    ] as const;
  });
  const results = [...programs, ...writebackOf(console)];
  return {
    kernel,
    results,
    notes: [...said(console, "stderr"), ...said(console, "doctor")],
    isGood:
      status === "0" &&
      results.length === 6 &&
      results.every(([, result]) => result === "exact"),
  };
}
