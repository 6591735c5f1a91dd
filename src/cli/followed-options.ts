/** Options that only some outputs follow. Where none of these is chosen, such an option is refused. Pure. */
import { UsageError } from "../errors.ts";
import { groupKindOf } from "../model/groups/group-name.ts";
import { isOfCgroups } from "../model/groups/group-disks.ts";
import { dashed } from "../model/options/screen-options.ts";
import type { ScreenSettings } from "../model/options/screen-settings.ts";
import {
  parseOutputSpec,
  type OutputSpec,
} from "../output-options/output-spec.ts";
import type { Arguments } from "./arguments.ts";
import { OPTION_LIST, spellings } from "./options.ts";

interface Followed {
  /** Its long name. */
  readonly option: string;
  /** By these stock outputs, some of them only with an option of their own. */
  readonly by: readonly string[];
  readonly isAsked: (given: Arguments, screen: ScreenSettings) => boolean;
}

const TABLES = ["screen", "batch"];
const RECORDS = ["jsonl", "csv"];
const SIZES = [...TABLES, "report"];
const TASKS = [...SIZES, "html", ...RECORDS];
const FILES = [...SIZES, "jsonl", "csv,shape=file"];
const GROUPS = [...SIZES, "html", "statsd", "prometheus"];

/**
 * An output follows an option if it does anyway what is asked for: lines of JSON have times, and no headings. So all follow
 * -b, -o, -P, -a and -c, which are not among these: what they print is text, what did something, of processes, since the
 * start, or of whole commands where it has any.
 */
const FOLLOWED: readonly Followed[] = [
  { option: "pid", by: TASKS, isAsked: ({ lists }) => lists.has("pid") },
  { option: "user", by: TASKS, isAsked: ({ lists }) => lists.has("user") },
  { option: "filter", by: TASKS, isAsked: (_, { filter }) => filter !== null },
  {
    option: "by",
    by: GROUPS,
    isAsked: (_, { groupBy }) =>
      groupBy !== "off" && !isOfCgroups(groupKindOf(groupBy)),
  },
  {
    option: "by",
    // It has what the kernel counted for each cgroup.
    by: [...GROUPS, "jsonl"],
    isAsked: (_, { groupBy }) => isOfCgroups(groupKindOf(groupBy)),
  },
  { option: "files", by: FILES, isAsked: ({ args }) => args.files ?? false },
  {
    option: "accum-bw",
    by: TABLES,
    isAsked: (_, { sums }) => sums === "means",
  },
  {
    option: "lifetime",
    by: [...TABLES, ...RECORDS],
    isAsked: (_, { sums }) => sums === "lifetime",
  },
  { option: "sort", by: TABLES, isAsked: ({ given }) => given.has("sort") },
  {
    option: "kilobytes",
    by: SIZES,
    isAsked: (_, { kilobytes }) => kilobytes,
  },
  { option: "si", by: [...SIZES, "html"], isAsked: (_, { si }) => si },
  {
    option: "time",
    by: ["batch", "html", ...RECORDS],
    isAsked: ({ args }) => args.time ?? false,
  },
  {
    option: "devices",
    by: ["batch", "jsonl"],
    isAsked: ({ args }) => args.devices ?? false,
  },
  {
    option: "quiet",
    by: ["batch", "jsonl"],
    isAsked: ({ counts }) => (counts.get("quiet") ?? 0) > 0,
  },
];

const STOCK = new Set(TASKS.concat(GROUPS));

/**
 * An output of the user's own gets all that is asked for.
 *
 * @throws UsageError for the first option that no output follows
 */
export function refuseUnfollowed(
  given: Arguments,
  screen: ScreenSettings,
  outputs: readonly OutputSpec[],
): void {
  for (const { option, by, isAsked } of FOLLOWED) {
    if (!isAsked(given, screen)) continue;
    const followers = by.map(parseOutputSpec);
    if (outputs.some((spec) => isFollowed(spec, followers))) continue;
    const names = [...new Set(outputs.map(({ name }) => name))];
    throw new UsageError(
      `${spelled(option)} has no effect on ${names.join(" and ")}; it is for ${by.join(", ")}`,
    );
  }
}

function isFollowed(
  { name, options }: OutputSpec,
  followers: readonly OutputSpec[],
): boolean {
  if (!STOCK.has(name)) return true;
  const isLike = (each: OutputSpec): boolean =>
    each.name === name &&
    [...each.options].every(([key, value]) => options.get(key) === value);
  return followers.some(isLike);
}

/** "-t, --time". */
function spelled(option: string): string {
  const def = OPTION_LIST.find(([name]) => name === option)![1];
  const letters = spellings(option, def).filter((word) => word.length === 1);
  return [...letters, option].map(dashed).join(", ");
}
