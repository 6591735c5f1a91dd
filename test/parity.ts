/**
 * Every function of iotop 0.6 and iotop-c 1.31, what has become of it here, and the test that holds it. The table in
 * the manual is made from this; parity.test.ts checks that the tests exist.
 */

/** Which of them have it. */
export type Peers = "both" | "0.6" | "iotop-c" | "neither";

export interface Parity {
  /** Options, keys and columns in code marks. */
  readonly name: string;
  readonly peers: Peers;
  /** What it does here. Left out on purpose if it begins with "no". */
  readonly here: string;
  /** File below test/, and a title in it; null for what is left out. */
  readonly test: readonly [file: string, title: string] | null;
}

const CLI = "cli/settings.test.ts";
const PEERS = "e2e/peer-options.test.ts";
const BATCH = "outputs/batch.test.ts";
const KEYS = "outputs/screen/input/key-commands.test.ts";
const COLUMNS = "model/columns/columns.test.ts";
const SHOWN = "outputs/screen/whole/shown.test.ts";
const accepted = (number: string, name: string) =>
  [`outputs/screen/acceptance/${number}.test.ts`, name] as const;

const OPTIONS: readonly Parity[] = [
  {
    name: "`-v`, `--version`",
    peers: "both",
    here: "both spellings",
    test: [PEERS, "%s"],
  },
  {
    name: "`-h`, `--help`",
    peers: "both",
    here: "in groups, with keys, outputs, examples and permissions",
    test: ["cli/help.test.ts", "tells of --%s in every spelling"],
  },
  {
    name: "`-o`, `--only`",
    peers: "both",
    here: "with `-a`, tasks that have done I/O since the start; stuck tasks too",
    test: [
      BATCH,
      "-o and -P show the same ones, -u and -p those of their users and ids",
    ],
  },
  {
    name: "`--no-only`",
    peers: "iotop-c",
    here: "the same",
    test: [CLI, "view"],
  },
  {
    name: "`-b`, `--batch`",
    peers: "both",
    here: "the lines of 0.6; the default on a pipe",
    test: [BATCH, "of iotop 0.6, titles and cells aligned"],
  },
  {
    name: "`-n`, `--iter`",
    peers: "both",
    here: "counts samples, on the screen too",
    test: ["e2e/command-line.test.ts", "-n 5 gives five blocks of batch text"],
  },
  {
    name: "`-d`, `--delay`",
    peers: "both",
    here: "0.05 s to a day",
    test: [CLI, "pace"],
  },
  {
    name: "`-p`, `--pid`",
    peers: "both",
    here: "with all threads; several ids, or lists",
    test: [BATCH, "-p and -u"],
  },
  {
    name: "`-u`, `--user`",
    peers: "both",
    here: "several users, or lists; names, numbers, `+34`",
    test: [BATCH, "-p and -u"],
  },
  {
    name: "`-P`, `--processes`",
    peers: "both",
    here: "sums over all threads, including ended ones",
    test: [
      "model/tasks/fold.test.ts",
      "keeps what its ended threads did in its sums, not in its deltas",
    ],
  },
  {
    name: "`--threads`, `--no-processes`",
    peers: "iotop-c",
    here: "both spellings",
    test: [CLI, "the screen"],
  },
  {
    name: "`-a`, `--accumulated`",
    peers: "both",
    here: "never shrinks; ended tasks stay in it",
    test: [
      "outputs/screen/table/list.test.ts",
      "with sums, the rows listed make up what was moved since watching began, in every sample",
    ],
  },
  {
    name: "`--no-accumulated`",
    peers: "iotop-c",
    here: "the same",
    test: [CLI, "the screen"],
  },
  {
    name: "`-A`, `--accum-bw`, `--no-accum-bw`",
    peers: "iotop-c",
    here: "means since iotop started, so that rows add up",
    test: [
      BATCH,
      "-A: means since the start, of those that ended too; Total is their sum, Current a rate of the interval",
    ],
  },
  {
    name: "`-k`, `--kilobytes`, `--no-kilobytes`",
    peers: "both",
    here: "columns widen, and stay aligned",
    test: [
      BATCH,
      "ids of seven digits, long users and large -k numbers widen their column for all lines",
    ],
  },
  {
    name: "`-t`, `--time`, `--timestamp`",
    peers: "both",
    here: "on every line; all spellings",
    test: [BATCH, "-P -o -k -t -q"],
  },
  {
    name: "`-q`, `-qq`, `-qqq`",
    peers: "both",
    here: "the same",
    test: [BATCH, "-q once, -qq no titles, -qqq rows alone"],
  },
  {
    name: "`--no-help`",
    peers: "0.6",
    here: "hides the line of hints",
    test: [
      "outputs/screen/regions.test.ts",
      "disks take a quarter of the window at most, and the hints no row if they are off",
    ],
  },
  {
    name: "hidden option for a profile of itself",
    peers: "0.6",
    here: "no: for its authors",
    test: null,
  },
  {
    name: "`-H`, `--help-type`",
    peers: "iotop-c",
    here: "`none`, `win`, `inline`",
    test: [
      "e2e/settings.test.ts",
      "takes the file's options, and the command line over them",
    ],
  },
  {
    name: "`-c`, `--fullcmdline`, `--no-fullcmdline`",
    peers: "iotop-c",
    here: "whole command lines are the default",
    test: [
      BATCH,
      "--sort and --no-fullcmdline; hidden columns stay, as scripts count fields",
    ],
  },
  {
    name: "`-1` to `-9`, `--hide-COLUMN`, `--show-COLUMN`",
    peers: "iotop-c",
    here: "13 more columns; only on the screen, as in iotop-c",
    test: [
      "model/options/setting-lines.test.ts",
      "what is saved is read again:",
    ],
  },
  {
    name: "`-g`, `--grtype`",
    peers: "iotop-c",
    here: "the same",
    test: [CLI, "the screen"],
  },
  {
    name: "`-R`, `--reverse-graph`",
    peers: "iotop-c",
    here: "no effect, accepted",
    test: [PEERS, "all of them at once, on the screen"],
  },
  {
    name: "`-x`, `--dead-x`, `--no-dead-x`",
    peers: "iotop-c",
    here: "no effect, accepted: always `x`",
    test: [PEERS, "all of them at once, on the screen"],
  },
  {
    name: "`-e`, `--hide-exited`, `--show-exited`",
    peers: "iotop-c",
    here: "the same; `--ended` has more",
    test: ["outputs/screen/settings/saved.test.ts", "--%s"],
  },
  {
    name: "`-l`, `--no-color`, `--color`, `NO_COLOR`",
    peers: "iotop-c",
    here: "the same",
    test: ["cli/color.test.ts", "--no-color goes before everything"],
  },
  {
    name: "`-T`, `--hide-time`, `--show-time`",
    peers: "iotop-c",
    here: "the same",
    test: [CLI, "the screen"],
  },
  {
    name: "`--si`, `--no-si`",
    peers: "iotop-c",
    here: "the same",
    test: [BATCH, "--si: units of 1,000"],
  },
  {
    name: "`--threshold`",
    peers: "iotop-c",
    here: "no effect, accepted",
    test: [CLI, "one-line errors"],
  },
  {
    name: "`--ascii`, `--unicode`",
    peers: "iotop-c",
    here: "all glyphs, not only graphs",
    test: accepted(
      "29-ascii",
      "with u at ASCII, every cell of the screen and of the help is below 0x80",
    ),
  },
  {
    name: "`-N`, `--inverse`",
    peers: "iotop-c",
    here: "colors for a light background",
    test: accepted("22-themes", "the contrast of every style"),
  },
  {
    name: "`--filter`",
    peers: "iotop-c",
    here: "the same expressions, in linear time",
    test: [BATCH, "--filter: the rows that it matches, and the totals of all"],
  },
  {
    name: "`-W`, `--write`",
    peers: "iotop-c",
    here: "saves the order too; reports the file",
    test: [
      "e2e/settings.test.ts",
      "saves what is given, over what was saved, and starts nothing",
    ],
  },
  {
    name: "settings file",
    peers: "iotop-c",
    here: "the same file for both programs; checked as root",
    test: [
      "e2e/settings.test.ts",
      "starts with a file that has everything that we save",
    ],
  },
  {
    name: "`IOTOP_NO_RENICE`",
    peers: "iotop-c",
    here: "also for signals and Ctrl-T; the same as `--readonly`",
    test: ["e2e/settings.test.ts", "%s: no key acts, and each says why"],
  },
  {
    name: "bad options, values and words",
    peers: "both",
    here: "one line that says what is accepted, status 2",
    test: [
      "e2e/command-line.test.ts",
      "bad input is one line on stderr, status 2, and nothing on stdout",
    ],
  },
];

