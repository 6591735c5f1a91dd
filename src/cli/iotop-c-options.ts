/** Options of iotop-c that this iotop lacks, and the nearest equivalents: users of iotop-c type them by habit. */

const HINTS: readonly (readonly [spellings: string, hint: string])[] = [
  [
    "-c --fullcmdline --no-fullcmdline",
    "COMMAND shows whole command lines; on the screen the key c shows names",
  ],
  [
    "-1 -2 -3 -4 -5 -6 -7 -8 -9 --hide-pid --hide-prio --hide-user --hide-read --hide-write --hide-swapin --hide-io --hide-graph --hide-command --show-pid --show-prio --show-user --show-read --show-write --show-swapin --show-io --show-graph --show-command",
    "on the screen the keys 1 to 9 hide and show columns",
  ],
  [
    "-e --hide-exited --show-exited",
    "on the screen the key e hides and shows tasks that ended",
  ],
  ["-x --dead-x --no-dead-x", "tasks that ended are always marked x"],
  ["-g --grtype", "on the screen the key g chooses what graphs show"],
  ["--ascii", "graphs in ASCII are --output screen,graph=ascii"],
  [
    "--unicode",
    "--output screen,graph=braille or blocks says how graphs are drawn",
  ],
  ["-H --help-type", "on the screen the key ? shows the help"],
  [
    "-A --accum-bw --no-accum-bw",
    "-a shows sums, and --report SEC those of a time",
  ],
  ["--filter", "-p and -u choose tasks; grep finds names in the text of -b"],
  [
    "--si --no-si --threshold",
    "K is always 1,024 bytes; -k shows all sizes in K",
  ],
  ["-W --write", "settings are not kept; a shell alias can hold options"],
];

const HINT_BY_SPELLING: ReadonlyMap<string, string> = new Map(
  HINTS.flatMap(([spellings, hint]) =>
    spellings.split(" ").map((spelling) => [spelling, hint] as const),
  ),
);

/** What to do instead; null for options that iotop-c lacks too, or that have no equivalent. */
export function hintForIotopC(spelling: string): string | null {
  return HINT_BY_SPELLING.get(spelling) ?? null;
}
