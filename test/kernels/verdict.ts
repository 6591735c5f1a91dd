/** What a console says, judged: iotop must have counted what the kernel did, to the byte. Pure. */
export interface Verdict {
  /** As it calls itself; null if it did not boot. */
  readonly kernel: string | null;
  /** Version of taskstats, as iotop says it; null if it does not. */
  readonly taskstats: string | null;
  /** Of memory: "4 kB". */
  readonly page: string | null;
  /** For each part, EXACT, or what is wrong there. */
  readonly results: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
  readonly isGood: boolean;
}

export const EXACT = "every byte";

interface Counters {
  readonly name: string;
  readonly read_bytes: number;
  readonly write_bytes: number;
}

interface FileCounters {
  readonly comm: string | null;
  readonly kind: string;
  readonly path: string | null;
  readonly direct: boolean;
  readonly read_bytes: number | null;
  readonly write_bytes: number | null;
  readonly moved_bytes: number | null;
}

interface CgroupCounters {
  readonly path: string;
  readonly to_disk_bytes: number | null;
}

interface Report {
  readonly groups?: readonly Counters[];
  readonly files?: readonly FileCounters[];
}

type Amount = "read_bytes" | "write_bytes";

/** All its processes have one id, within milliseconds, and so may the next program: whose a file is, is not sure then. */
const ONE_ID = "wflood";
/** What each program of a part with files moves of its file. */
const FILE_BYTES = 256 * 1024;
/** What is said of files where /sys is not mounted. */
const NO_SYS = "/sys is not mounted";
const PROGRAMS = 5;
const WAYS = 18;

/** Lines of init.sh, "@@ KEY REST", of one part. */
type Said = (key: string) => readonly string[];

const linesOf = (text: string): Said => {
  const lines = [...text.matchAll(/@@ (\S+) ?(.*?)\r?$/gm)];
  return (key) =>
    lines.filter(([, each]) => each === key).map(([, , rest]) => rest!);
};

const reportOf = (said: Said): Report =>
  JSON.parse(said("report")[0] || "{}") as Report;

const difference = (counted: number, expected: number): string =>
  counted === expected ? "" : `${counted - expected} of ${expected}`;

const sum = (rows: readonly FileCounters[], amount: Amount): number =>
  rows.reduce((all, row) => all + (row[amount] ?? 0), 0);

/** @returns differences, each after the name of its program */
const join = (differences: readonly (readonly [string, string])[]): string =>
  differences
    .filter(([, difference]) => difference !== "")
    .map((words) => words.join(" "))
    .join(", ");

const isAttributed = ({ kind }: FileCounters): boolean =>
  kind !== "not-attributed";

/** What the kernel counted for each program, and its files where they are known. */
function judgePrograms(said: Said): string {
  const { groups = [], files = [] } = reportOf(said);
  const counted = said("counted").map((line) => line.split(" "));
  if (counted.length !== PROGRAMS) return `${counted.length} programs ran`;
  return join(
    counted.map(([name = "", bytes]) => {
      const amount = name === "wfetch" ? "read_bytes" : "write_bytes";
      const group = groups.find((each) => each.name === name);
      const wrong = difference(group?.[amount] ?? 0, Number(bytes));
      const own = files.filter(({ comm }) => comm === name);
      if (wrong !== "" || name === ONE_ID || !own.some(hasBytes))
        return [name, wrong];
      const byFile = sum(own.filter(isAttributed), amount);
      const off = difference(byFile, Number(bytes));
      return [name, off && `files ${off}`];
    }),
  );
}

const hasBytes = (row: FileCounters): boolean => row.write_bytes !== null;