const KEY_ROWS: readonly Parity[] = [
  {
    name: "`q` `Q` quit",
    peers: "both",
    here: "the same",
    test: ["outputs/screen/whole/typed-keys.test.ts", "q asks for the end"],
  },
  {
    name: "`r` reverse",
    peers: "both",
    here: "the same",
    test: [KEYS, "r turns the order"],
  },
  {
    name: "`Space`",
    peers: "both",
    here: "freezes, holds a recording (0.6: refresh; iotop-c: reverse)",
    test: [
      "outputs/screen/whole/typed-keys.test.ts",
      "frozen, the picture stays; going on shows the newest sample",
    ],
  },
  {
    name: "`R`",
    peers: "both",
    here: "reverses the order, as in 0.6; graphs have one direction",
    test: [KEYS, "has each key once"],
  },
  {
    name: "`←` `→` sort column",
    peers: "both",
    here: "cyclic, only shown columns, each in its natural direction",
    test: [
      KEYS,
      "the arrows walk all columns and wrap around, each in its natural direction",
    ],
  },
  {
    name: "`Home` `End`",
    peers: "both",
    here: "first and last row, as in iotop-c",
    test: accepted(
      "13-cursor",
      "14: End and Home select the last and the first row",
    ),
  },
  {
    name: "`↑` `↓` `PgUp` `PgDn`",
    peers: "iotop-c",
    here: "a cursor that follows its task; also `j` `k` and the wheel",
    test: accepted(
      "13-cursor",
      "13: the window stays at the top, and the selected row is pinned to its last line",
    ),
  },
  {
    name: "`o` only",
    peers: "both",
    here: "the same",
    test: [
      "outputs/screen/whole/typed-keys.test.ts",
      "o hides who did nothing, p folds, a sums up",
    ],
  },
  {
    name: "`p` processes or threads",
    peers: "both",
    here: "also a tree; keeps all data",
    test: accepted(
      "09-views",
      "p goes from the tree to processes, to threads and back",
    ),
  },
  {
    name: "`a` accumulated",
    peers: "both",
    here: "at once, sums since the start",
    test: [
      "e2e/terminal.test.ts",
      "are kept from the start, and shown when a asks for sums",
    ],
  },
  {
    name: "`a` mean since the start",
    peers: "iotop-c",
    here: "also sums of whole lives; `z` starts from now",
    test: accepted(
      "28-sums",
      "shows sums, means and whole lives, and says so in the titles",
    ),
  },
  {
    name: "`c` command line or name",
    peers: "iotop-c",
    here: "the same; `<` `>` scroll",
    test: [KEYS, "%s turns one thing on and off"],
  },
  {
    name: "`1` to `9`, `0` columns",
    peers: "iotop-c",
    here: "also `v` for all columns",
    test: [
      KEYS,
      "the digits hide the columns of their place, 0 brings all back",
    ],
  },
  {
    name: "`g` graph source",
    peers: "iotop-c",
    here: "the same",
    test: [
      KEYS,
      "g goes through what graphs show, u through how they are drawn",
    ],
  },
  {
    name: "`G` backwards",
    peers: "iotop-c",
    here: "the same",
    test: [
      KEYS,
      "g goes through what graphs show, u through how they are drawn",
    ],
  },
  {
    name: "`i` I/O priority",
    peers: "both",
    here: "of the selected task; never of a later task with its id",
    test: [
      "e2e/tasks.test.ts",
      "i and Enter set the priority of all threads, and the row says so",
    ],
  },
  {
    name: "`f` filter by user and id",
    peers: "iotop-c",
    here: "also by name; several values",
    test: accepted(
      "11-filter",
      "several users, ids and names narrow it further, and Enter keeps them",
    ),
  },
  {
    name: "`/` search by expression",
    peers: "iotop-c",
    here: "shows how many match, and what is wrong",
    test: accepted(
      "10-find",
      "/ finds one of 2,000 while it is typed, Enter keeps it, Esc drops it",
    ),
  },
  {
    name: "editing in prompts",
    peers: "iotop-c",
    here: "the same keys",
    test: ["outputs/screen/input/line-editor.test.ts", "a key edits a line"],
  },
  {
    name: "`u` Unicode or ASCII",
    peers: "iotop-c",
    here: "blocks, braille, ASCII",
    test: accepted(
      "29-ascii",
      "with u at ASCII, every cell of the screen and of the help is below 0x80",
    ),
  },
  {
    name: "`l` colors",
    peers: "iotop-c",
    here: "the same",
    test: accepted(
      "22-themes",
      "n goes through the themes, l takes colours away and gives them back",
    ),
  },
  {
    name: "`n` inverse",
    peers: "iotop-c",
    here: "themes for dark and light",
    test: accepted(
      "22-themes",
      "n goes through the themes, l takes colours away and gives them back",
    ),
  },
  {
    name: "`x` mark of ended tasks",
    peers: "iotop-c",
    here: "no: always `x`",
    test: null,
  },
  {
    name: "`e` ended tasks",
    peers: "iotop-c",
    here: "grouped, each, or hidden",
    test: [KEYS, "e groups ended tasks, lists each, or hides them"],
  },
  {
    name: "`T` clock",
    peers: "iotop-c",
    here: "the same",
    test: [
      "outputs/screen/settings/settings-keys.test.ts",
      "T takes the clock away and brings it back",
    ],
  },
  {
    name: "`s` freeze",
    peers: "iotop-c",
    here: "also 300 samples to look back at",
    test: accepted(
      "17-time-travel",
      "three samples show the numbers of the ninth, in its order and with its graphs",
    ),
  },
  {
    name: "`b`, Ctrl-B units",
    peers: "iotop-c",
    here: "the same",
    test: [
      "outputs/screen/settings/settings-keys.test.ts",
      "%j counts K in thousands, and then in 1,024 again",
    ],
  },
  {
    name: "`t`, Ctrl-R threshold",
    peers: "iotop-c",
    here: "no: always three digits; `t` goes to a time of a recording",
    test: null,
  },
  {
    name: "Ctrl-T delay accounting",
    peers: "iotop-c",
    here: "restored at exit",
    test: [
      "e2e/delay-switch.test.ts",
      "a task that starts after it has waits, and the end turns it off",
    ],
  },
  {
    name: "Ctrl-L redraw",
    peers: "iotop-c",
    here: "the same",
    test: [
      "outputs/screen/whole/typed-keys.test.ts",
      "ctrl-l draws everything anew, a key without a meaning nothing",
    ],
  },
  {
    name: "`?` hints",
    peers: "iotop-c",
    here: "one line, always visible, of what keys do now",
    test: [
      "outputs/screen/panes/hint-line.test.ts",
      "says what keys will do now",
    ],
  },
  {
    name: "`h` help with states",
    peers: "iotop-c",
    here: "in two columns, complete at 120x40",
    test: [
      "outputs/screen/panes/help.test.ts",
      "fits into 120 by 40 with all its states, and can be scrolled at 80 by 24",
    ],
  },
  {
    name: "`D` reset",
    peers: "iotop-c",
    here: "the same; `-p` and `-u` stay",
    test: accepted(
      "23-settings",
      "the order, columns, view and looks are saved too, and D brings all back",
    ),
  },
  {
    name: "`W` save",
    peers: "iotop-c",
    here: "saves the order too",
    test: accepted(
      "23-settings",
      "o g W, start again: the same view, order and source",
    ),
  },
  {
    name: "`Esc`",
    peers: "iotop-c",
    here: "within 40 ms",
    test: [
      "outputs/screen/input/key-parser.test.ts",
      "a lone Esc waits for its sequence, and is the key if none comes",
    ],
  },
  {
    name: "any other key: sample now",
    peers: "0.6",
    here: "`F5`; other keys do nothing",
    test: accepted(
      "19-pace",
      "19: + and - go through the delays, F5 takes a sample now",
    ),
  },
];

