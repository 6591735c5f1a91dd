/** Why the runtime could not have memory for compiled code, without which no foreign function can be called. */
import { readFileSync } from "node:fs";

/** What iotop takes of the address space, the program's own file and the threads included; seen were 430 MiB. */
const NEEDED_MIB = 512;
const BYTES_PER_MIB = 1024 * 1024;

/** What the kernel says of this process's memory; null where it could not be read. */
export interface MemoryRules {
  /** /proc/self/limits */
  readonly limits: string | null;
  /** /proc/meminfo */
  readonly meminfo: string | null;
  /** /proc/sys/vm/overcommit_memory: 2 if no more may be allocated than there is. */
  readonly overcommit: string | null;
}

export function readMemoryRules(): MemoryRules {
  return {
    limits: readOrNull("/proc/self/limits"),
    meminfo: readOrNull("/proc/meminfo"),
    overcommit: readOrNull("/proc/sys/vm/overcommit_memory"),
  };
}

/** Without libc, which is what could not be had. */
function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

/** One clause that names what keeps memory from us and how much is needed. */
export function explainNoExecutableMemory(rules: MemoryRules): string {
  const addressSpace = softLimitMib(rules.limits, "Max address space");
  if (addressSpace !== null && addressSpace < NEEDED_MIB)
    return `the address space is limited to ${addressSpace} MiB (ulimit -v, LimitAS= of systemd), and iotop needs ${NEEDED_MIB} MiB of it`;
  const data = softLimitMib(rules.limits, "Max data size");
  if (data !== null && data < NEEDED_MIB)
    return `the data size is limited to ${data} MiB (ulimit -d, LimitDATA= of systemd), and iotop needs ${NEEDED_MIB} MiB of it`;
  const left = commitLeftMib(rules);
  if (left !== null && left < NEEDED_MIB)
    return `only ${left} MiB of memory may still be allocated (vm.overcommit_memory is 2), and iotop needs ${NEEDED_MIB} MiB`;
  return "executable memory is forbidden here (MemoryDenyWriteExecute= of systemd, or SELinux execmem), and iotop's system calls need it";
}

/** Null: unlimited or unknown. */
function softLimitMib(limits: string | null, name: string): number | null {
  const line = limits?.split("\n").find((text) => text.startsWith(name));
  const bytes = /^\s+(\d+)\s/.exec(line?.slice(name.length) ?? "")?.[1];
  return bytes === undefined ? null : Math.floor(Number(bytes) / BYTES_PER_MIB);
}

/** What CommitLimit leaves; null where memory is overcommitted. */
function commitLeftMib({ meminfo, overcommit }: MemoryRules): number | null {
  if (overcommit?.trim() !== "2") return null;
  const kib = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(meminfo ?? "")?.[1]);
  const left = kib("CommitLimit") - kib("Committed_AS");
  return Number.isNaN(left) ? null : Math.max(0, Math.floor(left / 1024));
}