/** Each way of reading and writing: in its own file, and in all rows together what was counted for the process. */
function judgeFiles(said: Said): string {
  const { groups = [], files = [] } = reportOf(said);
  const ways = said("used").map((line) => line.split(" "));
  if (ways.length !== WAYS) return `${ways.length} ways of using files ran`;
  const hidesDirect = said("stderr").some((line) => line.includes("O_DIRECT"));
  return join(
    ways.map(([what, name = ""]) => {
      const amount = what === "read" ? "read_bytes" : "write_bytes";
      const rows = files.filter((row) => row.comm === name);
      const own = rows.filter(({ path }) => path === `/disk/${name}`);
      const isHidden = hidesDirect && name.startsWith("direct");
      const expected = isHidden ? 0 : FILE_BYTES;
      const off = difference(sum(own, amount), expected);
      if (off !== "") return [name, off];
      const group = groups.find((each) => each.name === name);
      const wrong = (["read_bytes", "write_bytes"] as const).map((each) =>
        difference(sum(rows.filter(isAttributed), each), group?.[each] ?? -1),
      );
      return [name, wrong.filter(Boolean).join(" and ")];
    }),
  );
}

/** One line must say why files are not counted. */
function judgeNotice(said: Said, refusal: string): string {
  const notices = said("stderr").filter((line) => line.includes("--files: "));
  return notices.length === 1 && notices[0]!.includes(refusal)
    ? ""
    : `says of files: ${notices.join(" ") || "nothing"}`;
}

/** How far positions move is seen where the kernel does not let files be counted. */
function judgePositions(said: Said, refusal: string): string {
  const wrong = judgeNotice(said, refusal);
  if (wrong !== "") return wrong;
  const rows = said("files")
    .flatMap((line) => JSON.parse(line) as readonly FileCounters[])
    .filter(({ path }) => path === "/disk/moved");
  const moved = rows.reduce((all, row) => all + (row.moved_bytes ?? 0), 0);
  if (rows.some(({ write_bytes }) => write_bytes !== null))
    return "bytes of positions";
  return moved > 0 ? "" : "nothing moved";
}

/** What went to the disk later counts for the cgroup that wrote it. */
function judgeWriteback(said: Said): string {
  const counted = said("cgroups")
    .flatMap((line) => JSON.parse(line) as readonly CgroupCounters[])
    .filter(({ path }) => path === "/writer.service")
    .reduce((all, cgroup) => all + (cgroup.to_disk_bytes ?? 0), 0);
  return difference(counted, Number(said("written")[0] ?? NaN));
}

/** In turn: each tells from the lines of its part what is wrong, in no words if nothing is. */
const partsOf = (
  refusal: string | null,
): Readonly<Record<string, (said: Said) => string>> => ({
  processes: judgePrograms,
  "proc-alone": (said) => judgePrograms(said) || judgeNotice(said, NO_SYS),
  ...(refusal === null
    ? { ext4: judgeFiles, xfs: judgeFiles, btrfs: judgeFiles }
    : { positions: (said: Said) => judgePositions(said, refusal) }),
  writeback: judgeWriteback,
});

function judgePart(
  judge: (said: Said) => string,
  text: string | undefined,
): string {
  if (text === undefined) return "did not run";
  const said = linesOf(text);
  const problems = said("problem");
  if (problems.length > 0) return problems.join(", ");
  const [status = "none"] = said("status");
  if (status !== "0") return `status ${status}`;
  return judge(said) || EXACT;
}

/** @param refusal words of what iotop must say of files there, or null if it must count them */
export function judgeConsole(console: string, refusal: string | null): Verdict {
  const said = linesOf(console);
  const texts = new Map(
    console.split("@@ part ").map((text) => {
      const [, name = ""] = /^(\S+)/.exec(text) ?? [];
      return [name, text] as const;
    }),
  );
  const results = Object.fromEntries(
    Object.entries(partsOf(refusal)).map(([name, judge]) => [
      name,
      judgePart(judge, texts.get(name)),
    ]),
  );
  const [, taskstats = null] =
    /taskstats +version (\d+)/.exec(said("doctor").join("\n")) ?? [];
  return {
    kernel: said("kernel")[0] ?? null,
    taskstats,
    page: said("page")[0] ?? null,
    results,
    notes: [...said("problem"), ...new Set(said("stderr")), ...said("doctor")],
    isGood: Object.values(results).every((result) => result === EXACT),
  };
}