const COLUMN_ROWS: readonly Parity[] = [
  {
    name: "TID, PID",
    peers: "both",
    here: "the title follows the view",
    test: [COLUMNS, "the id's title follows the view"],
  },
  {
    name: "PRIO",
    peers: "both",
    here: "the same",
    test: [COLUMNS, "priority %s %d"],
  },
  {
    name: "PRIO where threads differ",
    peers: "both",
    here: "`!be/4`",
    test: accepted(
      "09-views",
      "a process whose threads have different priorities says so",
    ),
  },
  {
    name: "USER",
    peers: "both",
    here: "the number where there is no name",
    test: [
      "kernel/passwd.test.ts",
      "a uid without a name is its number, every time",
    ],
  },
  {
    name: "DISK READ",
    peers: "both",
    here: "the same",
    test: [
      "e2e/rates.test.ts",
      "are the bytes that the kernel counts, over the time that went by",
    ],
  },
  {
    name: "DISK WRITE, less cancelled bytes",
    peers: "0.6",
    here: "as in 0.6; the details show both",
    test: [
      COLUMNS,
      "rates divide by the task's own time; -a shows bytes, cancelled writes taken off",
    ],
  },
  {
    name: "SWAPIN",
    peers: "both",
    here: "`?`, never a false 0; hidden without swap",
    test: accepted(
      "26-unknown-waits",
      "in %d columns, unknown waits have no column, and a note says why",
    ),
  },
  {
    name: "IO",
    peers: "both",
    here: "the sum of the threads; on the screen also above 100 %",
    test: accepted("07-numbers", "%j percent are %s"),
  },
  {
    name: "GRAPH",
    peers: "iotop-c",
    here: "in windows of 54 columns or more; its scale never changes",
    test: accepted(
      "02-steady-graphs",
      "a burst of another task changes no graph, and rows of different size never look alike",
    ),
  },
  {
    name: "COMMAND",
    peers: "both",
    here: "escaped, with names of threads; the program's name is never cut",
    test: accepted(
      "06-widths",
      "a wider window never shows less, cuts no name and no digit",
    ),
  },
  {
    name: "threads below their process",
    peers: "iotop-c",
    here: "the active ones, if there are several",
    test: accepted(
      "09-views",
      "p goes from the tree to processes, to threads and back",
    ),
  },
  {
    name: "mark of a process with threads",
    peers: "iotop-c",
    here: "its threads have `├` and `└`",
    test: accepted(
      "09-views",
      "p goes from the tree to processes, to threads and back",
    ),
  },
  {
    name: "scroll bar",
    peers: "iotop-c",
    here: "the same",
    test: accepted("30-golden-frames", "five culprits in %d by %d"),
  },
];

