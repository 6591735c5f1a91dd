/** Options of iotop-c that this iotop lacks, and the nearest equivalents: users of iotop-c type them by habit. */

const HINTS: readonly (readonly [spellings: string, hint: string])[] = [
  [
    "-c --fullcmdline --no-fullcmdline",
    "COMMAND shows whole command lines; on the screen, key c shows names",
  ],
  [
    "-1 -2 -3 -4 -5 -6 -7 -8 -9 --hide-pid --hide-prio --hide-user --hide-read --hide-write --hide-swapin --hide-io --hide-graph --hide-command --show-pid --show-prio --show-user --show-read --show-write --show-swapin --show-io --show-graph --show-command",
    "on the screen, keys 1 to 9 hide and show columns",
  ],
  [
    "-e --hide-exited --show-exited",
    "on the screen, key e hides and shows tasks that ended",
  ],
  ["-x --dead-x --no-dead-x", "tasks that ended are always marked x"],
  ["-g --grtype", "on the screen, key g chooses what graphs show"],
  ["--ascii", "for graphs in ASCII use --output screen,graph=ascii"],
  [
    "--unicode",
    "for graphs in Unicode use --output screen,graph=braille or graph=blocks",
  ],
  ["-H --help-type", "on the screen, key ? shows the help"],
  [
    "-A --accum-bw --no-accum-bw",
    "-a shows sums; --report SEC shows the sums of that many seconds",
  ],
  ["--filter", "use -p or -u to choose tasks, or grep on the text of -b"],
  [
    "--si --no-si --threshold",
    "K is always 1,024 bytes; -k shows all sizes in K",
  ],
  ["-W --write", "iotop saves no settings; use a shell alias for your options"],
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
