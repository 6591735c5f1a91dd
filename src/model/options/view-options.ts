/** Options of what every table of the run shows: the text of -b as well as the screen. */
import { choice, lineIf, setSums, type ScreenOption } from "./screen-option.ts";
import { DEFAULT_SCREEN } from "./screen-settings.ts";
import { SORT_LIST, SORT_NAMES, parseSort, sortText } from "./slot-names.ts";
import { parseFilter } from "../view/task-filter.ts";

export const VIEW_OPTIONS: readonly ScreenOption[] = [
  {
    kind: "switch",
    name: "only",
    letter: "o",
    subject: "view",
    isShared: true,
    about: "show only tasks that do I/O; with -a, those that have done any",
    set: (settings, on) => ({ ...settings, only: on }),
    line: lineIf("only", ({ only }) => only),
  },
  {
    kind: "switch",
    name: "processes",
    letter: "P",
    off: ["threads"],
    subject: "view",
    isShared: true,
    about:
      "show one row per process; --threads shows one per thread, the default of -b",
    set: (settings, on) => ({
      ...settings,
      mode: on ? "processes" : "threads",
    }),
    line: ({ mode }) => (mode === "tree" ? null : mode),
  },
  choice("groupBy", {
    name: "by",
    also: ["group-by"],
    subject: "view",
    valueHint: "KIND",
    about:
      "sum tasks by command, user, cgroup, unit or container: one row for each on the screen and with -b, and the default of group= for --report and other outputs; off for no groups",
  }),
  {
    kind: "switch",
    name: "accumulated",
    letter: "a",
    subject: "view",
    isShared: true,
    about: "show sums since iotop started instead of rates",
    set: setSums("sums"),
    line: lineIf("accumulated", ({ sums }) => sums === "sums"),
  },
  {
    kind: "switch",
    name: "accum-bw",
    letter: "A",
    subject: "view",
    isShared: true,
    about: "show mean rates since iotop started",
    set: setSums("means"),
    line: lineIf("accum-bw", ({ sums }) => sums === "means"),
  },
  {
    kind: "switch",
    name: "lifetime",
    subject: "view",
    about: "show sums of the whole life of each task",
    set: setSums("lifetime"),
    line: lineIf("lifetime", ({ sums }) => sums === "lifetime"),
  },
  {
    kind: "value",
    name: "filter",
    valueHint: "REGEX",
    subject: "view",
    about:
      "show only tasks whose id, name or command line matches this extended regular expression, case-sensitive",
    set: (settings, text) => {
      const filter = parseFilter(text);
      return typeof filter === "string"
        ? `must be an extended regular expression: ${filter}`
        : { ...settings, filter };
    },
    line: ({ filter }) =>
      // A line that would be read as something else is not written.
      filter === null || /^$|[\0-\x1f]|\s$/.test(filter.text)
        ? null
        : `filter=${filter.text}`,
  },
  {
    kind: "value",
    name: "sort",
    valueHint: "[+|-]COLUMN",
    words: SORT_NAMES,
    subject: "view",
    about: `sort by this column: ${SORT_LIST}; + ascending, - descending; default graph on the screen, by what each row did lately, and io elsewhere`,
    set: (settings, text) => {
      const sort = parseSort(text);
      return sort === null
        ? `must be one of ${SORT_LIST}, with or without + or -`
        : { ...settings, ...sort };
    },
    line: ({ sort, descending }) =>
      sort === DEFAULT_SCREEN.sort && descending
        ? null
        : `sort=${sortText({ sort, descending })}`,
  },
  {
    kind: "switch",
    name: "fullcmdline",
    letter: "c",
    subject: "view",
    isShared: true,
    about:
      "on the screen and with -b, show whole command lines, which is the default; --no-fullcmdline shows names",
    set: (settings, on) => ({ ...settings, fullCommand: on }),
    line: lineIf("no-fullcmdline", ({ fullCommand }) => !fullCommand),
  },
  {
    kind: "switch",
    name: "kilobytes",
    letter: "k",
    subject: "view",
    isShared: true,
    about: "print all sizes in kibibytes (K), for other programs to read",
    set: (settings, on) => ({ ...settings, kilobytes: on }),
    line: lineIf("kilobytes", ({ kilobytes }) => kilobytes),
  },
  {
    kind: "switch",
    name: "si",
    subject: "view",
    isShared: true,
    about: "units of 1,000 instead of 1,024",
    set: (settings, on) => ({ ...settings, si: on }),
    line: lineIf("si", ({ si }) => si),
  },
];