const HEADER_ROWS: readonly Parity[] = [
  {
    name: "Total",
    peers: "both",
    here: "includes ended tasks, correct from the first interval; `≥` or `?` if incomplete",
    test: [
      "e2e/first-totals.test.ts",
      "the rows add up to the total, within 3 %",
    ],
  },
  {
    name: "Current",
    peers: "both",
    here: "the same; a disk line shows what no task did",
    test: [
      "outputs/screen/header/device-lines.test.ts",
      "what disks move beyond what tasks asked for is said after three samples",
    ],
  },
  {
    name: "four small graphs",
    peers: "iotop-c",
    here: "with their scales",
    test: [
      "outputs/screen/graphs/graph.test.ts",
      "holds all values, is less than twice what is needed, and is one of few",
    ],
  },
  {
    name: "small windows",
    peers: "iotop-c",
    here: "down to 20x5 and below",
    test: accepted("30-golden-frames", "five culprits in %d by %d"),
  },
  {
    name: "clock",
    peers: "iotop-c",
    here: "in a fixed place",
    test: accepted(
      "08-status-places",
      "in %d columns, each part of the status line has its place in all frames",
    ),
  },
  {
    name: "`[frozen]`",
    peers: "iotop-c",
    here: "with its age",
    test: accepted(
      "17-time-travel",
      "goes on while samples come: what is shown stays, and is longer ago",
    ),
  },
  {
    name: "delay accounting is off",
    peers: "both",
    here: "a note says how to turn it on; no column of `?`",
    test: [
      SHOWN,
      "without delay accounting: no column of ?, and how to turn it on, never a zero",
    ],
  },
  {
    name: "first screen",
    peers: "both",
    here: "after 0.15 s, with true rates",
    test: [
      "host/run/run-pace.test.ts",
      "a screen that is alone has its first figures soon",
    ],
  },
  {
    name: "empty list",
    peers: "neither",
    here: "says why, and names the key that helps",
    test: [SHOWN, "an empty list says why it is empty"],
  },
];

