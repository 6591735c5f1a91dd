/** iotop(8), for `iotop --man | man -l -` and for packages. */
import { CHAPTERS } from "./chapters.ts";
import { toRoff } from "./roff.ts";

const BEGIN = `# Name

iotop - show which processes use the disks

# Synopsis

**iotop** [*options*]

**iotop** **--replay** *PATH* [*options*]

**iotop** **--report** *SEC* [*options*]

# Description

In a terminal, iotop shows a live table of what every process and its active threads read and write, and how long they wait for that. On a pipe, or with \`-b\`, it prints what every thread, or with \`-P\` every process, does, as lines of text. It sends the same samples to files, to servers of metrics, and to programs.

It asks the kernel (taskstats) for the I/O of every task, and listens to the message that the kernel sends when a task ends: a program that lives for a millisecond between two samples is counted too, each byte once. It shows an unknown figure as \`?\`, never as 0.

Run it as root: \`CAP_NET_ADMIN\` is what it needs.
`;

const END = `# See also

**iotop-c**(8), **pidstat**(1), **proc_pid_io**(5), **ionice**(1), **jq**(1)

# Copying

GPL-2.0-or-later, by the iotop authors. \`iotop --licenses\` prints the licenses of all that is in the file.
`;

/** @param date of the version, "2026-11-23" */
export function manPage(version: string, date: string): string {
  const head = `.TH IOTOP 8 "${date}" "iotop ${version}" "System Administration"\n.ad l\n.nh\n`;
  return head + [BEGIN, ...CHAPTERS, END].map(toRoff).join("");
}
