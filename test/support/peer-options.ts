/** The command lines of the two other iotops: every option that they have, as their users type it. */

/** `iotop-c --help` of 1.31, each spelling, with a value where it takes one. */
export const IOTOP_C_OPTIONS: readonly string[] = [
  "-v",
  "--version",
  "-h",
  "--help",
  ...["-H none", "-H win", "-H inline", "-H i", "--help-type=none"],
  ...["-o", "--only", "--no-only"],
  ...["-b", "--batch"],
  ...["-n 1", "--iter=1"],
  ...["-d 1", "--delay=1"],
  ...["-p 1", "--pid=1"],
  ...["-u root", "-u +0", "--user=root"],
  ...["-P", "--processes", "--threads"],
  // Its manual has this one, which it refuses.
  "--no-processes",
  ...["-a", "--accumulated", "--no-accumulated"],
  ...["-A", "--accum-bw", "--no-accum-bw"],
  ...["-k", "--kilobytes", "--no-kilobytes"],
  ...["-t", "--time", "--timestamp"],
  ...["-c", "--fullcmdline", "--no-fullcmdline"],
  ...[
    "pid",
    "prio",
    "user",
    "read",
    "write",
    "swapin",
    "io",
    "graph",
    "command",
  ].flatMap((name, at) => [`-${at + 1}`, `--hide-${name}`, `--show-${name}`]),
  ...["-g io", "-g r", "-g w", "-g rw", "-g sw", "-g s", "--grtype=rw"],
  ...["-R", "--reverse-graph", "--no-reverse-graph"],
  ...["-q", "-qq", "-qqq", "--quiet"],
  ...["-x", "--dead-x", "--no-dead-x"],
  ...["-e", "--hide-exited", "--show-exited"],
  ...["-l", "--no-color", "--color"],
  ...["-T", "--hide-time", "--show-time"],
  ...["--si", "--no-si"],
  ...["--threshold=1", "--threshold=10"],
  ...["--ascii", "--unicode"],
  ...["-N", "--inverse"],
  "--filter=^fio.*(wal|pool)$",
  // Joined, as in aliases.
  ...["-oPc", "-oPak", "-boPn1", "-oPcgrw", "-13oP"],
];

/** `iotop --help` of 0.6, but for the hidden --profile. */
export const IOTOP_0_6_OPTIONS: readonly string[] = [
  ...["--version", "-h", "--help"],
  ...["-o", "--only", "-b", "--batch"],
  ...["-n 1", "--iter=1", "-d 0.5", "--delay=0.5"],
  ...["-p 1", "-p 1 -p 2", "--pid=1"],
  ...["-u root", "-u root -u 1", "--user=root"],
  ...["-P", "--processes", "-a", "--accumulated", "-k", "--kilobytes"],
  ...["-t", "--time", "-q", "-qq", "-qqq", "--quiet"],
  "--no-help",
  ...["-botqqqk", "-baoP"],
];