const ORDER_ROWS: readonly Parity[] = [
  {
    name: "default order",
    peers: "both",
    here: "tasks that moved most lately; `--sort io` sorts by waits",
    test: accepted(
      "01-culprits-first",
      "in 80 by 24, the culprits are the first rows of the list, in one order in all frames",
    ),
  },
  {
    name: "order by GRAPH",
    peers: "iotop-c",
    here: "the default",
    test: [
      "outputs/screen/table/order.test.ts",
      "by another source of the graph, and by a column, in the same way",
    ],
  },
  {
    name: "rows of near sizes stay put",
    peers: "iotop-c",
    here: "in every order",
    test: [
      "outputs/screen/graphs/recent.test.ts",
      "the order does not follow noise, but a change",
    ],
  },
  {
    name: "arrow at the title",
    peers: "both",
    here: "the title stays where it is",
    test: [
      "outputs/screen/whole/typed-keys.test.ts",
      "sorting moves the arrow and the rows",
    ],
  },
  {
    name: "equal rows keep an order",
    peers: "0.6",
    here: "by their ids",
    test: [
      COLUMNS,
      "every column: a permutation in the order of compare, ties by id, input untouched",
    ],
  },
  {
    name: "`-o` and `-a` together",
    peers: "0.6",
    here: "tasks that have done I/O",
    test: [
      BATCH,
      "-o and -P show the same ones, -u and -p those of their users and ids",
    ],
  },
  {
    name: "sums of ended tasks",
    peers: "neither",
    here: "they stay, grouped by user and name",
    test: [
      BATCH,
      "and did I/O: with their sums, those of one name in one line",
    ],
  },
  {
    name: "a process is the sum of its threads",
    peers: "neither",
    here: "bytes and waits",
    test: [
      "model/tasks/fold.test.ts",
      "is the sum of its threads, named by the main one",
    ],
  },
];

const OTHER_ROWS: readonly Parity[] = [
  {
    name: "ended tasks shown",
    peers: "iotop-c",
    here: "however short-lived; with status or signal",
    test: [
      "e2e/accounting.test.ts",
      "of 300 dd, each shorter than the interval, add up in JSON lines",
    ],
  },
  {
    name: "ended tasks stay for a while",
    peers: "iotop-c",
    here: "until their graph is empty",
    test: accepted(
      "03-ended-rows",
      "tasks that ended look like living ones in their interval, then rest dim until their graph is empty",
    ),
  },
  {
    name: "one scale for all graphs, ASCII, 120 samples",
    peers: "iotop-c",
    here: "the same",
    test: [
      "outputs/screen/graphs/graph.test.ts",
      "never depends on what else is drawn",
    ],
  },
  {
    name: "graphs after a pause",
    peers: "iotop-c",
    here: "rates, without a false spike",
    test: [
      "e2e/terminal.test.ts",
      "stopped by Ctrl-Z for longer than an interval, it leaves what the shell shows alone",
    ],
  },
  {
    name: "four steps of color for waits",
    peers: "iotop-c",
    here: "the same",
    test: [SHOWN, "in colours, and the same text without"],
  },
  {
    name: "color for rates",
    peers: "neither",
    here: "by size",
    test: [SHOWN, "in colours, and the same text without"],
  },
  {
    name: "`LC_ALL=C`, `TERM=linux`",
    peers: "iotop-c",
    here: "ASCII alone",
    test: [SHOWN, "in ASCII alone"],
  },
  {
    name: "numbers",
    peers: "both",
    here: "batch as in 0.6; on the screen three digits",
    test: accepted(
      "07-numbers",
      "any number has at most three digits and five cells",
    ),
  },
];

/** By subject, in the order of the table. */
export const PARITY: Readonly<Record<string, readonly Parity[]>> = {
  Options: OPTIONS,
  Keys: KEY_ROWS,
  Columns: COLUMN_ROWS,
  Header: HEADER_ROWS,
  Order: ORDER_ROWS,
  "Ended tasks, graphs, looks": OTHER_ROWS,
};
